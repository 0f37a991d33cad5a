import type { Clock } from '../clock.ts';

/** Milliseconds by which two clocks may drift apart between two looks without anybody having set one. */
const tolerance = 60_000;

/**
 * Notices that the wall clock was set. What looks expired by a clock that runs ahead must not be thrown away: once
 * the clock is set right, a used code would be unused again.
 */
export class SteadyClock {
  readonly #clock: Clock;
  #offset: number;
  #steadySince: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.now() - clock.monotonic();
    this.#steadySince = clock.monotonic();
  }

  /** Milliseconds since the clock was last set, or since this began to look. To be called often. */
  steadyFor(): number {
    const offset = this.#clock.now() - this.#clock.monotonic();
    if (Math.abs(offset - this.#offset) > tolerance) this.#steadySince = this.#clock.monotonic();
    this.#offset = offset;
    return this.#clock.monotonic() - this.#steadySince;
  }
}
