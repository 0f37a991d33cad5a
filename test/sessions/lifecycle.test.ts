import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  deadline,
  granted,
  isFurther,
  judge,
  latestEnd,
  next,
  type SessionEvent,
  type Validity,
  validityOf,
} from '../../src/sessions/lifecycle.ts';
import type { SessionState } from '../../src/sessions/session.ts';

const T0 = Date.UTC(2026, 0, 15, 9);
const hour = 3_600_000;
const usual: Validity = { before: hour, after: 8 * hour, countFrom: 'first-session' };
const fromLast: Validity = { ...usual, countFrom: 'last-session' };

const opened = (arrivedAt: number, validity = usual): SessionEvent => ({
  type: 'opened',
  arrivedAt,
  validity,
});
const renewed = (arrivedAt: number, validity = usual): SessionEvent => ({
  type: 'renewed',
  arrivedAt,
  validity,
});
const timePassed = (validity = usual): SessionEvent => ({ type: 'time-passed', validity });
const revoked: SessionEvent = { type: 'revoked', reason: 'sign-out' };

const fresh = granted(usual, T0);
const T1 = T0 + hour / 2;
const active = next(fresh, opened(T1), T1);
const expired: SessionState = { name: 'expired', at: T0 + hour };
/** As after signing in at `T1`. */
const renewedThen: SessionState = granted(usual, T1);
const gone: SessionState = { name: 'revoked', at: T0 + 5, reason: 'ban' };

/** Every state meets every event, before and after its deadline. */
const table: readonly [string, SessionState, SessionEvent, number, SessionState | 'unchanged'][] = [
  ['granted, opened in time', fresh, opened(T1), T1, active],
  [
    'granted, opened at the last millisecond',
    fresh,
    opened(T0 + hour - 1),
    T0 + hour - 1,
    {
      name: 'active',
      firstSessionAt: T0 + hour - 1,
      lastSessionAt: T0 + hour - 1,
      endsAt: T0 + 9 * hour - 1,
      validityAfter: 8 * hour,
      countFrom: 'first-session',
    },
  ],
  ['granted, opened at its deadline', fresh, opened(T0 + hour), T0 + hour, expired],
  ['granted, time passes', fresh, timePassed(), T0 + hour - 1, 'unchanged'],
  ['granted, time runs out', fresh, timePassed(), T0 + hour, expired],
  ['granted, seen to expire', fresh, { type: 'expired', at: T0 + hour, was: fresh }, T0, expired],
  ['granted, renewed', fresh, renewed(T1), T1, renewedThen],
  [
    'granted, renewed at the last millisecond, proven a second later',
    fresh,
    renewed(T0 + hour - 1),
    T0 + hour + 999,
    granted(usual, T0 + hour + 999),
  ],
  ['granted, renewed at its deadline', fresh, renewed(T0 + hour), T0 + hour, expired],
  [
    'granted, seen to expire before it was renewed',
    renewedThen,
    { type: 'expired', at: T0 + hour, was: fresh },
    T0 + hour,
    'unchanged',
  ],
  ['granted, revoked', fresh, revoked, T0 + 7, { name: 'revoked', at: T0 + 7, reason: 'sign-out' }],
  [
    'granted, revoked after its deadline',
    fresh,
    revoked,
    T0 + 2 * hour,
    { name: 'revoked', at: T0 + 2 * hour, reason: 'sign-out' },
  ],
  [
    'active, opened again',
    active,
    opened(T1 + hour),
    T1 + hour,
    { ...active, lastSessionAt: T1 + hour } as SessionState,
  ],
  [
    'active, opened at its end',
    active,
    opened(T1 + 8 * hour),
    T1 + 8 * hour,
    { name: 'expired', at: T1 + 8 * hour },
  ],
  ['active, time passes', active, timePassed(), T1 + 8 * hour - 1, 'unchanged'],
  ['active, time runs out', active, timePassed(), T1 + 8 * hour, { name: 'expired', at: T1 + 8 * hour }],
  [
    'active, seen to expire',
    active,
    { type: 'expired', at: T1 + 8 * hour, was: active },
    T1,
    { name: 'expired', at: T1 + 8 * hour },
  ],
  [
    'active, seen to expire before it was opened',
    active,
    { type: 'expired', at: T0 + hour, was: fresh },
    T0 + hour,
    'unchanged',
  ],
  [
    'active, renewed',
    active,
    renewed(T1 + 7 * hour),
    T1 + 7 * hour,
    {
      ...active,
      firstSessionAt: T1 + 7 * hour,
      lastSessionAt: T1 + 7 * hour,
      endsAt: T1 + 15 * hour,
    } as SessionState,
  ],
  [
    'active, renewed at its end',
    active,
    renewed(T1 + 8 * hour),
    T1 + 8 * hour,
    { name: 'expired', at: T1 + 8 * hour },
  ],
  [
    'active, seen to expire before it was renewed',
    next(active, renewed(T1 + 8 * hour - 1), T1 + 8 * hour - 1),
    { type: 'expired', at: T1 + 8 * hour, was: active },
    T1 + 8 * hour,
    'unchanged',
  ],
  ['active, revoked', active, revoked, T1 + 1, { name: 'revoked', at: T1 + 1, reason: 'sign-out' }],
  ['expired, opened', expired, opened(T0), T0, 'unchanged'],
  ['expired, renewed', expired, renewed(T0), T0, 'unchanged'],
  ['expired, time passes', expired, timePassed(), T0 - hour, 'unchanged'],
  ['expired, seen to expire', expired, { type: 'expired', at: T0, was: fresh }, T0, 'unchanged'],
  [
    'expired, revoked',
    expired,
    revoked,
    T0 + 2 * hour,
    { name: 'revoked', at: T0 + 2 * hour, reason: 'sign-out' },
  ],
  ['revoked, opened', gone, opened(T0), T0, 'unchanged'],
  ['revoked, renewed', gone, renewed(T0), T0, 'unchanged'],
  ['revoked, time passes', gone, timePassed(), T0 + 99 * hour, 'unchanged'],
  ['revoked, seen to expire', gone, { type: 'expired', at: T0, was: fresh }, T0, 'unchanged'],
  ['revoked, revoked again', gone, revoked, T0 + 99 * hour, 'unchanged'],
];

describe('the life of a session', () => {
  for (const [title, state, event, now, after] of table) {
    it(`${title}`, () => {
      const result = next(state, event, now);
      if (after === 'unchanged') assert.equal(result, state);
      else assert.deepEqual(result, after);
    });
  }

  it('begins granted with both deadlines frozen', () => {
    assert.deepEqual(fresh, {
      name: 'granted',
      grantedAt: T0,
      opensUntil: T0 + hour,
      validityAfter: 8 * hour,
      countFrom: 'first-session',
    });
  });

  it('takes seconds before the first session and minutes after it from the settings', () => {
    const validity = validityOf({
      validityBeforeFirstSession: 3600,
      validityAfterFirstSession: 480,
      countFrom: 'first-session',
    });
    assert.deepEqual(validity, usual);
  });

  it('admits by arrival: an upgrade that came in time opens although its upstream took until after the deadline', () => {
    const state = next(fresh, opened(T0 + hour - 1), T0 + hour + 20_000);
    assert.equal(state.name, 'active');
    assert.ok(state.name === 'active' && state.firstSessionAt === T0 + hour + 20_000);
  });
});

describe('deadlines', () => {
  it('are not lengthened by later settings', () => {
    const longer: Validity = { before: 9 * hour, after: 99 * hour, countFrom: 'last-session' };
    assert.equal(deadline(fresh, longer), T0 + hour);
    assert.equal(deadline(active, longer), T1 + 8 * hour);
    const again = next(active, opened(T1 + hour, longer), T1 + hour);
    assert.equal(deadline(again, longer), T1 + 8 * hour);
    const late = next(fresh, opened(T1, longer), T1);
    assert.equal(deadline(late, longer), T1 + 8 * hour);
  });

  it('are shortened by later settings', () => {
    const shorter: Validity = { before: 60_000, after: hour, countFrom: 'first-session' };
    assert.equal(deadline(fresh, shorter), T0 + 60_000);
    assert.equal(deadline(active, shorter), T1 + hour);
    assert.equal(judge(active, shorter, T1 + hour).name, 'expired');
  });

  it('count from the last session when that was so at the grant and still is', () => {
    const start = granted(fromLast, T0);
    const first = next(start, opened(T1, fromLast), T1);
    assert.equal(deadline(first, fromLast), T1 + 8 * hour);
    const second = next(first, opened(T1 + 7 * hour, fromLast), T1 + 7 * hour);
    assert.equal(deadline(second, fromLast), T1 + 15 * hour);
    assert.equal(deadline(second, usual), T1 + 8 * hour);
    const under = next(first, opened(T1 + hour, usual), T1 + hour);
    assert.equal(deadline(under, fromLast), T1 + 8 * hour);
  });

  it('never move back when the clock does', () => {
    const start = granted(fromLast, T0);
    const first = next(start, opened(T1, fromLast), T1);
    const before = next(first, opened(T1 - 9 * hour, fromLast), T1 - 9 * hour);
    assert.equal(deadline(before, fromLast), T1 + 8 * hour);
  });

  it('begin anew with a renewal, by the settings in force', () => {
    const longer: Validity = { before: 2 * hour, after: 99 * hour, countFrom: 'last-session' };
    const later = next(active, renewed(T1 + hour, longer), T1 + hour);
    assert.equal(deadline(later, longer), T1 + 100 * hour);
    const opening = next(later, opened(T1 + 50 * hour, longer), T1 + 50 * hour);
    assert.equal(deadline(opening, longer), T1 + 149 * hour);
    const waiting = next(fresh, renewed(T1, longer), T1);
    assert.equal(deadline(waiting, longer), T1 + 2 * hour);
    const first = next(waiting, opened(T1 + hour, longer), T1 + hour);
    assert.equal(deadline(first, longer), T1 + 100 * hour);
  });

  it('are not moved back by a renewal: not by shorter settings, nor by a clock that went back', () => {
    const shorter: Validity = { before: 60_000, after: hour / 2, countFrom: 'first-session' };
    assert.equal(deadline(next(fresh, renewed(T0 + 1, shorter), T0 + 1), usual), T0 + hour);
    const early = next(active, renewed(T1 + 1, shorter), T1 + 1);
    assert.equal(deadline(early, shorter), T1 + 1 + hour / 2);
    assert.equal(deadline(early, usual), T1 + 8 * hour);
    const before = next(active, renewed(T1 - 9 * hour), T1 - 9 * hour);
    assert.equal(deadline(before, usual), T1 + 8 * hour);
  });

  it('bound the token by both validities together', () => {
    assert.equal(latestEnd(fresh), T0 + 9 * hour);
    assert.equal(latestEnd(active), T1 + 8 * hour);
    assert.equal(latestEnd(expired), T0 + hour);
    assert.equal(latestEnd(gone), T0 + 5);
  });
});

describe('of two states of a session the further one', () => {
  it('is the later by every event, and never both', () => {
    const again = next(active, renewed(T1), T1 + 1);
    const waiting = next(fresh, renewed(T0 + 1), T0 + 1);
    const order = [fresh, waiting, active, again, expired, gone];
    for (const [index, state] of order.entries()) {
      for (const [other, than] of order.entries()) {
        assert.equal(isFurther(state, than), index > other, `${index} and ${other}`);
      }
    }
  });
});
