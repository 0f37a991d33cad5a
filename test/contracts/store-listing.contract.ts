import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ListQuery, Store } from '../../src/storage/index.ts';
import type { StoreFactory } from './store-factory.ts';
import { withStore } from './with-store.ts';

/** All keys of all pages. */
async function keysOf(store: Store, collection: string, query: ListQuery): Promise<string[]> {
  const keys: string[] = [];
  for (let after = query.after, more = true; more; ) {
    const page = await store.list(collection, { ...query, ...(after === undefined ? {} : { after }) });
    assert.ok(page.items.length <= query.limit);
    keys.push(...page.items.map(({ key }) => key));
    more = page.next !== undefined;
    if (page.next !== undefined) after = page.next;
  }
  return keys;
}

export function listingContract(open: StoreFactory): void {
  describe('a list', () => {
    it(
      'is ordered by the UTF-8 bytes of the keys, in pages',
      withStore(open, async ({ store }) => {
        const keys = ['b', 'a', 'ab', 'Z', 'é', '\u{1f600}', '\uffee', 'a/b', 'a0'];
        for (const key of keys) await store.put('c', key, key);
        await store.put('d', 'foreign', 1);
        const sorted = keys.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
        for (const limit of [1, 2, 3, 9, 100]) assert.deepEqual(await keysOf(store, 'c', { limit }), sorted);
      }),
    );

    it(
      'has a next page exactly when something follows',
      withStore(open, async ({ store }) => {
        await store.put('c', 'a', 1);
        await store.put('c', 'b', 2);
        assert.equal('next' in (await store.list('c', { limit: 2 })), false);
        assert.equal('next' in (await store.list('c', { limit: 1 })), true);
        assert.deepEqual(await store.list('c', { limit: 5, prefix: 'x' }), { items: [] });
      }),
    );

    it(
      'keeps to a prefix',
      withStore(open, async ({ store }) => {
        for (const key of [
          'default/a',
          'default/b',
          'defaulu',
          'default',
          'other/a',
          'default/\u{10ffff}x',
        ]) {
          await store.put('c', key, 1);
        }
        assert.deepEqual(await keysOf(store, 'c', { prefix: 'default/', limit: 2 }), [
          'default/a',
          'default/b',
          'default/\u{10ffff}x',
        ]);
      }),
    );

    it(
      'keeps to a prefix that ends just before the surrogates',
      withStore(open, async ({ store }) => {
        for (const key of ['\ud7ff', '\ud7ffa', '\ue000', '\ue000a']) await store.put('c', key, 1);
        assert.deepEqual(await keysOf(store, 'c', { prefix: '\ud7ff', limit: 9 }), ['\ud7ff', '\ud7ffa']);
      }),
    );

    it(
      'goes on after a key that has been deleted since',
      withStore(open, async ({ store }) => {
        for (const key of ['a', 'b', 'c']) await store.put('c', key, 1);
        const { next } = await store.list('c', { limit: 2 });
        await store.delete('c', 'b');
        assert.deepEqual(
          await keysOf(store, 'c', { limit: 2, ...(next === undefined ? {} : { after: next }) }),
          ['c'],
        );
      }),
    );

    it(
      'never shows expired documents',
      withStore(open, async ({ store, clock }) => {
        for (let index = 0; index < 10; index += 1) {
          await store.put('c', `k${index}`, index, {
            terms: ['word'],
            expiresAt: clock.now() + (index % 2 ? 10 : 1000),
          });
        }
        clock.advance(10);
        const left = ['k0', 'k2', 'k4', 'k6', 'k8'];
        assert.deepEqual(await keysOf(store, 'c', { limit: 2 }), left);
        assert.deepEqual(await keysOf(store, 'c', { limit: 2, term: 'wo' }), left);
      }),
    );

    it(
      'finds documents by the beginning of any of their terms, each once',
      withStore(open, async ({ store }) => {
        await store.put('c', 'default/2', 1, { terms: ['marie', 'martin', 'marie'] });
        await store.put('c', 'default/1', 1, { terms: ['mario'] });
        await store.put('c', 'default/3', 1, { terms: ['ma'] });
        await store.put('c', 'default/4', 1);
        await store.put('d', 'default/5', 1, { terms: ['marie'] });
        const found = (term: string): Promise<string[]> =>
          keysOf(store, 'c', { term, limit: 1, prefix: 'default/' });
        assert.deepEqual(await found('mar'), ['default/1', 'default/2']);
        assert.deepEqual(await found('ma'), ['default/1', 'default/2', 'default/3']);
        assert.deepEqual(await found('marie'), ['default/2']);
        assert.deepEqual(await found('maries'), []);
        assert.deepEqual(await keysOf(store, 'c', { term: 'mar', limit: 9, prefix: 'other/' }), []);
      }),
    );

    it(
      'forgets terms that a later put or a deletion took away',
      withStore(open, async ({ store }) => {
        await store.put('c', 'k', 1, { terms: ['old', 'both'] });
        await store.put('c', 'k', 1, { terms: ['both', 'new'] });
        assert.deepEqual(await keysOf(store, 'c', { term: 'old', limit: 9 }), []);
        assert.deepEqual(await keysOf(store, 'c', { term: 'both', limit: 9 }), ['k']);
        assert.deepEqual(await keysOf(store, 'c', { term: 'new', limit: 9 }), ['k']);
        await store.put('c', 'k', 1);
        assert.deepEqual(await keysOf(store, 'c', { term: 'new', limit: 9 }), []);
        await store.put('c', 'k', 1, { terms: ['again'] });
        await store.delete('c', 'k');
        await store.put('c', 'k', 1);
        assert.deepEqual(await keysOf(store, 'c', { term: 'again', limit: 9 }), []);
      }),
    );

    it(
      'leaves the terms alone when a write loses',
      withStore(open, async ({ store }) => {
        const version = await store.put('c', 'k', 1, { terms: ['kept'] });
        await assert.rejects(store.put('c', 'k', 2, { terms: ['lost'], ifVersion: version + 1 }), {
          code: 'conflict',
        });
        assert.deepEqual(await keysOf(store, 'c', { term: 'kept', limit: 9 }), ['k']);
        assert.deepEqual(await keysOf(store, 'c', { term: 'lost', limit: 9 }), []);
      }),
    );

    it(
      'finds rare and frequent terms among thousands',
      withStore(open, async ({ store }) => {
        const keys = Array.from({ length: 6500 }, (_, index) => `k${String(index).padStart(4, '0')}`);
        // Some lie at the end, beyond what a walk along the keys looks at, whether they are many or few.
        for (const [index, key] of keys.entries()) {
          const place = [...(index >= 4200 ? ['tail'] : []), ...(index >= 6400 ? ['end'] : [])];
          await store.put('c', key, index, { terms: ['all', index % 2 ? 'odd' : 'even', ...place] });
        }
        assert.deepEqual(await keysOf(store, 'c', { term: 'end', limit: 30 }), keys.slice(6400));
        assert.deepEqual(await keysOf(store, 'c', { term: 'tail', limit: 500 }), keys.slice(4200));
        assert.deepEqual(
          await keysOf(store, 'c', { term: 'odd', limit: 400 }),
          keys.filter((_, index) => index % 2),
        );
        assert.deepEqual(
          await keysOf(store, 'c', { term: 'a', limit: 1000, prefix: 'k49' }),
          keys.slice(4900, 5000),
        );
      }),
    );

    it(
      'wants a positive limit',
      withStore(open, async ({ store }) => {
        for (const limit of [0, -1, 1.5, Number.NaN]) {
          await assert.rejects(store.list('c', { limit }), { code: 'invalid-request' });
          await assert.rejects(store.read('s', { limit }), { code: 'invalid-request' });
        }
      }),
    );
  });
}
