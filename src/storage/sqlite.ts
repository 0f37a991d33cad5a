import type { Clock, Timer } from '../clock.ts';
import { type Random, systemRandom } from '../random.ts';
import { exclusively } from './exclusively.ts';
import { installationRecord } from './installation.ts';
import type { MaintainedStore } from './maintained-store.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import * as documents from './sqlite-documents.ts';
import { asGatewayError } from './sqlite-failure.ts';
import { SqliteFile } from './sqlite-file.ts';
import { sweep } from './sqlite-garbage.ts';
import { list } from './sqlite-listing.ts';
import { type SchemaSteps, schemaSteps, touch } from './sqlite-schema.ts';
import * as streams from './sqlite-streams.ts';
import { post, SqliteTopics } from './sqlite-topics.ts';
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
import { storeUnavailable } from './store-unavailable.ts';

export type SqliteOptions = {
  /** A file, created with mode 0600 when it is not there, or `:memory:`. */
  path: string;
  clock: Clock;
  random?: Random;
  /** Milliseconds that a call waits for another process's lock; default 2000. */
  busyLimit?: number;
  /** Hears what a listener of `subscribe` threw and why a sweep failed: both are nobody's call to await. */
  report?: (error: unknown) => void;
  /** Only tests have another schema than the current one. */
  steps?: SchemaSteps;
};

/** Lets the event loop serve others between two steps of long work. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Milliseconds between two looks for messages of other processes. */
const pollInterval = 50;
/** Milliseconds between two sweeps of expired rows. */
const sweepInterval = 60_000;
/** Milliseconds that the clock has to go on unset before anything is swept. */
const sweepAfter = 600_000;

/** The embedded store: one SQLite file, shared by the gateway and the command line. */
export class SqliteStore implements MaintainedStore {
  readonly #file: SqliteFile;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #report: (error: unknown) => void;
  readonly #topics: SqliteTopics;
  readonly #timers: Timer[];
  readonly isNew: boolean;
  readonly place: string;
  #closed = false;

  private constructor(file: SqliteFile, options: SqliteOptions) {
    this.#file = file;
    this.place = options.path;
    this.#clock = options.clock;
    this.#random = options.random ?? systemRandom;
    this.#report = options.report ?? (() => undefined);
    this.#topics = new SqliteTopics(file, options.clock, this.#report);
    this.isNew = file.glance(documents.isEmpty);
    const steady = new SteadyClock(options.clock);
    this.#timers = [
      options.clock.every(pollInterval, () => this.#topics.poll()),
      options.clock.every(sweepInterval, () => {
        if (steady.steadyFor() >= sweepAfter) this.sweep().catch(this.#report);
      }),
    ];
  }

  /** Rejects with `store-unavailable` when the file can't be used, `store-too-new` when a later program wrote it. */
  static async open(options: SqliteOptions): Promise<SqliteStore> {
    const { path, clock, busyLimit = 2000, steps = schemaSteps } = options;
    const file = await SqliteFile.open({ path, clock, busyLimit, steps });
    try {
      return new SqliteStore(file, options);
    } catch (error) {
      file.close();
      throw asGatewayError(error);
    }
  }

  async get<Value extends Json>(collection: string, key: string): Promise<Document<Value> | undefined> {
    return this.#file.read((connection) =>
      documents.find<Value>(connection, collection, key, this.#clock.now()),
    );
  }

  async getMany<Value extends Json>(
    collection: string,
    keys: readonly string[],
  ): Promise<(Document<Value> | undefined)[]> {
    const now = this.#clock.now();
    return this.#file.read((connection) =>
      keys.map((key) => documents.find<Value>(connection, collection, key, now)),
    );
  }

  async put(collection: string, key: string, value: Json, options: PutOptions = {}): Promise<number> {
    checkName(collection);
    checkName(key);
    for (const term of options.terms ?? []) checkName(term);
    return this.#write(options.announce, (connection) =>
      documents.write(connection, { collection, key, value }, options, this.#clock.now(), this.#random),
    );
  }

  async delete(collection: string, key: string, options: DeleteOptions = {}): Promise<boolean> {
    return this.#write(options.announce, (connection) =>
      documents.remove(connection, collection, key, options, this.#clock.now()),
    );
  }

  async list<Value extends Json>(collection: string, query: ListQuery): Promise<Page<Document<Value>>> {
    checkLimit(query.limit);
    return this.#file.read((connection) => list<Value>(connection, collection, query, this.#clock.now()));
  }

  async append(
    stream: string,
    entry: Json,
    options: { tags: readonly string[]; expiresAt?: number },
  ): Promise<string> {
    checkName(stream);
    for (const tag of options.tags) checkName(tag);
    return this.#write(undefined, (connection) =>
      streams.append(connection, { stream, value: entry, ...options }, this.#clock.now()),
    );
  }

  async read<Value extends Json>(stream: string, query: StreamQuery): Promise<Page<StreamEntry<Value>>> {
    checkLimit(query.limit);
    const reading = streams.beginReading(stream, query);
    const now = this.#clock.now();
    for (let more = true; more; ) {
      more = await this.#file.read((connection) => streams.readOn(connection, reading, now, query));
      if (more) await nextTurn();
    }
    return streams.pageOf<Value>(reading);
  }

  async publish(topic: string, message: Json): Promise<void> {
    checkName(topic);
    await this.#write({ topic, message }, () => undefined);
  }

  subscribe(topic: string, listener: Listener): Subscription {
    return this.#topics.subscribe(topic, listener);
  }

  async health(): Promise<StoreHealth> {
    try {
      await this.#file.read((connection) => connection.statement('SELECT id FROM documents LIMIT 1').get());
      // After a failed write only another write can tell; this one writes a page and changes nothing.
      if (this.#file.writeFailure !== undefined) await this.#file.write(touch);
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
    return { ok: true };
  }

  guard(installation: string): void {
    this.#file.inspect = (connection) => {
      const { collection, key } = installationRecord;
      const found = documents.find<{ id: string }>(connection, collection, key, this.#clock.now());
      if (found?.value.id === installation) return;
      throw storeUnavailable(
        new Error(`the installation ${installation} is no longer in ${this.#file.path}`),
      );
    };
  }

  async collections(): Promise<string[]> {
    return this.#file.read(documents.collections);
  }

  async rewrite(collection: string, key: string, value: Json, version: number): Promise<boolean> {
    return this.#file.write((connection) =>
      documents.rewrite(connection, { collection, key, value, version }),
    );
  }

  async endEntries(stream: string, moment: number, after?: string): Promise<string | undefined> {
    return this.#file.write((connection) =>
      streams.endEntries(connection, { stream, moment, after }, this.#clock.now()),
    );
  }

  async exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    return this.#file.path === ':memory:' ? work() : exclusively(`${this.#file.path}.${name}.lock`, work);
  }

  /** As in the contract, and consistent: the copy is the store at one moment. */
  async backup(target: string): Promise<void> {
    await this.#file.copyTo(target);
  }

  /** Removes what expired a day ago or earlier, in transactions of a few milliseconds with pauses between them. */
  async sweep(): Promise<void> {
    for (let more = true; more && !this.#closed; ) {
      more = await this.#file.write((connection) => sweep(connection, this.#clock.now()));
      if (more) await nextTurn();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#topics.close();
    this.#file.close();
  }

  async #write<Result>(
    announce: PutOptions['announce'],
    work: (connection: SqliteConnection) => Result,
  ): Promise<Result> {
    const result = await this.#file.write((connection) => {
      const done = work(connection);
      if (announce !== undefined) post(connection, announce, this.#clock.now());
      return done;
    });
    if (announce !== undefined) this.#topics.schedule();
    return result;
  }
}
