import { setTimeout } from 'node:timers/promises';
import { asGatewayError, isBusy } from './sqlite-failure.ts';

/** Milliseconds between two tries while another process holds the lock. */
const pause = 5;

/**
 * Waits for a lock that another process holds, outside of SQLite, so that the event loop goes on. Time is real here
 * on purpose: what is waited for knows nothing of an injected clock.
 */
export class LockQueue {
  readonly #limit: number;
  /** The last of those who wait in order; undefined when nobody does. */
  #last: Promise<unknown> | undefined;

  /** `limit`: milliseconds that one task waits before it fails as `store-unavailable`. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs `task` at once, or tries again while the lock is held. */
  async run<Result>(task: () => Result): Promise<Result> {
    return this.#runUntil(performance.now() + this.#limit, task);
  }

  /** As `run`, but never before a task that was handed in earlier. */
  async runInOrder<Result>(task: () => Result): Promise<Result> {
    if (this.#last === undefined) {
      try {
        return task();
      } catch (error) {
        if (!isBusy(error)) throw asGatewayError(error);
      }
    }
    // The limit counts from now: a queue of many does not wait many times as long.
    const deadline = performance.now() + this.#limit;
    const turn = (this.#last ?? Promise.resolve()).then(() => this.#runUntil(deadline, task));
    const settled = turn
      .catch(() => undefined)
      .then(() => {
        if (this.#last === settled) this.#last = undefined;
      });
    this.#last = settled;
    return turn;
  }

  async #runUntil<Result>(deadline: number, task: () => Result): Promise<Result> {
    for (;;) {
      try {
        return task();
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw asGatewayError(error);
      }
      await setTimeout(pause);
    }
  }
}
