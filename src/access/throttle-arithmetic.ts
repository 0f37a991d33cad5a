/**
 * The arithmetic of product section 6, without I/O. Times are Unix milliseconds of a clock that may jump back:
 * a moment that lies in the future is taken for now, and the corrected state is to be saved, or a wait that
 * began before the jump would last until the clock has caught up.
 */

/** Wrong tries of one user or device; `lastAt` is when the latest was counted. */
export type FailureCount = { readonly failures: number; readonly lastAt: number };

/** `free` wrong tries, then one per wait of 1, 2, 4 … 60 minutes; at `shutAt` no more until unlocked. */
export type CountRule = { readonly free: number; readonly shutAt?: number };

export const codeRule: CountRule = { free: 4, shutAt: 100 };
/** A password count never shuts: anybody who knows a name could shut a user out for good. */
export const passwordRule: CountRule = { free: 10 };

const minute = 60_000;
const longestWait = 60 * minute;

/** Milliseconds to wait after so many failures; Infinity when only an administrator can help. */
export function waitAfter(rule: CountRule, failures: number): number {
  if (rule.shutAt !== undefined && failures >= rule.shutAt) return Number.POSITIVE_INFINITY;
  if (failures < rule.free) return 0;
  return Math.min(longestWait, minute * 2 ** Math.min(failures - rule.free, 10));
}

/** When the next try is allowed; Infinity when shut. */
export const nextTryAt = (rule: CountRule, count: FailureCount): number =>
  count.failures < rule.free ? 0 : count.lastAt + waitAfter(rule, count.failures);

/** Tries left before the first wait. */
export const freeTriesLeft = (rule: CountRule, failures: number): number => Math.max(0, rule.free - failures);

export type CountedTry<Count> =
  | { readonly allowed: true; readonly count: Count }
  /** `until`: when to try again; absent when shut. `count` differs from what was given only after a clock jump. */
  | { readonly allowed: false; readonly count: Count; readonly until?: number };

/** Counts one try as a failure before it is verified, so that parallel guesses gain nothing. */
export function countTry(
  rule: CountRule,
  known: FailureCount | undefined,
  now: number,
): CountedTry<FailureCount> {
  const count = known === undefined ? { failures: 0, lastAt: 0 } : notInFuture(known, now);
  const until = nextTryAt(rule, count);
  if (until === Number.POSITIVE_INFINITY) return { allowed: false, count };
  if (now < until) return { allowed: false, count, until };
  return { allowed: true, count: { failures: count.failures + 1, lastAt: now } };
}

/** Takes back one try that turned out not to be a failure, as if it had not been made. */
export function uncountTry(
  count: FailureCount,
  counted: { readonly before: FailureCount | undefined; readonly at: number },
): FailureCount {
  const untouched = count.lastAt === counted.at && counted.before !== undefined;
  return {
    failures: Math.max(0, count.failures - 1),
    lastAt: untouched ? counted.before.lastAt : count.lastAt,
  };
}

const notInFuture = (count: FailureCount, now: number): FailureCount =>
  count.lastAt > now ? { ...count, lastAt: now } : count;

/** Wrong tries of one address within the window, oldest first. */
export type AddressCount = { readonly at: readonly number[] };

/** At most `limit` wrong tries within any `window` milliseconds. */
export type AddressRule = { readonly limit: number; readonly window: number };

export const addressCodeRule: AddressRule = { limit: 50, window: 60 * minute };
export const addressPasswordRule: AddressRule = { limit: 30, window: 15 * minute };

/** Counts one try of an address; sliding window. */
export function countAddressTry(
  rule: AddressRule,
  known: AddressCount | undefined,
  now: number,
): CountedTry<AddressCount> {
  const at = (known?.at ?? [])
    .map((moment) => Math.min(moment, now))
    .filter((moment) => moment > now - rule.window);
  const oldest = at[at.length - rule.limit];
  if (oldest !== undefined) return { allowed: false, count: { at }, until: oldest + rule.window };
  return { allowed: true, count: { at: [...at, now] } };
}

/** Takes back one try of that moment. */
export function uncountAddressTry(count: AddressCount, moment: number): AddressCount {
  const index = count.at.lastIndexOf(moment);
  return index < 0 ? count : { at: count.at.toSpliced(index, 1) };
}
