import { useEffect, useState } from 'react';
import type { SentAnswer } from '../../../portal/index.ts';
import type { Problem } from '../api.ts';
import { useAction } from './use-action.ts';

/** A code on its way. Times are Unix milliseconds by this device's clock, however wrong that is. */
export type Sent = {
  /** Where it went, masked. */
  readonly hint: string;
  /** When another one can be asked for. */
  readonly resendAt: number;
  readonly expiresAt: number;
  readonly digits: number;
  /** How many were sent; the newest alone is good. */
  readonly count: number;
};

/** What an answer that a code was sent means for this device; `before` is what had been sent until then. */
export function sentNow({ hint, digits, resendAfter, expiresAfter }: SentAnswer, before?: Sent): Sent {
  const now = Date.now();
  return {
    hint,
    digits,
    resendAt: now + resendAfter * 1000,
    expiresAt: now + expiresAfter * 1000,
    count: (before?.count ?? 0) + 1,
  };
}

export type Sending = {
  readonly busy: boolean;
  /** Why the last one could not be sent. */
  readonly problem: Problem | undefined;
  /** Set when the first one has to wait a little, and is then sent by itself. */
  readonly waitsUntil: number | undefined;
  /** When there is a point in asking again. */
  readonly againAt: number;
  readonly send: () => void;
};

type UseSendingOptions = {
  readonly ask: () => Promise<SentAnswer>;
  /** What was sent before, if anything: then nothing is sent by itself. */
  readonly sent: Sent | undefined;
  readonly onSent: (sent: Sent) => void;
  readonly onProblem: (problem: Problem) => void;
};

/** A code of another sign-in was sent just now: nobody should have to press a button after such a wait. */
const isShort = ({ code, retryAfter = Number.POSITIVE_INFINITY }: Problem): boolean =>
  code === 'code-just-sent' && retryAfter <= 60;

/** Has a code sent when a step begins, and again when asked. */
export function useSending({ ask, sent, onSent, onProblem }: UseSendingOptions): Sending {
  const { busy, problem, run } = useAction();
  const [heldUntil, setHeldUntil] = useState(0);

  const send = (): void =>
    run(
      async () => {
        const answer = await ask();
        setHeldUntil(0);
        onSent(sentNow(answer, sent));
      },
      (failure) => {
        setHeldUntil(Date.now() + (failure.retryAfter ?? 0) * 1000);
        onProblem(failure);
      },
    );

  const waits = sent === undefined && problem !== undefined && isShort(problem);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once as the step begins, and once after each wait.
  useEffect(() => {
    if (sent !== undefined || (problem !== undefined && !waits)) return;
    const timer = setTimeout(send, heldUntil - Date.now());
    return () => clearTimeout(timer);
  }, [waits, heldUntil]);

  return {
    busy,
    problem,
    waitsUntil: waits ? heldUntil : undefined,
    againAt: Math.max(heldUntil, sent?.resendAt ?? 0),
    send,
  };
}
