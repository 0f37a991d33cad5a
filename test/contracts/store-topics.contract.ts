import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json, Store, Subscription } from '../../src/storage/index.ts';
import type { StoreFactory } from './store-factory.ts';
import { withStore } from './with-store.ts';

function listen(store: Store, topic: string): { heard: Json[]; subscription: Subscription } {
  const heard: Json[] = [];
  return { heard, subscription: store.subscribe(topic, { message: (message) => heard.push(message) }) };
}

export function topicsContract(open: StoreFactory): void {
  describe('a topic', () => {
    it(
      'brings messages to every process in order, each once',
      withStore(open, async ({ store, peer, clock, eventually }) => {
        const other = await peer();
        const here = listen(store, 't');
        const there = listen(other, 't');
        const sent: Json[] = [];
        for (let index = 0; index < 20; index += 1) {
          await (index % 3 ? store : other).publish('t', { index });
          sent.push({ index });
        }
        await eventually(() => here.heard.length >= 20 && there.heard.length >= 20);
        clock.advance(1000);
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(here.heard, sent);
        assert.deepEqual(there.heard, sent);
      }),
    );

    it(
      'is heard within 100 ms of another process’s write',
      withStore(open, async ({ store, peer, clock, eventually }) => {
        const other = await peer();
        const there = listen(other, 't');
        await store.publish('t', 1);
        const start = clock.monotonic();
        await eventually(() => there.heard.length === 1);
        assert.ok(clock.monotonic() - start <= 100);
      }),
    );

    it(
      'does not call its listeners inside the call that publishes',
      withStore(open, async ({ store, eventually }) => {
        const { heard } = listen(store, 't');
        const published = store.publish('t', 1);
        assert.deepEqual(heard, []);
        await published;
        await eventually(() => heard.length === 1);
      }),
    );

    it(
      'says nothing to other topics, and nothing of the time before',
      withStore(open, async ({ store, eventually }) => {
        await store.publish('t', 'before');
        const { heard } = listen(store, 't');
        const foreign = listen(store, 'u');
        await store.publish('t', 'after');
        await eventually(() => heard.length > 0);
        assert.deepEqual(heard, ['after']);
        assert.deepEqual(foreign.heard, []);
      }),
    );

    it(
      'is silent once the subscription is closed',
      withStore(open, async ({ store, eventually }) => {
        const closed = listen(store, 't');
        const kept = listen(store, 't');
        closed.subscription.close();
        closed.subscription.close();
        await store.publish('t', 1);
        await eventually(() => kept.heard.length === 1);
        assert.deepEqual(closed.heard, []);
      }),
    );

    it(
      'announces a write exactly when it happened',
      withStore(open, async ({ store, eventually }) => {
        const { heard } = listen(store, 't');
        const version = await store.put('c', 'k', 1, { announce: { topic: 't', message: 'put' } });
        await assert.rejects(
          store.put('c', 'k', 2, { ifVersion: 'absent', announce: { topic: 't', message: 'lost' } }),
          { code: 'conflict' },
        );
        await assert.rejects(
          store.delete('c', 'k', { ifVersion: version + 1, announce: { topic: 't', message: 'lost' } }),
          { code: 'conflict' },
        );
        await store.delete('c', 'k', { announce: { topic: 't', message: 'deleted' } });
        await store.publish('t', 'end');
        await eventually(() => heard.includes('end'));
        assert.deepEqual(heard, ['put', 'deleted', 'end']);
      }),
    );

    it(
      'shows the announced document to whoever hears of it',
      withStore(open, async ({ store, peer, eventually }) => {
        const other = await peer();
        const seen: unknown[] = [];
        other.subscribe('t', {
          message: () => {
            other.get('c', 'k').then((document) => seen.push(document?.value));
          },
        });
        await store.put('c', 'k', 'new', { announce: { topic: 't', message: null } });
        await eventually(() => seen.length === 1);
        assert.deepEqual(seen, ['new']);
      }),
    );

    it(
      'reaches the others when one listener throws',
      withStore(open, async ({ store, eventually }) => {
        store.subscribe('t', {
          message() {
            throw new Error('a mistake in a listener');
          },
        });
        const { heard } = listen(store, 't');
        await store.publish('t', 1);
        await store.publish('t', 2);
        await eventually(() => heard.length === 2);
      }),
    );

    it(
      'can be closed and opened from within a listener',
      withStore(open, async ({ store, eventually }) => {
        const heard: Json[] = [];
        const first = store.subscribe('t', {
          message(message) {
            heard.push(message);
            first.close();
            store.subscribe('t', { message: (next) => heard.push(['inner', next]) });
          },
        });
        await store.publish('t', 1);
        await eventually(() => heard.length === 1);
        await store.publish('t', 2);
        await eventually(() => heard.length === 2);
        assert.deepEqual(heard, [1, ['inner', 2]]);
      }),
    );
  });

  describe('health', () => {
    it(
      'is good while open; once closed, everything is refused as unavailable',
      withStore(open, async ({ store }) => {
        assert.deepEqual(await store.health(), { ok: true });
        await store.close();
        await store.close();
        const unavailable = { name: 'GatewayError', code: 'store-unavailable' };
        assert.equal((await store.health()).ok, false);
        await assert.rejects(store.get('c', 'k'), unavailable);
        await assert.rejects(store.put('c', 'k', 1), unavailable);
        await assert.rejects(store.delete('c', 'k'), unavailable);
        await assert.rejects(store.publish('t', 1), unavailable);
      }),
    );
  });
}
