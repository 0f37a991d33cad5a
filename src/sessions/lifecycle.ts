import type { Settings } from '../settings/index.ts';
import type { SessionState } from './session.ts';

/** The two clocks as the settings have them now, in milliseconds. */
export type Validity = {
  readonly before: number;
  readonly after: number;
  readonly countFrom: Settings['countFrom'];
};

/** What can happen to a session. `arrivedAt`: when the request that opens a remote session reached the gateway. */
export type SessionEvent =
  | { readonly type: 'opened'; readonly arrivedAt: number; readonly validity: Validity }
  | { readonly type: 'time-passed'; readonly validity: Validity }
  /** It was seen to expire at `at` in the state `was`: that holds even if clock or settings have gone back since. */
  | { readonly type: 'expired'; readonly at: number; readonly was: SessionState }
  | { readonly type: 'revoked'; readonly reason: string };

/** The two clocks of product section 2 from the settings: seconds before, minutes after. */
export function validityOf(
  settings: Pick<Settings, 'validityBeforeFirstSession' | 'validityAfterFirstSession' | 'countFrom'>,
): Validity {
  return {
    before: settings.validityBeforeFirstSession * 1000,
    after: settings.validityAfterFirstSession * 60_000,
    countFrom: settings.countFrom,
  };
}

/** The state in which a session begins, its deadlines frozen as the settings are at `now` (T0). */
export function granted(validity: Validity, now: number): SessionState {
  return {
    name: 'granted',
    grantedAt: now,
    opensUntil: now + validity.before,
    validityAfter: validity.after,
    countFrom: validity.countFrom,
  };
}

/**
 * The time (Unix milliseconds) from which the session admits nothing any more. What was frozen holds unless the
 * settings in force now are stricter; they never lengthen it. For a terminal state: when it ended.
 */
export function deadline(state: SessionState, validity: Validity): number {
  switch (state.name) {
    case 'granted':
      return Math.min(state.opensUntil, state.grantedAt + validity.before);
    case 'active': {
      const from = countsFromLast(state, validity) ? state.lastSessionAt : state.firstSessionAt;
      return Math.min(state.endsAt, from + validity.after);
    }
    default:
      return state.at;
  }
}

/** The latest a session in this state can end, whatever it still opens with `first-session`: the `exp` of its token. */
export function latestEnd(state: SessionState): number {
  if (state.name === 'granted') return state.opensUntil + state.validityAfter;
  return state.name === 'active' ? state.endsAt : state.at;
}

/** The state as it is at `now`: past its deadline it is expired. */
export function judge(state: SessionState, validity: Validity, now: number): SessionState {
  if (state.name === 'expired' || state.name === 'revoked') return state;
  const end = deadline(state, validity);
  return now < end ? state : { name: 'expired', at: end };
}

/**
 * The state after `event`; the very same object when nothing changes. Nothing leads back from a terminal state:
 * revoked absorbs everything, expired everything but a revocation, which has open tunnels to close.
 * A remote session is admitted by when its request arrived and counts from `now`, when its upstream accepted;
 * an opening that came too late gives `expired`. Should the clock have gone back, no deadline moves backwards.
 */
export function next(state: SessionState, event: SessionEvent, now: number): SessionState {
  if (state.name === 'revoked') return state;
  if (event.type === 'revoked') return { name: 'revoked', at: now, reason: event.reason };
  if (state.name === 'expired') return state;
  switch (event.type) {
    case 'expired':
      return isSame(state, event.was) ? { name: 'expired', at: event.at } : state;
    case 'time-passed':
      return judge(state, event.validity, now);
    case 'opened': {
      const judged = judge(state, event.validity, event.arrivedAt);
      if (judged !== state) return judged;
      return state.name === 'granted'
        ? firstOpening(state, event.validity, now)
        : laterOpening(state, event.validity, now);
    }
  }
}

type Granted = Extract<SessionState, { name: 'granted' }>;
type Active = Extract<SessionState, { name: 'active' }>;

function firstOpening(state: Granted, validity: Validity, now: number): Active {
  return {
    name: 'active',
    firstSessionAt: now,
    lastSessionAt: now,
    endsAt: now + Math.min(state.validityAfter, validity.after),
    validityAfter: state.validityAfter,
    countFrom: state.countFrom,
  };
}

function laterOpening(state: Active, validity: Validity, now: number): Active {
  const lastSessionAt = Math.max(state.lastSessionAt, now);
  const endsAt = countsFromLast(state, validity)
    ? lastSessionAt + Math.min(state.validityAfter, validity.after)
    : state.endsAt;
  return { ...state, lastSessionAt, endsAt };
}

/** Not if a remote session was opened since: an upgrade that arrived in time may have waited for its upstream. */
const isSame = (state: SessionState, was: SessionState): boolean =>
  state.name === 'active' && was.name === 'active'
    ? state.lastSessionAt === was.lastSessionAt
    : state.name === was.name;

/** Counting from the last session is the longer of the two, so it takes both: as frozen at grant and as set now. */
const countsFromLast = (state: Active, validity: Validity): boolean =>
  state.countFrom === 'last-session' && validity.countFrom === 'last-session';
