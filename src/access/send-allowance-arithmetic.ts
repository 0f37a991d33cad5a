import type { SentMethod } from '../second-factors/index.ts';

/** Messages of one user, or of one known device, within the last hour, oldest first. Unix milliseconds. */
export type SendCount = {
  readonly sends: readonly { readonly at: number; readonly method: SentMethod; readonly failed?: true }[];
};

/** Milliseconds between two messages by the same method. */
export const resendAfter = 30_000;
const window = 3_600_000;

/** How many messages in any hour, and how far apart, in milliseconds. */
export type SendRule = {
  readonly most: number;
  /** Messages that no provider took cost nobody anything, but asking on and on does. */
  readonly mostWithFailures: number;
  readonly apart: number;
};

/** Of a user, and of each device they are known by. */
export const sendRule: SendRule = { most: 5, mostWithFailures: 20, apart: resendAfter };
/** Of all their known devices together: whoever signs in again and again makes as many as they like. */
export const allDevicesRule: SendRule = { most: 20, mostWithFailures: 80, apart: 0 };

export type CountedSend =
  | { readonly allowed: true; readonly count: SendCount }
  /** `until`: when the next one can be sent. */
  | { readonly allowed: false; readonly reason: 'just-sent' | 'too-many'; readonly until: number };

/** Counts one message before it is sent (product section 3.2): 30 s apart, five in any hour. */
export function countSend(
  known: SendCount | undefined,
  method: SentMethod,
  now: number,
  { most, mostWithFailures, apart }: SendRule = sendRule,
): CountedSend {
  const sends = (known?.sends ?? [])
    // A clock that jumped back must not make anybody wait until it has caught up.
    .map((send) => (send.at > now ? { ...send, at: now } : send))
    .filter(({ at }) => at > now - window);
  const paid = sends.filter(({ failed }) => failed !== true);
  const oldest = paid[paid.length - most] ?? sends[sends.length - mostWithFailures];
  if (oldest !== undefined) return { allowed: false, reason: 'too-many', until: oldest.at + window };
  const last = paid.findLast((send) => send.method === method);
  if (last !== undefined && now < last.at + apart) {
    return { allowed: false, reason: 'just-sent', until: last.at + apart };
  }
  return { allowed: true, count: { sends: [...sends, { at: now, method }] } };
}

/** Gives back a message that was not sent after all: it counts only among those that failed. */
export function failSend(count: SendCount, method: SentMethod, at: number): SendCount {
  const index = count.sends.findLastIndex(
    (send) => send.at === at && send.method === method && send.failed !== true,
  );
  return index < 0 ? count : { sends: count.sends.with(index, { at, method, failed: true }) };
}

/** When nothing of it counts any more. */
export const sendsForgottenAt = (now: number): number => now + window;
