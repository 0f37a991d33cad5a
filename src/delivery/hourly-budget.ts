import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { changeDocument, type Store } from '../storage/index.ts';

const collection = 'budgets';
const minute = 60_000;
const hour = 60 * minute;

/** How many were counted in each minute since the epoch that still matters, oldest first. */
type Counted = { readonly minutes: readonly (readonly [minute: number, count: number])[] };

/** One message that was counted; give it back when it certainly was not sent. */
export type Reservation = { giveBack(): Promise<void> };

/**
 * How many messages a site may send in any sixty minutes, counted in the store by compare-and-set before each is
 * sent: however many replicas send at the same moment, together they never send more.
 */
export class HourlyBudget {
  readonly #store: Pick<Store, 'get' | 'put' | 'delete'>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(options: { store: Pick<Store, 'get' | 'put' | 'delete'>; clock: Pick<Clock, 'now'> }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  /**
   * Counts one message of `kind` (`<subscription>/<name>`). Rejects with `budget-exhausted` {minutes} and
   * `retryAfter` when `budget` messages were counted within the last hour, or with `store-unavailable`.
   */
  async reserve(kind: string, budget: number): Promise<Reservation> {
    const now = this.#clock.now();
    const current = Math.floor(now / minute);
    await this.#change(kind, (minutes) => {
      if (sum(minutes) >= budget) throw exhausted(minutes, now);
      return added(minutes, current, 1);
    });
    return { giveBack: () => this.#change(kind, (minutes) => added(minutes, current, -1)) };
  }

  /** How many of `kind` were counted within the last hour. */
  async counted(kind: string): Promise<number> {
    const found = await this.#store.get<Counted>(collection, kind);
    return sum(recentOf(found?.value, this.#clock.now()));
  }

  async #change(kind: string, change: (minutes: Counted['minutes']) => Counted['minutes']): Promise<void> {
    const now = this.#clock.now();
    await changeDocument<Counted>(this.#store, { collection, key: kind }, (found) => {
      return { value: { minutes: change(recentOf(found, now)) }, options: { expiresAt: now + 2 * hour } };
    });
  }
}

function recentOf(counted: Counted | undefined, now: number): Counted['minutes'] {
  const oldest = Math.floor(now / minute) - 59;
  // A count from the future, after the clock was set back, matters for an hour too.
  return (counted?.minutes ?? []).filter(([at]) => at >= oldest && at < oldest + 120);
}

const sum = (minutes: Counted['minutes']): number => minutes.reduce((total, [, count]) => total + count, 0);

function added(minutes: Counted['minutes'], at: number, count: number): Counted['minutes'] {
  const counts = new Map(minutes);
  // What is given back an hour later is counted no more.
  if (count < 0 && !counts.has(at)) return minutes;
  counts.set(at, (counts.get(at) ?? 0) + count);
  return [...counts].filter(([, each]) => each > 0).sort(([one], [other]) => one - other);
}

/** Room comes back when the oldest minute is more than an hour old; never, with a budget of nothing. */
function exhausted(minutes: Counted['minutes'], now: number): GatewayError {
  const oldest = minutes[0]?.[0];
  if (oldest === undefined) return new GatewayError('budget-exhausted');
  const wait = Math.max(1, Math.ceil(((oldest + 60) * minute - now) / 1000));
  return new GatewayError('budget-exhausted', {
    params: { minutes: Math.ceil(wait / 60) },
    retryAfter: wait,
  });
}
