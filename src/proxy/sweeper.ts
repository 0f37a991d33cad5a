import type { Clock, Timer } from '../clock.ts';

const interval = 1_000;

/** Something with a limit in time that is looked at once a second. */
export interface Swept {
  /** `now` in milliseconds of the sweeper's own clock. */
  sweep(now: number): void;
}

/**
 * One timer for all idle and maximum durations: whoever is active notes `now`, which costs a field, and
 * limits are kept to within two seconds. There is no timer per request or tunnel.
 */
export class Sweeper {
  /** Milliseconds, as of the last sweep; only differences mean anything. */
  now: number;
  readonly #clock: Clock;
  readonly #swept = new Set<Swept>();
  readonly #timer: Timer;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.now = clock.monotonic();
    this.#timer = clock.every(interval, () => this.#sweep());
  }

  get size(): number {
    return this.#swept.size;
  }

  add(swept: Swept): void {
    this.#swept.add(swept);
  }

  delete(swept: Swept): void {
    this.#swept.delete(swept);
  }

  stop(): void {
    this.#timer.cancel();
    this.#swept.clear();
  }

  #sweep(): void {
    this.now = this.#clock.monotonic();
    for (const swept of this.#swept) swept.sweep(this.now);
  }
}
