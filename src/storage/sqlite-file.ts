import { existsSync, rmSync, statSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { moveIntoPlace } from './durable-file.ts';
import { LockQueue } from './lock-queue.ts';
import { createPrivately, SqliteConnection } from './sqlite-connection.ts';
import { asGatewayError, breaksConnection, isBusy } from './sqlite-failure.ts';
import type { SchemaSteps } from './sqlite-schema.ts';
import { storeUnavailable } from './store-unavailable.ts';

export type SqliteFileOptions = {
  path: string;
  clock: Clock;
  steps: SchemaSteps;
  /** Milliseconds that one call waits for another process's lock before it fails. */
  busyLimit: number;
};

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
  #writeFailure: unknown;
  readonly #lock: LockQueue;
  /** Looks at each newly opened file before it is used; throws to refuse it. */
  inspect: ((connection: SqliteConnection) => void) | undefined;

  private constructor(options: SqliteFileOptions) {
    this.#options = options;
    this.#lock = new LockQueue(options.busyLimit);
  }

  /** Opens or creates the file. Rejects with what was wrong with it, `store-too-new` included. */
  static async open(options: SqliteFileOptions): Promise<SqliteFile> {
    const file = new SqliteFile(options);
    await file.#lock.run(() => file.#connect(true));
    return file;
  }

  get path(): string {
    return this.#options.path;
  }

  /** Why the latest write failed; undefined when it did not. */
  get writeFailure(): unknown {
    return this.#writeFailure;
  }

  /** Runs `work` on a consistent snapshot; at once unless another process is in the way. */
  async read<Result>(work: (connection: SqliteConnection) => Result): Promise<Result> {
    return this.#lock.run(() => this.#use((connection) => connection.read(() => work(connection))));
  }

  /** Runs `work` in one durable transaction; at once unless another process holds the lock. Keeps the order of calls. */
  async write<Result>(work: (connection: SqliteConnection) => Result): Promise<Result> {
    try {
      const result = await this.#lock.runInOrder(() =>
        this.#use((connection) => {
          // A write into a file that was deleted or replaced would be acknowledged and lost.
          this.#checkIdentity();
          return connection.write(() => work(connection));
        }),
      );
      this.#writeFailure = undefined;
      return result;
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'store-unavailable') this.#writeFailure = error;
      throw error;
    }
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
    if (this.#closed) throw storeUnavailable(new Error('the store is closed'));
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
    const error = storeUnavailable(new Error(`${this.path} was removed or replaced while it was open`));
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
}

/** Tells two files of one name apart. */
function identityOf(path: string): string {
  if (path === ':memory:') return path;
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}
