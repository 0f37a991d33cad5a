import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Store, StreamQuery } from '../../src/storage/index.ts';
import type { StoreFactory } from './store-factory.ts';
import { withStore } from './with-store.ts';

async function valuesOf(store: Store, stream: string, query: StreamQuery): Promise<unknown[]> {
  const values: unknown[] = [];
  for (let before = query.before, more = true; more; ) {
    const page = await store.read(stream, { ...query, ...(before === undefined ? {} : { before }) });
    assert.ok(page.items.length <= query.limit);
    values.push(...page.items.map(({ value }) => value));
    more = page.next !== undefined;
    if (page.next !== undefined) before = page.next;
  }
  return values;
}

export function streamsContract(open: StoreFactory): void {
  describe('a stream', () => {
    it(
      'is read newest first, in pages, also within one millisecond',
      withStore(open, async ({ store, clock }) => {
        const ids: string[] = [];
        for (let index = 0; index < 7; index += 1) {
          ids.push(await store.append('s', { index }, { tags: [] }));
          if (index % 3 === 0) clock.advance(1);
        }
        await store.append('other', { index: 'foreign' }, { tags: [] });
        assert.equal(new Set(ids).size, 7);
        const newestFirst = [6, 5, 4, 3, 2, 1, 0].map((index) => ({ index }));
        for (const limit of [1, 2, 7, 50])
          assert.deepEqual(await valuesOf(store, 's', { limit }), newestFirst);
      }),
    );

    it(
      'says when an entry was made and what its id is',
      withStore(open, async ({ store, clock }) => {
        const at = clock.now();
        const id = await store.append('s', 'x', { tags: [] });
        assert.deepEqual(await store.read('s', { limit: 1 }), { items: [{ id, at, value: 'x' }] });
      }),
    );

    it(
      'gives the entries that carry all of the tags',
      withStore(open, async ({ store, clock }) => {
        await store.append('s', 1, { tags: ['user:a', 'type:x', 'user:a'] });
        await store.append('s', 2, { tags: ['user:b', 'type:x'] });
        clock.advance(5);
        await store.append('s', 3, { tags: ['user:a', 'type:y'] });
        await store.append('t', 4, { tags: ['user:a', 'type:x'] });
        assert.deepEqual(await valuesOf(store, 's', { tags: ['user:a'], limit: 1 }), [3, 1]);
        assert.deepEqual(await valuesOf(store, 's', { tags: ['type:x'], limit: 1 }), [2, 1]);
        assert.deepEqual(await valuesOf(store, 's', { tags: ['type:x', 'user:a'], limit: 1 }), [1]);
        assert.deepEqual(await valuesOf(store, 's', { tags: ['user:a', 'user:b'], limit: 1 }), []);
        assert.deepEqual(await valuesOf(store, 's', { tags: ['user:'], limit: 1 }), []);
      }),
    );

    it(
      'is cut to a span of time: from inclusive, to exclusive',
      withStore(open, async ({ store, clock }) => {
        const start = clock.now();
        for (let index = 0; index < 6; index += 1) {
          await store.append('s', index, { tags: ['t'] });
          clock.advance(10);
        }
        const span = { from: start + 10, to: start + 40 };
        assert.deepEqual(await valuesOf(store, 's', { ...span, limit: 2 }), [3, 2, 1]);
        assert.deepEqual(await valuesOf(store, 's', { ...span, tags: ['t'], limit: 2 }), [3, 2, 1]);
        assert.deepEqual(await valuesOf(store, 's', { from: start + 41, limit: 2 }), [5]);
        assert.deepEqual(await valuesOf(store, 's', { to: start, limit: 2 }), []);
      }),
    );

    it(
      'does not show what is appended after the first page',
      withStore(open, async ({ store, clock }) => {
        for (let index = 0; index < 4; index += 1) await store.append('s', index, { tags: [] });
        const { next } = await store.read('s', { limit: 2 });
        clock.advance(1);
        await store.append('s', 'new', { tags: [] });
        assert.deepEqual(
          await valuesOf(store, 's', { limit: 2, ...(next === undefined ? {} : { before: next }) }),
          [1, 0],
        );
      }),
    );

    it(
      'drops entries at the end of their time',
      withStore(open, async ({ store, clock }) => {
        await store.append('s', 'short', { tags: ['t'], expiresAt: clock.now() + 10 });
        await store.append('s', 'long', { tags: ['t'], expiresAt: clock.now() + 11 });
        await store.append('s', 'ever', { tags: ['t'] });
        clock.advance(10);
        assert.deepEqual(await valuesOf(store, 's', { limit: 9 }), ['ever', 'long']);
        assert.deepEqual(await valuesOf(store, 's', { tags: ['t'], limit: 9 }), ['ever', 'long']);
      }),
    );

    it(
      'keeps entries that a clock set back made older than those before',
      withStore(open, async ({ store, clock }) => {
        await store.append('s', 'later', { tags: ['t'] });
        clock.jump(clock.now() - 60_000);
        await store.append('s', 'earlier', { tags: ['t'] });
        assert.deepEqual(await valuesOf(store, 's', { limit: 1 }), ['later', 'earlier']);
        assert.deepEqual(await valuesOf(store, 's', { limit: 1, tags: ['t'] }), ['later', 'earlier']);
      }),
    );

    it(
      'finds the few entries that carry two frequent tags',
      withStore(open, async ({ store, clock }) => {
        // Both tags are frequent; entries that carry both lie also where a bounded step of a search may end.
        for (let index = 0; index < 4500; index += 1) {
          await store.append('s', index, { tags: index % 500 === 0 ? ['one', 'other'] : ['one'] });
          if (index % 7 === 0) clock.advance(1);
          if (index % 3 === 0) await store.append('s', 'alone', { tags: ['other'] });
        }
        const both = [4000, 3500, 3000, 2500, 2000, 1500, 1000, 500, 0];
        for (const tags of [
          ['one', 'other'],
          ['other', 'one'],
        ]) {
          for (const limit of [1, 4, 20]) assert.deepEqual(await valuesOf(store, 's', { tags, limit }), both);
        }
      }),
    );

    it(
      'refuses a cursor that is not its own',
      withStore(open, async ({ store }) => {
        for (const before of ['', 'x', '1-2-3', '1; DROP TABLE entries', '99999999999999999999-1']) {
          await assert.rejects(store.read('s', { before, limit: 1 }), { code: 'invalid-request' });
        }
      }),
    );
  });
}
