import { copyFileSync, rmSync } from 'node:fs';
import { GatewayError } from '../errors.ts';
import { installationRecord } from './installation.ts';
import type { RedisCalls } from './redis-calls.ts';
import { encodeName, topicsChannel } from './redis-keys.ts';
import { packExpiry, packTexts } from './redis-packed.ts';
import { idOf } from './redis-streams.ts';
import * as moving from './redis-transfer-scripts.ts';
import { createPrivately, SqliteConnection } from './sqlite-connection.ts';
import { asGatewayError } from './sqlite-failure.ts';
import { schemaSteps } from './sqlite-schema.ts';

/** Documents or entries that one script takes: a few milliseconds of the server's time. */
const batchSize = 200;

export type RedisRestoreOptions = {
  /** A backup that `inspectStore` has found to be of use. */
  readonly source: string;
  /** A file that must not exist, in a folder that only the gateway reads: the backup is read from a copy there. */
  readonly draft: string;
  /** Collections that must not come back to life: sessions revoked since would be valid again. */
  readonly forget: readonly string[];
};

/**
 * Puts what a backup holds in place of everything that is in Redis. The installation record goes first and comes
 * last, so that no gateway takes half of a store for its own. Rejects with `store-in-use` while a gateway runs.
 */
export async function restoreRedis(
  calls: RedisCalls,
  keyPrefix: string,
  options: RedisRestoreOptions,
): Promise<void> {
  // One is this process itself.
  if ((await calls.audience(topicsChannel(keyPrefix))) > 1) throw new GatewayError('store-in-use');
  const { source, draft, forget } = options;
  // What was there goes, and who comes next is another.
  calls.guard = undefined;
  try {
    createPrivately(draft);
    copyFileSync(source, draft);
    const file = new SqliteConnection(draft, { create: false, steps: schemaSteps });
    try {
      await clear(calls);
      await load(calls, file, new Set(forget));
    } finally {
      file.close();
    }
  } catch (error) {
    throw asGatewayError(error);
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${draft}${suffix}`, { force: true });
  }
}

async function clear(calls: RedisCalls): Promise<void> {
  while (Number(await calls.write(moving.clear, [batchSize])) > 0);
}

async function load(calls: RedisCalls, file: SqliteConnection, forget: ReadonlySet<string>): Promise<void> {
  const { collection, key } = installationRecord;
  const isRecord = ([name, itsKey]: readonly string[]): boolean =>
    name === encodeName(collection) && itsKey === key;
  const record: string[] = [];
  const documents = batches(documentsIn(file, forget), 3);
  for await (const batch of documents) {
    const rest: string[] = [];
    for (let index = 0; index < batch.length; index += 3) {
      const document = batch.slice(index, index + 3);
      (isRecord(document) ? record : rest).push(...document);
    }
    await calls.write(moving.loadDocuments, rest);
  }
  for await (const batch of batches(entriesIn(file), 3)) await calls.write(moving.loadEntries, batch);
  await calls.writeHeld(moving.loadDocuments, record);
}

/** Collection, key and packed document, for each in turn. */
function* documentsIn(file: SqliteConnection, forget: ReadonlySet<string>): Generator<string[]> {
  const terms = file.database.prepare('SELECT term FROM terms WHERE collection = ? AND key = ?');
  for (const row of file.database.prepare('SELECT * FROM documents').iterate()) {
    const [collection, key] = [String(row.collection), String(row.key)];
    if (forget.has(collection)) continue;
    const words = terms.all(collection, key).map(({ term }) => String(term));
    const expiry = packExpiry(row.expires_at === null ? undefined : Number(row.expires_at));
    const head = `${String(row.version)} ${expiry}`;
    yield [encodeName(collection), key, packTexts(head, String(row.value), words)];
  }
}

/** Stream, id and packed entry, for each in turn. */
function* entriesIn(file: SqliteConnection): Generator<string[]> {
  for (const row of file.database.prepare('SELECT * FROM entries ORDER BY id').iterate()) {
    const tags: string[] = JSON.parse(String(row.tags));
    const expiry = packExpiry(row.expires_at === null ? undefined : Number(row.expires_at));
    const id = idOf(Number(row.at), Number(row.id));
    yield [encodeName(String(row.stream)), id, packTexts(`1 ${expiry}`, String(row.value), tags)];
  }
}

function* batches(items: Iterable<string[]>, width: number): Generator<string[]> {
  let batch: string[] = [];
  for (const item of items) {
    batch.push(...item);
    if (batch.length < batchSize * width) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
