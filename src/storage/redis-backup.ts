import { existsSync, rmSync } from 'node:fs';
import { GatewayError } from '../errors.ts';
import { moveIntoPlace } from './durable-file.ts';
import type { RedisCalls } from './redis-calls.ts';
import { encodeName } from './redis-keys.ts';
import { asList } from './redis-link.ts';
import { expiryOf, termsOf, unpackDocument } from './redis-packed.ts';
import * as reading from './redis-read-scripts.ts';
import { placeOf, unpackEntry } from './redis-streams.ts';
import { createPrivately, SqliteConnection } from './sqlite-connection.ts';
import { asGatewayError } from './sqlite-failure.ts';
import { schemaSteps } from './sqlite-schema.ts';

/** Documents or entries that one call brings, and one transaction writes. */
const pageSize = 500;

type Packed = { readonly name: string; readonly packed: string };

/**
 * Writes what is in Redis into a new file, in the form of the embedded store. Every document is whole; of several that
 * change meanwhile, some may be as before and some as after. Rejects with `store-unavailable`.
 */
export async function backUpRedis(calls: RedisCalls, target: string): Promise<void> {
  const draft = `${target}.partial`;
  const clean = (): void => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${draft}${suffix}`, { force: true });
  };
  try {
    if (existsSync(target))
      throw new GatewayError('invalid-request', { cause: new Error(`${target} exists`) });
    clean();
    createPrivately(draft);
    const file = new SqliteConnection(draft, { create: false, steps: schemaSteps });
    try {
      await fill(calls, file);
    } finally {
      // The last connection moves the journal into the file and removes it.
      file.close();
    }
    moveIntoPlace(draft, target);
  } catch (error) {
    clean();
    throw asGatewayError(error);
  }
}

async function fill(calls: RedisCalls, file: SqliteConnection): Promise<void> {
  for (const collection of await namesOf(calls, reading.collections)) {
    for await (const page of documentsOf(calls, collection)) {
      file.write(() => {
        for (const each of page) writeDocument(file, collection, each);
      });
    }
  }
  for (const stream of await namesOf(calls, reading.streams)) {
    for await (const page of entriesOf(calls, stream)) {
      file.write(() => {
        for (const each of page) writeEntry(file, stream, each);
      });
    }
  }
}

async function namesOf(calls: RedisCalls, which: typeof reading.collections): Promise<string[]> {
  return asList(await calls.read(which, [])).map(decodeURIComponent);
}

function documentsOf(calls: RedisCalls, collection: string): AsyncGenerator<Packed[]> {
  const name = encodeName(collection);
  return pages((after) =>
    calls.read(reading.list, [name, after === undefined ? '-' : `(${after}`, '+', pageSize]),
  );
}

function entriesOf(calls: RedisCalls, stream: string): AsyncGenerator<Packed[]> {
  const name = encodeName(stream);
  return pages((before) =>
    calls.read(reading.read, [name, before === undefined ? '+' : `(${before}`, '-', pageSize]),
  );
}

async function* pages(next: (at: string | undefined) => Promise<unknown>): AsyncGenerator<Packed[]> {
  for (let at: string | undefined, more = true; more; ) {
    const [goOnAt = '', ...pairs] = asList(await next(at));
    const page: Packed[] = [];
    for (let index = 0; index < pairs.length; index += 2) {
      page.push({ name: pairs[index] ?? '', packed: pairs[index + 1] ?? '' });
    }
    yield page;
    more = goOnAt !== '' || page.length === pageSize;
    at = goOnAt === '' ? page.at(-1)?.name : goOnAt;
  }
}

function writeDocument(file: SqliteConnection, collection: string, { name, packed }: Packed): void {
  const { value, version, expiresAt } = unpackDocument(name, packed);
  file
    .statement('INSERT INTO documents (collection, key, value, version, expires_at) VALUES (?, ?, ?, ?, ?)')
    .run(collection, name, JSON.stringify(value), version, expiresAt ?? null);
  for (const term of termsOf(packed)) {
    file.statement('INSERT INTO terms (collection, term, key) VALUES (?, ?, ?)').run(collection, term, name);
  }
}

function writeEntry(file: SqliteConnection, stream: string, { name, packed }: Packed): void {
  const { at, number } = placeOf(name);
  const tags = termsOf(packed);
  file
    .statement('INSERT INTO entries (id, stream, at, value, tags, expires_at) VALUES (?, ?, ?, ?, ?, ?)')
    .run(
      number,
      stream,
      at,
      JSON.stringify(unpackEntry(name, packed).value),
      JSON.stringify(tags),
      expiryOf(packed) ?? null,
    );
  for (const tag of tags) {
    file.statement('INSERT INTO tags (stream, tag, at, id) VALUES (?, ?, ?, ?)').run(stream, tag, at, number);
  }
}
