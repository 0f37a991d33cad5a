import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ticketHash } from '../../src/accounts/index.ts';
import { not, number, otherNumber, resend, sentSite } from './sent-code-site.ts';
import { doneOf, minute, outcome, pendingOf, refusal, visitor } from './sign-in-site.ts';

const sms = (code: string) => ({ method: 'sms', code }) as const;

describe('enrolling a number', () => {
  it('is offered beside the app, with the method that an administrator has chosen first', async (t) => {
    const site = await sentSite(t);
    site.directory.add('alice');
    site.obligation = { required: true, rule: 'user', since: 0, method: 'sms' };
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'enrol');
    assert.deepEqual(begun.methods, [
      { id: 'app', digits: 6 },
      { id: 'sms', digits: 6 },
    ]);
    assert.equal(begun.default, 'sms');
  });

  it('saves nothing before the code proves it, and keeps the number sealed', async (t) => {
    const site = await sentSite(t);
    const user = site.directory.add('alice');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    await refusal(site.signIn.confirmSent(pending, sms('123456'), visitor), 'code-expired');
    const sent = await site.signIn.beginSent(pending, { method: 'sms', phone: ' +1 415-555-2671 ' }, visitor);
    assert.equal(sent.hint, '••• 71');
    assert.equal(site.senders.sms[0]?.to, number);
    await refusal(
      site.signIn.confirmSent(pending, sms(not(site.senders.code('sms'))), visitor),
      'wrong-code',
    );
    assert.deepEqual(await site.factors(user), { apps: [], recovery: [] });
    const done = doneOf(await site.signIn.confirmSent(pending, sms(site.senders.code('sms')), visitor));
    assert.equal(done.recoveryCodes?.length, 10);
    assert.deepEqual(done.session.amr, ['pwd', 'sms']);
    const { phone } = await site.factors(user);
    assert.ok(phone);
    assert.doesNotMatch(JSON.stringify(phone), /4155552671/);
    assert.deepEqual(
      ['enrolment.started', 'enrolment.confirmed'].map((type) => site.events(type)[0]?.method),
      ['sms', 'sms'],
    );
  });

  it('takes numbers that messages can be sent to, and no others', async (t) => {
    const site = await sentSite(t);
    site.directory.add('alice');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    for (const phone of ['4155552671', '+1', 'alice', '+14155552671 ext. 5', undefined]) {
      await refusal(
        site.signIn.beginSent(pending, { method: 'sms', phone }, visitor),
        'invalid-phone-number',
      );
    }
    assert.equal(site.senders.sms.length, 0);
  });

  it('proves the number that the code went to, not one that was named before or after', async (t) => {
    const site = await sentSite(t);
    site.settings.change({ digits: 12 });
    const user = site.directory.add('alice');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    await site.signIn.beginSent(pending, { method: 'sms', phone: number }, visitor);
    const first = site.senders.code('sms');
    site.pass(resend);
    await site.signIn.beginSent(pending, { method: 'sms', phone: otherNumber }, visitor);
    await refusal(site.signIn.confirmSent(pending, sms(first), visitor), 'wrong-code');
    doneOf(await site.signIn.confirmSent(pending, sms(site.senders.code('sms')), visitor));
    const { phone } = await site.factors(user);
    const record = site.parts.factorStore.record('default', user.key);
    assert.equal(site.sealer.open(record, phone?.sealedTo ?? ''), otherNumber);
  });

  it('happens once: of two at the same moment one is enrolled', async (t) => {
    const site = await sentSite(t);
    const user = site.directory.add('alice');
    const one = pendingOf(await site.begin('alice'), 'enrol');
    await site.signIn.beginSent(one, { method: 'sms', phone: number }, visitor);
    const code = site.senders.code('sms');
    const other = pendingOf(await site.begin('alice'), 'enrol');
    const setup = await site.signIn.beginApp(other, visitor);
    const outcomes = await Promise.all([
      outcome(site.signIn.confirmSent(one, sms(code), visitor)),
      outcome(site.signIn.confirmApp(other, { code: site.phone(setup.secret).code() }, visitor)),
    ]);
    assert.deepEqual(outcomes.toSorted(), ['already-enrolled', 'done']);
    const { apps, phone } = await site.factors(user);
    assert.equal(apps.length + (phone === undefined ? 0 : 1), 1);
  });

  it('asks for the ticket like any enrolment, and counts a wrong one', async (t) => {
    const site = await sentSite(t);
    site.settings.change({ enrolment: 'ticket' });
    const user = site.directory.add('alice');
    const ticket = '7QH2-M0XV-9ERT-C4KD';
    const { factors, version } = await site.parts.factorStore.read('default', user.key);
    const withTicket = { ...factors, ticketHash: ticketHash(ticket) };
    await site.parts.factorStore.save('default', user.key, withTicket, version);
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    const begin = (more: object) =>
      site.signIn.beginSent(pending, { method: 'sms', phone: number, ...more }, visitor);
    await refusal(begin({}), 'ticket-required');
    await refusal(begin({ ticket: 'AAAA-BBBB-CCCC-DDDD' }), 'invalid-ticket');
    assert.equal(site.senders.sms.length, 0);
    await begin({ ticket });
    doneOf(await site.signIn.confirmSent(pending, sms(site.senders.code('sms')), visitor));
    assert.equal((await site.factors(user)).ticketHash, undefined);
  });

  it('closes after its days', async (t) => {
    const site = await sentSite(t);
    site.settings.change({ enrolment: { days: 1 } });
    site.directory.add('alice');
    site.obligation = { required: true, rule: 'user', since: site.clock.now(), method: 'sms' };
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    await site.signIn.beginSent(pending, { method: 'sms', phone: number }, visitor);
    site.obligation = { required: true, rule: 'user', since: site.clock.now() - 86_400_000, method: 'sms' };
    const confirming = site.signIn.confirmSent(pending, sms(site.senders.code('sms')), visitor);
    await refusal(confirming, 'enrolment-closed');
  });

  it('is only for methods that are there', async (t) => {
    const site = await sentSite(t);
    site.directory.add('alice');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    const byEmail = site.signIn.beginSent(pending, { method: 'email' }, visitor);
    await refusal(byEmail, 'method-not-available');
    site.settings.change({ methods: ['sms'] });
    await refusal(site.signIn.beginApp(pending, visitor), 'method-not-available');
    site.settings.change({ methods: ['app'] });
    const bySms = site.signIn.beginSent(pending, { method: 'sms', phone: number }, visitor);
    await refusal(bySms, 'method-not-available');
    site.senders.kinds.clear();
    site.settings.change({ methods: ['sms', 'email'] });
    await refusal(site.begin('alice'), 'method-not-available');
  });
});

describe('a number that an administrator has set', () => {
  it('is where the code goes, without asking for one', async (t) => {
    const site = await sentSite(t);
    const user = site.directory.add('alice');
    site.destinations.set(user.key, { sms: number });
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'enrol');
    assert.deepEqual(begun.methods[1], { id: 'sms', digits: 6, hint: '••• 71' });
    const pending = begun.pending.token;
    await site.signIn.beginSent(pending, { method: 'sms' }, visitor);
    assert.equal(site.senders.sms[0]?.to, number);
    doneOf(await site.signIn.confirmSent(pending, sms(site.senders.code('sms')), visitor));
  });

  it('cannot be replaced by the user, nor guessed', async (t) => {
    const site = await sentSite(t);
    const user = site.directory.add('alice');
    site.destinations.set(user.key, { sms: number });
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    for (const phone of [otherNumber, number]) {
      await refusal(
        site.signIn.beginSent(pending, { method: 'sms', phone }, visitor),
        'set-by-administrator',
      );
    }
    assert.equal(site.senders.sms.length, 0);
  });

  it('makes a code void that is on its way elsewhere', async (t) => {
    const site = await sentSite(t);
    const user = site.directory.add('alice');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    await site.signIn.beginSent(pending, { method: 'sms', phone: otherNumber }, visitor);
    site.destinations.set(user.key, { sms: number });
    const confirming = site.signIn.confirmSent(pending, sms(site.senders.code('sms')), visitor);
    await refusal(confirming, 'wrong-step');
    assert.equal((await site.factors(user)).phone, undefined);
  });
});

describe('a reset between the steps', () => {
  it('ends a sign-in that stands on a number, also when another one is enrolled meanwhile', async (t) => {
    const site = await sentSite(t);
    const user = site.directory.add('alice');
    const enrol = async () => {
      const pending = pendingOf(await site.begin('alice'), 'enrol');
      await site.signIn.beginSent(pending, { method: 'sms', phone: number }, visitor);
      doneOf(await site.signIn.confirmSent(pending, sms(site.senders.code('sms')), visitor));
      site.pass(resend);
    };
    await enrol();
    const under = pendingOf(await site.begin('alice'), 'verify');
    const { version } = await site.parts.factorStore.read('default', user.key);
    await site.parts.factorStore.save('default', user.key, { apps: [], recovery: [] }, version);
    await enrol();
    await refusal(site.signIn.sendCode(under, 'sms', visitor), 'sign-in-expired');
    site.pass(minute);
  });
});
