import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { systemRandom as random } from '../../src/random.ts';
import { inspectStore, openInstallation, restoreStore } from '../../src/storage/index.ts';
import { openSealer } from '../support/open-sealer.ts';
import { openFile } from './open-file.ts';

async function openSite(t: TestContext) {
  const place = await openFile(t);
  const masterKey = { kind: 'file', path: join(place.folder, 'master.key') } as const;
  const { sealer, installation } = await openInstallation({ ...place, masterKey, random });
  const record = { collection: 'factors', key: 'default/local:1' };
  await place.store.put(record.collection, record.key, {
    s: sealer.seal(record, 'totp-secret', 'JBSWY3DPEHPK3PXP'),
  });
  await place.store.put('users', 'default/local:1', { name: 'marie' }, { terms: ['marie'] });
  await place.store.put('sessions', 'default/local:1/s', { id: 's' });
  await place.store.append('audit', { type: 'x' }, { tags: ['t'] });
  const backup = join(place.folder, 'backup.db');
  const restore = (source = backup) =>
    restoreStore({ source, target: place.path, sealer, place: 'master.key', forget: ['sessions'], random });
  return { ...place, masterKey, sealer, installation, record, backup, restore };
}

const snapshotOf = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]));

describe('a backup', () => {
  it('is whole and sound while the store is being written, and gives no secret away', async (t) => {
    const site = await openSite(t);
    const writer = await site.open();
    const writing = Promise.all(
      Array.from({ length: 50 }, (_, index) => writer.put('c', `k${index}`, index)),
    );
    await site.store.backup(site.backup);
    await writing;
    const report = inspectStore(site.backup, site.sealer, 'master.key');
    assert.deepEqual(report.problems, []);
    assert.deepEqual(report.installation, site.installation);
    assert.equal(report.documents.users, 1);
    assert.equal(report.auditEntries, 1);
    assert.equal(report.sealedValues, 2);
    assert.equal(report.bytes, statSync(site.backup).size);
    const bytes = readFileSync(site.backup);
    assert.equal(bytes.includes('JBSWY3DPEHPK3PXP'), false);
    const key = readFileSync(site.masterKey.path, 'utf8').trim().split('\n').at(-1) ?? '';
    assert.equal(bytes.includes(key) || bytes.includes(Buffer.from(key, 'base64url')), false);
    if (process.platform !== 'win32') assert.equal(statSync(site.backup).mode & 0o777, 0o600);
  });

  it('never overwrites a file', async (t) => {
    const site = await openSite(t);
    writeFileSync(site.backup, 'precious');
    await assert.rejects(site.store.backup(site.backup), { name: 'GatewayError' });
    assert.equal(readFileSync(site.backup, 'utf8'), 'precious');
  });

  it('is there whole or not at all', async (t) => {
    const site = await openSite(t);
    await assert.rejects(site.store.backup(join(site.folder, 'no', 'such', 'folder')), {
      code: 'store-unavailable',
    });
    await site.store.backup(site.backup);
    assert.deepEqual(
      readdirSync(site.folder).filter((name) => name.includes('partial')),
      [],
    );
  });
});

describe('checking a backup', () => {
  it('changes nothing at all', async (t) => {
    const site = await openSite(t);
    await site.store.backup(site.backup);
    await site.store.close();
    const before = snapshotOf(site.folder);
    inspectStore(site.backup, site.sealer, 'master.key');
    inspectStore(site.path, site.sealer, 'master.key');
    assert.deepEqual(snapshotOf(site.folder), before);
  });

  it('says when the master key is not the one it needs', async (t) => {
    const site = await openSite(t);
    await site.store.backup(site.backup);
    const report = inspectStore(site.backup, openSealer(), 'master.key');
    assert.deepEqual(report.problems, [{ kind: 'wrong-key' }]);
  });

  it('counts values that the key should open but does not', async (t) => {
    const site = await openSite(t);
    await site.store.put('factors', 'default/local:2', {
      s: site.sealer.seal(site.record, 'totp-secret', 'moved'),
    });
    await site.store.backup(site.backup);
    const report = inspectStore(site.backup, site.sealer, 'master.key');
    assert.deepEqual(report.problems, [{ kind: 'unreadable-values', count: 1 }]);
  });

  it('finds damage in the middle of the file', async (t) => {
    const site = await openSite(t);
    for (let index = 0; index < 300; index += 1) await site.store.put('c', `k${index}`, 'x'.repeat(500));
    await site.store.backup(site.backup);
    const bytes = readFileSync(site.backup);
    for (const page of [2, 5, 9, 20]) bytes.fill(0xa5, page * 4096, page * 4096 + 4096);
    writeFileSync(site.backup, bytes);
    const report = inspectStore(site.backup, site.sealer, 'master.key');
    assert.equal(report.problems[0]?.kind, 'damaged');
    assert.deepEqual(site.restore().report.problems, report.problems);
  });

  it('refuses what is no store', async (t) => {
    const site = await openSite(t);
    const unavailable = { code: 'store-unavailable' };
    assert.throws(() => inspectStore(join(site.folder, 'none'), site.sealer, 'k'), unavailable);
    writeFileSync(site.backup, 'a text');
    assert.throws(() => inspectStore(site.backup, site.sealer, 'k'), unavailable);
    writeFileSync(site.backup, '');
    assert.deepEqual(inspectStore(site.backup, site.sealer, 'k').problems, [{ kind: 'no-installation' }]);
  });

  it('names a backup of a newer program, and one of no installation', async (t) => {
    const site = await openSite(t);
    const found = await site.store.get<{ schema: number }>('installation', 'this');
    await site.store.put('installation', 'this', { ...found?.value, schema: 7 });
    await site.store.backup(site.backup);
    assert.deepEqual(inspectStore(site.backup, site.sealer, 'k').problems, [
      { kind: 'too-new', found: 7, known: 1 },
    ]);
    await site.store.delete('installation', 'this');
    await site.store.backup(`${site.backup}2`);
    assert.deepEqual(inspectStore(`${site.backup}2`, site.sealer, 'k').problems, [
      { kind: 'no-installation' },
    ]);
  });
});

describe('restoring a backup', () => {
  it('brings everything back but what must not come back to life, and keeps the store that was there', async (t) => {
    const site = await openSite(t);
    await site.store.backup(site.backup);
    await site.store.put('users', 'default/local:1', { name: 'changed' });
    await site.store.close();
    const { report, previous } = site.restore();
    assert.deepEqual(report.problems, []);
    const store = await site.open();
    assert.deepEqual((await openInstallation({ ...site, store, random })).installation, site.installation);
    assert.deepEqual((await store.get('users', 'default/local:1'))?.value, { name: 'marie' });
    assert.equal((await store.list('users', { term: 'marie', limit: 1 })).items.length, 1);
    assert.equal(await store.get('sessions', 'default/local:1/s'), undefined);
    assert.equal((await store.read('audit', { limit: 9 })).items.length, 1);
    assert.ok(previous && existsSync(previous));
    const old = await site.open({ path: previous });
    assert.deepEqual((await old.get('users', 'default/local:1'))?.value, { name: 'changed' });
    assert.deepEqual(
      readdirSync(site.folder).filter((name) => name.includes('draft')),
      [],
    );
  });

  it('works where no store is', async (t) => {
    const site = await openSite(t);
    await site.store.backup(site.backup);
    await site.store.close();
    const target = join(site.folder, 'elsewhere.db');
    const { previous } = restoreStore({
      ...site,
      source: site.backup,
      target,
      place: 'k',
      forget: [],
      random,
    });
    assert.equal(previous, undefined);
    const store = await site.open({ path: target });
    assert.ok(await store.get('sessions', 'default/local:1/s'));
  });

  it('works where the store is damaged', async (t) => {
    const site = await openSite(t);
    await site.store.backup(site.backup);
    await site.store.close();
    writeFileSync(site.path, 'not a store any more');
    writeFileSync(`${site.path}-wal`, 'left behind');
    const { previous } = site.restore();
    assert.equal(readFileSync(previous ?? '', 'utf8'), 'not a store any more');
    const store = await site.open();
    assert.deepEqual((await store.get('users', 'default/local:1'))?.value, { name: 'marie' });
  });

  it('refuses while somebody has the store open, and changes nothing', async (t) => {
    const site = await openSite(t);
    await site.store.backup(site.backup);
    await site.store.put('users', 'default/local:1', { name: 'changed' });
    assert.throws(() => site.restore(), { code: 'store-in-use' });
    assert.deepEqual((await site.store.get('users', 'default/local:1'))?.value, { name: 'changed' });
    await site.store.put('users', 'default/local:1', { name: 'again' });
    assert.deepEqual(
      readdirSync(site.folder).filter((name) => /draft|before/.test(name)),
      [],
    );
  });

  it('changes nothing when the backup is of no use', async (t) => {
    const site = await openSite(t);
    await site.store.backup(site.backup);
    await site.store.close();
    const before = snapshotOf(site.folder);
    const { report } = restoreStore({
      source: site.backup,
      target: site.path,
      sealer: openSealer(),
      place: 'k',
      forget: [],
      random,
    });
    assert.deepEqual(report.problems, [{ kind: 'wrong-key' }]);
    assert.deepEqual(snapshotOf(site.folder), before);
  });
});
