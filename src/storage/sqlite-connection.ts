import { closeSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { giveToOwnerOf } from './durable-file.ts';
import { type SchemaSteps, upgradeSchema } from './sqlite-schema.ts';

/** One open connection: its prepared statements and its transactions. All of it is synchronous. */
export class SqliteConnection {
  readonly database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Opens `path` (created with mode 0600 when `create`), sets WAL and durability, and brings the schema up to date. */
  constructor(path: string, options: { create: boolean; steps: SchemaSteps }) {
    if (options.create) createPrivately(path);
    // No busy timeout: waiting inside SQLite would block the event loop, so callers wait outside.
    this.database = new DatabaseSync(path === ':memory:' ? path : existing(path), { timeout: 0 });
    try {
      this.#configure();
      upgradeSchema(this.database, options.steps, (from) => this.#backUp(path, from));
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  /** The prepared statement for `sql`, prepared at most once per connection. */
  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Runs `work` in one write transaction: all of it is on disk when this returns, or none when it throws. */
  write<Result>(work: () => Result): Result {
    return this.#transaction('BEGIN IMMEDIATE', work);
  }

  /** Runs `work` on one consistent snapshot. */
  read<Result>(work: () => Result): Result {
    return this.#transaction('BEGIN', work);
  }

  /** Changes whenever another connection has committed (https://www.sqlite.org/pragma.html#pragma_data_version). */
  dataVersion(): number {
    return Number(this.statement('PRAGMA data_version').get()?.data_version);
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  #configure(): void {
    // WAL with FULL: a commit is on disk before it is acknowledged, and readers never wait for writers.
    this.database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = 16777216;
      PRAGMA cache_size = -16384;
      PRAGMA temp_store = MEMORY;
      PRAGMA trusted_schema = OFF;
    `);
  }

  #backUp(path: string, from: number): void {
    const target = `${path}.schema-${from}.backup`;
    // A backup of the same version that an interrupted upgrade left behind holds the same: it may go.
    rmSync(target, { force: true });
    createPrivately(target);
    this.database.prepare('VACUUM INTO ?').run(target);
  }

  #transaction<Result>(begin: string, work: () => Result): Result {
    this.statement(begin).run();
    try {
      const result = work();
      this.statement('COMMIT').run();
      return result;
    } catch (error) {
      if (this.database.isOpen && this.database.isTransaction) this.statement('ROLLBACK').run();
      throw error;
    }
  }
}

/** Names a file that has to be there already: SQLite would otherwise make an empty one in its place. */
export function existing(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set('mode', 'rw');
  return url;
}

/**
 * Makes an empty file that only its owner can read, unless there is one. SQLite gives its -wal and -shm files the
 * same mode. An existing file is not even opened: closing any descriptor of it would drop the locks that other
 * connections of this process hold (https://www.sqlite.org/howtocorrupt.html, section 2.2).
 */
export function createPrivately(path: string): void {
  if (path === ':memory:') return;
  try {
    closeSync(openSync(path, 'wx', 0o600));
    giveToOwnerOf(dirname(path), path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
