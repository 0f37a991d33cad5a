import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MaintainedStore } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { openRedis } from './open-redis.ts';

async function endAll(store: MaintainedStore, stream: string, moment: number): Promise<number> {
  let steps = 0;
  for (let after: string | undefined, more = true; more; ) {
    after = await store.endEntries(stream, moment, after);
    more = after !== undefined;
    steps += 1;
  }
  return steps;
}

/** 450 old entries, one of them over already, and two young ones. */
async function check(store: MaintainedStore & { sweep(): Promise<void> }, clock: ManualClock): Promise<void> {
  const values = async (stream: string) =>
    (await store.read<number | string>(stream, { limit: 1_000 })).items.map(({ value }) => value);
  await store.append('s', 'over', { tags: [], expiresAt: clock.now() + 1 });
  for (let index = 0; index < 450; index += 1) {
    await store.append('s', index, {
      tags: ['t:x', 'user:a'],
      ...(index % 2 === 0 ? { expiresAt: clock.now() + 9e9 } : {}),
    });
  }
  await store.append('other', 'theirs', { tags: [] });
  clock.advance(1_000);
  const moment = clock.now();
  await store.append('s', 'young', { tags: ['user:a'] });
  clock.advance(1);
  await store.append('s', 'younger', { tags: ['user:a'], expiresAt: clock.now() + 9e9 });
  assert.equal(await endAll(store, 's', moment), 3);
  assert.deepEqual(await values('s'), ['younger', 'young']);
  assert.deepEqual(await values('other'), ['theirs']);
  assert.deepEqual(
    (await store.read('s', { tags: ['user:a'], limit: 9 })).items.map(({ value }) => value),
    ['younger', 'young'],
  );
  assert.equal(await endAll(store, 'nothing there', moment), 1);
  await assert.rejects(store.endEntries('s', moment, 'nonsense'), { code: 'invalid-request' });
}

describe('entries that are ended before their time', () => {
  it('are read no more, and removed in the end, in the embedded store', async (t) => {
    const clock = new ManualClock();
    const store = await openStore(clock);
    t.after(() => store.close());
    await check(store, clock);
    clock.advance(2 * 86_400_000);
    await store.sweep();
    // Nothing of them is left that could be ended once more.
    assert.equal(await endAll(store, 's', clock.now()), 1);
  });

  it('are read no more in Redis', { skip: missing('redis-server') }, async (t) => {
    const server = await RedisServer.start();
    t.after(() => server.remove());
    const clock = new ManualClock();
    const store = await openRedis(server, clock);
    t.after(() => store.close());
    await check(store, clock);
  });
});
