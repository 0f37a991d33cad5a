import type { Clock, Timer } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName, systemRandom } from '../random.ts';
import { installationRecord } from './installation.ts';
import type { MaintainedStore } from './maintained-store.ts';
import { backUpRedis } from './redis-backup.ts';
import { RedisCalls, type RedisLinks } from './redis-calls.ts';
import { documentKey, encodeName } from './redis-keys.ts';
import { asList, RedisLink, type RedisScript } from './redis-link.ts';
import { listArguments, termArguments } from './redis-listing.ts';
import { describePlace, type RedisStoreOptions } from './redis-options.ts';
import { hasExpired, packExpiry, unpackDocument } from './redis-packed.ts';
import * as reading from './redis-read-scripts.ts';
import { type RedisRestoreOptions, restoreRedis } from './redis-restore.ts';
import { endArguments, padTime, readArguments, unpackEntry } from './redis-streams.ts';
import { RedisTopics } from './redis-topics.ts';
import * as writing from './redis-write-scripts.ts';
import { SteadyClock } from './steady-clock.ts';
import type {
  DeleteOptions,
  Document,
  Json,
  Listener,
  ListQuery,
  Page,
  PutOptions,
  StoreHealth,
  StreamEntry,
  StreamQuery,
  Subscription,
} from './store.ts';
import { checkLimit, checkName, reasonOf } from './store-names.ts';

/** Milliseconds between two sweeps of what has expired. */
const sweepInterval = 60_000;
/** Milliseconds that the clock has to go on unset before anything is swept. */
const sweepAfter = 600_000;
/** Milliseconds for which what has expired is kept, in case the clock that said so was wrong. */
const expiredKeptFor = 86_400_000;
/** What one script removes: milliseconds of the server's time. */
const sweepBatch = 200;
/** Entries of a stream that one script ends. */
const endedAtOnce = 200;
/** Milliseconds that a lock outlives the process that held it. */
const lockTime = 15_000;

/**
 * The store that replicas share: one Redis server, or the master that sentinels name. Every call is one round trip,
 * every write one script, which is atomic; nothing is ever sent twice.
 */
export class RedisStore implements MaintainedStore {
  /** Never: a Redis that came back empty must not look like a new site. */
  readonly isNew = false;
  readonly place: string;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #report: (error: unknown) => void;
  readonly #calls: RedisCalls;
  readonly #ears: RedisLink;
  readonly #topics: RedisTopics;
  readonly #timer: Timer;

  private constructor(options: RedisStoreOptions, links: RedisLinks) {
    const { clock, keyPrefix, random = systemRandom, report = () => undefined } = options;
    this.place = describePlace(options);
    this.#prefix = keyPrefix;
    this.#clock = clock;
    this.#random = random;
    this.#report = report;
    const { warn = () => undefined, commandTimeout } = options;
    const replicaLimit = Math.ceil(commandTimeout / 2);
    this.#calls = new RedisCalls({ links, place: options, keyPrefix, clock, warn, replicaLimit });
    this.#ears = links.ears;
    const beat = async (channel: string, message: string): Promise<void> => {
      await this.#calls.write(writing.beat, [channel, message]);
    };
    this.#topics = new RedisTopics({ link: links.ears, keyPrefix, clock, random, report, beat });
    const steady = new SteadyClock(clock);
    this.#timer = clock.every(sweepInterval, () => {
      if (steady.steadyFor() >= sweepAfter) this.sweep().catch(this.#report);
    });
  }

  get lastingDoubt(): string | undefined {
    return this.#calls.lastingDoubt;
  }

  /**
   * Rejects with `store-unavailable` when the server can't be reached or refuses, `store-may-evict` when it could
   * throw records away.
   */
  static async open(options: RedisStoreOptions): Promise<RedisStore> {
    const [reads, writes, ears] = await Promise.all([
      RedisLink.to(options),
      RedisLink.to(options),
      RedisLink.to(options),
    ]);
    const store = new RedisStore(options, { reads, writes, ears });
    try {
      await store.#calls.start();
      await store.#topics.start();
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async get<Value extends Json>(collection: string, key: string): Promise<Document<Value> | undefined> {
    const [document] = await this.getMany<Value>(collection, [key]);
    return document;
  }

  async getMany<Value extends Json>(
    collection: string,
    keys: readonly string[],
  ): Promise<(Document<Value> | undefined)[]> {
    if (keys.length === 0) return [];
    const names = keys.map((key) => documentKey(this.#prefix, collection, key));
    const found = await this.#calls.getPacked(names);
    const now = this.#clock.now();
    return keys.map((key, index) => {
      const packed = found[index];
      return typeof packed !== 'string' || hasExpired(packed, now)
        ? undefined
        : unpackDocument<Value>(key, packed);
    });
  }

  async put(collection: string, key: string, value: Json, options: PutOptions = {}): Promise<number> {
    checkName(collection);
    checkName(key);
    for (const term of options.terms ?? []) checkName(term);
    const answer = await this.#calls.writeHeld(writing.put, [
      encodeName(collection),
      key,
      JSON.stringify(value),
      packExpiry(options.expiresAt),
      String(options.ifVersion ?? ''),
      // Random, so that a compare-and-set can't mistake a new document for a deleted namesake.
      String(1 + this.#random.integer(2 ** 40)),
      options.announce === undefined ? '' : this.#topics.wrap(options.announce),
      ...new Set(options.terms ?? []),
    ]);
    if (answer === '0') throw new GatewayError('conflict');
    return Number(answer);
  }

  async delete(collection: string, key: string, options: DeleteOptions = {}): Promise<boolean> {
    const answer = await this.#calls.writeHeld(writing.remove, [
      encodeName(collection),
      key,
      String(options.ifVersion ?? ''),
      options.announce === undefined ? '' : this.#topics.wrap(options.announce),
    ]);
    if (answer === -1) throw new GatewayError('conflict');
    return answer === 1;
  }

  async list<Value extends Json>(collection: string, query: ListQuery): Promise<Page<Document<Value>>> {
    checkLimit(query.limit);
    const { term = '' } = query;
    const which = term === '' ? reading.list : reading.search;
    // One more than asked for tells whether there is another page.
    const found = await this.#collect(query.limit + 1, query.after, (after, wanted) => [
      which,
      [
        ...listArguments(collection, after === undefined ? query : { ...query, after }, wanted),
        ...(term === '' ? [] : termArguments(term)),
      ],
    ]);
    const items = found.slice(0, query.limit).map(({ name, packed }) => unpackDocument<Value>(name, packed));
    const last = items.at(-1);
    return found.length > query.limit && last ? { items, next: last.key } : { items };
  }

  async append(
    stream: string,
    entry: Json,
    options: { tags: readonly string[]; expiresAt?: number },
  ): Promise<string> {
    checkName(stream);
    for (const tag of options.tags) checkName(tag);
    // Nobody is let in by an entry of the log, so no replica is waited for.
    const id = await this.#calls.write(writing.append, [
      encodeName(stream),
      padTime(this.#clock.now()),
      packExpiry(options.expiresAt),
      JSON.stringify(entry),
      ...new Set(options.tags),
    ]);
    return String(id);
  }

  async read<Value extends Json>(stream: string, query: StreamQuery): Promise<Page<StreamEntry<Value>>> {
    checkLimit(query.limit);
    const found = await this.#collect(query.limit + 1, query.before, (before, wanted) => [
      reading.read,
      readArguments(stream, before === undefined ? query : { ...query, before }, wanted),
    ]);
    const items = found.slice(0, query.limit).map(({ name, packed }) => unpackEntry<Value>(name, packed));
    const last = items.at(-1);
    return found.length > query.limit && last ? { items, next: last.id } : { items };
  }

  async publish(topic: string, message: Json): Promise<void> {
    checkName(topic);
    await this.#calls.write(writing.publish, [this.#topics.wrap({ topic, message })]);
  }

  subscribe(topic: string, listener: Listener): Subscription {
    return this.#topics.subscribe(topic, listener);
  }

  async health(): Promise<StoreHealth> {
    try {
      await Promise.all([
        this.#calls.write(writing.touch, []),
        this.get(installationRecord.collection, installationRecord.key),
        this.#ears.call((client) => client.ping()),
      ]);
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
    const { standstill } = this.#calls;
    return standstill === undefined ? { ok: true } : { ok: false, reason: standstill };
  }

  guard(installation: string): void {
    this.#calls.guard = installation;
  }

  async collections(): Promise<string[]> {
    const names = asList(await this.#calls.read(reading.collections, []));
    return names.map(decodeURIComponent).sort();
  }

  /** As in the contract; documents that change meanwhile may be as before or as after. */
  async backup(target: string): Promise<void> {
    await backUpRedis(this.#calls, target);
  }

  /** Puts what a backup holds in place of everything. Rejects with `store-in-use` while another process has it open. */
  async restore(options: RedisRestoreOptions): Promise<void> {
    await restoreRedis(this.#calls, this.#prefix, options);
  }

  async rewrite(collection: string, key: string, value: Json, version: number): Promise<boolean> {
    const document = [encodeName(collection), key, JSON.stringify(value), String(version)];
    return (await this.#calls.writeHeld(writing.rewrite, document)) === 1;
  }

  async endEntries(stream: string, moment: number, after?: string): Promise<string | undefined> {
    const last = await this.#calls.write(writing.endEntries, [
      ...endArguments(stream, moment, after),
      endedAtOnce,
      Math.ceil(this.#clock.now()),
    ]);
    return last === '' ? undefined : String(last);
  }

  /** The lock ends by itself 15 seconds after its holder died. */
  async exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const lock = `l:${encodeName(name)}`;
    const holder = randomName(this.#random);
    if (!(await this.#calls.lock(lock, holder, lockTime))) throw new GatewayError('conflict');
    const timer = this.#clock.every(lockTime / 3, () => {
      this.#calls.write(writing.prolong, [lock, holder, lockTime]).catch(this.#report);
    });
    try {
      return await work();
    } finally {
      timer.cancel();
      await this.#calls.write(writing.unlock, [lock, holder]).catch(this.#report);
    }
  }

  /** Removes what expired a day ago or earlier, in scripts of a few milliseconds each. */
  async sweep(): Promise<void> {
    for (let more = true; more && !this.#calls.closed; ) {
      const limit = this.#clock.now() - expiredKeptFor;
      more = (await this.#calls.write(writing.sweep, [limit, sweepBatch])) === sweepBatch;
    }
  }

  async close(): Promise<void> {
    this.#timer.cancel();
    this.#topics.close();
    this.#calls.close();
  }

  /** What a script finds, however often it has to be told to go on. */
  async #collect(
    wanted: number,
    cursor: string | undefined,
    next: (cursor: string | undefined, missing: number) => [RedisScript, readonly string[]],
  ): Promise<{ name: string; packed: string }[]> {
    const found: { name: string; packed: string }[] = [];
    for (let at = cursor, more = true; more; ) {
      const [goOnAt = '', ...pairs] = asList(await this.#calls.read(...next(at, wanted - found.length)));
      for (let index = 0; index < pairs.length; index += 2) {
        found.push({ name: pairs[index] ?? '', packed: pairs[index + 1] ?? '' });
      }
      at = goOnAt;
      more = goOnAt !== '';
    }
    return found;
  }
}
