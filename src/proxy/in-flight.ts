import type { Clock, Timer } from '../clock.ts';

/** Milliseconds between two looks at everything that has a limit in time. */
const interval = 1_000;

/** Something that is going on: a request, an upgrade, a remote session. */
export interface Work {
  /** Keeps its own limits in time; `now` in milliseconds of `InFlight.now`. */
  sweep(now: number): void;
  close(reason: string): void;
}

/**
 * All that is going on in this proxy, with one timer for all idle and maximum durations: whoever is active notes
 * `now`, which costs a field, and limits are kept to within two seconds. There is no timer per request or tunnel.
 */
export class InFlight {
  /** No new work is taken. */
  closing = false;
  /** Milliseconds, as of the last sweep; only differences mean anything. */
  now: number;
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #work = new Set<Work>();
  #onIdle: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.now = clock.monotonic();
    this.#timer = clock.every(interval, () => this.#sweep());
  }

  get size(): number {
    return this.#work.size;
  }

  add(work: Work): void {
    this.#work.add(work);
  }

  delete(work: Work): void {
    if (this.#work.delete(work) && this.#work.size === 0) this.#onIdle?.();
  }

  closeAll(reason: string): void {
    for (const work of [...this.#work]) work.close(reason);
  }

  /** Resolves as soon as nothing is going on. */
  async idle(): Promise<void> {
    if (this.#work.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  stop(): void {
    this.#timer.cancel();
  }

  #sweep(): void {
    this.now = this.#clock.monotonic();
    for (const work of this.#work) work.sweep(this.now);
  }
}
