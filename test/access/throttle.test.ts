import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignInStep, Visitor } from '../../src/access/index.ts';
import {
  doneOf,
  minute,
  outcome,
  pendingOf,
  refusal,
  SignInSite,
  second,
  step,
  visitor,
} from './sign-in-site.ts';

const from = (index: number): Visitor => ({ address: `198.51.100.${index % 250}`, browser: 'curl' });

describe('guessing codes', () => {
  it('has four free tries and then one per wait of 1, 2, 4 … minutes', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const guess = async () => {
      const pending = pendingOf(await site.begin('alice'), 'verify');
      return site.signIn.verify(pending, { method: 'app', code: site.wrong(phone) }, visitor);
    };
    const left: unknown[] = [];
    for (let round = 0; round < 4; round += 1) {
      const { params, retryAfter } = await refusal(guess(), 'wrong-code');
      left.push([params.triesLeft, retryAfter]);
    }
    assert.deepEqual(left, [
      [3, undefined],
      [2, undefined],
      [1, undefined],
      [0, 60],
    ]);
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const locked = await refusal(guess(), 'locked');
      assert.equal(locked.retryAfter, minutes * 60);
      assert.deepEqual(locked.params, { minutes });
      site.pass(minutes * minute - 1);
      assert.equal((await refusal(guess(), 'locked')).retryAfter, 1);
      site.pass(1);
      await refusal(guess(), 'wrong-code');
    }
  });

  it('gains nothing in parallel', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const tokens = await Promise.all(
      Array.from({ length: 40 }, (_, index) => site.begin('alice', from(index))),
    );
    const code = site.wrong(phone);
    const outcomes = await Promise.all(
      tokens.map((begun, index) =>
        outcome(site.signIn.verify(pendingOf(begun, 'verify'), { method: 'app', code }, from(index))),
      ),
    );
    assert.equal(outcomes.filter((each) => each === 'wrong-code').length, 4);
    assert.equal(outcomes.filter((each) => each === 'locked').length, 36);
  });

  it('gains nothing across methods, across addresses, or by signing in again between guesses', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const guesses = [
      { method: 'app', code: site.wrong(phone) },
      { method: 'recovery', code: 'AAAA-AAAA-AAAA-AAAA' },
      { method: 'app', code: site.wrong(phone) },
      { method: 'recovery', code: 'BBBB-BBBB-BBBB-BBBB' },
      { method: 'app', code: site.wrong(phone) },
    ] as const;
    const outcomes: string[] = [];
    for (const [index, guess] of guesses.entries()) {
      const pending = pendingOf(await site.begin('alice', from(index)), 'verify');
      outcomes.push(await outcome(site.signIn.verify(pending, guess, from(index))));
    }
    assert.deepEqual(outcomes, ['wrong-code', 'wrong-code', 'wrong-code', 'wrong-code', 'locked']);
  });

  it('refuses even the right code while locked, and a right code afterwards begins the count anew', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const pending = pendingOf(await site.begin('alice'), 'verify');
    const verify = (code: string) => site.signIn.verify(pending, { method: 'app', code }, visitor);
    for (let round = 0; round < 4; round += 1) await refusal(verify(site.wrong(phone)), 'wrong-code');
    await refusal(verify(phone.code()), 'locked');
    site.pass(minute);
    doneOf(await verify(phone.code()));
    site.pass(5 * step);
    const next = pendingOf(await site.begin('alice'), 'verify');
    const error = await refusal(
      site.signIn.verify(next, { method: 'app', code: site.wrong(phone) }, visitor),
      'wrong-code',
    );
    assert.equal(error.params.triesLeft, 3);
  });

  it('is over after a hundred until an administrator unlocks it', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    await site.store.put('counters', `default/codes/${user.key}`, { failures: 99, lastAt: 0 });
    const pending = async () => pendingOf(await site.begin('alice'), 'verify');
    const verify = async (code: string) =>
      site.signIn.verify(await pending(), { method: 'app', code }, visitor);
    await refusal(verify(site.wrong(phone)), 'wrong-code');
    site.pass(365 * 24 * 60 * minute);
    const shut = await refusal(verify(phone.code()), 'locked');
    assert.equal(shut.retryAfter, undefined);
    assert.deepEqual(await site.parts.throttle.locks('default', user.key), {
      codes: Number.POSITIVE_INFINITY,
    });
    assert.equal(await site.parts.throttle.unlock('default', user.key), true);
    assert.deepEqual(await site.parts.throttle.locks('default', user.key), {});
    doneOf(await verify(phone.code()));
  });

  it('is limited to fifty wrong codes an hour for one address, whoever they are tried on', async (t) => {
    const site = await SignInSite.open(t);
    const users = [];
    for (let index = 0; index < 14; index += 1) users.push(await site.enrolled(`user${index}`));
    const outcomes: string[] = [];
    for (const { user, phone } of users) {
      const pending = pendingOf(await site.begin(user.name), 'verify');
      for (let round = 0; round < 4; round += 1) {
        const guess = { method: 'app', code: site.wrong(phone) } as const;
        outcomes.push(await outcome(site.signIn.verify(pending, guess, visitor)));
      }
    }
    assert.equal(outcomes.filter((each) => each === 'wrong-code').length, 50);
    assert.deepEqual(new Set(outcomes.slice(50)), new Set(['too-many-requests']));
    assert.equal(site.events('lockout').filter((event) => event.scope === 'address').length, 1);
  });

  it('counts an IPv6 network as one address', async (t) => {
    const site = await SignInSite.open(t);
    const outcomes: string[] = [];
    for (let index = 0; index < 40; index += 1) {
      const neighbour = { address: `2001:db8:1:2::${index.toString(16)}` };
      outcomes.push(await outcome(site.begin(`nobody${index}`, neighbour)));
    }
    assert.equal(outcomes.filter((each) => each === 'invalid-credentials').length, 30);
    assert.equal(await outcome(site.begin('nobody', { address: '2001:db8:1:3::1' })), 'invalid-credentials');
  });

  it('is told: the lock, and after five wrong codes that somebody has the password', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    for (let round = 0; round < 5; round += 1) {
      const pending = pendingOf(await site.begin('alice'), 'verify');
      const guess = { method: 'app', code: site.wrong(phone) } as const;
      await refusal(site.signIn.verify(pending, guess, visitor), 'wrong-code');
      site.pass(minute);
    }
    assert.deepEqual(
      site.events('lockout').map(({ scope, subject }) => ({ scope, subject })),
      [
        { scope: 'user-codes', subject: user.key },
        { scope: 'user-codes', subject: user.key },
      ],
    );
    const told = site.events('compromised-password');
    assert.equal(told.length, 1);
    assert.equal(told[0]?.user, user.key);
  });
});

describe('guessing passwords', () => {
  it('has ten free tries, then waits, for names somebody has and names nobody has alike', async (t) => {
    const site = await SignInSite.open(t, { trustedNetworks: ['192.0.2.0/24'] });
    site.directory.add('alice');
    const seen: Record<string, string[]> = { alice: [], nobody: [] };
    for (let round = 0; round < 14; round += 1) {
      for (const name of ['alice', 'nobody']) {
        const error = await site.begin(name, visitor, 'wrong').then(
          () => 'let in',
          (reason: { code: string; retryAfter?: number }) => `${reason.code} ${reason.retryAfter}`,
        );
        seen[name]?.push(error);
      }
      if (round === 11) site.pass(minute);
    }
    assert.deepEqual(seen.alice, seen.nobody);
    assert.equal(seen.alice?.filter((each) => each.startsWith('invalid-credentials')).length, 11);
    assert.equal(seen.alice?.[10], 'locked 60');
  });

  it('counts one name however it is spelt', async (t) => {
    const site = await SignInSite.open(t);
    for (const name of ['Nobody', 'NOBODY', 'nobody', ' nobody', 'ｎｏｂｏｄｙ']) {
      await refusal(site.begin(name, visitor, 'x'), 'invalid-credentials');
      await refusal(site.begin(name, visitor, 'x'), 'invalid-credentials');
    }
    await refusal(site.begin('nobody', visitor, 'x'), 'locked');
  });

  it('does not tell by counting whether anybody has a name, with the directory typed or not', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    const seen: Record<string, string[]> = { alice: [], nobody: [] };
    for (const name of ['alice', 'nobody']) {
      for (let round = 0; round < 12; round += 1) {
        const typed = round % 2 === 0 ? name : `LOCAL\\${name}`;
        seen[name]?.push(await outcome(site.begin(typed, { ...visitor, device: 'made up' }, 'wrong')));
      }
    }
    assert.deepEqual(seen.alice, seen.nobody);
    assert.equal(seen.alice?.at(-1), 'locked');
  });

  it('writes nothing for tries while locked', async (t) => {
    const site = await SignInSite.open(t);
    for (let round = 0; round < 10; round += 1) await outcome(site.begin('nobody'));
    const before = await site.store.list('counters', { prefix: 'default/', limit: 100 });
    for (let round = 0; round < 20; round += 1) await refusal(site.begin('nobody'), 'locked');
    assert.deepEqual(await site.store.list('counters', { prefix: 'default/', limit: 100 }), before);
  });

  it('lets the user in again as soon as the wait is over that began when the clock jumped back', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    for (let round = 0; round < 10; round += 1) await outcome(site.begin('alice', visitor, 'wrong'));
    site.pass(-10 * 60 * minute);
    await refusal(site.begin('alice'), 'locked');
    site.pass(minute);
    assert.equal((await site.begin('alice')).status, 'enrol');
  });

  it('gains nothing in parallel, and the right password is refused while locked', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => outcome(site.begin('alice', from(index), 'wrong'))),
    );
    assert.equal(outcomes.filter((each) => each === 'invalid-credentials').length, 10);
    assert.equal(site.directory.checked, 10);
    await refusal(site.begin('alice'), 'locked');
    site.pass(minute);
    assert.equal((await site.begin('alice')).status, 'enrol');
    assert.equal(await outcome(site.begin('alice', visitor, 'wrong')), 'invalid-credentials');
  });

  it('is limited to thirty in a quarter of an hour for one address, but not for trusted networks', async (t) => {
    const site = await SignInSite.open(t, { trustedNetworks: ['203.0.113.0/24'] });
    const spray = async (address: string) => {
      const outcomes: string[] = [];
      for (let index = 0; index < 35; index += 1) {
        outcomes.push(await outcome(site.begin(`name${index}`, { address })));
        site.pass(second);
      }
      return outcomes.filter((each) => each === 'invalid-credentials').length;
    };
    assert.equal(await spray('192.0.2.7'), 30);
    assert.equal(await spray('203.0.113.9'), 35);
    await refusal(site.begin('another', { address: '192.0.2.7' }), 'too-many-requests');
    site.pass(15 * minute);
    await refusal(site.begin('another', { address: '192.0.2.7' }), 'invalid-credentials');
  });

  it('does not charge an address for tries that were refused because the user is locked', async (t) => {
    const site = await SignInSite.open(t);
    for (let round = 0; round < 60; round += 1) await outcome(site.begin('nobody'));
    await refusal(site.begin('somebody else'), 'invalid-credentials');
  });

  it('does not lock a user out by tries of an address that may not try any more', async (t) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    for (let index = 0; index < 30; index += 1) await outcome(site.begin(`name${index}`));
    for (let round = 0; round < 20; round += 1)
      await refusal(site.begin('alice', visitor, 'x'), 'too-many-requests');
    assert.equal((await site.begin('alice', { address: '198.51.100.1' })).status, 'enrol');
  });

  it('forgets names nobody has after a day', async (t) => {
    const site = await SignInSite.open(t);
    await outcome(site.begin('nobody'));
    site.pass(24 * 60 * minute);
    const left = await site.store.list('counters', { prefix: 'default/', limit: 10 });
    assert.deepEqual(left.items, []);
  });
});

describe('a known device', () => {
  const at = (device: string | undefined): Visitor =>
    device === undefined ? visitor : { ...visitor, device };
  const deviceOf = (answer: SignInStep): string => doneOf(answer).device?.token ?? assert.fail('no device');

  it('is one after a second factor, for ninety days from the latest', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const done = await site.through('alice', phone);
    const device = deviceOf(done);
    assert.equal(done.device?.expiresAt, site.clock.now() + 90 * 24 * 60 * minute);
    site.pass(60 * 24 * 60 * minute);
    const again = await site.through('alice', phone, at(device));
    assert.equal(deviceOf(again), device, 'a known one is renewed, not replaced');
    assert.equal(again.device?.expiresAt, site.clock.now() + 90 * 24 * 60 * minute);
  });

  it('lets its user in while an attacker locks everybody else out', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const device = deviceOf(await site.through('alice', phone));
    for (let round = 0; round < 60; round += 1) await outcome(site.begin('alice', visitor, 'wrong'));
    await refusal(site.begin('alice'), 'locked');
    for (let round = 0; round < 60; round += 1) await outcome(site.begin(`name${round}`));
    await refusal(site.begin('bob'), 'too-many-requests');
    site.pass(5 * step);
    await site.through('alice', phone, at(device));
  });

  it('lets its user in while the codes are shut for everybody else', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    const device = deviceOf(await site.through('alice', phone));
    await site.store.put('counters', `default/codes/${user.key}`, { failures: 100, lastAt: 0 });
    site.pass(5 * step);
    await site.through('alice', phone, at(device));
    site.pass(5 * step);
    const pending = pendingOf(await site.begin('alice'), 'verify');
    await refusal(site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor), 'locked');
  });

  it('is void after five failures, in parallel or not, and right passwords between them do not help', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const device = deviceOf(await site.through('alice', phone));
    await site.store.put('counters', 'default/codes/local:alice-id', { failures: 100, lastAt: 0 });
    const begun = await Promise.all(Array.from({ length: 12 }, () => site.begin('alice', at(device))));
    const outcomes = await Promise.all(
      begun.map((each) =>
        outcome(
          site.signIn.verify(
            pendingOf(each, 'verify'),
            { method: 'app', code: site.wrong(phone) },
            at(device),
          ),
        ),
      ),
    );
    assert.equal(outcomes.filter((each) => each === 'wrong-code').length, 5);
    assert.equal(outcomes.filter((each) => each === 'locked').length, 7);
    assert.equal(site.events('compromised-password').length, 1);
    const page = await site.store.list('known-devices', { prefix: 'default/local:alice-id/', limit: 10 });
    assert.equal(page.items.length, 1, 'only the device of the enrolment is left');
  });

  it('is void after five wrong codes, however often the right password comes between', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    const device = deviceOf(await site.through('alice', phone));
    const left: unknown[] = [];
    for (let round = 0; round < 5; round += 1) {
      const pending = pendingOf(await site.begin('alice', at(device)), 'verify');
      const guess = { method: 'app', code: site.wrong(phone) } as const;
      left.push(
        (await refusal(site.signIn.verify(pending, guess, at(device)), 'wrong-code')).params.triesLeft,
      );
    }
    assert.deepEqual(left, [4, 3, 2, 1, 0]);
    const pending = pendingOf(await site.begin('alice', at(device)), 'verify');
    const guess = { method: 'app', code: site.wrong(phone) } as const;
    const error = await refusal(site.signIn.verify(pending, guess, at(device)), 'wrong-code');
    assert.equal(error.params.triesLeft, 3, 'a stranger with four tries of their own');
  });

  it('counts wrong passwords too, and is no help for another user', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await site.enrolled('alice');
    site.directory.add('bob');
    const device = deviceOf(await site.through('alice', phone));
    for (let round = 0; round < 10; round += 1) await outcome(site.begin('bob', at(device), 'wrong'));
    await refusal(site.begin('bob', at(device)), 'locked');
    for (let round = 0; round < 15; round += 1) {
      await refusal(site.begin('alice', at(device), 'wrong'), 'invalid-credentials');
    }
    await refusal(site.begin('alice', at(device), 'wrong'), 'locked');
  });

  it('is a stranger after a reset, a password change, or signing out everywhere', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    const first = deviceOf(await site.through('alice', phone));
    const owner = { subscription: 'default', user: user.key };
    const ids = (await site.factors(user)).apps.map((app) => app.id);
    const known = (cookie: string, enrolments = ids) =>
      site.parts.devices.recognise(owner, cookie, enrolments).then((device) => device !== undefined);
    assert.equal(await known(first), true);
    assert.equal(await known(first, ['another enrolment']), false);
    site.pass(5 * step);
    const { session } = await site.through('alice', phone);
    await site.changes.changePassword(session, "alice's password", 'a new password', visitor);
    assert.equal(await known(first), false);
    site.directory.change(user.key, { password: "alice's password" });
    site.pass(5 * step);
    const second = await site.through('alice', phone);
    assert.equal(await known(deviceOf(second)), true);
    await site.changes.signOutEverywhere(second.session);
    assert.equal(await known(deviceOf(second)), false);
  });

  it('is not what a made-up, endless or foreign cookie says', async (t) => {
    const site = await SignInSite.open(t);
    const { user } = await site.enrolled('alice');
    const owner = { subscription: 'default', user: user.key };
    const ids = (await site.factors(user)).apps.map((app) => app.id);
    for (const cookie of ['', 'x', '../../', 'A'.repeat(43), 'A'.repeat(100_000)]) {
      assert.equal(await site.parts.devices.recognise(owner, cookie, ids), undefined);
    }
  });
});
