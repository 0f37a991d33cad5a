import { isIP } from 'node:net';
import type { Clock, Timer } from '../clock.ts';
import { RedisLink } from './redis-link.ts';
import type { RedisPlace } from './redis-options.ts';

/** Milliseconds between two questions. */
const askInterval = 250;

/** Milliseconds for which an answer counts. */
const agreedFor = 1000;

type Answer = { readonly address: string; readonly epoch: number };

export type RedisSentinelsOptions = {
  readonly place: RedisPlace;
  readonly clock: Clock;
  /** Where each connection goes, as address:port; undefined for one that is not made. */
  readonly connectedTo: () => readonly (string | undefined)[];
  /** The master is at `address`: connections to anywhere else have to be made anew; undefined: all of them. */
  readonly moved: (address: string | undefined) => void;
};

/**
 * Asks all sentinels who the master is, over and over: a master that was replaced goes on taking writes for up to ten
 * seconds before a sentinel tells it, and closes nothing.
 */
export class RedisSentinels {
  readonly #options: RedisSentinelsOptions;
  readonly #sentinels: readonly RedisLink[];
  readonly #timer: Timer;
  readonly #name: string;
  #asking = false;
  #latest: Answer | undefined;
  /** When most of the sentinels said last that the master is where writes go. */
  #agreedAt = Number.NEGATIVE_INFINITY;

  private constructor(sentinels: readonly RedisLink[], name: string, options: RedisSentinelsOptions) {
    this.#options = options;
    this.#sentinels = sentinels;
    this.#name = name;
    this.#timer = options.clock.every(askInterval, () => {
      if (!this.#asking) this.#ask();
    });
  }

  /** Resolves to undefined where there are no sentinels. */
  static async watch(options: RedisSentinelsOptions): Promise<RedisSentinels | undefined> {
    const { at, tls, keyPrefix, commandTimeout } = options.place;
    if ('host' in at) return undefined;
    const links = await Promise.all(
      at.sentinels.map((address) =>
        RedisLink.to({
          at: address,
          ...(at.username === undefined ? {} : { username: at.username }),
          ...(at.password === undefined ? {} : { password: at.password }),
          ...(tls === undefined ? {} : { tls }),
          database: 0,
          keyPrefix,
          commandTimeout,
        }),
      ),
    );
    // Without waiting: one of them may be down, and comes back by itself.
    for (const link of links) link.client.connect().catch(() => undefined);
    return new RedisSentinels(links, at.name, options);
  }

  /** Whether most of the sentinels have just said that the master is where writes go. */
  get agree(): boolean {
    return this.#options.clock.monotonic() - this.#agreedAt <= agreedFor;
  }

  /**
   * Whether a connection goes to another server than the one that was named last: made by the word of a sentinel that
   * has not heard yet. What that server says is from before.
   */
  get astray(): boolean {
    const latest = this.#latest?.address;
    if (latest === undefined || !isNumeric(latest)) return false;
    return this.#options.connectedTo().some((address) => address !== undefined && address !== latest);
  }

  close(): void {
    this.#timer.cancel();
    for (const sentinel of this.#sentinels) sentinel.close();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    try {
      const answers = await Promise.all(this.#sentinels.map((sentinel) => askOne(sentinel, this.#name)));
      this.#compare(answers.filter((answer) => answer !== undefined));
    } finally {
      this.#asking = false;
    }
  }

  /** The latest agreement counts: sentinels hear of it one after the other. */
  #compare(answers: readonly Answer[]): void {
    const [newest] = answers.toSorted((one, other) => other.epoch - one.epoch);
    if (newest === undefined || newest.epoch < (this.#latest?.epoch ?? 0)) return;
    const before = this.#latest;
    this.#latest = newest;
    if (this.astray) {
      this.#options.moved(newest.address);
      return;
    }
    // Names are not compared with addresses: only a change tells.
    if (!isNumeric(newest.address) && before !== undefined && newest.address !== before.address) {
      this.#options.moved(undefined);
      return;
    }
    // Of the connection of writes.
    if (this.#options.connectedTo()[0] === undefined) return;
    const supporters = answers.filter(({ address }) => address === newest.address);
    if (2 * supporters.length > this.#sentinels.length) this.#agreedAt = this.#options.clock.monotonic();
  }
}

async function askOne(sentinel: RedisLink, name: string): Promise<Answer | undefined> {
  if (!sentinel.ready) return undefined;
  try {
    // The address first, then the number of the agreement: whoever leads a failover counts it up in the moment in which
    // it begins to name the promoted one, before the others have heard.
    const [address, master] = await Promise.all([
      sentinel.call((client) => client.call('SENTINEL', 'get-master-addr-by-name', name)),
      sentinel.call((client) => client.call('SENTINEL', 'master', name)),
    ]);
    if (!Array.isArray(address) || !Array.isArray(master)) return undefined;
    const epoch = Number(master[master.indexOf('config-epoch') + 1]);
    return { address: address.map(String).join(':'), epoch };
  } catch {
    return undefined;
  }
}

const isNumeric = (address: string): boolean => isIP(address.replace(/:\d+$/, '')) !== 0;
