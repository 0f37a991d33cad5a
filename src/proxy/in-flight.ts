import type { Clock, Timer } from '../clock.ts';

/** Milliseconds between two looks at everything that has a limit in time. */
const interval = 1_000;

/** Something that is going on: a request, an upgrade, a remote session. */
export interface Work {
  /** Its neighbours among all works; `InFlight` alone writes them. A set would hash what is new with each request. */
  previous: Work | undefined;
  next: Work | undefined;
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
  #first: Work | undefined;
  #size = 0;
  #onIdle: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.now = clock.monotonic();
    this.#timer = clock.every(interval, () => this.#sweep());
  }

  get size(): number {
    return this.#size;
  }

  add(work: Work): void {
    if (this.#first !== undefined) this.#first.previous = work;
    work.next = this.#first;
    this.#first = work;
    this.#size += 1;
  }

  delete(work: Work): void {
    if (work.previous !== undefined) work.previous.next = work.next;
    else if (this.#first === work) this.#first = work.next;
    else return;
    if (work.next !== undefined) work.next.previous = work.previous;
    work.previous = undefined;
    work.next = undefined;
    this.#size -= 1;
    if (this.#size === 0) this.#onIdle?.();
  }

  closeAll(reason: string): void {
    for (const work of this.#all()) work.close(reason);
  }

  /** Resolves as soon as nothing is going on. */
  async idle(): Promise<void> {
    if (this.#size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  stop(): void {
    this.#timer.cancel();
  }

  #sweep(): void {
    this.now = this.#clock.monotonic();
    for (const work of this.#all()) work.sweep(this.now);
  }

  /** Listed before anything is done to them, since each may end itself and others. */
  #all(): Work[] {
    const all: Work[] = [];
    for (let work = this.#first; work !== undefined; work = work.next) all.push(work);
    return all;
  }
}
