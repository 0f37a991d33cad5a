import type { Settings } from '../settings/index.ts';
import type { SessionState } from './session.ts';

/** The two clocks as the settings have them now, in milliseconds. */
export type Validity = {
  readonly before: number;
  readonly after: number;
  readonly countFrom: Settings['countFrom'];
};

/** What can happen to a session. `arrivedAt`: when the request that opens or renews reached the gateway. */
export type SessionEvent =
  | { readonly type: 'opened'; readonly arrivedAt: number; readonly validity: Validity }
  /** A second factor was proven anew, in the middle of it. */
  | { readonly type: 'renewed'; readonly arrivedAt: number; readonly validity: Validity }
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
 * an opening or a renewal that came too late gives `expired`. Should the clock have gone back, no deadline moves backwards.
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
    case 'renewed': {
      const judged = judge(state, event.validity, event.arrivedAt);
      return judged === state ? renewed(state, event.validity, now) : judged;
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

/**
 * Both clocks begin anew by the settings in force, as after signing in again: T0 is now, and, once there has been a
 * remote session, T1 too. What had been granted before stays: no frozen deadline moves back.
 */
function renewed(state: Granted | Active, validity: Validity, now: number): Granted | Active {
  const validityAfter = Math.max(state.validityAfter, validity.after);
  const countFrom = state.countFrom === 'last-session' ? state.countFrom : validity.countFrom;
  if (state.name === 'granted') {
    const grantedAt = Math.max(state.grantedAt, now);
    const opensUntil = Math.max(state.opensUntil, grantedAt + validity.before);
    return { ...state, grantedAt, opensUntil, validityAfter, countFrom };
  }
  const from = Math.max(state.lastSessionAt, now);
  const endsAt = Math.max(state.endsAt, from + validity.after);
  return { ...state, firstSessionAt: from, lastSessionAt: from, endsAt, validityAfter, countFrom };
}

/** How far along its one way a session is: the later of two states of it is the one that holds. */
export function isFurther(state: SessionState, than: SessionState): boolean {
  if (state.name !== than.name) return ways.indexOf(state.name) > ways.indexOf(than.name);
  if (state.name === 'granted' && than.name === 'granted') {
    return state.grantedAt > than.grantedAt || state.opensUntil > than.opensUntil;
  }
  if (state.name === 'active' && than.name === 'active') {
    if (state.lastSessionAt !== than.lastSessionAt) return state.lastSessionAt > than.lastSessionAt;
    return state.endsAt > than.endsAt || state.firstSessionAt > than.firstSessionAt;
  }
  return false;
}

const ways: readonly SessionState['name'][] = ['granted', 'active', 'expired', 'revoked'];

/** Not if a remote session was opened since: an upgrade that arrived in time may have waited for its upstream. */
const isSame = (state: SessionState, was: SessionState): boolean =>
  state.name === was.name && !isFurther(state, was);

/** Counting from the last session is the longer of the two, so it takes both: as frozen at grant and as set now. */
const countsFromLast = (state: Active, validity: Validity): boolean =>
  state.countFrom === 'last-session' && validity.countFrom === 'last-session';
