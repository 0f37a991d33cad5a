import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { systemRandom } from '../../src/random.ts';
import { type Grant, referenceTo, type SessionState, Sessions } from '../../src/sessions/index.ts';
import { deadline, granted, next, type Validity } from '../../src/sessions/lifecycle.ts';
import type { Settings } from '../../src/settings/index.ts';
import type { Json } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { delivered, openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';
import { hour, metrics } from './token-site.ts';

const alice: Grant = {
  subscription: 'default',
  user: { key: 'local:alice', name: 'alice', displayName: 'Alice', directory: 'local', groups: [] },
  amr: ['pwd', 'bypass'],
  shared: false,
  address: '192.0.2.1',
  browser: 'test',
};

async function openSessions(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const validity = {
    validityBeforeFirstSession: 3600,
    validityAfterFirstSession: 480,
    countFrom: 'first-session',
  } as Settings;
  const replica = () =>
    new Sessions({
      store,
      settings: { current: () => validity, onChange: () => () => {} },
      clock,
      random: systemRandom,
      audit: recordingAudit(),
      metrics,
    });
  const sessions = replica();
  const renew = (reference: Parameters<Sessions['renew']>[0], arrivedAt = clock.now()) =>
    sessions.renew(reference, { amr: ['pwd', 'otp'], arrivedAt });
  return { clock, store, sessions, replica, renew };
}

const validity: fc.Arbitrary<Validity> = fc.record({
  before: fc.integer({ min: 30, max: 86_400 }).map((seconds) => seconds * 1000),
  after: fc.integer({ min: 1, max: 43_200 }).map((minutes) => minutes * 60_000),
  countFrom: fc.constantFrom('first-session', 'last-session'),
});
const jump = fc.integer({ min: -40_000_000, max: 40_000_000 });
const T0 = Date.UTC(2026, 0, 15, 9);

describe('a renewal', () => {
  it('moves no deadline back, under whatever settings and clock, and gives no more than they allow', () => {
    const happening = fc.record({ by: jump, validity, type: fc.constantFrom('opened', 'renewed') });
    fc.assert(
      fc.property(validity, fc.array(happening, { maxLength: 8 }), validity, (first, steps, later) => {
        let state: SessionState = granted(first, T0);
        let now = T0;
        for (const { by, validity: current, type } of steps) {
          now += by;
          const before = state;
          state = next(before, { type, arrivedAt: now, validity: current } as const, now);
          if (type === 'opened' || state === before || state.name === 'expired') continue;
          for (const each of [current, later]) {
            assert.ok(deadline(state, each) >= deadline(before, each));
          }
          const span = state.name === 'granted' ? current.before : current.after;
          const from =
            state.name === 'granted' ? state.grantedAt : (state as { lastSessionAt: number }).lastSessionAt;
          assert.equal(deadline(state, current), from + span);
          assert.ok(from >= now);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('of a granted session is a new T0, and says how it was proven and when', async (t) => {
    const { clock, sessions, renew } = await openSessions(t);
    const session = await sessions.grant(alice);
    clock.jump(clock.now() + hour / 2);
    const answer = await renew(referenceTo(session));
    assert.ok(answer.result === 'renewed');
    const now = clock.now();
    assert.deepEqual(
      [answer.session.verifiedAt, answer.session.renewedAt, answer.session.amr],
      [now, now, ['pwd', 'otp']],
    );
    assert.equal(sessions.endsAt(answer.session), now + hour);
    assert.deepEqual(await sessions.find(referenceTo(session)), answer.session);
  });

  it('of an active one begins both clocks anew, and keeps the record as long', async (t) => {
    const { clock, store, sessions, renew } = await openSessions(t);
    const session = await sessions.grant(alice);
    const reference = referenceTo(session);
    await sessions.open(reference, clock.now());
    const end = clock.now() + 8 * hour;
    clock.jump(end - 1);
    const answer = await renew(reference);
    assert.ok(answer.result === 'renewed');
    assert.equal(sessions.endsAt(answer.session), end - 1 + 8 * hour);
    clock.jump(end - 1 + 8 * hour - 1);
    assert.equal((await sessions.open(reference, clock.now())).result, 'opened');
    clock.jump(end - 1 + 8 * hour);
    assert.equal((await sessions.open(reference, clock.now())).result, 'refused');
    assert.ok(await store.get('sessions', `default/local:alice/${session.id}`));
  });

  it('of a session that has ended, or is not there, is refused and changes nothing', async (t) => {
    const { clock, sessions, renew } = await openSessions(t);
    const over = await sessions.grant(alice);
    const ended = await sessions.grant(alice);
    await sessions.revoke(referenceTo(ended), { reason: 'sign-out', actor: 'local:alice' });
    clock.jump(clock.now() + hour);
    assert.deepEqual(await renew(referenceTo(over)), { result: 'refused', reason: 'expired' });
    assert.deepEqual(await renew(referenceTo(ended)), { result: 'refused', reason: 'revoked' });
    const nobody = { ...referenceTo(over), id: 'nobody' };
    assert.deepEqual(await renew(nobody), { result: 'refused', reason: 'unknown' });
    assert.deepEqual(await sessions.find(referenceTo(over)), over);
    const arrived = clock.now() - 1;
    assert.equal((await renew(referenceTo(over), arrived)).result, 'renewed', 'its request came in time');
  });

  it('and a revocation, an expiry or an opening at the same moment end as one after the other', async (t) => {
    const { clock, sessions, replica, renew } = await openSessions(t);
    const other = replica();
    for (let round = 0; round < 10; round += 1) {
      const session = await sessions.grant(alice);
      const reference = referenceTo(session);
      const revocation = { reason: 'ban', actor: 'cli' };
      await Promise.all([renew(reference), other.revoke(reference, revocation)]);
      assert.equal((await sessions.find(reference))?.state.name, 'revoked');

      const second = await sessions.grant(alice);
      const at = clock.now() + hour;
      clock.jump(at);
      const [renewal] = await Promise.all([
        renew(referenceTo(second), at - 1),
        other.expire(referenceTo(second), at, second.state),
      ]);
      const found = await sessions.find(referenceTo(second));
      assert.equal(found?.state.name, renewal.result === 'renewed' ? 'granted' : 'expired');

      const third = await sessions.grant(alice);
      await Promise.all([renew(referenceTo(third)), other.open(referenceTo(third), clock.now())]);
      const opened = await sessions.find(referenceTo(third));
      assert.equal(opened?.state.name, 'active');
      assert.equal(opened?.renewedAt, clock.now());
    }
  });

  it('is announced to every replica as a change of its user, and as no revocation', async (t) => {
    const { store, sessions, renew } = await openSessions(t);
    const heard: [string, Json][] = [];
    for (const topic of ['accounts', 'revocations']) {
      const subscription = store.subscribe(topic, { message: (message) => heard.push([topic, message]) });
      t.after(() => subscription.close());
    }
    const session = await sessions.grant(alice);
    await renew(referenceTo(session));
    await delivered();
    assert.deepEqual(heard, [['accounts', { user: 'local:alice' }]]);
  });
});
