import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../errors.ts';

/** One step per schema version: step 0 makes version 1 out of an empty file, step 1 makes version 2 of 1, and so on. */
export type SchemaSteps = readonly string[];

/** What this program reads and writes. Steps are only ever added: a file of any older version passes through them. */
export const schemaSteps: SchemaSteps = [
  `
  CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    version INTEGER NOT NULL,
    expires_at INTEGER,
    UNIQUE (collection, key)
  ) STRICT;
  CREATE INDEX documents_by_expiry ON documents (expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE terms (
    collection TEXT NOT NULL,
    term TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (collection, term, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX terms_by_key ON terms (collection, key, term);

  CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    at INTEGER NOT NULL,
    value TEXT NOT NULL,
    tags TEXT NOT NULL,
    expires_at INTEGER
  ) STRICT;
  CREATE INDEX entries_by_time ON entries (stream, at, id);
  CREATE INDEX entries_by_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE tags (
    stream TEXT NOT NULL,
    tag TEXT NOT NULL,
    at INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (stream, tag, at, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    message TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  `,
];

export const schemaVersionOf = (database: DatabaseSync): number =>
  Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);

/** Writes a page without changing anything, inside a running transaction: proof that writing works. */
export function touch({ database }: { database: DatabaseSync }): void {
  database.exec(`PRAGMA user_version = ${schemaVersionOf(database)}`);
}

/**
 * Brings a file to the version of `steps`, in one transaction, after `backUp` when it holds an older version.
 * Throws `store-too-new` for a file written by a later program: it could be damaged by writing to it.
 */
export function upgradeSchema(
  database: DatabaseSync,
  steps: SchemaSteps,
  backUp: (from: number) => void,
): void {
  const found = schemaVersionOf(database);
  if (found === steps.length) return;
  if (found > steps.length) {
    throw new GatewayError('store-too-new', { params: { found, known: steps.length } });
  }
  if (found > 0) backUp(found);
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have upgraded it while this one waited for the lock.
    for (const step of steps.slice(schemaVersionOf(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
