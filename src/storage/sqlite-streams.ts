import { GatewayError } from '../errors.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { Json, Page, StreamEntry, StreamQuery } from './store.ts';

type EntryRow = { id: number; at: number; value: string };

/** Where a page ends: entries are ordered by time, and by number within one millisecond. */
type Position = { at: number; id: number };

/** Entries of one tag that are counted to find out which of several tags is the rarest. */
const countedEntries = 1000;

/** Appends inside a running transaction and returns the entry's id, which is also its cursor. */
export function append(
  connection: SqliteConnection,
  entry: { stream: string; value: Json; tags: readonly string[]; expiresAt?: number },
  now: number,
): string {
  const tags = [...new Set(entry.tags)];
  const { lastInsertRowid } = connection
    .statement('INSERT INTO entries (stream, at, value, tags, expires_at) VALUES (?, ?, ?, ?, ?)')
    .run(
      entry.stream,
      now,
      JSON.stringify(entry.value),
      JSON.stringify(tags),
      entry.expiresAt === undefined ? null : Math.ceil(entry.expiresAt),
    );
  const id = Number(lastInsertRowid);
  for (const tag of tags) {
    connection
      .statement('INSERT INTO tags (stream, tag, at, id) VALUES (?, ?, ?, ?)')
      .run(entry.stream, tag, now, id);
  }
  return cursorOf({ at: now, id });
}

/** One page of entries that are not expired at `now`, newest first. Throws `invalid-request` for a foreign cursor. */
export function read<Value extends Json>(
  connection: SqliteConnection,
  stream: string,
  query: StreamQuery,
  now: number,
): Page<StreamEntry<Value>> {
  const from = query.from ?? Number.MIN_SAFE_INTEGER;
  const to = query.to ?? Number.MAX_SAFE_INTEGER;
  const cursor = query.before === undefined ? undefined : positionOf(query.before);
  // Everything strictly before this position; a page boundary and `to` are the same kind of bound.
  const before: Position = cursor !== undefined && cursor.at < to ? cursor : { at: to, id: 0 };
  const wanted = query.limit + 1;
  const [driver, ...others] = rarestFirst(connection, stream, [...new Set(query.tags ?? [])]);
  const rows =
    driver === undefined
      ? (connection
          .statement(
            `SELECT id, at, value FROM entries
             WHERE stream = ?1 AND at >= ?2 AND (at, id) < (?3, ?4) AND (expires_at IS NULL OR expires_at > ?5)
             ORDER BY at DESC, id DESC LIMIT ?6`,
          )
          .all(stream, from, before.at, before.id, now, wanted) as EntryRow[])
      : (connection
          .statement(taggedQuery(others.length))
          .all(stream, from, before.at, before.id, now, wanted, driver, ...others) as EntryRow[]);
  const items = rows.slice(0, query.limit).map((row) => entryOf<Value>(row));
  const last = items.at(-1);
  return rows.length > query.limit && last ? { items, next: last.id } : { items };
}

/** Walks the entries of one tag (?7) from the newest and keeps those that carry the others (?8 and on) too. */
function taggedQuery(others: number): string {
  const carries = Array.from(
    { length: others },
    (_, index) =>
      `AND EXISTS (SELECT 1 FROM tags o
                   WHERE o.stream = ?1 AND o.tag = ?${index + 8} AND o.at = t.at AND o.id = t.id)`,
  );
  return `SELECT e.id, e.at, e.value FROM tags t CROSS JOIN entries e ON e.id = t.id
          WHERE t.stream = ?1 AND t.tag = ?7 AND t.at >= ?2 AND (t.at, t.id) < (?3, ?4)
            ${carries.join('\n')}
            AND (e.expires_at IS NULL OR e.expires_at > ?5)
          ORDER BY t.at DESC, t.id DESC LIMIT ?6`;
}

function rarestFirst(connection: SqliteConnection, stream: string, tags: string[]): string[] {
  if (tags.length < 2) return tags;
  const count = connection.statement(
    'SELECT count(*) AS found FROM (SELECT 1 FROM tags WHERE stream = ? AND tag = ? LIMIT ?)',
  );
  return tags
    .map((tag) => ({ tag, found: Number(count.get(stream, tag, countedEntries)?.found) }))
    .sort((one, other) => one.found - other.found)
    .map(({ tag }) => tag);
}

function entryOf<Value extends Json>(row: EntryRow): StreamEntry<Value> {
  const value: Value = JSON.parse(row.value);
  return { id: cursorOf(row), at: row.at, value };
}

const cursorOf = ({ at, id }: Position): string => `${at}-${id}`;

function positionOf(cursor: string): Position {
  const [, at, id] = /^(-?\d{1,16})-(\d{1,16})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) {
    throw new GatewayError('invalid-request', { cause: new Error('the cursor is not one of ours') });
  }
  return { at: Number(at), id: Number(id) };
}
