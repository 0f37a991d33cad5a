import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemRandom as random } from '../../src/random.ts';
import { type MasterKeySource, openInstallation, type SqliteStore } from '../../src/storage/index.ts';
import { generateMasterKey } from '../../src/storage/master-key.ts';
import { openFile } from './open-file.ts';

type Place = Awaited<ReturnType<typeof openFile>>;

const keyOf = ({ folder }: Pick<Place, 'folder'>): MasterKeySource & { kind: 'file' } => ({
  kind: 'file',
  path: join(folder, 'master.key'),
});

const start = (place: Place, store: SqliteStore = place.store, more: { initialise?: boolean } = {}) =>
  openInstallation({ store, masterKey: keyOf(place), clock: place.clock, random, ...more });

describe('the installation', () => {
  it('is made on a new store, with a master key that only its owner can read', async (t) => {
    const place = await openFile(t);
    const { installation, sealer, created } = await start(place);
    assert.equal(created, true);
    assert.match(installation.id, /^[\w-]{22}$/);
    assert.equal(installation.createdAt, place.clock.now());
    if (process.platform !== 'win32') assert.equal(statSync(keyOf(place).path).mode & 0o777, 0o600);
    const record = { collection: 'c', key: 'k' };
    assert.equal(sealer.open(record, sealer.seal(record, 'a', 'secret')), 'secret');
  });

  it('is the same after a restart, with the same key', async (t) => {
    const place = await openFile(t);
    const first = await start(place);
    const sealed = first.sealer.seal({ collection: 'c', key: 'k' }, 'a', 'secret');
    await place.store.close();
    const store = await place.open();
    const second = await start(place, store);
    assert.deepEqual(second.installation, first.installation);
    assert.equal(second.created, false);
    assert.equal(second.sealer.open({ collection: 'c', key: 'k' }, sealed), 'secret');
  });

  it('uses a key that is there already', async (t) => {
    const place = await openFile(t);
    const key = generateMasterKey(random);
    writeFileSync(keyOf(place).path, key);
    await start(place);
    assert.equal(readFileSync(keyOf(place).path, 'utf8'), key);
  });

  it('is one, whoever of several processes on a new store is first', async (t) => {
    const place = await openFile(t);
    const stores = [place.store, await place.open(), await place.open()];
    const opened = await Promise.all(stores.map((store) => start(place, store)));
    assert.equal(new Set(opened.map(({ installation }) => installation.id)).size, 1);
    assert.deepEqual(opened.map(({ created }) => created).toSorted(), [false, false, true]);
    const sealed = opened[0]?.sealer.seal({ collection: 'c', key: 'k' }, 'a', 'x') ?? '';
    for (const { sealer } of opened) assert.equal(sealer.open({ collection: 'c', key: 'k' }, sealed), 'x');
  });

  it('is begun again when the first start was interrupted after its key was written', async (t) => {
    const place = await openFile(t);
    writeFileSync(keyOf(place).path, generateMasterKey(random));
    await place.store.close();
    assert.equal((await start(place, await place.open())).created, true);
  });

  it('is not made of a store that holds something but no installation, unless asked to', async (t) => {
    const place = await openFile(t);
    writeFileSync(keyOf(place).path, generateMasterKey(random));
    await place.store.put('users', 'default/local:a', {});
    await place.store.close();
    const store = await place.open();
    await assert.rejects(start(place, store), { code: 'store-not-initialised' });
    assert.deepEqual(await store.list('installation', { limit: 1 }), { items: [] });
    assert.equal((await start(place, store, { initialise: true })).created, true);
  });

  it('is not made of a store that holds something but has no key, not even when asked to', async (t) => {
    const place = await openFile(t);
    await place.store.put('factors', 'default/local:a', { sealed: 'with a key that is gone' });
    await place.store.close();
    const store = await place.open();
    await assert.rejects(start(place, store, { initialise: true }), { code: 'master-key-missing' });
    assert.equal(existsSync(keyOf(place).path), false);
    assert.deepEqual(await store.list('installation', { limit: 1 }), { items: [] });
  });

  it('refuses to start without its master key and makes no new one', async (t) => {
    const place = await openFile(t);
    await start(place);
    await place.store.close();
    rmSync(keyOf(place).path);
    const store = await place.open();
    const missing = { code: 'master-key-missing', params: { place: keyOf(place).path } };
    await assert.rejects(start(place, store), missing);
    await assert.rejects(start(place, store, { initialise: true }), missing);
    assert.equal(existsSync(keyOf(place).path), false);
  });

  it('refuses to start with the master key of another', async (t) => {
    const place = await openFile(t);
    const sound = await start(place);
    const key = readFileSync(keyOf(place).path);
    writeFileSync(keyOf(place).path, generateMasterKey(random));
    await place.store.close();
    const store = await place.open();
    await assert.rejects(start(place, store), {
      code: 'master-key-wrong',
      params: { place: keyOf(place).path },
    });
    writeFileSync(keyOf(place).path, key);
    assert.deepEqual((await start(place, store)).installation, sound.installation);
  });

  it('refuses documents that a newer program wrote', async (t) => {
    const place = await openFile(t);
    await start(place);
    const found = await place.store.get<{ schema: number }>('installation', 'this');
    await place.store.put('installation', 'this', { ...found?.value, schema: 99 });
    await place.store.close();
    await assert.rejects(start(place, await place.open()), {
      code: 'store-too-new',
      params: { found: 99, known: 1 },
    });
  });

  it('that vanishes makes a running store unavailable until it is back', async (t) => {
    const place = await openFile(t);
    await start(place);
    const told: string[] = [];
    place.store.subscribe('t', {
      message: () => {},
      deaf: () => told.push('deaf'),
      hearing: () => told.push('hearing'),
    });
    const other = await place.open();
    const record = await other.get<{ id: string }>('installation', 'this');
    await other.delete('installation', 'this');
    place.clock.advance(50);
    assert.deepEqual(told, ['deaf']);
    const health = await place.store.health();
    assert.match(health.ok ? '' : health.reason, /installation .* is no longer/);
    await assert.rejects(place.store.get('users', 'k'), { code: 'store-unavailable' });
    await assert.rejects(place.store.put('users', 'k', 1), { code: 'store-unavailable' });
    assert.equal(await other.get('users', 'k'), undefined);

    await other.put('installation', 'this', record?.value ?? null);
    place.clock.advance(500);
    assert.deepEqual(told, ['deaf', 'hearing']);
    assert.deepEqual(await place.store.health(), { ok: true });
  });

  it('is not taken for another one that was put in its place', async (t) => {
    const place = await openFile(t);
    await start(place);
    const other = await openFile(t);
    await start(other);
    await other.store.close();
    for (const suffix of ['-wal', '-shm']) rmSync(`${place.path}${suffix}`, { force: true });
    renameSync(other.path, place.path);
    await assert.rejects(place.store.put('users', 'k', 1), { code: 'store-unavailable' });
    place.clock.advance(1000);
    await assert.rejects(place.store.get('users', 'k'), { code: 'store-unavailable' });
    assert.equal((await place.store.health()).ok, false);
  });
});
