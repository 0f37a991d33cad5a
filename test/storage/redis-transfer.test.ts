import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { systemRandom } from '../../src/random.ts';
import {
  inspectStore,
  type Json,
  KeyRing,
  type MaintainedStore,
  openInstallation,
  type RedisStore,
  RingSealer,
  restoreStore,
  rotateMasterKey,
  SqliteStore,
} from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { openRedis } from './open-redis.ts';

const random = systemRandom;
const masterKey = { kind: 'text' as const, place: 'a text', text: { reveal: () => 'B'.repeat(43) } };

/** All that a store holds, as its users can see it. */
async function contentOf(store: MaintainedStore): Promise<Json> {
  const documents: Record<string, Json> = {};
  for (const collection of await store.collections()) {
    const { items } = await store.list(collection, { limit: 10_000 });
    documents[collection] = items.map(({ key, value, version, expiresAt = null }) => [
      key,
      value,
      version,
      expiresAt,
    ]);
  }
  const entries = await store.read('audit', { limit: 10_000 });
  const tagged = await store.read('audit', { limit: 10_000, tags: ['user:a', 'type:x'] });
  const found = await store.list('users', { limit: 100, term: 'mar' });
  return {
    documents,
    entries: entries.items.map(({ at, value }) => [at, value]),
    tagged: tagged.items.map(({ at, value }) => [at, value]),
    found: found.items.map(({ key }) => key),
  };
}

describe('a site that moves', { skip: missing('redis-server') }, () => {
  let server: RedisServer;
  let number = 0;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.remove());

  async function prepare(t: TestContext) {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const clock = new ManualClock();
    number += 1;
    const keyPrefix = `transfer${number}:`;
    const open = async (): Promise<RedisStore> => {
      const store = await openRedis(server, clock, { keyPrefix });
      t.after(() => store.close());
      return store;
    };
    const sealer = new RingSealer(KeyRing.load(masterKey, clock), random);
    return { folder: folder.path, clock, open, sealer, keyPrefix };
  }

  /** One of everything that a site may hold. */
  async function fill(store: MaintainedStore, clock: ManualClock, sealer: RingSealer): Promise<void> {
    for (let index = 0; index < 700; index += 1) {
      const key = `default/local:${index}`;
      await store.put(
        'users',
        key,
        { name: `user\n"ü"\u{1f600}${index}` },
        { terms: [`user${index}`, 'marie', 'gröup'] },
      );
    }
    const record = { collection: 'factors', key: 'default/local:1' };
    await store.put(record.collection, record.key, { secret: sealer.seal(record, 'totp', 'JBSWY3DP') });
    const version = await store.put('counters', 'default/x', { failed: 1 });
    await store.put('counters', 'default/x', { failed: 2 }, { ifVersion: version });
    await store.put('claims', 'default/local:1/99', 1, { expiresAt: clock.now() + 60_000 });
    await store.put('claims', 'default/local:1/98', 1, { expiresAt: clock.now() });
    await store.put('sessions', 'default/local:1/s', { state: 'active' });
    await store.put('odd:name%', 'default/a:b', [null, true, -1.5, '']);
    for (let index = 0; index < 1200; index += 1) {
      await store.append(
        'audit',
        { index },
        {
          tags: index % 3 ? ['user:a'] : ['user:a', 'type:x'],
          expiresAt: clock.now() + 1000 + index,
        },
      );
      if (index % 5 === 0) clock.advance(1);
    }
    await store.append('other', 'entry', { tags: [] });
  }

  it('from the embedded store into Redis and back is the same site', async (t) => {
    const { folder, clock, open, sealer, keyPrefix } = await prepare(t);
    const path = join(folder, 'sallyport.db');
    const embedded = await SqliteStore.open({ path, clock });
    const { installation } = await openInstallation({ store: embedded, masterKey, clock, random });
    await fill(embedded, clock, sealer);
    const content = await contentOf(embedded);
    const first = join(folder, 'first.db');
    await embedded.backup(first);
    await embedded.close();

    const shared = await open();
    await shared.put('left', 'over', 1, { terms: ['mar'], expiresAt: clock.now() + 9 });
    await shared.append('audit', 'left over', { tags: ['user:a', 'type:x'], expiresAt: clock.now() + 9 });
    await shared.restore({ source: first, draft: join(folder, 'draft'), forget: [] });
    assert.equal(existsSync(join(folder, 'draft')), false);
    assert.deepEqual(await contentOf(shared), content);
    assert.deepEqual(
      (await openInstallation({ store: shared, masterKey, clock, random })).installation,
      installation,
    );

    // What is written from now on fits to what was there.
    await shared.append('audit', { index: 'next' }, { tags: [] });
    const [newest] = (await shared.read('audit', { limit: 1 })).items;
    assert.deepEqual(newest?.value, { index: 'next' });
    const later = await contentOf(shared);

    const second = join(folder, 'second.db');
    await shared.backup(second);
    await assert.rejects(shared.backup(second));
    assert.equal(existsSync(`${second}.partial`), false);
    const report = inspectStore(second, sealer, 'k');
    assert.deepEqual(report.problems, []);
    assert.equal(report.auditEntries, 1202);
    assert.ok(report.sealedValues >= 2);
    const target = join(folder, 'back.db');
    restoreStore({ source: second, target, sealer, place: 'k', forget: ['sessions'], random });
    const back = await SqliteStore.open({ path: target, clock });
    t.after(() => back.close());
    const { documents, ...rest } = (await contentOf(back)) as { documents: Record<string, Json> };
    const { documents: before, ...restBefore } = later as { documents: Record<string, Json> };
    assert.deepEqual(rest, restBefore);
    const { sessions: _, ...kept } = before;
    assert.deepEqual(documents, kept);

    // Nothing is left behind by what was there before.
    await shared.restore({ source: second, draft: join(folder, 'draft'), forget: [] });
    assert.deepEqual(await contentOf(shared), later);
    const keys = (await server.command('KEYS', `${keyPrefix}*`)) as string[];
    assert.deepEqual(
      keys.filter((key) => /left|over/.test(key)),
      [],
    );
  });

  it('is not replaced while somebody else has it open', async (t) => {
    const { folder, clock, open, sealer } = await prepare(t);
    const store = await open();
    await openInstallation({ store, masterKey, clock, random, initialise: true });
    await fill(store, clock, sealer);
    const source = join(folder, 'backup.db');
    await store.backup(source);
    const running = await open();
    await assert.rejects(store.restore({ source, draft: join(folder, 'draft'), forget: [] }), {
      code: 'store-in-use',
    });
    assert.equal((await running.get('sessions', 'default/local:1/s'))?.value !== undefined, true);
  });

  it('has its master key rotated by one process at a time', async (t) => {
    const { clock, open } = await prepare(t);
    const store = await open();
    await openInstallation({ store, masterKey, clock, random, initialise: true });
    const lines = ['C'.repeat(43), 'B'.repeat(43)];
    const two = { ...masterKey, text: { reveal: () => lines.join('\n') } };
    const [one, other] = await Promise.allSettled([
      rotateMasterKey({ store, masterKey: two, clock, random, settle: 1 }),
      rotateMasterKey({ store: await open(), masterKey: two, clock, random, settle: 1 }),
    ]);
    const reports = [one, other].flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value] : [],
    );
    assert.equal(reports.length >= 1, true);
    assert.equal(
      reports.reduce((sum, { resealed }) => sum + resealed, 0),
      1,
    );
    const newest = { ...masterKey, text: { reveal: () => 'C'.repeat(43) } };
    await openInstallation({ store, masterKey: newest, clock, random });
    await assert.rejects(openInstallation({ store, masterKey, clock, random }), { code: 'master-key-wrong' });
  });

  it('lets one process at a time work exclusively', async (t) => {
    const { open } = await prepare(t);
    const [store, peer] = [await open(), await open()];
    await store.exclusively('work', async () => {
      await assert.rejects(
        peer.exclusively('work', async () => assert.fail('both')),
        { code: 'conflict' },
      );
      assert.equal(await peer.exclusively('other', async () => 'fine'), 'fine');
    });
    assert.equal(await peer.exclusively('work', async () => 'next'), 'next');
    await assert.rejects(
      store.exclusively('work', async () => {
        throw new Error('failed');
      }),
      /failed/,
    );
    assert.equal(await peer.exclusively('work', async () => 'next'), 'next');
  });
});
