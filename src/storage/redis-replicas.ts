import type { Clock, Timer } from '../clock.ts';
import type { RedisLink } from './redis-link.ts';
import { readServerReport } from './redis-server-report.ts';
import { storeUnavailable } from './store-unavailable.ts';

/** Milliseconds between two looks at the replicas. */
const lookInterval = 250;

/**
 * Milliseconds for which a server that lost a replica is given no more writes to acknowledge. Sentinels promote a
 * replica, which leaves its master, a second or two before they say so: what the master takes meanwhile is lost.
 */
const doubtFor = 5000;

/** Milliseconds that a replica in doubt gets to say that it has everything. */
const proofTime = 50;

export type RedisReplicasOptions = {
  /** The connection of writes. */
  readonly link: RedisLink;
  /** Milliseconds that a write is held back at most. */
  readonly limit: number;
  readonly clock: Clock;
  readonly warn: (warning: string) => void;
  /** Whether whoever decides says that this server is the master; always, where nobody decides. */
  readonly isMaster: () => boolean;
};

/**
 * Holds writes back until every replica that was in step has them: what was answered must still be true after a
 * failover. `WAIT` covers everything that its connection has written before, so writes of one moment share one.
 */
export class RedisReplicas {
  readonly #options: RedisReplicasOptions;
  readonly #timer: Timer;
  /** Which history the server continues: another after a failover. */
  #history: string | undefined;
  #required = 0;
  /** Since when fewer replicas are in step than were. */
  #doubtfulSince: number | undefined;
  /** A look at a server that was connected just now: until then nobody knows whether it has replicas. */
  #looking: Promise<void> | undefined;
  #shared: Promise<void> | undefined;
  #busy = false;

  constructor(options: RedisReplicasOptions) {
    this.#options = options;
    const { link, clock } = options;
    link.client.on('ready', () => {
      const looking = this.#look().finally(() => {
        if (this.#looking === looking) this.#looking = undefined;
      });
      // Whoever writes meanwhile is told.
      looking.catch(() => undefined);
      this.#looking = looking;
    });
    this.#timer = clock.every(lookInterval, () => {
      if (!link.ready || this.#busy) return;
      this.#busy = true;
      this.#look()
        .catch(() => undefined)
        .finally(() => {
          this.#busy = false;
        });
    });
  }

  /** Throws `store-unavailable` while a write could be lost although this server takes it. To be called before one. */
  check(): void {
    if (this.#doubtfulSince === undefined) return;
    throw storeUnavailable(
      new Error(`${this.#options.link.place}: a replica has gone; perhaps another server is taking over`),
    );
  }

  /** Why this server takes no writes for longer than a failover lasts; undefined while it does, or soon may. */
  get standstill(): string | undefined {
    const since = this.#doubtfulSince;
    if (since === undefined || this.#options.clock.monotonic() - since <= doubtFor + lookInterval)
      return undefined;
    return `${this.#options.link.place}: a replica has gone, and the sentinels do not say who is master`;
  }

  /**
   * To be called directly after a write was sent. Resolves when the replicas have it, at once where there are none;
   * rejects with `store-unavailable` when one does not say so in time: the write may or may not survive.
   */
  hold(): Promise<void> | undefined {
    if (this.#required === 0 && this.#looking === undefined) return undefined;
    if (this.#shared === undefined) {
      this.#shared = this.#wait();
      // The write itself may fail first; then nobody waits for this.
      this.#shared.catch(() => undefined);
    }
    return this.#shared;
  }

  close(): void {
    this.#timer.cancel();
  }

  async #wait(): Promise<void> {
    await this.#looking;
    await Promise.resolve();
    // Later writes need a WAIT of their own.
    this.#shared = undefined;
    if (this.#required === 0) return;
    const { link, limit, clock } = this.#options;
    const required = this.#required;
    if ((await link.call((client) => client.wait(required, limit))) >= required) return;
    this.#doubtfulSince ??= clock.monotonic();
    throw storeUnavailable(new Error(`${link.place}: not every replica had a write in time`));
  }

  async #look(): Promise<void> {
    const { link, clock, isMaster } = this.#options;
    const info = await link.call((client) => client.info('replication'));
    const { history, replicasInStep } = readServerReport(info);
    if (history !== this.#history) {
      this.#history = history;
      this.#doubtfulSince = undefined;
      this.#required = replicasInStep;
      return;
    }
    if (replicasInStep >= this.#required && (await this.#isTrue(replicasInStep))) {
      if (replicasInStep > this.#required) this.#say(replicasInStep);
      this.#required = replicasInStep;
      this.#doubtfulSince = undefined;
      return;
    }
    // One that only might have come back changes nothing.
    if (replicasInStep > this.#required && this.#doubtfulSince === undefined) return;
    this.#doubtfulSince ??= clock.monotonic();
    if (clock.monotonic() - this.#doubtfulSince < doubtFor || !isMaster()) return;
    // Nobody has taken over: the replica is just gone, and the site goes on without it.
    this.#doubtfulSince = undefined;
    this.#required = Math.min(replicasInStep, this.#required - 1);
    this.#say(this.#required);
  }

  /** Whether that many replicas are what was known, or prove that they have everything: `INFO` is two seconds late. */
  async #isTrue(replicas: number): Promise<boolean> {
    if (replicas === this.#required && this.#doubtfulSince === undefined) return true;
    return (await this.#options.link.call((client) => client.wait(replicas, proofTime))) >= replicas;
  }

  #say(replicas: number): void {
    const { link, warn } = this.#options;
    warn(`${link.place}: writes are on ${replicas + 1} server${replicas === 0 ? ' alone' : 's'} from now on`);
  }
}
