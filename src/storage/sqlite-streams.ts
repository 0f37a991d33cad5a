import { GatewayError } from '../errors.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { Json, Page, StreamEntry, StreamQuery } from './store.ts';

/** A row of the table `entries`, as every statement here selects it. */
type EntryRow = { id: number; at: number; value: string };

/** Where a page ends: entries are ordered by time, and by number within one millisecond. */
type Position = { at: number; id: number };

/** Entries of one tag that are counted to find out which of several tags is the rarest. */
const countedEntries = 1000;

/** Entries of the rarest tag that one step looks at. */
const stepSize = 2000;

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

/** Entries that one step ends. */
const endedAtOnce = 200;

/** Ends entries made before `moment`, inside a running transaction; where to go on, undefined at the end. */
export function endEntries(
  connection: SqliteConnection,
  { stream, moment, after }: { stream: string; moment: number; after: string | undefined },
  now: number,
): string | undefined {
  const from = after === undefined ? { at: Number.MIN_SAFE_INTEGER, id: 0 } : positionOf(after);
  const rows = connection
    .statement(
      `SELECT id, at FROM entries WHERE stream = ?1 AND (at, id) > (?2, ?3) AND at < ?4
       ORDER BY at, id LIMIT ?5`,
    )
    .all(stream, from.at, from.id, moment, endedAtOnce) as Position[];
  for (const { id } of rows) {
    connection
      .statement(
        'UPDATE entries SET expires_at = ?1 WHERE id = ?2 AND (expires_at IS NULL OR expires_at > ?1)',
      )
      .run(now, id);
  }
  const last = rows.at(-1);
  return rows.length < endedAtOnce || last === undefined ? undefined : cursorOf(last);
}

/** A read under way: what it looks for, where it has got to, and what it has found. */
export type Reading = {
  readonly stream: string;
  /** The rarest tag first; undefined until it has been found out. */
  tags: readonly string[] | undefined;
  readonly from: number;
  /** Everything at or after this position has been looked at. */
  before: Position;
  readonly limit: number;
  readonly rows: EntryRow[];
};

/** Throws `invalid-request` for a foreign cursor. */
export function beginReading(stream: string, query: StreamQuery): Reading {
  const to = query.to ?? Number.MAX_SAFE_INTEGER;
  const cursor = query.before === undefined ? undefined : positionOf(query.before);
  return {
    stream,
    tags: undefined,
    from: query.from ?? Number.MIN_SAFE_INTEGER,
    // The end of the time span and a page boundary are the same kind of bound.
    before: cursor !== undefined && cursor.at < to ? cursor : { at: to, id: 0 },
    limit: query.limit,
    rows: [],
  };
}

/**
 * Looks at the next entries, newest first, leaving out those expired at `now`; returns whether there is more to look
 * at. A step takes few milliseconds however many entries carry one tag but not the others.
 */
export function readOn(
  connection: SqliteConnection,
  reading: Reading,
  now: number,
  query: StreamQuery,
): boolean {
  reading.tags ??= rarestFirst(connection, reading.stream, [...new Set(query.tags ?? [])]);
  const { stream, from, before } = reading;
  // One more than asked for tells whether there is another page.
  const missing = reading.limit + 1 - reading.rows.length;
  const [driver, ...others] = reading.tags;
  if (driver === undefined) {
    const rows = connection
      .statement(
        `SELECT id, at, value FROM entries
         WHERE stream = ?1 AND at >= ?2 AND (at, id) < (?3, ?4) AND (expires_at IS NULL OR expires_at > ?5)
         ORDER BY at DESC, id DESC LIMIT ?6`,
      )
      .all(stream, from, before.at, before.id, now, missing) as EntryRow[];
    reading.rows.push(...rows);
    return false;
  }
  const step = connection
    .statement(
      `SELECT at, id FROM tags WHERE stream = ?1 AND tag = ?2 AND at >= ?3 AND (at, id) < (?4, ?5)
       ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?6`,
    )
    .get(stream, driver, from, before.at, before.id, stepSize - 1) as Position | undefined;
  const rows = connection
    .statement(taggedQuery(others.length))
    .all(
      stream,
      step?.at ?? from,
      step?.id ?? 0,
      before.at,
      before.id,
      now,
      missing,
      driver,
      ...others,
    ) as EntryRow[];
  reading.rows.push(...rows);
  if (step === undefined || rows.length === missing) return false;
  reading.before = step;
  return true;
}

/** The page that a finished reading makes. */
export function pageOf<Value extends Json>({ rows, limit }: Reading): Page<StreamEntry<Value>> {
  const items = rows.slice(0, limit).map((row) => entryOf<Value>(row));
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next: last.id } : { items };
}

/** Walks the entries of one tag (?8) from the newest and keeps those that carry the others (?9 and on) too. */
function taggedQuery(others: number): string {
  const carries = Array.from(
    { length: others },
    (_, index) =>
      `AND EXISTS (SELECT 1 FROM tags o
                   WHERE o.stream = ?1 AND o.tag = ?${index + 9} AND o.at = t.at AND o.id = t.id)`,
  );
  return `SELECT e.id, e.at, e.value FROM tags t CROSS JOIN entries e ON e.id = t.id
          WHERE t.stream = ?1 AND t.tag = ?8 AND (t.at, t.id) >= (?2, ?3) AND (t.at, t.id) < (?4, ?5)
            ${carries.join('\n')}
            AND (e.expires_at IS NULL OR e.expires_at > ?6)
          ORDER BY t.at DESC, t.id DESC LIMIT ?7`;
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
