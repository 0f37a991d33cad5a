import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { GatewayError } from '../../src/errors.ts';
import type { RedisStore, RedisStoreOptions } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { missing } from '../support/real-part.ts';
import { RedisSentinels } from '../support/redis-sentinel.ts';
import { inStep, RedisServer } from '../support/redis-server.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { openRedis } from './open-redis.ts';

const unavailable = { name: 'GatewayError', code: 'store-unavailable' };

/** Resolves when `condition` holds; rejects after twenty seconds, or a failed test would never end. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2000; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('this never happened');
}

/** Resolves to what `call` resolves to as soon as it does, however often it is unavailable before. */
async function eventually<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof GatewayError && error.code === 'store-unavailable') || tries > 2000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

describe('a Redis with a replica', { skip: missing('redis-server') }, () => {
  let master: RedisServer;
  let replica: RedisServer;

  before(async () => {
    master = await RedisServer.start();
    replica = await RedisServer.start({ replicaOf: master });
    await inStep(master, replica);
  });
  after(async () => {
    await replica.remove();
    await master.remove();
  });

  const open = async (t: TestContext, options: Partial<RedisStoreOptions> = {}): Promise<RedisStore> => {
    const store = await openRedis(master, systemClock, { commandTimeout: 600, ...options });
    t.after(() => store.close());
    return store;
  };

  it('has everything on the replica by the time that a write is acknowledged', async (t) => {
    const store = await open(t);
    const connection = replica.connect();
    t.after(() => connection.disconnect());
    for (let number = 0; number < 50; number += 1) {
      await store.put('c', `k${number}`, number);
      assert.match(String(await connection.get(`sallyport:d:c:k${number}`)), new RegExp(`\n${number}\n`));
    }
    await Promise.all(Array.from({ length: 50 }, (_, number) => store.delete('c', `k${number}`)));
    assert.deepEqual(await connection.keys('sallyport:d:c:*'), []);
  });

  it('acknowledges nothing that a replica does not say it has, until that counts as gone', async (t) => {
    const warnings: string[] = [];
    const clock = new ManualClock();
    const store = await open(t, { clock, warn: (warning) => warnings.push(warning) });
    /** Lets the store look at the replicas as often as it does in so many milliseconds. */
    const pass = async (milliseconds: number): Promise<void> => {
      for (let passed = 0; passed < milliseconds; passed += 250) {
        clock.advance(250);
        await store.publish('anything', null);
      }
    };
    await store.put('c', 'k', 1);
    replica.freeze();
    t.after(() => replica.thaw());
    await assert.rejects(store.put('c', 'k', 2), unavailable);
    // Perhaps it was promoted: then what this server takes is lost.
    const before = await store.get('c', 'k');
    await pass(4750);
    await assert.rejects(store.put('c', 'k', 3), unavailable);
    assert.deepEqual(await store.get('c', 'k'), before);
    // Nobody took over. One frozen machine must not stop every sign-in for ever.
    await pass(500);
    await store.put('c', 'k', 4);
    assert.match(warnings.join(), /writes are on 1 server alone/);
    replica.thaw();
    await inStep(master, replica);
    await pass(500);
    assert.match(warnings.join(), /writes are on 2 servers/);
    await store.put('c', 'k', 5);
    const connection = replica.connect();
    t.after(() => connection.disconnect());
    assert.match(String(await connection.get('sallyport:d:c:k')), /\n5\n/);
  });

  it('lets reads through while a write waits for the replica', async (t) => {
    const store = await open(t, { commandTimeout: 2000 });
    await store.put('c', 'k', 1);
    replica.freeze();
    t.after(() => replica.thaw());
    let settled = false;
    const writing = store.put('c', 'k', 2).then(
      () => {
        settled = true;
      },
      () => {
        settled = true;
      },
    );
    await store.get('c', 'k');
    await store.list('c', { limit: 1 });
    assert.equal(settled, false);
    replica.thaw();
    await writing;
  });
});

describe('a Redis that sentinels watch', { skip: missing('redis-server') }, () => {
  /** Claims one key after another, and keeps those that were acknowledged. */
  function claimer(t: TestContext, store: RedisStore) {
    const acknowledged: string[] = [];
    let refused = 0;
    let stopped = false;
    const work = (async () => {
      for (let number = 0; !stopped; number += 1) {
        try {
          await store.put('claims', `k${number}`, number, { ifVersion: 'absent' });
          acknowledged.push(`k${number}`);
        } catch (error) {
          assert.ok(error instanceof GatewayError && error.code === 'store-unavailable');
          refused += 1;
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    t.after(() => {
      stopped = true;
    });
    return {
      acknowledged,
      get refused() {
        return refused;
      },
      async stop() {
        stopped = true;
        await work;
      },
    };
  }

  async function openSite(t: TestContext) {
    const site = await RedisSentinels.start();
    t.after(() => site.remove());
    const store = await openRedis(await site.master(), systemClock, {
      at: { name: site.name, sentinels: site.addresses },
      commandTimeout: 500,
    });
    t.after(() => store.close());
    const told: string[] = [];
    store.subscribe('t', {
      message: (message) => told.push(String(message)),
      deaf: () => told.push('deaf'),
      hearing: () => told.push('hearing'),
    });
    return { site, store, told };
  }

  async function missingOf(store: RedisStore, keys: readonly string[]): Promise<string[]> {
    const found = await eventually(() => store.getMany('claims', keys));
    return keys.filter((_, index) => found[index] === undefined);
  }

  it('loses nothing acknowledged when its master is killed, and needs no restart', async (t) => {
    const { site, store, told } = await openSite(t);
    const claims = claimer(t, store);
    const old = await site.master();
    await until(() => claims.acknowledged.length >= 30);
    await old.kill();
    await site.failedOver(old);
    const before = claims.acknowledged.length;
    await until(() => claims.acknowledged.length >= before + 10);
    await claims.stop();
    assert.ok(claims.refused > 0);
    assert.deepEqual(await missingOf(store, claims.acknowledged), []);
    await until(() => told.at(-1) === 'hearing');
    await eventually(() => store.publish('t', 'on the new one'));
    await until(() => told.includes('on the new one'));
    assert.equal(told[0], 'deaf');
  });

  it('loses nothing acknowledged when another is promoted while the master lives on', async (t) => {
    const { site, store, told } = await openSite(t);
    const claims = claimer(t, store);
    await until(() => claims.acknowledged.length >= 30);
    const promoted = await site.failOver();
    const connection = promoted.connect();
    t.after(() => connection.disconnect());
    // The old one goes on taking writes for up to ten seconds, until a sentinel tells it.
    await eventually(() => store.put('claims', 'marker', 1));
    await until(async () => (await connection.exists('sallyport:d:claims:marker')) === 1);
    await claims.stop();
    assert.deepEqual(await missingOf(store, claims.acknowledged), []);
    assert.ok(told.includes('deaf'));
  });

  it('acknowledges nothing for as long as a replica is lost and most sentinels are silent', async (t) => {
    const site = await RedisSentinels.start({ downAfter: 60_000 });
    t.after(() => site.remove());
    const clock = new ManualClock();
    const [one, ...others] = site.addresses;
    assert.ok(one);
    const proxies = await Promise.all(others.map(({ port }) => TcpProxy.start(port)));
    t.after(() => Promise.all(proxies.map((proxy) => proxy.remove())));
    const sentinels = [one, ...proxies.map(({ port }) => ({ host: '127.0.0.1', port }))];
    const store = await openRedis(await site.master(), clock, {
      at: { name: site.name, sentinels },
      commandTimeout: 500,
    });
    t.after(() => store.close());
    const pass = async (milliseconds: number): Promise<void> => {
      for (let passed = 0; passed < milliseconds; passed += 250) {
        clock.advance(250);
        await store.publish('anything', null);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await pass(1000);
    await store.put('c', 'k', 1);
    await site.servers[1]?.kill();
    for (const proxy of proxies) proxy.stall();
    // This may be the smaller part of a network that was split.
    await pass(20_000);
    await assert.rejects(store.put('c', 'k', 2), unavailable);
    assert.equal((await store.health()).ok, false);
    for (const proxy of proxies) proxy.flow();
    await until(async () => {
      await pass(250);
      return store.put('c', 'k', 3).then(
        () => true,
        () => false,
      );
    });
    assert.deepEqual(await store.health(), { ok: true });
  });
});
