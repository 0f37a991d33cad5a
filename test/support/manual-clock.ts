import type { Clock, Timer } from '../../src/clock.ts';

type Pending = { at: number; task: () => void; every?: number };

/** A clock that stands still until a test moves it; due timers run in order while it moves. */
export class ManualClock implements Clock {
  #now: number;
  #elapsed = 0;
  readonly #pending = new Set<Pending>();

  constructor(now = Date.UTC(2026, 0, 15, 9, 0, 0)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(delay: number, task: () => void): Timer {
    return this.#add({ at: this.#elapsed + delay, task });
  }

  every(interval: number, task: () => void): Timer {
    return this.#add({ at: this.#elapsed + interval, task, every: interval });
  }

  /** Moves time on by `milliseconds`, firing what falls due on the way. */
  advance(milliseconds: number): void {
    const end = this.#elapsed + milliseconds;
    for (let due = this.#next(end); due; due = this.#next(end)) {
      this.#now += due.at - this.#elapsed;
      this.#elapsed = due.at;
      if (due.every === undefined) this.#pending.delete(due);
      else due.at += due.every;
      due.task();
    }
    this.#now += end - this.#elapsed;
    this.#elapsed = end;
  }

  /** Sets the wall clock alone, as an administrator or NTP would; no timer fires. */
  jump(to: number): void {
    this.#now = to;
  }

  #add(pending: Pending): Timer {
    this.#pending.add(pending);
    return { cancel: () => this.#pending.delete(pending) };
  }

  #next(end: number): Pending | undefined {
    let first: Pending | undefined;
    for (const pending of this.#pending) {
      if (pending.at <= end && (first === undefined || pending.at < first.at)) first = pending;
    }
    return first;
  }
}
