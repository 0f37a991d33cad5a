import type { SqliteConnection } from './sqlite-connection.ts';
import { erase } from './sqlite-documents.ts';

/** Rows that one transaction removes: far below the 50 ms for which a held lock may block another process. */
const batch = 200;

/** Milliseconds for which what has expired is kept, in case the clock that said so was wrong. */
const expiredKeptFor = 86_400_000;

/** Milliseconds for which messages are kept for processes that are slow to read them. */
const messagesKeptFor = 10 * 60_000;

/** Removes some of what nobody can see any more, inside a running transaction; returns whether there may be more. */
export function sweep(connection: SqliteConnection, now: number): boolean {
  const documents = connection
    .statement('SELECT id, collection, key FROM documents WHERE expires_at <= ? LIMIT ?')
    .all(now - expiredKeptFor, batch) as { id: number; collection: string; key: string }[];
  for (const { id, collection, key } of documents) erase(connection, id, collection, key);

  const entries = connection
    .statement('SELECT id, stream, at, tags FROM entries WHERE expires_at <= ? LIMIT ?')
    .all(now - expiredKeptFor, batch) as { id: number; stream: string; at: number; tags: string }[];
  for (const { id, stream, at, tags } of entries) {
    connection.statement('DELETE FROM entries WHERE id = ?').run(id);
    const names: string[] = JSON.parse(tags);
    for (const tag of names) {
      connection
        .statement('DELETE FROM tags WHERE stream = ? AND tag = ? AND at = ? AND id = ?')
        .run(stream, tag, at, id);
    }
  }

  const { changes } = connection
    .statement('DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE at <= ? ORDER BY id LIMIT ?)')
    .run(now - messagesKeptFor, batch);
  return documents.length === batch || entries.length === batch || Number(changes) === batch;
}
