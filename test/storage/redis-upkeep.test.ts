import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { systemRandom } from '../../src/random.ts';
import { openInstallation, type RedisStore } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { openRedis } from './open-redis.ts';

const day = 86_400_000;

describe('upkeep of Redis', { skip: missing('redis-server') }, () => {
  let server: RedisServer;
  let number = 0;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.remove());

  async function open(t: TestContext, clock = new ManualClock()) {
    number += 1;
    const keyPrefix = `upkeep${number}:`;
    const store = await openRedis(server, clock, { keyPrefix });
    t.after(() => store.close());
    const keys = async (): Promise<string[]> => {
      const all = (await server.command('KEYS', `${keyPrefix}*`)) as string[];
      return all.map((key) => key.slice(keyPrefix.length)).sort();
    };
    return { store, clock, keys, keyPrefix };
  }

  async function fillWithExpiring(store: RedisStore, clock: ManualClock): Promise<void> {
    for (let index = 0; index < 450; index += 1) {
      await store.put('c', `k${index}`, index, { terms: ['word', `w${index}`], expiresAt: clock.now() + 10 });
      await store.append('s', index, { tags: ['t', `t${index}`], expiresAt: clock.now() + 10 });
    }
    await store.put('c', 'kept', 1, { terms: ['word'] });
    await store.put('c', 'renewed', 1, { expiresAt: clock.now() + 10 });
    await store.put('c', 'renewed', 1);
    await store.append('s', 'kept', { tags: ['t'] });
  }

  it('removes what expired a day ago, with all that leads to it', async (t) => {
    const { store, clock, keys } = await open(t);
    await fillWithExpiring(store, clock);
    const full = await keys();
    clock.jump(clock.now() + day);
    await store.sweep();
    assert.deepEqual(await keys(), full);
    clock.jump(clock.now() + 20);
    await store.sweep();
    assert.deepEqual(await keys(), [
      'S',
      'b:c:w',
      'b:c:wo',
      'b:c:wor',
      'c',
      'd:c:kept',
      'd:c:renewed',
      'g:s:t',
      'h:s',
      'k:c',
      'n',
      's:s',
      't:c',
    ]);
    assert.deepEqual(
      (await store.list('c', { limit: 9 })).items.map(({ key }) => key),
      ['kept', 'renewed'],
    );
    assert.deepEqual(
      (await store.read('s', { limit: 9, tags: ['t'] })).items.map(({ value }) => value),
      ['kept'],
    );
    assert.deepEqual(await store.collections(), ['c']);
  });

  it('goes on by itself, once the clock has gone on unset for ten minutes', async (t) => {
    const { store, clock, keys } = await open(t);
    await fillWithExpiring(store, clock);
    const full = (await keys()).length;
    clock.jump(clock.now() + 2 * day);
    clock.advance(60_000);
    await store.publish('anything', null);
    assert.equal((await keys()).length, full);
    clock.advance(11 * 60_000);
    for (let tries = 0; tries < 1000 && (await keys()).length > 13; tries += 1) {
      await store.publish('anything', null);
    }
    assert.equal((await keys()).length, 13);
  });

  it('removes nothing that the clock of Redis does not know to be old', async (t) => {
    const clock = new ManualClock(Date.now() + 3 * day);
    const { store, keys } = await open(t, clock);
    await store.put('c', 'k', 1, { expiresAt: Date.now() + day });
    const before = await keys();
    await store.sweep();
    assert.deepEqual(await keys(), before);
  });

  it('leaves no key behind when everything is deleted', async (t) => {
    const { store, keys } = await open(t);
    for (let index = 0; index < 50; index += 1) {
      await store.put('c', `k${index}`, index, {
        terms: ['ä', 'äb', 'one two'],
        expiresAt: Date.now() + 1e9,
      });
    }
    for (let index = 0; index < 50; index += 1) await store.delete('c', `k${index}`);
    assert.deepEqual(await keys(), ['c']);
  });

  it('finds by any search what a plain filter finds', async (t) => {
    const { store, clock } = await open(t);
    const kept: { key: string; terms: string[]; end: number }[] = [];
    const letters = ['a', 'b', 'ä', '\u{1f600}'];
    const word = (seed: number): string =>
      Array.from({ length: 1 + (seed % 5) }, (_, at) => letters[(seed >> (2 * at)) % 4]).join('');
    for (let index = 0; index < 3000; index += 1) {
      const seed = systemRandom.integer(2 ** 20);
      const terms = [
        word(seed),
        word(seed >> 3),
        ...(index % 3 ? [] : ['group:x']),
        ...(index % 900 ? [] : ['abbbb']),
      ];
      const end = index % 7 ? clock.now() + day : clock.now();
      const key = `${index % 2 ? 'one' : 'two'}/${word(seed >> 5)}/${index}`;
      kept.push({ key, terms, end });
    }
    for (let first = 0; first < kept.length; first += 100) {
      const some = kept.slice(first, first + 100);
      await Promise.all(some.map(({ key, terms, end }) => store.put('c', key, 1, { terms, expiresAt: end })));
    }
    const compare = (one: string, other: string): number =>
      Buffer.compare(Buffer.from(one), Buffer.from(other));
    const alive = kept
      .filter(({ end }) => end > clock.now())
      .toSorted((one, other) => compare(one.key, other.key));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.nat(2 ** 12).map(word), fc.constantFrom('group:x', 'group:', 'abbbb', 'none')),
        fc.constantFrom('', 'one/', 'two/a', 'one/\u{1f600}'),
        fc.option(fc.constantFrom(...kept.map(({ key }) => key))),
        fc.constantFrom(1, 7, 50, 1000),
        async (term, prefix, after, limit) => {
          const expected = alive
            .filter(({ key, terms }) => key.startsWith(prefix) && terms.some((each) => each.startsWith(term)))
            .map(({ key }) => key)
            .filter((key) => after === null || compare(key, after) > 0);
          const page = await store.list('c', { term, prefix, limit, ...(after === null ? {} : { after }) });
          assert.deepEqual(
            page.items.map(({ key }) => key),
            expected.slice(0, limit),
          );
          assert.equal(page.next !== undefined, expected.length > limit);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('needs no command that operations.md does not name', async (t) => {
    const manual = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const rule = /^ACL SETUSER sallyport (.*)$/m.exec(manual)?.[1];
    assert.ok(rule, 'operations.md shows no access list');
    await server.command('ACL', 'SETUSER', 'sallyport', ...rule.replace('>PASSWORD', '>secret').split(' '));
    const clock = new ManualClock();
    const store = await openRedis(server, clock, {
      username: 'sallyport',
      password: { reveal: () => 'secret' },
    });
    t.after(() => store.close());
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const masterKey = { kind: 'text' as const, place: 'a text', text: { reveal: () => 'B'.repeat(43) } };
    await openInstallation({ store, masterKey, clock, random: systemRandom, initialise: true });
    await fillWithExpiring(store, clock);
    await store.list('c', { limit: 9, term: 'wor' });
    await store.list('c', { limit: 9, term: 'w' });
    await store.list('c', { limit: 9, term: 'w1' });
    await store.read('s', { limit: 9, tags: ['t', 't1'] });
    await store.delete('c', 'kept');
    await store.exclusively('work', async () => clock.advance(6000));
    assert.deepEqual(await store.health(), { ok: true });
    const file = join(folder.path, 'backup.db');
    await store.backup(file);
    await store.restore({ source: file, draft: join(folder.path, 'draft'), forget: [] });
    clock.jump(clock.now() + 2 * day);
    await store.sweep();
    assert.deepEqual(await server.command('ACL', 'LOG'), []);
  });
});
