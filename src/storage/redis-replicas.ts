import type { Clock, Timer } from '../clock.ts';
import type { RedisLink } from './redis-link.ts';
import { readServerReport } from './redis-server-report.ts';
import { storeUnavailable } from './store-unavailable.ts';

/** Milliseconds between two looks at the replicas. */
const lookInterval = 1000;

/**
 * Holds writes back until one replica has them too, where there is one: what was answered must still be true after a
 * failover. `WAIT` covers everything that its connection has written before, so writes of one moment share one.
 */
export class RedisReplicas {
  readonly #writes: RedisLink;
  readonly #reads: RedisLink;
  readonly #limit: number;
  readonly #timer: Timer;
  readonly #warn: (warning: string) => void;
  #inStep = 0;
  #shared: Promise<void> | undefined;
  #late = false;

  /** `limit`: milliseconds that a write is held back at most. */
  constructor(options: {
    writes: RedisLink;
    reads: RedisLink;
    limit: number;
    clock: Clock;
    warn: (warning: string) => void;
  }) {
    this.#writes = options.writes;
    this.#reads = options.reads;
    this.#limit = options.limit;
    this.#warn = options.warn;
    this.#timer = options.clock.every(lookInterval, () => {
      this.look().catch(() => undefined);
    });
  }

  /** Counts the replicas that are in step. Rejects with `store-unavailable`. */
  async look(): Promise<void> {
    const info = await this.#reads.call((client) => client.info('replication'));
    const { replicasInStep } = readServerReport(info);
    if (this.#late && replicasInStep > 0) {
      this.#late = false;
      this.#warn('a Redis replica is in step again: writes are held on two servers');
    }
    this.#inStep = replicasInStep;
  }

  /**
   * To be called directly after a write was sent. Resolves when a replica has it, at once where none is in step;
   * rejects with `store-unavailable` when none says so in time: the write may or may not survive.
   */
  hold(): Promise<void> | undefined {
    if (this.#inStep === 0) return undefined;
    if (this.#shared === undefined) {
      this.#shared = Promise.resolve().then(() => {
        this.#shared = undefined;
        return this.#wait();
      });
      // The write itself may fail first; then nobody waits for this.
      this.#shared.catch(() => undefined);
    }
    return this.#shared;
  }

  close(): void {
    this.#timer.cancel();
  }

  async #wait(): Promise<void> {
    const reached = await this.#writes.call((client) => client.wait(1, this.#limit));
    if (reached > 0) return;
    // Nobody waits for a replica that has fallen behind, or one frozen machine would stop all sign-ins.
    this.#inStep = 0;
    if (!this.#late) {
      this.#late = true;
      this.#warn('no Redis replica keeps up: writes are held on one server until one is in step again');
    }
    throw storeUnavailable(new Error(`${this.#writes.place}: no replica had a write in time`));
  }
}
