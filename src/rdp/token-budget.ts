import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';

/** Checks a second that one token may ask for in the long run, and at once after a rest. */
const perSecond = 300;
const burst = 600;
/** Tokens remembered at most; there can't be more good ones. */
const most = 1_000;

type Budget = { left: number; at: number };

/**
 * Keeps one server, or whoever has its token, from taking the gateway and the directories for itself: 300 checks a
 * second of each token and replica, 600 after a rest. A farm that logs on in the morning stays well below.
 */
export class TokenBudget {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #budgets = new Map<string, Budget>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Throws `too-many-requests`. */
  spend(token: string): void {
    const now = this.#clock.monotonic();
    const known = this.#budgets.get(token) ?? { left: burst, at: now };
    const left = Math.min(burst, known.left + ((now - known.at) / 1000) * perSecond);
    if (!this.#budgets.has(token) && this.#budgets.size >= most) this.#budgets.clear();
    if (left < 1) {
      this.#budgets.set(token, { left, at: now });
      throw new GatewayError('too-many-requests', { retryAfter: 1, params: { seconds: 1 } });
    }
    this.#budgets.set(token, { left: left - 1, at: now });
  }
}
