import { GatewayError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { DeleteOptions, Document, IfVersion, Json, PutOptions } from './store.ts';

/** A row of the table `documents`, as every statement of this room selects it. */
export type DocumentRow = {
  id: number;
  key: string;
  value: string;
  version: number;
  expires_at: number | null;
};

const isExpired = (row: DocumentRow, now: number): boolean =>
  row.expires_at !== null && row.expires_at <= now;

export function find<Value extends Json>(
  connection: SqliteConnection,
  collection: string,
  key: string,
  now: number,
): Document<Value> | undefined {
  const row = rowOf(connection, collection, key);
  return row === undefined || isExpired(row, now) ? undefined : documentOf<Value>(row);
}

/** Writes one document inside a running transaction and returns its new version; throws `conflict`. */
export function write(
  connection: SqliteConnection,
  document: { collection: string; key: string; value: Json },
  options: Pick<PutOptions, 'ifVersion' | 'expiresAt' | 'terms'>,
  now: number,
  random: Random,
): number {
  const { collection, key } = document;
  const old = rowOf(connection, collection, key);
  const current = old === undefined || isExpired(old, now) ? undefined : old.version;
  checkVersion(options.ifVersion, current);
  // A new document starts at a random version, so that a compare-and-set can't mistake it for a deleted namesake.
  const version = current === undefined ? 1 + random.integer(2 ** 40) : current + 1;
  const value = JSON.stringify(document.value);
  const expiresAt = options.expiresAt === undefined ? null : Math.ceil(options.expiresAt);
  if (old === undefined) {
    connection
      .statement('INSERT INTO documents (collection, key, value, version, expires_at) VALUES (?, ?, ?, ?, ?)')
      .run(collection, key, value, version, expiresAt);
  } else {
    connection
      .statement('UPDATE documents SET value = ?, version = ?, expires_at = ? WHERE id = ?')
      .run(value, version, expiresAt, old.id);
  }
  replaceTerms(connection, collection, key, options.terms ?? []);
  return version;
}

/** Replaces the value alone, keeping expiry and terms; returns whether the document still had `version`. */
export function rewrite(
  connection: SqliteConnection,
  document: { collection: string; key: string; value: Json; version: number },
): boolean {
  const { changes } = connection
    .statement(
      'UPDATE documents SET value = ?, version = version + 1 WHERE collection = ? AND key = ? AND version = ?',
    )
    .run(JSON.stringify(document.value), document.collection, document.key, document.version);
  return Number(changes) === 1;
}

/** Deletes one document inside a running transaction; returns whether an unexpired one was there. Throws `conflict`. */
export function remove(
  connection: SqliteConnection,
  collection: string,
  key: string,
  options: DeleteOptions,
  now: number,
): boolean {
  const old = rowOf(connection, collection, key);
  const current = old === undefined || isExpired(old, now) ? undefined : old.version;
  checkVersion(options.ifVersion, current);
  if (old !== undefined) erase(connection, old.id, collection, key);
  return current !== undefined;
}

export function erase(connection: SqliteConnection, id: number, collection: string, key: string): void {
  connection.statement('DELETE FROM documents WHERE id = ?').run(id);
  connection.statement('DELETE FROM terms WHERE collection = ? AND key = ?').run(collection, key);
}

/** Whether nothing was ever written: a store whose first start was interrupted counts as new. */
export function isEmpty(connection: SqliteConnection): boolean {
  const row = connection
    .statement('SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM documents) OR EXISTS (SELECT 1 FROM entries)')
    .get();
  return row === undefined;
}

export function collections(connection: SqliteConnection): string[] {
  const rows = connection.statement('SELECT DISTINCT collection FROM documents ORDER BY collection').all();
  return rows.map((row) => String(row.collection));
}

export function documentOf<Value extends Json>(row: DocumentRow): Document<Value> {
  const { key, version } = row;
  const value: Value = JSON.parse(row.value);
  return row.expires_at === null
    ? { key, value, version }
    : { key, value, version, expiresAt: row.expires_at };
}

function rowOf(connection: SqliteConnection, collection: string, key: string): DocumentRow | undefined {
  return connection
    .statement('SELECT id, key, value, version, expires_at FROM documents WHERE collection = ? AND key = ?')
    .get(collection, key) as DocumentRow | undefined;
}

function checkVersion(wanted: IfVersion | undefined, current: number | undefined): void {
  if (wanted === undefined) return;
  if (wanted !== (current ?? 'absent')) throw new GatewayError('conflict');
}

function replaceTerms(
  connection: SqliteConnection,
  collection: string,
  key: string,
  terms: readonly string[],
): void {
  const wanted = new Set(terms);
  for (const { term } of connection
    .statement('SELECT term FROM terms WHERE collection = ? AND key = ?')
    .all(collection, key) as { term: string }[]) {
    if (wanted.delete(term)) continue;
    connection
      .statement('DELETE FROM terms WHERE collection = ? AND term = ? AND key = ?')
      .run(collection, term, key);
  }
  for (const term of wanted) {
    connection
      .statement('INSERT INTO terms (collection, term, key) VALUES (?, ?, ?)')
      .run(collection, term, key);
  }
}
