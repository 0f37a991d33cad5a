import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { doneOf, minute, outcome, pendingOf, refusal, SignInSite, step, visitor } from './sign-in-site.ts';

describe('signing in', () => {
  it('leads from the password over a code to a session', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'verify');
    assert.deepEqual(begun.methods, [{ id: 'app', digits: 6 }, { id: 'recovery' }, { id: 'bypass' }]);
    assert.equal(begun.default, 'app');
    const done = doneOf(
      await site.signIn.verify(begun.pending.token, { method: 'app', code: phone.code() }, visitor),
    );
    assert.deepEqual(done.session.amr, ['pwd', 'otp']);
    assert.equal(done.session.user.key, user.key);
    assert.equal(done.session.state.name, 'granted');
    assert.equal(done.session.verifiedAt, site.clock.now());
    assert.equal(done.recoveryCodes, undefined);
    assert.equal(done.clockOffset, undefined);
    const said = site.audit.events.slice(-3);
    assert.deepEqual(
      said.map((event) => event.type),
      ['sign-in.password', 'sign-in.factor', 'sign-in.done'],
    );
  });

  it('says the same of an unknown name and of a wrong password', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    const wrong = await refusal(site.begin('alice', visitor, 'no'), 'invalid-credentials');
    const unknown = await refusal(site.begin('nobody', visitor, 'no'), 'invalid-credentials');
    assert.deepEqual(
      [wrong.status, wrong.params, wrong.retryAfter, wrong.message],
      [unknown.status, unknown.params, unknown.retryAfter, unknown.message],
    );
    assert.equal(site.directory.checked, 2, 'the password of an unknown name is looked at as well');
  });

  it('remembers where to go, and that the computer is shared', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const credentials = { username: 'alice', password: "alice's password", returnTo: '/desk', shared: true };
    const pending = pendingOf(await site.signIn.begin(credentials, visitor), 'verify');
    const done = doneOf(await site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor));
    assert.equal(done.returnTo, '/desk');
    assert.equal(done.session.shared, true);
    assert.equal(done.device, undefined, 'a shared computer is not a known device');
  });

  it('does not let a disabled user in, and says so only to who knows the password', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('alice');
    site.directory.disable(user.key);
    await refusal(site.begin('alice', visitor, 'no'), 'invalid-credentials');
    await refusal(site.begin('alice'), 'account-disabled');
  });

  it('counts no failure while the directory cannot be asked', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    site.directory.down = true;
    for (let round = 0; round < 40; round += 1) await refusal(site.begin('alice'), 'upstream-unreachable');
    site.directory.down = false;
    assert.equal((await site.begin('alice')).status, 'enrol');
  });
});

describe('a code', () => {
  it('is accepted once: not at once again, not from another sign-in, not at the other end of the discrepancy', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const code = phone.code();
    await site.through('alice', phone);
    for (const wait of [0, 2 * step, 400 * step]) {
      site.pass(wait);
      const pending = pendingOf(await site.begin('alice'), 'verify');
      const error = await refusal(
        site.signIn.verify(pending, { method: 'app', code }, visitor),
        'code-already-used',
      );
      assert.ok(Number(error.params.nextIn) >= 1 && Number(error.params.nextIn) <= 30);
    }
  });

  it('gives one session to two browsers at the same moment', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    const before = (await site.live(user)).length;
    const tokens = await Promise.all([site.begin('alice'), site.begin('alice'), site.begin('alice')]);
    const outcomes = await Promise.all(
      tokens.map((begun) =>
        outcome(
          site.signIn.verify(pendingOf(begun, 'verify'), { method: 'app', code: phone.code() }, visitor),
        ),
      ),
    );
    assert.deepEqual(outcomes.toSorted(), ['code-already-used', 'code-already-used', 'done']);
    assert.equal((await site.live(user)).length, before + 1);
  });

  it('gives one session when two right codes reach the same sign-in at once', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    const before = (await site.live(user)).length;
    const pending = pendingOf(await site.begin('alice'), 'verify');
    const outcomes = await Promise.all(
      [phone.code(0), phone.code(1), phone.code(-1)].map((code) =>
        outcome(site.signIn.verify(pending, { method: 'app', code }, visitor)),
      ),
    );
    assert.deepEqual(outcomes.toSorted(), ['done', 'sign-in-expired', 'sign-in-expired']);
    assert.equal((await site.live(user)).length, before + 1);
  });

  it('of one user does nothing for another', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    await site.enrolled('bob');
    const pending = pendingOf(await site.begin('bob'), 'verify');
    await refusal(site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor), 'wrong-code');
  });

  it('that cannot be one is a clear message and no guess', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const pending = pendingOf(await site.begin('alice'), 'verify');
    for (let round = 0; round < 20; round += 1) {
      const error = await refusal(
        site.signIn.verify(pending, { method: 'app', code: '12a' }, visitor),
        'code-malformed',
      );
      assert.deepEqual(error.params, { expected: 6 });
    }
    doneOf(await site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor));
  });

  it('can be a recovery code, once', async (t) => {
    const site = await SignInSite.open(t);
    const { recoveryCodes } = await site.enrolled('alice');
    const code = recoveryCodes[0] ?? '';
    const first = pendingOf(await site.begin('alice'), 'verify');
    const done = doneOf(await site.signIn.verify(first, { method: 'recovery', code }, visitor));
    assert.deepEqual(done.session.amr, ['pwd', 'recovery']);
    const again = pendingOf(await site.begin('alice'), 'verify');
    await refusal(site.signIn.verify(again, { method: 'recovery', code }, visitor), 'code-already-used');
  });

  it('that is a recovery code gives one session to two browsers at the same moment', async (t) => {
    const site = await SignInSite.open(t);
    const { recoveryCodes } = await site.enrolled('alice');
    const code = recoveryCodes[3] ?? '';
    const tokens = await Promise.all([site.begin('alice'), site.begin('alice')]);
    const outcomes = await Promise.all(
      tokens.map((begun) =>
        outcome(site.signIn.verify(pendingOf(begun, 'verify'), { method: 'recovery', code }, visitor)),
      ),
    );
    assert.deepEqual(outcomes.toSorted(), ['code-already-used', 'done']);
  });

  it('by a method the user does not have is refused', async (t) => {
    const site = await SignInSite.open(t);
    await site.enrolled('alice');
    const pending = pendingOf(await site.begin('alice'), 'verify');
    for (const method of ['sms', 'email'] as const) {
      await refusal(site.signIn.verify(pending, { method, code: '123456' }, visitor), 'method-not-available');
    }
  });
});

describe('a device whose clock is off', () => {
  it('is asked for the next code, then told by how much, and learned', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    const pending = pendingOf(await site.begin('alice'), 'verify');
    const verify = (code: string) => site.signIn.verify(pending, { method: 'app', code }, visitor);
    assert.deepEqual(await verify(phone.code(40)), { status: 'confirm-drift' });
    site.pass(step);
    const done = doneOf(await verify(phone.code(40)));
    assert.equal(done.clockOffset, 1200);
    assert.equal((await site.factors(user)).apps[0]?.drift, 40);
    site.pass(5 * step);
    const next = pendingOf(await site.begin('alice'), 'verify');
    const plain = doneOf(await site.signIn.verify(next, { method: 'app', code: phone.code(40) }, visitor));
    assert.equal(plain.clockOffset, undefined);
  });

  it('has its failure taken back with the second code, and not before', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const pending = pendingOf(await site.begin('alice'), 'verify');
    const verify = (code: string) => site.signIn.verify(pending, { method: 'app', code }, visitor);
    await verify(phone.code(40));
    const error = await refusal(verify(site.wrong(phone)), 'wrong-code');
    assert.equal(error.params.triesLeft, 2, 'the far code counts');
    site.pass(step);
    await verify(phone.code(40));
    const counters = await site.store.list('counters', { prefix: 'default/codes/', limit: 10 });
    assert.equal(counters.items.length, 0);
    const address = await site.store.get<{ at: number[] }>('counters', 'default/codes-from/192.0.2.7');
    assert.equal(address?.value.at.length, 1, 'the wrong code alone is left of three tries');
  });

  it('cannot prove itself in another sign-in', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const first = pendingOf(await site.begin('alice'), 'verify');
    await site.signIn.verify(first, { method: 'app', code: phone.code(40) }, visitor);
    site.pass(step);
    const second = pendingOf(await site.begin('alice'), 'verify');
    const answer = await site.signIn.verify(second, { method: 'app', code: phone.code(40) }, visitor);
    assert.equal(answer.status, 'confirm-drift');
  });

  it('is no oracle: a far code that was found by guessing is dead when its time comes', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const guessed = phone.code(100);
    const first = pendingOf(await site.begin('alice'), 'verify');
    assert.equal(
      (await site.signIn.verify(first, { method: 'app', code: guessed }, visitor)).status,
      'confirm-drift',
    );
    site.pass(100 * step);
    assert.equal(phone.code(), guessed);
    const later = pendingOf(await site.begin('alice'), 'verify');
    await refusal(site.signIn.verify(later, { method: 'app', code: guessed }, visitor), 'code-already-used');
  });

  it('is asked nothing when the tolerance is as wide as the discrepancy', async (t) => {
    const site = await SignInSite.open(t);
    site.settings.change({ discrepancy: 3, driftTolerance: 3 });
    const { phone } = await site.enrolled('alice');
    for (const offset of [3, -3]) {
      site.pass(20 * step);
      const pending = pendingOf(await site.begin('alice'), 'verify');
      doneOf(await site.signIn.verify(pending, { method: 'app', code: phone.code(offset) }, visitor));
    }
    const pending = pendingOf(await site.begin('alice'), 'verify');
    await refusal(site.signIn.verify(pending, { method: 'app', code: phone.code(4) }, visitor), 'wrong-code');
  });
});

describe('steps out of order', () => {
  it('are refused: other steps, used tokens, tokens of somebody else, of nobody, and late ones', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    site.directory.add('bob');
    const pending = pendingOf(await site.begin('alice'), 'verify');
    await refusal(site.signIn.beginApp(pending, visitor), 'wrong-step');
    await refusal(site.signIn.confirmApp(pending, { code: phone.code() }, visitor), 'wrong-step');
    await refusal(site.signIn.changePassword(pending, 'a new password', visitor), 'wrong-step');
    const enrolling = pendingOf(await site.begin('bob'), 'enrol');
    await refusal(
      site.signIn.verify(enrolling, { method: 'app', code: phone.code() }, visitor),
      'wrong-step',
    );
    await refusal(site.signIn.confirmApp(enrolling, { code: phone.code() }, visitor), 'wrong-step');
    for (const token of ['', 'x', `${pending}x`]) {
      await refusal(site.signIn.verify(token, { method: 'app', code: '123456' }, visitor), 'sign-in-expired');
    }
    const done = doneOf(await site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor));
    await refusal(
      site.signIn.verify(pending, { method: 'app', code: phone.code(1) }, visitor),
      'sign-in-expired',
    );
    await refusal(
      site.signIn.verify(done.issued.token, { method: 'app', code: phone.code(1) }, visitor),
      'sign-in-expired',
    );
    const late = pendingOf(await site.begin('alice'), 'verify');
    site.pass(10 * minute);
    await refusal(
      site.signIn.verify(late, { method: 'app', code: phone.code() }, visitor),
      'sign-in-expired',
    );
  });

  it('end when the user was disabled, removed or reset meanwhile', async (t) => {
    const site = await SignInSite.open(t);
    const alice = await site.enrolled('alice');
    const bob = await site.enrolled('bob');
    const carol = await site.enrolled('carol');
    const [first, second, third] = await Promise.all(
      ['alice', 'bob', 'carol'].map((name) => site.begin(name)),
    );
    assert.ok(first && second && third);
    site.directory.disable(alice.user.key);
    site.directory.accounts.delete(bob.user.key);
    await site.store.delete('factors', `default/${carol.user.key}`);
    const verify = (begun: typeof first, code: string) =>
      site.signIn.verify(pendingOf(begun, 'verify'), { method: 'app', code }, visitor);
    await refusal(verify(first, alice.phone.code()), 'account-disabled');
    await refusal(verify(second, bob.phone.code()), 'sign-in-expired');
    await refusal(verify(third, carol.phone.code()), 'sign-in-expired');
  });

  it('end when the reset comes between the code and the session', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    await site.sessions.revokeAll(
      { subscription: 'default', user: user.key },
      { reason: 'reset', actor: 'cli' },
    );
    const pending = pendingOf(await site.begin('alice'), 'verify');
    const grant = site.sessions.grant.bind(site.sessions);
    site.sessions.grant = async (wanted) => {
      await site.store.delete('factors', `default/${user.key}`);
      return grant(wanted);
    };
    await refusal(
      site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor),
      'sign-in-expired',
    );
    assert.deepEqual(await site.live(user), []);
  });
});

describe('a user who is not enabled', () => {
  it('signs in with the password alone, and the session says so', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('kiosk');
    site.obligation = { required: false, rule: 'not-listed' };
    const done = doneOf(await site.begin('kiosk'));
    assert.deepEqual(done.session.amr, ['pwd']);
    assert.equal(done.device, undefined);
  });

  it('is refused where the setting says deny, unless exempt or switched off', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('kiosk');
    site.settings.change({ unlistedUsers: 'deny' });
    site.obligation = { required: false, rule: 'not-listed' };
    await refusal(site.begin('kiosk'), 'not-enabled');
    for (const rule of ['exempt', 'switched-off'] as const) {
      site.obligation = { required: false, rule };
      doneOf(await site.begin('kiosk'));
    }
  });

  it('is refused at the next step when the setting becomes deny', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('kiosk');
    site.directory.change(user.key, { mustChange: true });
    site.obligation = { required: false, rule: 'not-listed' };
    const step = await site.begin('kiosk');
    assert.ok(step.status === 'change-password' && step.pending !== undefined);
    site.settings.change({ unlistedUsers: 'deny' });
    await refusal(
      site.signIn.changePassword(step.pending.token, 'a new password', visitor),
      'sign-in-expired',
    );
    assert.deepEqual(await site.live(user), []);
  });

  it('needs a second factor as an administrator, whatever the switch says', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('root');
    await site.parts.roles.makeOwner(user.key);
    site.obligation = { required: false, rule: 'switched-off' };
    assert.equal((await site.begin('root')).status, 'enrol');
  });
});

describe('an initial password', () => {
  it('is changed after the second factor and before the session', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    site.directory.change(user.key, { mustChange: true });
    const pending = pendingOf(await site.begin('alice'), 'verify');
    await refusal(site.signIn.changePassword(pending, 'a new password', visitor), 'wrong-step');
    const answer = await site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor);
    assert.equal(answer.status, 'change-password');
    await refusal(site.signIn.verify(pending, { method: 'app', code: phone.code(1) }, visitor), 'wrong-step');
    await refusal(site.signIn.changePassword(pending, 'short', visitor), 'password-too-weak');
    await refusal(site.signIn.changePassword(pending, "alice's password", visitor), 'password-unchanged');
    const done = doneOf(await site.signIn.changePassword(pending, 'a new password', visitor));
    assert.deepEqual(done.session.amr, ['pwd', 'otp']);
    assert.equal((await site.live(user)).length, 1, 'older sessions are gone');
    await refusal(site.begin('alice'), 'invalid-credentials');
  });

  it('of a user without second factor is changed as well', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('kiosk');
    site.directory.change(user.key, { mustChange: true });
    site.obligation = { required: false, rule: 'exempt' };
    const pending = pendingOf(await site.begin('kiosk'), 'change-password');
    const done = doneOf(await site.signIn.changePassword(pending, 'a new password', visitor));
    assert.deepEqual(done.session.amr, ['pwd']);
  });

  it('does not let a user pass who became enabled meanwhile', async (t) => {
    const site = await SignInSite.open(t);
    const user = site.directory.add('kiosk');
    site.directory.change(user.key, { mustChange: true });
    site.obligation = { required: false, rule: 'exempt' };
    const pending = pendingOf(await site.begin('kiosk'), 'change-password');
    site.obligation = { required: true, rule: 'everyone', since: 0, method: 'app' };
    await refusal(site.signIn.changePassword(pending, 'a new password', visitor), 'sign-in-expired');
  });
});
