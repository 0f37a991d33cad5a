import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ticketHash } from '../../src/accounts/index.ts';
import { doneOf, minute, outcome, pendingOf, refusal, SignInSite, step, visitor } from './sign-in-site.ts';

const day = 24 * 60 * minute;

describe('enrolling at the first sign-in', () => {
  it('shows a key, saves it with its first code, signs in, and shows ten recovery codes once', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('alice');
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'enrol');
    assert.deepEqual(begun.methods, [{ id: 'app', digits: 6 }]);
    const setup = await site.signIn.beginApp(begun.pending.token, visitor);
    assert.match(setup.uri, /^otpauth:\/\/totp\/Sallyport:alice\?secret=/);
    assert.deepEqual((await site.factors(user)).apps, [], 'nothing is enrolled before a code proves it');
    const phone = site.phone(setup.secret);
    const done = doneOf(
      await site.signIn.confirmApp(
        begun.pending.token,
        { code: phone.code(1), label: ' My phone ' },
        visitor,
      ),
    );
    assert.deepEqual(done.session.amr, ['pwd', 'otp']);
    assert.equal(done.recoveryCodes?.length, 10);
    const factors = await site.factors(user);
    const [app] = factors.apps;
    assert.equal(app?.label, 'My phone');
    assert.equal(app?.drift, 1, 'the drift is learned with the first code');
    assert.equal(app?.issuer, 'Sallyport');
    assert.ok(!JSON.stringify(factors).includes(setup.secret), 'the secret is sealed');
    assert.equal(factors.recovery.length, 10);
    assert.deepEqual(
      site.audit.events.map((event) => event.type),
      ['sign-in.password', 'enrolment.started', 'enrolment.confirmed', 'sign-in.factor', 'sign-in.done'],
    );
  });

  it('freezes digits and issuer into the enrolment', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    site.settings.change({ digits: 8, issuer: 'Another' });
    await site.through('alice', phone);
    const [app] = (await site.factors(user)).apps;
    assert.equal(app?.digits, 6);
    assert.equal(app?.issuer, 'Sallyport');
  });

  it('shows the same key again when the page is loaded again', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    const first = await site.signIn.beginApp(pending, visitor);
    site.settings.change({ digits: 8 });
    assert.deepEqual(await site.signIn.beginApp(pending, visitor), first);
  });

  it('does not let anybody in who started and never confirmed', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('alice');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    const { secret } = await site.signIn.beginApp(pending, visitor);
    const code = site.phone(secret).code();
    await refusal(site.signIn.verify(pending, { method: 'app', code }, visitor), 'wrong-step');
    assert.equal((await site.begin('alice')).status, 'enrol');
    assert.deepEqual(await site.live(user), []);
  });

  it('does not prove a key with a code of another pending sign-in', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    const mine = pendingOf(await site.begin('alice'), 'enrol');
    const other = pendingOf(await site.begin('alice'), 'enrol');
    const { secret } = await site.signIn.beginApp(other, visitor);
    await site.signIn.beginApp(mine, visitor);
    const error = site.signIn.confirmApp(mine, { code: site.phone(secret).code() }, visitor);
    await refusal(error, 'wrong-code');
  });

  it('is not possible a second time with only the password', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('alice');
    const late = pendingOf(await site.begin('alice'), 'enrol');
    const { secret } = await site.signIn.beginApp(late, visitor);
    await site.enrol('alice');
    const code = site.phone(secret).code();
    await refusal(site.signIn.confirmApp(late, { code }, visitor), 'already-enrolled');
    await refusal(site.signIn.beginApp(late, visitor), 'already-enrolled');
    assert.equal((await site.factors(user)).apps.length, 1);
    assert.equal((await site.begin('alice')).status, 'verify');
  });

  it('lets one of two simultaneous enrolments win', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('alice');
    const tokens = await Promise.all([site.begin('alice'), site.begin('alice'), site.begin('alice')]);
    const codes: string[] = [];
    for (const begun of tokens) {
      const { secret } = await site.signIn.beginApp(pendingOf(begun, 'enrol'), visitor);
      codes.push(site.phone(secret).code());
    }
    const outcomes = await Promise.all(
      tokens.map((begun, index) =>
        outcome(site.signIn.confirmApp(pendingOf(begun, 'enrol'), { code: codes[index] ?? '' }, visitor)),
      ),
    );
    assert.deepEqual(outcomes.toSorted(), ['already-enrolled', 'already-enrolled', 'done']);
    assert.equal((await site.factors(user)).apps.length, 1);
    assert.equal((await site.live(user)).length, 1);
  });

  it('cannot be used again: the code that enrolled does not sign in', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    const { phone } = await site.enrol('alice');
    const pending = pendingOf(await site.begin('alice'), 'verify');
    await refusal(
      site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor),
      'code-already-used',
    );
  });

  it('asks for a second code beyond the tolerance, and learns that drift', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('alice');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    const phone = site.phone((await site.signIn.beginApp(pending, visitor)).secret);
    const confirm = () => site.signIn.confirmApp(pending, { code: phone.code(-10) }, visitor);
    assert.deepEqual(await confirm(), { status: 'confirm-drift' });
    assert.deepEqual((await site.factors(user)).apps, []);
    site.pass(2 * step);
    const done = doneOf(await confirm());
    assert.equal(done.clockOffset, -300);
    assert.equal((await site.factors(user)).apps[0]?.drift, -10);
  });

  it('counts wrong codes, but tells nobody that a password is known', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    const phone = site.phone((await site.signIn.beginApp(pending, visitor)).secret);
    for (let round = 0; round < 4; round += 1) {
      await refusal(site.signIn.confirmApp(pending, { code: site.wrong(phone) }, visitor), 'wrong-code');
    }
    await refusal(site.signIn.confirmApp(pending, { code: phone.code() }, visitor), 'locked');
    site.pass(minute);
    await refusal(site.signIn.confirmApp(pending, { code: site.wrong(phone) }, visitor), 'wrong-code');
    assert.deepEqual(site.events('compromised-password'), []);
    await refusal(site.signIn.confirmApp(pending, { code: 'x' }, visitor), 'code-malformed');
  });

  it('ends when the user is no longer asked for a second factor', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    site.obligation = { required: false, rule: 'exempt' };
    await refusal(site.signIn.beginApp(pending, visitor), 'sign-in-expired');
  });

  it('shows the recovery codes after the forced password change that follows', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('alice');
    site.directory.change(user.key, { mustChange: true });
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    const phone = site.phone((await site.signIn.beginApp(pending, visitor)).secret);
    const next = await site.signIn.confirmApp(pending, { code: phone.code() }, visitor);
    assert.equal(next.status, 'change-password');
    const done = doneOf(await site.signIn.changePassword(pending, 'a new password', visitor));
    assert.equal(done.recoveryCodes?.length, 10);
    assert.deepEqual(done.session.amr, ['pwd', 'otp']);
    assert.ok(done.device, 'the device is known');
  });
});

describe('the setting Enrolment', () => {
  it('closes so many days after being enabled', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    const since = site.clock.now();
    site.obligation = { required: true, rule: 'user', since, method: 'app' };
    site.settings.change({ enrolment: { days: 3 } });
    site.pass(3 * day - 1);
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    site.pass(1);
    await refusal(site.signIn.beginApp(pending, visitor), 'enrolment-closed');
    await refusal(site.begin('alice'), 'enrolment-closed');
    assert.equal(site.events('sign-in.refused')[0]?.reason, 'enrolment-closed');
  });

  it('asks for a ticket, which counts as a guess when it is wrong and is spent when it was used', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('alice');
    await site.parts.factorStore.save(
      'default',
      user.key,
      { apps: [], recovery: [], ticketHash: ticketHash('7QH2-M0XV-9ERT-C4KD') },
      'absent',
    );
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    await refusal(site.signIn.beginApp(pending, visitor), 'ticket-required');
    await refusal(site.signIn.beginApp(pending, visitor, 'a wrong one'), 'invalid-ticket');
    const { secret } = await site.signIn.beginApp(pending, visitor, ' 7qh2 moxv 9ert c4kd ');
    const phone = site.phone(secret);
    doneOf(await site.signIn.confirmApp(pending, { code: phone.code() }, visitor));
    assert.equal((await site.factors(user)).ticketHash, undefined);
  });

  it('locks whoever guesses tickets', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    site.settings.change({ enrolment: 'ticket' });
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    const outcomes: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const guess = site.signIn.beginApp(pending, visitor, `guess ${round}`);
      outcomes.push(
        await guess.then(
          () => 'let in',
          (error: { code: string }) => error.code,
        ),
      );
    }
    assert.deepEqual(outcomes, [...Array(4).fill('invalid-ticket'), 'locked', 'locked']);
  });
});
