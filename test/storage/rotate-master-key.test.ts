import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { systemRandom as random } from '../../src/random.ts';
import {
  type Json,
  KeyRing,
  openInstallation,
  RingSealer,
  rotateMasterKey,
} from '../../src/storage/index.ts';
import { generateMasterKey, readKeyLines } from '../../src/storage/master-key.ts';
import { openFile } from './open-file.ts';

type Sealed = { apps: { sealedSecret: string }[]; plain: string };

async function openSite(t: TestContext) {
  const place = await openFile(t, { busyLimit: 5000 });
  const masterKey = { kind: 'file', path: join(place.folder, 'master.key') } as const;
  const { sealer } = await openInstallation({ ...place, masterKey, random });
  const recordOf = (index: number) => ({ collection: 'factors', key: `default/local:${index}` });
  const enrol = async (index: number): Promise<void> => {
    const record = recordOf(index);
    const value = {
      apps: [{ sealedSecret: sealer.seal(record, 'totp-secret', `secret ${index}`) }],
      plain: 'p',
    };
    await place.store.put(record.collection, record.key, value, { terms: [`term${index}`] });
  };
  const secretOf = async (index: number, opener = sealer): Promise<string> => {
    const record = recordOf(index);
    const found = await place.store.get<Sealed>(record.collection, record.key);
    return opener.open(record, found?.value.apps[0]?.sealedSecret ?? '');
  };
  /** A sealer as a process would have it that starts now. */
  const fresh = (): RingSealer => new RingSealer(KeyRing.load(masterKey, place.clock), random);
  const rotate = () => rotateMasterKey({ ...place, masterKey, random, settle: 1 });
  /** Rotates in a process of its own, which is killed (SIGKILL) once it has made `steps` steps. */
  const rotateElsewhere = async ({ steps = Number.POSITIVE_INFINITY, settle = 1 }): Promise<string[]> => {
    const args = [join(import.meta.dirname, 'rotating-process.ts'), place.folder, String(settle)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (lines.length === steps) child.kill('SIGKILL');
    }
    await closed;
    return lines;
  };
  return { ...place, masterKey, sealer, enrol, secretOf, recordOf, fresh, rotate, rotateElsewhere };
}

describe('rotating the master key', () => {
  it('seals everything anew and leaves one key, which is another', async (t) => {
    const site = await openSite(t);
    for (let index = 0; index < 230; index += 1) await site.enrol(index);
    const before = readKeyLines(site.masterKey);
    const report = await site.rotate();
    assert.deepEqual(report, { generated: true, resealed: 231, unreadable: 0, oldKeysDropped: true });
    const after = readKeyLines(site.masterKey);
    assert.equal(after?.length, 1);
    assert.notDeepEqual(after, before);
    if (process.platform !== 'win32') assert.equal(statSync(site.masterKey.path).mode & 0o777, 0o600);
    for (let index = 0; index < 230; index += 1)
      assert.equal(await site.secretOf(index, site.fresh()), `secret ${index}`);
    await site.store.close();
    const store = await site.open();
    assert.equal((await openInstallation({ ...site, store, random })).created, false);
  });

  it('keeps expiry, terms and what was never sealed', async (t) => {
    const site = await openSite(t);
    await site.enrol(1);
    const record = { collection: 'pending', key: 'default/p' };
    const expiresAt = site.clock.now() + 1000;
    const sealed = site.sealer.seal(record, 'secret', 'x');
    const value: Json = {
      list: [sealed, 1, null, { deep: sealed }],
      text: 'sealed:1:not really',
      more: 'sealed',
    };
    const version = await site.store.put(record.collection, record.key, value, {
      expiresAt,
      terms: ['word'],
    });
    await site.rotate();
    const found = await site.store.get<{ list: [string, number, null, { deep: string }]; text: string }>(
      'pending',
      'default/p',
    );
    assert.equal(found?.expiresAt, expiresAt);
    assert.equal(found?.version, version + 1);
    assert.equal(found?.value.text, 'sealed:1:not really');
    assert.equal(site.fresh().open(record, found?.value.list[3].deep ?? ''), 'x');
    assert.notEqual(found?.value.list[0], sealed);
    assert.equal((await site.store.list('pending', { term: 'word', limit: 1 })).items.length, 1);
    assert.equal((await site.store.list('factors', { term: 'term1', limit: 1 })).items.length, 1);
  });

  it('lets a running gateway go on: it opens and seals before, during and after', async (t) => {
    const site = await openSite(t);
    for (let index = 0; index < 150; index += 1) await site.enrol(index);
    const gateway = await site.open();
    const running = new RingSealer(KeyRing.load(site.masterKey, site.clock), random);
    const held = await gateway.get<Sealed>('factors', 'default/local:7');
    let rotating = true;
    const rotation = site.rotateElsewhere({ settle: 50 }).finally(() => {
      rotating = false;
    });
    let written = 0;
    while (rotating) {
      // As the rooms do: read, open, seal, compare and set.
      const record = site.recordOf(written % 150);
      const found = await gateway.get<Sealed>(record.collection, record.key);
      assert.ok(found);
      const secret = running.open(record, found.value.apps[0]?.sealedSecret ?? '');
      assert.equal(secret, `secret ${written % 150}`);
      const sealedSecret = running.seal(record, 'totp-secret', secret);
      await gateway
        .put(
          record.collection,
          record.key,
          { ...found.value, apps: [{ sealedSecret }] },
          { ifVersion: found.version },
        )
        .catch((error: { code?: string }) => assert.equal(error.code, 'conflict'));
      written += 1;
      site.clock.advance(300);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await rotation).at(-1), 'done');
    assert.equal(readKeyLines(site.masterKey)?.length, 1);
    assert.ok(written > 150);
    for (let index = 0; index < 150; index += 1)
      assert.equal(await site.secretOf(index, site.fresh()), `secret ${index}`);
    assert.equal(running.open(site.recordOf(7), held?.value.apps[0]?.sealedSecret ?? ''), 'secret 7');
  });

  it('finds what a slower process sealed with the old key behind its back', async (t) => {
    const site = await openSite(t);
    for (let index = 0; index < 3; index += 1) await site.enrol(index);
    const old = readKeyLines(site.masterKey)?.[0] ?? '';
    const text = { reveal: () => old };
    const slower = new RingSealer(KeyRing.load({ kind: 'text', text, place: 'slower' }, site.clock), random);
    const late = { collection: 'already-walked', key: 'default/late' };
    const store = new Proxy(site.store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          const result: unknown = await Reflect.apply(member, target, args);
          if (name === 'rewrite' && (await target.get(late.collection, late.key)) === undefined) {
            await target.put(late.collection, late.key, { sealed: slower.seal(late, 'secret', 'late') });
          }
          return result;
        };
      },
    });
    assert.equal((await rotateMasterKey({ ...site, store, random, settle: 1 })).oldKeysDropped, true);
    const found = await site.store.get<{ sealed: string }>(late.collection, late.key);
    assert.equal(site.fresh().open(late, found?.value.sealed ?? ''), 'late');
  });

  it('can be killed at any point: nothing becomes unreadable, and running it again finishes', async (t) => {
    const site = await openSite(t);
    for (let index = 0; index < 8; index += 1) await site.enrol(index);
    for (let steps = 1; steps < 16; steps += 1) {
      await site.rotateElsewhere({ steps });
      assert.ok((readKeyLines(site.masterKey)?.length ?? 9) <= 2, 'keys pile up');
      for (let index = 0; index < 8; index += 1) {
        assert.equal(await site.secretOf(index, site.fresh()), `secret ${index}`, `after ${steps} steps`);
      }
    }
    assert.equal((await site.rotateElsewhere({})).at(-1), 'done');
    assert.equal(readKeyLines(site.masterKey)?.length, 1);
    for (let index = 0; index < 8; index += 1)
      assert.equal(await site.secretOf(index, site.fresh()), `secret ${index}`);
  });

  it('finishes with a key that was put on top of the file by hand', async (t) => {
    const site = await openSite(t);
    await site.enrol(1);
    const mine = generateMasterKey(random);
    writeFileSync(site.masterKey.path, `${mine}\n${readFileSync(site.masterKey.path, 'utf8')}`);
    const report = await site.rotate();
    assert.deepEqual(report, { generated: false, resealed: 2, unreadable: 0, oldKeysDropped: true });
    assert.deepEqual(readKeyLines(site.masterKey), [mine]);
    assert.equal(await site.secretOf(1, site.fresh()), 'secret 1');
  });

  it('keeps the old keys while a value is there that none of them opens', async (t) => {
    const site = await openSite(t);
    const moved = site.sealer.seal(
      { collection: 'factors', key: 'default/other' },
      'totp-secret',
      'moved here',
    );
    await site.store.put('factors', 'default/local:9', { sealedSecret: moved });
    const report = await site.rotate();
    assert.deepEqual(report, { generated: true, resealed: 1, unreadable: 1, oldKeysDropped: false });
    assert.equal(readKeyLines(site.masterKey)?.length, 2);
  });

  it('leaves the key file to whoever it belongs to, when root rotates', {
    skip: process.getuid?.() !== 0 && 'only root can give files away',
  }, async (t) => {
    const site = await openSite(t);
    chownSync(site.masterKey.path, 4321, 4321);
    await site.rotate();
    const { uid, gid, mode } = statSync(site.masterKey.path);
    assert.deepEqual([uid, gid, mode & 0o777], [4321, 4321, 0o600]);
  });

  it('is done by one process at a time', async (t) => {
    const site = await openSite(t);
    await site.enrol(1);
    const other = await site.open();
    const first = site.rotate();
    await assert.rejects(rotateMasterKey({ ...site, store: other, random, settle: 1 }), { code: 'conflict' });
    assert.equal((await first).oldKeysDropped, true);
    assert.equal((await rotateMasterKey({ ...site, store: other, random, settle: 1 })).resealed, 2);
    assert.equal(await site.secretOf(1, site.fresh()), 'secret 1');
  });

  it('refuses without a key', async (t) => {
    const site = await openSite(t);
    writeFileSync(site.masterKey.path, '');
    await assert.rejects(site.rotate(), { code: 'master-key-missing' });
  });
});
