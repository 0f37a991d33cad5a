import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { LockoutPolicy } from '../first-factors/index.ts';
import { changeDocument, type Store } from '../storage/index.ts';

/** Wrong passwords that the directory has seen from here; `lastAt` in Unix milliseconds. */
export type SeenFailures = { readonly failures: number; readonly lastAt: number };

/** A password that is about to be shown to the directory. One of the two ends it, unless it was wrong. */
export type ShownPassword = {
  /** It was right: the directory forgets the wrong ones. */
  succeeded(): Promise<void>;
  /** The directory never saw it. */
  release(): Promise<void>;
};

const collection = 'counters';

/**
 * Wrong passwords shown to the directory within its own window: two fewer than it takes to lock an account, so that
 * nobody locks a Windows account through this gateway. Of those a few are kept for devices that the user is known by,
 * or a stranger could keep the user out.
 */
export function passwordsToShow({ threshold }: LockoutPolicy, known: boolean): number {
  const budget = Math.max(1, threshold - 2);
  const reserved = budget < 3 ? 0 : Math.min(2, Math.floor(budget / 3));
  return known ? budget : budget - reserved;
}

/** Keeps the directory's own lockout from being reached; besides `Throttle`, whose counts forgive sooner. */
export class DirectoryLockout {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(parts: { store: Store; clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /** Counts a password before the directory sees it. Rejects with `locked`, and the directory must not be asked. */
  async count(
    who: { readonly subscription: string; readonly subject: string; readonly known: boolean },
    policy: LockoutPolicy,
  ): Promise<ShownPassword> {
    const document = { collection, key: lockoutKey(who.subject) };
    const now = this.#clock.now();
    const most = passwordsToShow(policy, who.known);
    let waitUntil: number | undefined;
    await changeDocument<SeenFailures>(this.#store, document, (seen) => {
      // A moment in the future is of a clock that jumped back.
      const lastAt = Math.min(seen?.lastAt ?? 0, now);
      const failures = seen === undefined || now - lastAt >= policy.window ? 0 : seen.failures;
      waitUntil = failures < most ? undefined : lastAt + policy.window;
      if (waitUntil !== undefined) return undefined;
      return { value: { failures: failures + 1, lastAt: now }, options: { expiresAt: now + policy.window } };
    });
    if (waitUntil !== undefined) {
      const seconds = Math.max(1, Math.ceil((waitUntil - now) / 1000));
      throw new GatewayError('locked', { retryAfter: seconds, params: { minutes: Math.ceil(seconds / 60) } });
    }
    return {
      succeeded: async () => {
        await this.#store.delete(document.collection, document.key);
      },
      release: async () => {
        await changeDocument<SeenFailures>(this.#store, document, (seen) =>
          seen === undefined
            ? undefined
            : {
                value: { ...seen, failures: Math.max(0, seen.failures - 1) },
                options: { expiresAt: seen.lastAt + policy.window },
              },
        );
      },
    };
  }
}

/** Of the collection `counters`; deleted with the other counts when an administrator unlocks the user. */
export const lockoutKey = (subject: string): string => `default/directory/${subject}`;
