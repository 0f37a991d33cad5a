import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { SqliteStore } from '../../src/storage/index.ts';
import { schemaSteps } from '../../src/storage/sqlite-schema.ts';
import { openFile } from './open-file.ts';

const day = 86_400_000;

const count = (path: string, table: string): unknown => {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(`SELECT count(*) AS found FROM ${table}`).get()?.found;
  } finally {
    database.close();
  }
};

/** Lets a sweep that the clock started get through its pauses. */
async function settled(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !condition(); turn += 1)
    await new Promise((resolve) => setImmediate(resolve));
}

describe('the upkeep of a SQLite store', () => {
  it('removes what has expired from the file, with its terms and tags, by itself', async (t) => {
    const { store, path, clock } = await openFile(t);
    for (let index = 0; index < 450; index += 1) {
      const expiresAt = clock.now() - day + 15 * 60_000;
      await store.put('c', `k${index}`, index, { expiresAt, terms: ['a', 'b'] });
      await store.append('s', index, { tags: ['a', 'b'], expiresAt });
    }
    await store.put('c', 'kept', 1, { terms: ['a'] });
    await store.append('s', 'kept', { tags: ['a'] });
    clock.advance(14 * 60_000);
    await settled(() => count(path, 'documents') === 1);
    assert.equal(count(path, 'documents'), 451, 'nothing goes within the first day');
    clock.advance(2 * 60_000);
    await settled(() => count(path, 'documents') === 1 && count(path, 'entries') === 1);
    assert.deepEqual(
      ['documents', 'terms', 'entries', 'tags'].map((table) => count(path, table)),
      [1, 1, 1, 1],
    );
    assert.equal((await store.list('c', { term: 'a', limit: 9 })).items[0]?.key, 'kept');
    assert.equal((await store.read('s', { tags: ['a'], limit: 9 })).items[0]?.value, 'kept');
  });

  it('removes little at a time, so that nobody waits long for the lock', async (t) => {
    const { store, path, clock, open } = await openFile(t);
    for (let index = 0; index < 450; index += 1)
      await store.put('c', `k${index}`, 1, { expiresAt: clock.now() - day });
    const other = await open();
    const sweeping = store.sweep();
    await other.put('c', 'between', 1);
    assert.ok(Number(count(path, 'documents')) > 200, 'the first transaction took all of it');
    await sweeping;
    assert.equal(count(path, 'documents'), 1);
  });

  it('removes nothing while the clock is wrong: what comes back with the right time is still there', async (t) => {
    const { store, path, clock } = await openFile(t);
    const right = clock.now();
    await store.put('claims', 'k', 'used', { expiresAt: right + day });
    clock.advance(20 * 60_000);
    clock.jump(right + 400 * day);
    clock.advance(9 * 60_000);
    await settled(() => count(path, 'documents') === 0);
    clock.jump(right + 30 * 60_000);
    assert.equal((await store.get('claims', 'k'))?.value, 'used');
    clock.advance(9 * 60_000);
    clock.jump(right + 400 * day);
    clock.advance(15 * 60_000);
    await settled(() => count(path, 'documents') === 0);
    assert.equal(count(path, 'documents'), 0, 'a clock that stays as it is gets believed');
  });

  it('forgets messages after ten minutes', async (t) => {
    const { store, path, clock } = await openFile(t);
    await store.publish('t', 1);
    clock.advance(9 * 60_000);
    await store.sweep();
    assert.equal(count(path, 'outbox'), 1);
    clock.advance(60_000);
    await store.sweep();
    assert.equal(count(path, 'outbox'), 0);
  });
});

describe('the schema of a SQLite store', () => {
  const later = [...schemaSteps, 'CREATE TABLE more (id INTEGER PRIMARY KEY)'];

  it('is upgraded in place after a backup of the file as it was', async (t) => {
    const { store, path, open } = await openFile(t);
    await store.put('c', 'k', 'before');
    await store.close();
    const upgraded = await open({ steps: later });
    assert.equal((await upgraded.get('c', 'k'))?.value, 'before');
    await upgraded.put('c', 'k', 'after');
    const backup = `${path}.schema-${schemaSteps.length}.backup`;
    const old = new DatabaseSync(backup, { readOnly: true });
    t.after(() => old.close());
    assert.equal(old.prepare('PRAGMA user_version').get()?.user_version, schemaSteps.length);
    assert.equal(old.prepare("SELECT value FROM documents WHERE key = 'k'").get()?.value, '"before"');
  });

  it('stays as it was when an upgrade fails, and is upgraded by the next that does not', async (t) => {
    const { store, path, open } = await openFile(t);
    await store.put('c', 'k', 1);
    await store.close();
    await assert.rejects(open({ steps: [...later, 'CREATE TABLE more (id INTEGER PRIMARY KEY)'] }), {
      code: 'store-unavailable',
    });
    assert.throws(() => count(path, 'more'));
    assert.equal((await (await open()).get('c', 'k'))?.value, 1);
    assert.equal((await (await open({ steps: later })).get('c', 'k'))?.value, 1);
  });

  it('is left alone when a newer program wrote it', async (t) => {
    const { store, path, open } = await openFile(t, { steps: later });
    await store.put('c', 'k', 1);
    await store.close();
    await assert.rejects(open({ steps: schemaSteps }), {
      name: 'GatewayError',
      code: 'store-too-new',
      params: { found: later.length, known: schemaSteps.length },
    });
    assert.equal(count(path, 'documents'), 1);
    assert.equal(existsSync(`${path}.schema-${later.length}.backup`), false);
  });

  it('is made once when several processes start on a new file', async (t) => {
    const { open, folder } = await openFile(t);
    const stores: SqliteStore[] = await Promise.all(Array.from({ length: 5 }, () => open()));
    for (const [index, store] of stores.entries()) await store.put('c', `k${index}`, index);
    assert.equal((await stores[0]?.list('c', { limit: 9 }))?.items.length, 5);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('backup')),
      [],
    );
  });
});
