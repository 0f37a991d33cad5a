import { type KeyRange, keyRange } from './key-range.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { type DocumentRow, documentOf } from './sqlite-documents.ts';
import type { Document, Json, ListQuery, Page } from './store.ts';

/** Up to so many matches of a term are collected and sorted; above, it is cheaper to walk the keys and look for the term. */
const fewMatches = 2000;
/** Keys that one walk looks at before it gives up. */
const longWalk = 4000;

const columns = 'd.id, d.key, d.value, d.version, d.expires_at';

/** One page of documents that are not expired at `now`, in key order. */
export function list<Value extends Json>(
  connection: SqliteConnection,
  collection: string,
  query: ListQuery,
  now: number,
): Page<Document<Value>> {
  const keys = keyRange(query.prefix ?? '', query.after);
  // One more than asked for tells whether there is another page.
  const wanted = query.limit + 1;
  const rows =
    query.term === undefined || query.term === ''
      ? inKeyOrder(connection, collection, keys, now, wanted)
      : byTerm(connection, collection, keyRange(query.term), keys, now, wanted);
  const items = rows.slice(0, query.limit).map((row) => documentOf<Value>(row));
  const last = items.at(-1);
  return rows.length > query.limit && last ? { items, next: last.key } : { items };
}

function inKeyOrder(
  connection: SqliteConnection,
  collection: string,
  keys: KeyRange,
  now: number,
  wanted: number,
): DocumentRow[] {
  return connection
    .statement(
      `SELECT ${columns} FROM documents d
       WHERE d.collection = ?1 AND d.key >= ?2 AND d.key < ?3 AND (d.expires_at IS NULL OR d.expires_at > ?4)
       ORDER BY d.key LIMIT ?5`,
    )
    .all(collection, keys.from, keys.to, now, wanted) as DocumentRow[];
}

function byTerm(
  connection: SqliteConnection,
  collection: string,
  terms: KeyRange,
  keys: KeyRange,
  now: number,
  wanted: number,
): DocumentRow[] {
  const matches = connection
    .statement(
      `SELECT count(*) AS found FROM
         (SELECT 1 FROM terms WHERE collection = ?1 AND term >= ?2 AND term < ?3 LIMIT ?4)`,
    )
    .get(collection, terms.from, terms.to, fewMatches);
  if (Number(matches?.found) >= fewMatches) {
    const rows = walk(connection, collection, terms, keys, now, wanted);
    if (rows.length === wanted) return rows;
  }
  return connection
    .statement(
      // The unary plus keeps SQLite from walking all keys instead of the few terms.
      `SELECT ${columns} FROM documents d
       WHERE d.collection = ?1
         AND d.key IN (SELECT t.key FROM terms t
                       WHERE t.collection = ?1 AND t.term >= ?2 AND t.term < ?3 AND +t.key >= ?4 AND +t.key < ?5)
         AND (d.expires_at IS NULL OR d.expires_at > ?6)
       ORDER BY d.key LIMIT ?7`,
    )
    .all(collection, terms.from, terms.to, keys.from, keys.to, now, wanted) as DocumentRow[];
}

/** The first documents of a range that have a frequent term; fewer than wanted when they are far apart. */
function walk(
  connection: SqliteConnection,
  collection: string,
  terms: KeyRange,
  keys: KeyRange,
  now: number,
  wanted: number,
): DocumentRow[] {
  return connection
    .statement(
      `SELECT ${columns} FROM
         (SELECT id, key FROM documents WHERE collection = ?1 AND key >= ?4 AND key < ?5
          ORDER BY key LIMIT ${longWalk}) k
         CROSS JOIN documents d ON d.id = k.id
       WHERE EXISTS (SELECT 1 FROM terms t
                     WHERE t.collection = ?1 AND t.key = k.key AND t.term >= ?2 AND t.term < ?3)
         AND (d.expires_at IS NULL OR d.expires_at > ?6)
       ORDER BY k.key LIMIT ?7`,
    )
    .all(collection, terms.from, terms.to, keys.from, keys.to, now, wanted) as DocumentRow[];
}
