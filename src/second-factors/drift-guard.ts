/**
 * The drift guard (product section 3.1; RFC 6238 section 6, RFC 4226 section 7.4). With a wide discrepancy a
 * guess would have up to 961 chances instead of one; so a code is accepted alone only near the drift that was
 * learned of its device, and a far one has to be followed by the next.
 *
 * Offsets and drifts are time steps, positive when the device is ahead of the server.
 */

/** The two settings that rule it, in steps. */
export type GuardRules = { readonly discrepancy: number; readonly tolerance: number };

/** What is known of the device's clock. */
export type Drift = {
  readonly drift: number;
  /** On which Unix day the drift moved alone, and how often. */
  readonly driftMoves?: { readonly day: number; readonly count: number };
};

/** A step that a far code matched, and the drift that it would mean. */
export type Candidate = { readonly step: number; readonly drift: number };

export type Judgement =
  | { readonly result: 'wrong' }
  /** One of its steps was claimed before. The others are to be claimed too. */
  | { readonly result: 'replayed'; readonly claims: readonly number[] }
  /** Counts as wrong until the next code proves the device. Claim `claims` before saying so. */
  | {
      readonly result: 'far';
      readonly claims: readonly number[];
      readonly candidates: readonly Candidate[];
    }
  | {
      readonly result: 'accepted';
      /** All of them have to be claimed, and none may have been, or it is a replay. */
      readonly claims: readonly number[];
      readonly learned: Drift;
      /** Whether a second code proved a drift beyond the tolerance. */
      readonly proven: boolean;
    };

/** A code typed at server step `now`, with every step of the window that it matches. */
export type TypedCode = {
  readonly now: number;
  readonly matches: readonly number[];
  /** Those of `matches` that are claimed already. */
  readonly claimed: ReadonlySet<number>;
  /** Of the latest far code in this very sign-in. */
  readonly candidates: readonly Candidate[];
};

/** At most this many moves a day, so that nobody can walk the learned drift away step by step. */
const movesADay = 2;
/** The second code comes one to three steps after the first. */
const latestFollower = 3;
const stepsADay = 2880;

/**
 * Judges one code for one enrolment. Changes nothing: the caller claims and saves.
 * `learning` is for an enrolment that nothing is known of yet: its first near code sets the drift at once.
 */
export function judge(rules: GuardRules, known: Drift | 'learning', typed: TypedCode): Judgement {
  const { now } = typed;
  const claims = typed.matches
    .filter((step) => Math.abs(step - now) <= rules.discrepancy)
    .toSorted((a, b) => a - b);
  if (claims.length === 0) return { result: 'wrong' };
  // A claim refuses the typed digits altogether: otherwise a code seen once would live again at each of its
  // other steps in the window (threat 9, "at the other end of the discrepancy").
  if (claims.some((step) => typed.claimed.has(step))) return { result: 'replayed', claims };

  const learned = known === 'learning' ? 0 : known.drift;
  const offsets = claims
    .map((step) => step - now)
    .toSorted((a, b) => Math.abs(a - learned) - Math.abs(b - learned));
  const near = offsets.find((offset) => isNear(rules, learned, offset));
  if (near !== undefined) {
    const after = known === 'learning' ? { drift: near } : moved(known, near, Math.floor(now / stepsADay));
    return { result: 'accepted', claims, learned: after, proven: false };
  }
  const confirmed = offsets.find((offset) => confirms(typed.candidates, now + offset, offset));
  if (confirmed !== undefined) {
    const moves = known === 'learning' ? undefined : known.driftMoves;
    const after = moves === undefined ? { drift: confirmed } : { drift: confirmed, driftMoves: moves };
    return { result: 'accepted', claims, learned: after, proven: true };
  }
  return { result: 'far', claims, candidates: offsets.map((drift) => ({ step: now + drift, drift })) };
}

/** With tolerance ≥ discrepancy the guard never asks, whatever it learned before. */
const isNear = (rules: GuardRules, learned: number, offset: number): boolean =>
  rules.tolerance >= rules.discrepancy || Math.abs(offset - learned) <= rules.tolerance;

const confirms = (candidates: readonly Candidate[], step: number, drift: number): boolean =>
  candidates.some(
    (candidate) =>
      step > candidate.step &&
      step - candidate.step <= latestFollower &&
      Math.abs(drift - candidate.drift) <= 1,
  );

/** Moves the learned drift by at most one step towards `offset`; a clock that jumped back opens no new day. */
function moved(known: Drift, offset: number, today: number): Drift {
  if (offset === known.drift) return known;
  const day = Math.max(today, known.driftMoves?.day ?? today);
  const count = known.driftMoves?.day === day ? known.driftMoves.count : 0;
  if (count >= movesADay) return known;
  return { drift: known.drift + Math.sign(offset - known.drift), driftMoves: { day, count: count + 1 } };
}
