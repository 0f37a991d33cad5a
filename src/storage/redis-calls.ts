import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { vanished } from './redis-failure.ts';
import { installationKey } from './redis-keys.ts';
import type { RedisLink, RedisScript } from './redis-link.ts';
import type { RedisPlace } from './redis-options.ts';
import { RedisReplicas } from './redis-replicas.ts';
import { checkServer, persistenceWarning } from './redis-requirements.ts';
import { RedisSentinels } from './redis-sentinels.ts';
import { storeUnavailable } from './store-unavailable.ts';

export type RedisLinks = {
  /** What is held back for replicas must not hold back who only reads. */
  readonly reads: RedisLink;
  readonly writes: RedisLink;
  readonly ears: RedisLink;
};

export type RedisCallsOptions = {
  readonly links: RedisLinks;
  readonly place: RedisPlace;
  readonly keyPrefix: string;
  readonly clock: Clock;
  readonly warn: (warning: string) => void;
  /** Milliseconds that a write waits for a replica at most. */
  readonly replicaLimit: number;
};

/** How calls reach the server: only while the store is open, the server fit, and the installation the one it was. */
export class RedisCalls {
  readonly #options: RedisCallsOptions;
  readonly #links: RedisLinks;
  readonly #replicas: RedisReplicas;
  /** A text that only the record of the opened installation holds. */
  #guard = '';
  /** Why the server must not be used although it answers. */
  #refusal: unknown;
  /** What is lost with the server's memory; undefined when it keeps its data. */
  #lastingDoubt: string | undefined;
  #closed = false;
  #sentinels: RedisSentinels | undefined;

  constructor(options: RedisCallsOptions) {
    const { links, replicaLimit, clock, warn } = options;
    this.#options = options;
    this.#links = links;
    this.#replicas = new RedisReplicas({
      link: links.writes,
      limit: replicaLimit,
      clock,
      warn,
      isMaster: () => this.#sentinels?.agree ?? true,
    });
  }

  get lastingDoubt(): string | undefined {
    return this.#lastingDoubt;
  }

  /** Resolves when the server was found fit. Rejects with `store-unavailable`, `store-may-evict`. */
  async start(): Promise<void> {
    const { reads, writes, ears } = this.#links;
    await writes.open();
    const report = await checkServer(writes);
    this.#lastingDoubt = await persistenceWarning(writes, report);
    if (this.#lastingDoubt !== undefined) this.#options.warn(this.#lastingDoubt);
    await reads.open();
    writes.client.on('ready', () => this.#inspect());
    // A link that nobody used just then may still be with the server that was lost: all of them move together.
    writes.client.on('close', () => {
      reads.renew();
      ears.renew();
    });
    const links = [writes, reads, ears];
    this.#sentinels = await RedisSentinels.watch({
      place: this.#options.place,
      clock: this.#options.clock,
      connectedTo: () => links.map((link) => link.address),
      moved: (address) => {
        for (const link of links) if (address === undefined || link.address !== address) link.renew();
      },
    });
  }

  /** From now on only this installation is served; undefined: whichever is there. */
  set guard(installation: string | undefined) {
    // As it stands in the text of the record.
    this.#guard = installation === undefined ? '' : JSON.stringify({ id: installation }).slice(1, -1);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The packed documents of these keys, and proof that they are of this installation. */
  async getPacked(names: readonly string[]): Promise<(string | null | undefined)[]> {
    this.#check();
    const record = installationKey(this.#options.keyPrefix);
    const [found, ...packed] = await this.#links.reads.call((client) => client.mget(record, ...names));
    if (this.#guard !== '' && !found?.includes(this.#guard)) {
      throw storeUnavailable(new Error(`${this.#links.reads.place}: ${vanished}`));
    }
    return packed;
  }

  read(which: RedisScript, args: readonly (string | number)[]): Promise<unknown> {
    return this.#run(this.#links.reads, which, args);
  }

  /** Runs a script that writes, without waiting for a replica. */
  write(which: RedisScript, args: readonly (string | number)[]): Promise<unknown> {
    return this.#run(this.#links.writes, which, args);
  }

  /** Runs a script that writes, and resolves when a replica has it too, where one is in step. */
  async writeHeld(which: RedisScript, args: readonly (string | number)[]): Promise<unknown> {
    this.#replicas.check();
    let held: Promise<void> | undefined;
    const answer = await this.#run(this.#links.writes, which, args, () => {
      held = this.#replicas.hold();
    });
    await held;
    return answer;
  }

  /** Takes a lock until `milliseconds` from now; resolves to whether it was free. */
  async lock(name: string, holder: string, milliseconds: number): Promise<boolean> {
    this.#check();
    const key = `${this.#options.keyPrefix}${name}`;
    const { writes } = this.#links;
    return (await writes.call((client) => client.set(key, holder, 'PX', milliseconds, 'NX'))) === 'OK';
  }

  /** Why no write is acknowledged, where that lasts. */
  get standstill(): string | undefined {
    return this.#replicas.standstill;
  }

  /** How many processes hear the messages of this channel. */
  async audience(channel: string): Promise<number> {
    const answer = await this.#links.writes.call((client) => client.pubsub('NUMSUB', channel));
    return Array.isArray(answer) ? Number(answer[1]) : 0;
  }

  close(): void {
    this.#closed = true;
    this.#replicas.close();
    this.#sentinels?.close();
    this.#links.reads.close();
    this.#links.writes.close();
  }

  async #run(
    link: RedisLink,
    which: RedisScript,
    args: readonly (string | number)[],
    sent?: () => void,
  ): Promise<unknown> {
    this.#check();
    const { keyPrefix, clock } = this.#options;
    return link.run(which, [keyPrefix, this.#guard, clock.now(), ...args], sent);
  }

  #check(): void {
    if (this.#closed) throw storeUnavailable(new Error('the store is closed'));
    if (this.#refusal !== undefined) throw storeUnavailable(this.#refusal);
    // It would answer from before, and be believed.
    if (this.#sentinels?.astray) throw storeUnavailable(new Error('this server is the master no longer'));
  }

  /** Another server after a failover may be set up otherwise. */
  async #inspect(): Promise<void> {
    try {
      await checkServer(this.#links.writes);
      this.#refusal = undefined;
    } catch (error) {
      if (!(error instanceof GatewayError && error.code === 'store-may-evict')) return;
      this.#refusal = new Error(
        `${String(error.params.place)}: maxmemory-policy is ${String(error.params.policy)}`,
      );
      this.#options.warn(`${this.#refusal}; the store is not used before it is noeviction`);
    }
  }
}
