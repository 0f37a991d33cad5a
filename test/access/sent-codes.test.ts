import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Visitor } from '../../src/access/index.ts';
import { RecordingSenders } from '../support/recording-senders.ts';
import { not, number, otherNumber, resend, sentSite, sentTo, withNumber } from './sent-code-site.ts';
import { doneOf, minute, outcome, pendingOf, refusal, SignInSite, second, visitor } from './sign-in-site.ts';

const sms = (code: string) => ({ method: 'sms', code }) as const;
const email = (code: string) => ({ method: 'email', code }) as const;

describe('a code by SMS', () => {
  it('signs in who has enrolled their number, and says how', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'verify');
    assert.deepEqual(begun.methods, [
      { id: 'sms', hint: '••• 71', digits: 6 },
      { id: 'recovery' },
      { id: 'bypass' },
    ]);
    assert.equal(begun.default, 'sms');
    const sent = await site.signIn.sendCode(begun.pending.token, 'sms', visitor);
    const { pending, ...told } = sent;
    assert.deepEqual(told, {
      hint: '••• 71',
      resendAfter: 30,
      expiresAt: site.clock.now() + 10 * minute,
      digits: 6,
    });
    assert.deepEqual(
      site.senders.sms.map(({ to, user, subscription }) => ({ to, user, subscription })),
      Array.from({ length: 2 }, () => ({ to: number, user: 'local:alice-id', subscription: 'default' })),
    );
    const code = site.senders.code('sms');
    const done = doneOf(await site.signIn.verify(pending?.token ?? '', sms(code), visitor));
    assert.deepEqual(done.session.amr, ['pwd', 'sms']);
    assert.ok(done.device);
  });

  it('has as many digits as the setting says, and the words of the setting', async (t) => {
    const site = await sentSite(t);
    site.settings.change({ digits: 12, smsMessage: '%ISSUER%|%CODE%|%CODE%', issuer: '$& %CODE%' });
    await withNumber(site, 'alice');
    await sentTo(site, 'alice');
    assert.match(site.senders.sms.at(-1)?.text ?? '', /^\$& %CODE%\|(\d{12})\|\1$/);
  });

  it('is good once, in its sign-in, on every replica', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    const replica = await sentSite(t, site);
    const first = await sentTo(site, 'alice');
    const other = pendingOf(await replica.begin('alice'), 'verify');
    await refusal(replica.signIn.verify(other, sms(first.code), visitor), 'code-expired');
    doneOf(await replica.signIn.verify(first.pending, sms(first.code), visitor));
    await refusal(site.signIn.verify(first.pending, sms(first.code), visitor), 'sign-in-expired');
    await refusal(site.signIn.verify(other, sms(first.code), visitor), 'code-expired');
  });

  it('is void when its time is over, and keeps its sign-in alive until then', async (t) => {
    const site = await sentSite(t);
    site.settings.change({ codeLifespan: 30 });
    await withNumber(site, 'alice');
    const late = await sentTo(site, 'alice');
    site.pass(30 * minute - second);
    doneOf(await site.signIn.verify(late.pending, sms(late.code), visitor));
    site.settings.change({ codeLifespan: 1 });
    const over = await sentTo(site, 'alice');
    site.pass(minute);
    await refusal(site.signIn.verify(over.pending, sms(over.code), visitor), 'code-expired');
    site.pass(9 * minute);
    await refusal(site.signIn.verify(over.pending, sms(over.code), visitor), 'sign-in-expired');
  });

  it('is void after five wrong tries, and they count for all methods', async (t) => {
    const site = await sentSite(t);
    const user = await withNumber(site, 'alice');
    const { pending, code } = await sentTo(site, 'alice');
    for (const triesLeft of [3, 2, 1, 0]) {
      const wrong = await refusal(site.signIn.verify(pending, sms(not(code)), visitor), 'wrong-code');
      assert.equal(wrong.params.triesLeft, triesLeft);
    }
    await refusal(site.signIn.verify(pending, sms(not(code)), visitor), 'locked');
    await refusal(site.signIn.verify(pending, sms(code), visitor), 'locked');
    await refusal(site.signIn.sendCode(pending, 'sms', visitor), 'locked');
    site.pass(minute);
    await refusal(site.signIn.verify(pending, sms(not(code)), visitor), 'wrong-code');
    assert.equal(site.events('compromised-password').length, 1);
    site.pass(2 * minute);
    await refusal(site.signIn.verify(pending, sms(code), visitor), 'code-expired');
    const fresh = await sentTo(site, 'alice');
    doneOf(await site.signIn.verify(fresh.pending, sms(fresh.code), visitor));
    assert.equal((await site.parts.throttle.locks('default', user.key)).codes, undefined);
  });

  it('gives parallel guesses no more than five', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    const { device } = doneOf(
      await (async () => {
        const { pending, code } = await sentTo(site, 'alice');
        return site.signIn.verify(pending, sms(code), visitor);
      })(),
    );
    site.pass(resend);
    const known: Visitor = { ...visitor, ...(device === undefined ? {} : { device: device.token }) };
    const { pending, code } = await sentTo(site, 'alice', 'sms', known);
    const guesses = Array.from({ length: 40 }, (_, index) =>
      outcome(site.signIn.verify(pending, sms(String(index).padStart(6, '0')), known)),
    );
    const outcomes = await Promise.all(guesses);
    assert.ok(outcomes.filter((each) => each === 'wrong-code').length <= 9, outcomes.join());
    await refusal(site.signIn.verify(pending, sms(code), visitor), 'code-expired');
  });

  it('counts nothing for what can be no code, and nothing where none was sent', async (t) => {
    const site = await sentSite(t);
    const user = await withNumber(site, 'alice');
    const begun = pendingOf(await site.begin('alice'), 'verify');
    for (let tries = 0; tries < 6; tries += 1) {
      await refusal(site.signIn.verify(begun, sms('123456'), visitor), 'code-expired');
    }
    const { pending, code } = await sentTo(site, 'alice');
    for (const typed of ['12345', 'abcdef', `${code}0`, '']) {
      const malformed = await refusal(site.signIn.verify(pending, sms(typed), visitor), 'code-malformed');
      assert.equal(malformed.params.expected, 6);
    }
    assert.equal((await site.parts.throttle.locks('default', user.key)).codes, undefined);
    doneOf(await site.signIn.verify(pending, sms(` ${code.slice(0, 3)} ${code.slice(3)} `), visitor));
  });

  it('is void as soon as another one is sent', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    const { pending, code } = await sentTo(site, 'alice');
    site.pass(resend);
    await site.signIn.sendCode(pending, 'sms', visitor);
    const second = site.senders.code('sms');
    if (second !== code) await refusal(site.signIn.verify(pending, sms(code), visitor), 'wrong-code');
    doneOf(await site.signIn.verify(pending, sms(second), visitor));
  });

  it('is stored as nothing that a reader of the store could use', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    const { code } = await sentTo(site, 'alice');
    const page = await site.store.list('pending', { limit: 100 });
    assert.ok(page.items.some(({ key }) => key.endsWith('/sms')));
    const stored = JSON.stringify([page, await site.store.list('factors', { limit: 100 })]);
    assert.ok(!stored.includes(code));
    assert.ok(!stored.includes(number.slice(1)));
    assert.ok(!JSON.stringify(site.audit.events).includes(number.slice(4)));
  });
});

describe('sending', () => {
  it('waits thirty seconds between two messages, also of another sign-in', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    const { pending } = await sentTo(site, 'alice');
    const soon = await refusal(site.signIn.sendCode(pending, 'sms', visitor), 'code-just-sent');
    assert.equal(soon.retryAfter, 30);
    const again = pendingOf(await site.begin('alice'), 'verify');
    site.pass(29 * second);
    assert.equal(
      (await refusal(site.signIn.sendCode(again, 'sms', visitor), 'code-just-sent')).retryAfter,
      1,
    );
    site.pass(second);
    await site.signIn.sendCode(again, 'sms', visitor);
  });

  it('stops at five messages an hour, whatever sign-ins, methods and addresses', async (t) => {
    const site = await sentSite(t);
    const user = await withNumber(site, 'alice');
    site.directory.change(user.key, { user: { ...user, email: 'alice@example.com' } });
    for (let sends = 1; sends < 5; sends += 1) {
      await sentTo(site, 'alice', 'sms', { address: `192.0.2.${sends}` });
      site.pass(resend);
    }
    const begun = pendingOf(await site.begin('alice'), 'verify');
    const over = await refusal(site.signIn.sendCode(begun, 'sms', visitor), 'too-many-codes');
    assert.ok(over.retryAfter !== undefined && over.retryAfter > 3_400 && over.retryAfter <= 3_600);
    assert.equal(site.senders.sms.length, 5);
    site.pass(over.retryAfter * second);
    await sentTo(site, 'alice');
  });

  it('sends one message for many requests at the same moment, on two replicas', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    const replica = await sentSite(t, site);
    const pending = pendingOf(await site.begin('alice'), 'verify');
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? site : replica).signIn.sendCode(pending, 'sms', visitor).then(
          () => 'sent',
          (error) => error.code,
        ),
      ),
    );
    assert.equal(outcomes.filter((each) => each === 'sent').length, 1, outcomes.join());
    assert.equal(site.senders.sms.length, 2);
    doneOf(await site.signIn.verify(pending, sms(site.senders.code('sms')), visitor));
  });

  it('leaves a known device its own allowance, so that nobody can use up that of the user', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    const { pending, code } = await sentTo(site, 'alice');
    const { device } = doneOf(await site.signIn.verify(pending, sms(code), visitor));
    const known: Visitor = { ...visitor, device: device?.token ?? '' };
    const thief: Visitor = { address: '203.0.113.9' };
    site.pass(resend);
    for (let sends = 2; sends < 5; sends += 1) {
      await sentTo(site, 'alice', 'sms', thief);
      site.pass(resend);
    }
    const theirs = pendingOf(await site.begin('alice', thief), 'verify');
    await refusal(site.signIn.sendCode(theirs, 'sms', thief), 'too-many-codes');
    const mine = await sentTo(site, 'alice', 'sms', known);
    doneOf(await site.signIn.verify(mine.pending, sms(mine.code), known));
  });
});

describe('a provider that takes nothing', () => {
  it('is told plainly, costs no allowance, leaves the code before it good, and opens nothing', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    const { pending, code } = await sentTo(site, 'alice');
    site.pass(resend);
    site.senders.failure = 'sender-unavailable';
    for (let tries = 0; tries < 6; tries += 1) {
      await refusal(site.signIn.sendCode(pending, 'sms', visitor), 'sender-unavailable');
    }
    site.senders.failure = undefined;
    doneOf(await site.signIn.verify(pending, sms(code), visitor));
    await sentTo(site, 'alice');
  });

  it('is not asked on and on', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    site.senders.failure = 'budget-exhausted';
    const pending = pendingOf(await site.begin('alice'), 'verify');
    const outcomes: string[] = [];
    for (let tries = 0; tries < 25; tries += 1) {
      outcomes.push(await site.signIn.sendCode(pending, 'sms', visitor).catch((error) => error.code));
    }
    assert.deepEqual(new Set(outcomes), new Set(['budget-exhausted', 'too-many-codes']));
    assert.equal(outcomes.filter((each) => each === 'budget-exhausted').length, 19);
  });

  it('leaves recovery codes and the helpdesk to who has nothing else', async (t) => {
    const site = await sentSite(t);
    site.directory.add('alice');
    const begun = pendingOf(await site.begin('alice'), 'enrol');
    await site.signIn.beginSent(begun, { method: 'sms', phone: number }, visitor);
    const proof = sms(site.senders.code('sms'));
    const { recoveryCodes } = doneOf(await site.signIn.confirmSent(begun, proof, visitor));
    site.senders.kinds.clear();
    const again = await site.begin('alice');
    assert.ok(again.status === 'verify');
    assert.deepEqual(again.methods, [{ id: 'recovery' }, { id: 'bypass' }]);
    await refusal(site.signIn.sendCode(again.pending.token, 'sms', visitor), 'method-not-available');
    await refusal(site.signIn.beginApp(again.pending.token, visitor), 'wrong-step');
    const recovery = { method: 'recovery', code: recoveryCodes?.[0] ?? '' } as const;
    doneOf(await site.signIn.verify(again.pending.token, recovery, visitor));
  });
});

describe('a code by email', () => {
  it('goes to the address of the directory, in the language of the reader', async (t) => {
    const site = await sentSite(t);
    site.directory.add('alice', undefined, { email: 'alice@example.com' });
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'enrol');
    assert.deepEqual(begun.methods, [
      { id: 'app', digits: 6 },
      { id: 'sms', digits: 6 },
      { id: 'email', digits: 6, hint: 'a•••@example.com' },
    ]);
    const pending = begun.pending.token;
    await site.signIn.beginSent(pending, { method: 'email' }, { ...visitor, language: 'fr' });
    const [message] = site.senders.emails;
    assert.equal(message?.to, 'alice@example.com');
    assert.match(message?.subject ?? '', /code de vérification/);
    assert.match(message?.text ?? '', /10 minutes/);
    assert.ok(!message?.subject.includes(site.senders.code('email')));
    const done = doneOf(await site.signIn.confirmSent(pending, email(site.senders.code('email')), visitor));
    assert.deepEqual(done.session.amr, ['pwd', 'email']);
    site.pass(resend);
    const again = await sentTo(site, 'alice', 'email');
    doneOf(await site.signIn.verify(again.pending, email(again.code), visitor));
    assert.match(site.senders.emails.at(-1)?.text ?? '', /minutes/);
  });

  it('is no code by SMS, nor the other way round', async (t) => {
    const site = await sentSite(t);
    // So long that no two are alike.
    site.settings.change({ digits: 12 });
    const user = await withNumber(site, 'alice');
    site.directory.change(user.key, { user: { ...user, email: 'alice@example.com' } });
    const { pending, code } = await sentTo(site, 'alice');
    const { session } = doneOf(await site.signIn.verify(pending, sms(code), visitor));
    site.pass(resend);
    await site.changes.sendCode(session, 'sms', visitor);
    await site.changes.beginSent(session, { method: 'email' }, sms(site.senders.code('sms')), visitor);
    await site.changes.confirmSent(session, email(site.senders.code('email')), visitor);
    site.pass(60 * minute);
    const bySms = await sentTo(site, 'alice');
    const sent = await site.signIn.sendCode(bySms.pending, 'email', visitor);
    const carried = sent.pending?.token ?? '';
    const byEmail = site.senders.code('email');
    await refusal(site.signIn.verify(carried, email(bySms.code), visitor), 'wrong-code');
    await refusal(site.signIn.verify(carried, sms(byEmail), visitor), 'wrong-code');
    doneOf(await site.signIn.verify(carried, email(byEmail), visitor));
  });
});

describe('where codes go', () => {
  it('follows an administrator at once, for who has enrolled a number of their own', async (t) => {
    const site = await sentSite(t);
    const user = await withNumber(site, 'alice');
    site.destinations.set(user.key, { sms: otherNumber });
    const { pending, code } = await sentTo(site, 'alice');
    assert.equal(site.senders.sms.at(-1)?.to, otherNumber);
    doneOf(await site.signIn.verify(pending, sms(code), visitor));
    site.pass(resend);
    const stolen = await sentTo(site, 'alice');
    site.destinations.set(user.key, { sms: '+447400123456' });
    await refusal(site.signIn.verify(stolen.pending, sms(stolen.code), visitor), 'code-expired');
    site.destinations.delete(user.key);
    site.pass(resend);
    await sentTo(site, 'alice');
    assert.equal(site.senders.sms.at(-1)?.to, number);
  });
});

describe('a directory whose users may change their own number and address', () => {
  it('does not send codes to whoever has the password and writes their own there', async (t) => {
    const site = await sentSite(t);
    const more = { directory: 'corp', phone: otherNumber, email: 'alice@corp.example' };
    const user = site.directory.add('alice', undefined, more);
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'enrol');
    assert.deepEqual(begun.methods.slice(1), [
      { id: 'sms', digits: 6 },
      { id: 'email', digits: 6, hint: 'a•••@corp.example' },
    ]);
    await site.signIn.beginSent(begun.pending.token, { method: 'email' }, visitor);
    const proof = email(site.senders.code('email'));
    const { session } = doneOf(await site.signIn.confirmSent(begun.pending.token, proof, visitor));
    site.pass(resend);
    site.directory.change(user.key, { user: { ...user, email: 'mallory@evil.example' } });
    const again = await site.begin('alice');
    assert.ok(again.status === 'verify');
    assert.equal(again.methods[0]?.hint, 'a•••@corp.example');
    const { pending, code } = await sentTo(site, 'alice', 'email');
    assert.equal(site.senders.emails.at(-1)?.to, 'alice@corp.example');
    doneOf(await site.signIn.verify(pending, email(code), visitor));
    const own = await site.changes.factors(session);
    assert.deepEqual(own.email?.hint, 'a•••@corp.example');
    assert.deepEqual(own.addable.at(-1), { id: 'email', digits: 6, hint: 'm•••@evil.example' });
  });

  it('offers no email to an address that is none', async (t) => {
    const site = await sentSite(t);
    site.directory.add('alice', undefined, { directory: 'corp', email: 'Alice, ext. 42' });
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'enrol');
    assert.deepEqual(
      begun.methods.map(({ id }) => id),
      ['app', 'sms'],
    );
  });
});

describe('setting Methods', () => {
  it('takes a method from who has another, in signing in as in what is accepted', async (t) => {
    const site = await sentSite(t);
    const user = await withNumber(site, 'alice');
    const { pending, code } = await sentTo(site, 'alice');
    const { session } = doneOf(await site.signIn.verify(pending, sms(code), visitor));
    site.pass(resend);
    await site.changes.sendCode(session, 'sms', visitor);
    const setup = await site.changes.beginApp(session, sms(site.senders.code('sms')), visitor);
    const phone = site.phone(setup.secret);
    await site.changes.confirmApp(session, { code: phone.code() }, visitor);
    site.pass(resend);
    const before = await sentTo(site, 'alice');
    site.settings.change({ methods: ['app'] });
    await refusal(site.signIn.verify(before.pending, sms(before.code), visitor), 'method-not-available');
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'verify');
    assert.deepEqual(
      begun.methods.map(({ id }) => id),
      ['app', 'recovery', 'bypass'],
    );
    await refusal(site.signIn.sendCode(begun.pending.token, 'sms', visitor), 'method-not-available');
    await site.through('alice', phone);
    assert.ok((await site.factors(user)).phone);
  });

  it('locks nobody out whose only method it no longer names, and lets nobody enrol by password alone', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    site.settings.change({ methods: ['app'] });
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'verify');
    assert.equal(begun.default, 'sms');
    await refusal(site.signIn.beginApp(begun.pending.token, visitor), 'wrong-step');
    const { pending, code } = await sentTo(site, 'alice');
    const { session } = doneOf(await site.signIn.verify(pending, sms(code), visitor));
    assert.deepEqual((await site.changes.factors(session)).addable, [{ id: 'app', digits: 6 }]);
  });

  it('leaves an owner the app where nothing else could be enrolled', async (t) => {
    const site = await SignInSite.open(t, { owner: false, senders: new RecordingSenders() });
    site.senders.kinds.clear();
    site.settings.change({ methods: ['sms'] });
    const { ticket } = await site.owners.issueOwnerTicket('cli');
    const begun = await site.owners.create(
      { ticket, username: 'olivia', password: 'three blind mice' },
      visitor,
    );
    assert.ok(begun.status === 'enrol');
    assert.deepEqual(begun.methods, [{ id: 'app', digits: 6 }]);
    await site.signIn.beginApp(begun.pending.token, visitor);
  });
});
