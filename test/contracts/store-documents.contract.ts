import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/storage/index.ts';
import type { StoreFactory } from './store-factory.ts';
import { withStore } from './with-store.ts';

const conflict = { name: 'GatewayError', code: 'conflict' };

export function documentsContract(open: StoreFactory): void {
  describe('documents', () => {
    it(
      'come back as they were put',
      withStore(open, async ({ store }) => {
        const values: Json[] = [
          null,
          true,
          0,
          -1.5,
          '',
          'ü\0\ud83d\ude00',
          [],
          [1, [2]],
          {},
          { a: { b: null } },
        ];
        for (const value of values) {
          const version = await store.put('c', 'default/k', value);
          assert.deepEqual(await store.get('c', 'default/k'), { key: 'default/k', value, version });
        }
      }),
    );

    it(
      'are not there before they are put, in that collection and under that very key',
      withStore(open, async ({ store }) => {
        await store.put('c', 'default/k', 1);
        for (const [collection, key] of [
          ['d', 'default/k'],
          ['c', 'default/K'],
          ['c', 'default/k '],
          ['c', 'default'],
        ] as const) {
          assert.equal(await store.get(collection, key), undefined);
        }
      }),
    );

    it(
      'are not shared with whoever put or got them',
      withStore(open, async ({ store }) => {
        const value = { list: [1] };
        await store.put('c', 'k', value);
        value.list.push(2);
        const got = await store.get<{ list: number[] }>('c', 'k');
        got?.value.list.push(3);
        assert.deepEqual((await store.get('c', 'k'))?.value, { list: [1] });
      }),
    );

    it(
      'count their version up by one with each write',
      withStore(open, async ({ store }) => {
        const first = await store.put('c', 'k', 'a');
        assert.equal(await store.put('c', 'k', 'b'), first + 1);
        assert.equal(await store.put('c', 'k', 'b', { ifVersion: first + 1 }), first + 2);
        assert.equal((await store.get('c', 'k'))?.version, first + 2);
      }),
    );

    it(
      'are only written at the version that was named',
      withStore(open, async ({ store }) => {
        const first = await store.put('c', 'k', 'a');
        await store.put('c', 'k', 'b');
        await assert.rejects(store.put('c', 'k', 'lost', { ifVersion: first }), conflict);
        await assert.rejects(store.put('c', 'other', 'lost', { ifVersion: first }), conflict);
        await assert.rejects(store.delete('c', 'k', { ifVersion: first }), conflict);
        await assert.rejects(store.delete('c', 'other', { ifVersion: first }), conflict);
        assert.equal((await store.get('c', 'k'))?.value, 'b');
        assert.equal(await store.get('c', 'other'), undefined);
      }),
    );

    it(
      'are only created where "absent" holds',
      withStore(open, async ({ store }) => {
        await store.put('c', 'k', 'a', { ifVersion: 'absent' });
        await assert.rejects(store.put('c', 'k', 'b', { ifVersion: 'absent' }), conflict);
        await store.delete('c', 'k');
        await store.put('c', 'k', 'c', { ifVersion: 'absent' });
        assert.equal((await store.get('c', 'k'))?.value, 'c');
      }),
    );

    it(
      'created anew are never at a version that their deleted namesake had',
      withStore(open, async ({ store }) => {
        const old = await store.put('c', 'k', 'old');
        await store.delete('c', 'k');
        await store.put('c', 'k', 'new');
        await assert.rejects(store.put('c', 'k', 'late', { ifVersion: old }), conflict);
      }),
    );

    it(
      'let one of many writers win',
      withStore(open, async ({ store, peer }) => {
        const other = await peer();
        const version = await store.put('c', 'k', 0);
        const tries = Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? store : other).put('c', 'k', index, { ifVersion: version }),
        );
        const outcomes = await Promise.allSettled(tries);
        assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
      }),
    );

    it(
      'say whether one was there to delete',
      withStore(open, async ({ store }) => {
        assert.equal(await store.delete('c', 'k'), false);
        const version = await store.put('c', 'k', 1);
        assert.equal(await store.delete('c', 'k', { ifVersion: version }), true);
        assert.equal(await store.get('c', 'k'), undefined);
        assert.equal(await store.delete('c', 'k'), false);
      }),
    );

    it(
      'expire at their instant, for reading, deleting and "absent" alike',
      withStore(open, async ({ store, clock }) => {
        const expiresAt = clock.now() + 1000;
        const version = await store.put('c', 'k', 1, { expiresAt });
        clock.advance(999);
        assert.deepEqual(await store.get('c', 'k'), { key: 'k', value: 1, version, expiresAt });
        await assert.rejects(store.put('c', 'k', 2, { ifVersion: 'absent' }), conflict);
        clock.advance(1);
        assert.equal(await store.get('c', 'k'), undefined);
        assert.deepEqual(await store.getMany('c', ['k']), [undefined]);
        assert.equal(await store.delete('c', 'k'), false);
        await store.put('c', 'k', 3, { expiresAt });
        await assert.rejects(store.put('c', 'k', 4, { ifVersion: version }), conflict);
        await store.put('c', 'k', 5, { ifVersion: 'absent' });
        assert.equal((await store.get('c', 'k'))?.value, 5);
      }),
    );

    it(
      'that expired can’t be deleted at their version',
      withStore(open, async ({ store, clock }) => {
        const version = await store.put('c', 'k', 1, { expiresAt: clock.now() + 1 });
        clock.advance(1);
        await assert.rejects(store.delete('c', 'k', { ifVersion: version }), conflict);
      }),
    );

    it(
      'come back when the clock is set back, unless they were replaced',
      withStore(open, async ({ store, clock }) => {
        const start = clock.now();
        await store.put('c', 'k', 1, { expiresAt: start + 1000 });
        clock.jump(start + 2000);
        assert.equal(await store.get('c', 'k'), undefined);
        clock.jump(start + 500);
        assert.equal((await store.get('c', 'k'))?.value, 1);
      }),
    );

    it(
      'take their expiry from the latest put alone',
      withStore(open, async ({ store, clock }) => {
        await store.put('c', 'k', 1, { expiresAt: clock.now() + 10 });
        await store.put('c', 'k', 2);
        clock.advance(100);
        assert.deepEqual((await store.get('c', 'k'))?.value, 2);
      }),
    );

    it(
      'are got together in the order asked for',
      withStore(open, async ({ store, clock }) => {
        await store.put('c', 'a', 1);
        await store.put('c', 'b', 2);
        await store.put('c', 'gone', 3, { expiresAt: clock.now() });
        const found = await store.getMany('c', ['b', 'x', 'a', 'gone', 'b']);
        assert.deepEqual(
          found.map((document) => document?.value),
          [2, undefined, 1, undefined, 2],
        );
        assert.deepEqual(await store.getMany('c', []), []);
      }),
    );

    it(
      'are seen at once by another process',
      withStore(open, async ({ store, peer }) => {
        const other = await peer();
        const version = await store.put('c', 'k', 1);
        assert.deepEqual(await other.get('c', 'k'), { key: 'k', value: 1, version });
        await other.put('c', 'k', 2, { ifVersion: version });
        assert.equal((await store.get('c', 'k'))?.value, 2);
      }),
    );

    it(
      'refuse names that would not come back as they are',
      withStore(open, async ({ store }) => {
        for (const name of ['', 'a\0b', '\ud800', 'x\udc00y']) {
          const refused = { name: 'GatewayError', code: 'invalid-request' };
          await assert.rejects(store.put('c', name, 1), refused);
          await assert.rejects(store.put(name, 'k', 1), refused);
          await assert.rejects(store.put('c', 'k', 1, { terms: [name] }), refused);
          await assert.rejects(store.append('s', 1, { tags: [name] }), refused);
          await assert.rejects(store.publish(name, 1), refused);
          assert.equal(await store.get('c', name), undefined);
        }
      }),
    );
  });
}
