import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RedisStore } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { openRedis } from './open-redis.ts';

/** A store whose connection of messages can be stalled, on a clock that only the test moves. */
async function openOnManualClock(t: TestContext) {
  const server = await RedisServer.start();
  t.after(() => server.remove());
  const proxy = await TcpProxy.start(server.port);
  t.after(() => proxy.remove());
  const clock = new ManualClock();
  const store = await openRedis(server, clock, { at: { host: '127.0.0.1', port: proxy.port } });
  t.after(() => store.close());
  // The connection of writes is known by its scripts.
  await store.publish('anything', null);
  const told: string[] = [];
  const subscription = store.subscribe('t', {
    message: (message) => told.push(String(message)),
    deaf: () => told.push('deaf'),
    hearing: () => told.push('hearing'),
  });
  const ears = proxy.connections.find(({ sent }) => /subscribe/i.test(sent));
  const ways = proxy.connections.find(({ sent }) => /evalsha/i.test(sent));
  assert.ok(ears && ways);
  return { server, clock, store, told, subscription, ears, ways };
}

/** Resolves when what was sent so far has been answered, on the connection of messages too. */
async function settled(store: RedisStore): Promise<void> {
  // First the way of heartbeats, then the way on which they come back.
  await store.publish('anything', null);
  assert.deepEqual(await store.health(), { ok: true });
}

describe('who listens to Redis', { skip: missing('redis-server') }, () => {
  it('hears as long as one heartbeat in 750 ms arrives', async (t) => {
    const { clock, store, told, subscription } = await openOnManualClock(t);
    for (let beat = 0; beat < 20; beat += 1) {
      clock.advance(250);
      await settled(store);
    }
    assert.deepEqual(told, []);
    assert.equal(subscription.deaf, false);
  });

  it('is deaf 750 ms after the last heartbeat that arrived was sent, not a moment later', async (t) => {
    const { clock, store, told, ears } = await openOnManualClock(t);
    clock.advance(250);
    await settled(store);
    ears.stall();
    clock.advance(749);
    assert.deepEqual(told, []);
    clock.advance(1);
    assert.deepEqual(told, ['deaf']);
  });

  it('hears again with the first heartbeat that comes in time, and what was held up', async (t) => {
    const { clock, store, told, ears, subscription } = await openOnManualClock(t);
    ears.stall();
    clock.advance(1000);
    assert.deepEqual(told, ['deaf']);
    assert.equal(subscription.deaf, true);
    await store.publish('t', 'held up');
    ears.flow();
    await settled(store);
    // Which comes first depends on the order in which they were sent; nothing is lost.
    assert.deepEqual(told.toSorted(), ['deaf', 'hearing', 'held up']);
    assert.equal(subscription.deaf, false);
  });

  it('stays deaf while heartbeats come late: so do messages', async (t) => {
    const { clock, store, told, ears, ways } = await openOnManualClock(t);
    // From now on the server knows the script of heartbeats, and one is one round trip.
    clock.advance(250);
    await settled(store);
    await settled(store);
    ears.stall();
    clock.advance(250);
    await store.publish('anything', null);
    ears.received = '';
    ways.stall();
    clock.advance(750);
    ears.flow();
    await store.get('c', 'k');
    const beat = /message\r\n\$\d+\r\nsallyport:heart:/;
    for (let tries = 0; tries < 2000 && !beat.test(ears.received); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.match(ears.received, beat);
    // On its way through the proxy it was before this answer, on another connection of the same process.
    await store.get('c', 'k');
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(told, ['deaf']);
    ways.flow();
    await settled(store);
    assert.deepEqual(told, ['deaf', 'hearing']);
  });

  it('is deaf where heartbeats can’t be sent: what others send may not arrive either', async (t) => {
    const { clock, store, told, server } = await openOnManualClock(t);
    await settled(store);
    server.freeze();
    clock.advance(750);
    assert.deepEqual(told, ['deaf']);
    server.thaw();
  });

  it('has one audience for each process, whatever it subscribes to', async (t) => {
    const { store, server } = await openOnManualClock(t);
    for (let number = 0; number < 50; number += 1) store.subscribe(`topic-${number}`, { message: () => {} });
    assert.deepEqual(await server.command('PUBSUB', 'NUMSUB', 'sallyport:topics'), ['sallyport:topics', 1]);
    assert.equal(((await server.command('PUBSUB', 'CHANNELS')) as unknown[]).length, 2);
  });
});
