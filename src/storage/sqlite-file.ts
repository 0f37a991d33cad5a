import { existsSync, rmSync, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { moveIntoPlace } from './durable-file.ts';
import { createPrivately, SqliteConnection } from './sqlite-connection.ts';
import { asGatewayError, breaksConnection, isBusy } from './sqlite-failure.ts';
import type { SchemaSteps } from './sqlite-schema.ts';

export type SqliteFileOptions = {
  path: string;
  clock: Clock;
  steps: SchemaSteps;
  /** Milliseconds that one call waits for another process's lock before it fails. */
  busyLimit: number;
};

/** Milliseconds between two tries while another process holds the lock. */
const busyPause = 5;
/** Milliseconds between two tries to open a file that could not be opened. */
const reopenPause = 250;

/**
 * The file behind a store: keeps one connection, waits for locks without blocking the event loop, drops a
 * connection that broke, and opens it again when the file is back. Every failure is `store-unavailable`.
 */
export class SqliteFile {
  readonly #options: SqliteFileOptions;
  #connection: SqliteConnection | undefined;
  #identity = '';
  #failure: { error: unknown; at: number } | undefined;
  #closed = false;
  /** Writes that wait for a lock, in order; undefined when nobody waits. */
  #queue: Promise<unknown> | undefined;
  /** Looks at each newly opened file before it is used; throws to refuse it. */
  inspect: ((connection: SqliteConnection) => void) | undefined;

  private constructor(options: SqliteFileOptions) {
    this.#options = options;
  }

  /** Opens or creates the file. Rejects with what was wrong with it, `store-too-new` included. */
  static async open(options: SqliteFileOptions): Promise<SqliteFile> {
    const file = new SqliteFile(options);
    await file.#patiently(() => file.#connect(true));
    return file;
  }

  get path(): string {
    return this.#options.path;
  }

  /** Why the file can't be used now, or undefined when it can. */
  get failure(): unknown {
    return this.#failure?.error;
  }

  /** Runs `work` on a consistent snapshot; at once unless another process is in the way. */
  async read<Result>(work: (connection: SqliteConnection) => Result): Promise<Result> {
    const task = (): Result => this.#use((connection) => connection.read(() => work(connection)));
    try {
      return task();
    } catch (error) {
      if (!isBusy(error)) throw asGatewayError(error);
    }
    return this.#patiently(task);
  }

  /** Runs `work` in one durable transaction; at once unless another process holds the lock. Keeps the order of calls. */
  async write<Result>(work: (connection: SqliteConnection) => Result): Promise<Result> {
    const task = (): Result =>
      this.#use((connection) => {
        // A write into a file that was deleted or replaced would be acknowledged and lost.
        this.#checkIdentity();
        return connection.write(() => work(connection));
      });
    if (this.#queue === undefined) {
      try {
        return task();
      } catch (error) {
        if (!isBusy(error)) throw asGatewayError(error);
      }
    }
    const turn = (this.#queue ?? Promise.resolve()).then(() => this.#patiently(task));
    const settled = turn.catch(() => undefined);
    this.#queue = settled;
    settled.then(() => {
      if (this.#queue === settled) this.#queue = undefined;
    });
    return turn;
  }

  /** As `read`, but now or never: throws what SQLite throws, a held lock included. */
  glance<Result>(work: (connection: SqliteConnection) => Result): Result {
    return this.#use((connection) => {
      this.#checkIdentity();
      return work(connection);
    });
  }

  /** Has `inspect` look at the file again, because somebody else wrote into it. */
  verify(): void {
    this.#use((connection) => {
      try {
        this.inspect?.(connection);
      } catch (error) {
        if (!isBusy(error)) this.#fail(error);
        throw error;
      }
    });
  }

  /** Writes a consistent copy to `target`, whole or not at all. Rejects when `target` exists. */
  async copyTo(target: string): Promise<void> {
    const draft = `${target}.partial`;
    try {
      if (existsSync(target))
        throw new GatewayError('invalid-request', { cause: new Error(`${target} exists`) });
      rmSync(draft, { force: true });
      createPrivately(draft);
      this.#use((connection) => connection.statement('VACUUM INTO ?').run(draft));
      moveIntoPlace(draft, target);
    } catch (error) {
      rmSync(draft, { force: true });
      throw asGatewayError(error);
    }
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  #use<Result>(work: (connection: SqliteConnection) => Result): Result {
    const connection = this.#connection ?? this.#reconnect();
    try {
      return work(connection);
    } catch (error) {
      // What was in memory would be gone with its connection.
      if (breaksConnection(error) && this.path !== ':memory:') this.#fail(error);
      throw error;
    }
  }

  #reconnect(): SqliteConnection {
    if (this.#closed)
      throw new GatewayError('store-unavailable', { cause: new Error('the store is closed') });
    const now = this.#options.clock.monotonic();
    if (this.#failure && now - this.#failure.at < reopenPause) throw asGatewayError(this.#failure.error);
    try {
      return this.#connect(false);
    } catch (error) {
      if (!isBusy(error)) this.#fail(error);
      throw error;
    }
  }

  #connect(create: boolean): SqliteConnection {
    const { path, steps } = this.#options;
    const connection = new SqliteConnection(path, { create, steps });
    try {
      this.inspect?.(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    this.#identity = identityOf(path);
    this.#connection = connection;
    this.#failure = undefined;
    return connection;
  }

  #checkIdentity(): void {
    let found = 'nothing';
    try {
      found = identityOf(this.path);
    } catch {
      // Not there at all: the same as replaced.
    }
    if (found === this.#identity) return;
    const error = new GatewayError('store-unavailable', {
      cause: new Error(`${this.path} was removed or replaced while it was open`),
    });
    this.#fail(error);
    throw error;
  }

  #fail(error: unknown): void {
    this.#failure = { error, at: this.#options.clock.monotonic() };
    this.#drop();
  }

  #drop(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    try {
      connection?.close();
    } catch {
      // A connection that broke may fail to close as well; there is nothing left to lose in it.
    }
  }

  /** Tries again each few milliseconds while the file is locked, up to the limit. */
  async #patiently<Result>(task: () => Result): Promise<Result> {
    for (let waited = 0; ; waited += busyPause) {
      try {
        return task();
      } catch (error) {
        if (!isBusy(error) || waited >= this.#options.busyLimit) throw asGatewayError(error);
      }
      // Real time on purpose: what is waited for is another process, which knows nothing of an injected clock.
      await setTimeout(busyPause);
    }
  }
}

/** Tells two files of one name apart. */
function identityOf(path: string): string {
  if (path === ':memory:') return path;
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}
