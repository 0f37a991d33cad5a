import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { SqliteStore } from '../../src/storage/index.ts';
import { SqliteFile } from '../../src/storage/sqlite-file.ts';
import { schemaSteps, touch } from '../../src/storage/sqlite-schema.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { openFile } from './open-file.ts';

const unavailable = { name: 'GatewayError', code: 'store-unavailable', status: 503 };
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a listener was told besides messages. */
function hearing(store: SqliteStore, topic = 't') {
  const told: unknown[] = [];
  const subscription = store.subscribe(topic, {
    message: (message) => told.push(message),
    deaf: () => told.push('deaf'),
    hearing: () => told.push('hearing'),
  });
  return { told, subscription };
}

describe('a SQLite store in trouble', () => {
  it('waits for another process’s lock without blocking the event loop', async (t) => {
    const { store, path } = await openFile(t, { busyLimit: 5000 });
    const other = new DatabaseSync(path);
    t.after(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    const written = Promise.all([
      store.put('c', 'k', 1),
      store.put('c', 'k', 2),
      store.append('s', 1, { tags: [] }),
    ]);
    await tick();
    assert.equal(await store.get('c', 'k'), undefined, 'readers wait for nobody');
    other.exec('COMMIT');
    await written;
    assert.equal((await store.get('c', 'k'))?.value, 2, 'writes keep their order');
  });

  it('never lets a later write overtake one that waits', async (t) => {
    const { store, path } = await openFile(t, { busyLimit: 5000 });
    const other = new DatabaseSync(path);
    t.after(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    const first = store.put('c', 'k', 'first');
    await tick();
    other.exec('COMMIT');
    await Promise.all([first, store.put('c', 'k', 'second')]);
    assert.equal((await store.get('c', 'k'))?.value, 'second');
  });

  it('gives up on a lock that is held too long, and works again when it is free', async (t) => {
    const { store, path } = await openFile(t, { busyLimit: 20 });
    const other = new DatabaseSync(path);
    t.after(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    await assert.rejects(store.put('c', 'k', 1), unavailable);
    other.exec('ROLLBACK');
    await store.put('c', 'k', 2);
    assert.equal((await store.get('c', 'k'))?.value, 2);
  });

  it('refuses writes while the disk is full, keeps what it has, and goes on when there is room', async (t) => {
    // A limit on the number of pages makes SQLite report SQLITE_FULL, as a full disk does.
    const { store } = await openFile(t, { steps: [...schemaSteps, 'PRAGMA max_page_count = 60'] });
    await store.put('c', 'kept', 'kept');
    const written: string[] = [];
    const fill = async (): Promise<void> => {
      for (let index = 0; ; index += 1) {
        await store.put('c', `k${index}`, 'x'.repeat(3000), { announce: { topic: 't', message: 1 } });
        written.push(`k${index}`);
      }
    };
    await assert.rejects(fill(), unavailable);
    assert.ok(written.length > 5);
    assert.equal((await store.get('c', 'kept'))?.value, 'kept');
    assert.deepEqual(
      (await store.getMany('c', written)).filter((found) => found === undefined),
      [],
    );
    assert.equal(await store.get('c', `k${written.length}`), undefined, 'nothing is half-written');
    for (const key of written) await store.delete('c', key);
    await store.put('c', 'again', 1);
    assert.deepEqual(await store.health(), { ok: true });
  });

  it('says in its health that nothing can be written, although reading works', async (t) => {
    const { store, path } = await openFile(t, { busyLimit: 10 });
    const other = new DatabaseSync(path);
    t.after(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    await assert.rejects(store.put('c', 'k', 1), unavailable);
    const health = await store.health();
    assert.equal(health.ok, false);
    assert.match(health.ok ? '' : health.reason, /locked/);
    other.exec('ROLLBACK');
    assert.deepEqual(await store.health(), { ok: true });
  });

  it('refuses writes into a read-only file and recovers without a restart', async (t) => {
    const { path, clock } = await openFile(t);
    const file = await SqliteFile.open({ path, clock, steps: schemaSteps, busyLimit: 50 });
    t.after(() => file.close());
    // Makes SQLite report SQLITE_READONLY, as a read-only file system does; the superuser passes file modes.
    file.glance((connection) => connection.statement('PRAGMA query_only = ON').run());
    await assert.rejects(file.write(touch), unavailable);
    await assert.rejects(file.write(touch), unavailable);
    clock.advance(250);
    await file.write(touch);
    assert.equal(file.writeFailure, undefined);
  });

  it('does not become a store out of a file that is something else', async (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const path = join(folder.path, 'store.db');
    writeFileSync(path, 'this is a text, and a long one at that'.repeat(500));
    const before = readFileSync(path);
    await assert.rejects(SqliteStore.open({ path, clock: new ManualClock() }), unavailable);
    assert.deepEqual(readFileSync(path), before);
    mkdirSync(join(folder.path, 'a-folder'));
    await assert.rejects(
      SqliteStore.open({ path: join(folder.path, 'a-folder'), clock: new ManualClock() }),
      unavailable,
    );
    await assert.rejects(
      SqliteStore.open({ path: join(folder.path, 'none', 'x'), clock: new ManualClock() }),
      unavailable,
    );
  });

  it('notices that its file was removed before it acknowledges another write, and takes it back', async (t) => {
    const { store, path, folder, clock } = await openFile(t);
    const { told, subscription } = hearing(store);
    await store.put('c', 'k', 1);
    for (const suffix of ['', '-wal', '-shm']) renameSync(`${path}${suffix}`, join(folder, `away${suffix}`));
    await assert.rejects(store.put('c', 'k', 2), unavailable);
    await assert.rejects(store.get('c', 'k'), unavailable);
    assert.equal((await store.health()).ok, false);
    clock.advance(100);
    assert.deepEqual(told, ['deaf']);
    assert.equal(subscription.deaf, true);
    assert.equal(existsSync(path), false, 'no new, empty store appears in its place');

    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(join(folder, `away${suffix}`)))
        renameSync(join(folder, `away${suffix}`), `${path}${suffix}`);
    }
    clock.advance(500);
    assert.deepEqual(told, ['deaf', 'hearing']);
    assert.equal(subscription.deaf, false);
    assert.equal((await store.get('c', 'k'))?.value, 1);
    await store.put('c', 'k', 3);
  });

  it('is deaf while its file is damaged and hears again when it is mended', async (t) => {
    const { store, path, folder, clock, open } = await openFile(t);
    await store.put('c', 'k', 'x'.repeat(20_000));
    await store.close();
    const sound = readFileSync(path);
    const reopened = await open();
    const { told } = hearing(reopened);
    writeFileSync(join(folder, 'damaged'), Buffer.alloc(sound.length, 7));
    copyFileSync(join(folder, 'damaged'), path);
    rmSync(`${path}-wal`, { force: true });
    rmSync(`${path}-shm`, { force: true });
    // What SQLite has in its cache may still be right; a fresh connection sees the damage.
    await assert.rejects(SqliteStore.open({ path, clock }), unavailable);
    await assert.rejects(open(), unavailable);
    writeFileSync(join(folder, 'sound'), sound);
    renameSync(join(folder, 'damaged'), path);
    await assert.rejects(reopened.put('c', 'k', 2), unavailable);
    clock.advance(1000);
    assert.deepEqual(told, ['deaf']);
    await assert.rejects(reopened.get('c', 'k'), unavailable);
    renameSync(join(folder, 'sound'), path);
    clock.advance(1000);
    assert.deepEqual(told, ['deaf', 'hearing']);
    assert.equal((await reopened.get('c', 'k'))?.value, 'x'.repeat(20_000));
  });

  it('tells listeners that they may have missed messages when some were pruned before they came', async (t) => {
    const { store, clock, open } = await openFile(t);
    const asleep = new ManualClock(clock.now());
    const sleeper = await open({ clock: asleep });
    const { told } = hearing(sleeper);
    await store.publish('t', 'missed');
    clock.advance(11 * 60_000);
    await store.sweep();
    await store.publish('t', 'heard');
    asleep.advance(50);
    assert.deepEqual(told, ['deaf', 'heard', 'hearing']);
  });

  it('reports what a listener throws', async (t) => {
    const reported: unknown[] = [];
    const { store } = await openFile(t, { report: (error) => reported.push(error) });
    const mistake = new Error('a mistake in a listener');
    store.subscribe('t', {
      message() {
        throw mistake;
      },
    });
    await store.publish('t', 1);
    await tick();
    assert.deepEqual(reported, [mistake]);
  });

  it('keeps its files from other users of the machine', { skip: process.platform === 'win32' }, async (t) => {
    const { store, path } = await openFile(t);
    await store.put('c', 'k', 1);
    for (const suffix of ['', '-wal', '-shm']) assert.equal(statSync(`${path}${suffix}`).mode & 0o777, 0o600);
  });

  it('leaves the mode of a file that was there as its administrator set it', {
    skip: process.platform === 'win32',
  }, async (t) => {
    const { store, path, open } = await openFile(t);
    await store.close();
    chmodSync(path, 0o640);
    await open();
    assert.equal(statSync(path).mode & 0o777, 0o640);
  });
});
