import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { GatewayError } from '../../src/errors.ts';
import { systemRandom } from '../../src/random.ts';
import {
  type Json,
  openInstallation,
  type RedisStore,
  type RedisStoreOptions,
} from '../../src/storage/index.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer, type RedisServerOptions } from '../support/redis-server.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { openRedis } from './open-redis.ts';

const unavailable = { name: 'GatewayError', code: 'store-unavailable' };

async function startServer(t: TestContext, options?: RedisServerOptions): Promise<RedisServer> {
  const server = await RedisServer.start(options);
  t.after(() => server.remove());
  return server;
}

async function open(
  t: TestContext,
  server: RedisServer,
  options: Partial<RedisStoreOptions> = {},
): Promise<RedisStore> {
  const store = await openRedis(server, systemClock, { commandTimeout: 300, ...options });
  t.after(() => store.close());
  return store;
}

/** What happens to a subscriber, in order, and a way to wait for it. */
function listen(store: RedisStore, topic: string) {
  const told: Json[] = [];
  let wake = (): void => {};
  const tell = (what: Json): void => {
    told.push(what);
    wake();
  };
  const subscription = store.subscribe(topic, {
    message: tell,
    deaf: () => tell('deaf'),
    hearing: () => tell('hearing'),
  });
  return {
    told,
    subscription,
    async until(what: Json): Promise<void> {
      while (!told.includes(what)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
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

/** Resolves when `call` fails for this reason, however often it fails for others before. */
async function failsFor(call: () => Promise<unknown>, reason: RegExp): Promise<void> {
  for (let tries = 0; tries < 2000; tries += 1) {
    const failure = await call().then(
      () => assert.fail('it does not fail'),
      (error: unknown) => error,
    );
    if (failure instanceof GatewayError && reason.test(String(failure.cause))) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail('it never fails for that');
}

/** How often this server has run scripts. */
async function scriptsRun(server: RedisServer): Promise<number> {
  const stats = String(await server.command('INFO', 'commandstats'));
  const calls = [...stats.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)];
  return calls.reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('a Redis that fails', { skip: missing('redis-server') }, () => {
  it('is told at once when it was killed, and used again when it is back, with all that was acknowledged', async (t) => {
    const server = await startServer(t, { persistent: true });
    const store = await open(t, server);
    const { until, told } = listen(store, 't');
    await store.put('c', 'kept', 'before');
    await server.kill();
    await until('deaf');
    await assert.rejects(store.get('c', 'kept'), unavailable);
    await assert.rejects(store.put('c', 'k', 1), unavailable);
    await assert.rejects(store.publish('t', 1), unavailable);
    assert.equal((await store.health()).ok, false);
    await server.restart();
    assert.equal((await eventually(() => store.get('c', 'kept')))?.value, 'before');
    await until('hearing');
    await eventually(() => store.publish('t', 'again'));
    await until('again');
    assert.deepEqual(told, ['deaf', 'hearing', 'again']);
    assert.deepEqual(await store.health(), { ok: true });
  });

  it('is told within the time of a command when it is frozen, at once from then on, and used again after', async (t) => {
    const server = await startServer(t);
    const store = await open(t, server);
    const { until } = listen(store, 't');
    const version = await store.put('c', 'k', 0);
    server.freeze();
    await assert.rejects(store.put('c', 'k', 1), unavailable);
    await assert.rejects(store.get('c', 'k'), unavailable);
    await until('deaf');
    server.thaw();
    await until('hearing');
    const found = await eventually(() => store.get<number>('c', 'k'));
    // Whether the frozen write has happened nobody knows, but never twice.
    assert.ok(found?.version === version || found?.version === version + 1);
  });

  it('never gets a command twice, however slow it is', async (t) => {
    const server = await startServer(t);
    const store = await open(t, server, { commandTimeout: 100 });
    // Scripts that it has not seen are sent again in full; these it has.
    const version = await store.put('c', 'k', 0);
    await server.command('CLIENT', 'PAUSE', 600, 'WRITE');
    const outcomes = await Promise.allSettled([1, 2, 3].map((value) => store.put('c', 'k', value)));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );
    await server.command('CLIENT', 'UNPAUSE');
    const after = await eventually(() => store.put('c', 'k', 4));
    assert.ok(after <= version + 4);
  });

  it('is told when it takes no writes, and used again when it does', async (t) => {
    const server = await startServer(t);
    const store = await open(t, server);
    await store.put('c', 'k', 1);
    await server.command('REPLICAOF', '127.0.0.1', 1);
    await assert.rejects(store.put('c', 'k', 2), unavailable);
    assert.equal((await store.health()).ok, false);
    await server.command('REPLICAOF', 'NO', 'ONE');
    await eventually(() => store.put('c', 'k', 3));
    assert.equal((await store.get('c', 'k'))?.value, 3);
  });

  it('is told when its memory is full: nothing is thrown away', async (t) => {
    const server = await startServer(t);
    const store = await open(t, server);
    await store.put('c', 'k', 1);
    await server.command('CONFIG', 'SET', 'maxmemory', 1);
    await assert.rejects(store.put('c', 'k', 2), unavailable);
    assert.equal((await store.get('c', 'k'))?.value, 1);
    await server.command('CONFIG', 'SET', 'maxmemory', 0);
    await store.put('c', 'k', 3);
  });

  it('that came back empty is no store: neither for who runs nor for who starts', async (t) => {
    const server = await startServer(t);
    const store = await open(t, server);
    const masterKey = {
      kind: 'text' as const,
      place: 'a text',
      text: { reveal: () => 'A'.repeat(43) },
    };
    const parts = { masterKey, clock: systemClock, random: systemRandom };
    await assert.rejects(openInstallation({ store, ...parts }), { code: 'store-not-initialised' });
    const { installation } = await openInstallation({ store, ...parts, initialise: true });
    const { until, told } = listen(store, 't');
    await store.put('c', 'k', 1, { announce: { topic: 't', message: 'put' } });
    await until('put');

    await server.restart({ empty: true });
    await until('deaf');
    // Once there is a connection again, what is missing is the installation.
    await failsFor(() => store.list('c', { limit: 1 }), /VANISHED/);
    await assert.rejects(store.get('c', 'k'), unavailable);
    await assert.rejects(store.getMany('c', ['k']), unavailable);
    await assert.rejects(store.put('c', 'k', 2), unavailable);
    await assert.rejects(store.delete('c', 'k'), unavailable);
    await assert.rejects(store.append('s', 1, { tags: [] }), unavailable);
    await assert.rejects(store.read('s', { limit: 1 }), unavailable);
    await assert.rejects(store.publish('t', 'lost'), unavailable);
    assert.equal((await store.health()).ok, false);
    assert.deepEqual(told, ['put', 'deaf']);
    assert.equal(await server.command('DBSIZE'), 0);

    const starting = await open(t, server);
    await assert.rejects(openInstallation({ store: starting, ...parts }), { code: 'store-not-initialised' });

    // Another site in its place is not this one either.
    const other = await openInstallation({ store: starting, ...parts, initialise: true });
    assert.notEqual(other.installation.id, installation.id);
    await assert.rejects(store.get('c', 'k'), unavailable);
  });

  it('that cannot be reached, or asks for another password, keeps nobody waiting and no secret', async (t) => {
    const server = await startServer(t, { password: 'hunter2-correct-horse' });
    for (const password of [undefined, 'hunter2-wrong-horse']) {
      const options = password === undefined ? {} : { password: { reveal: () => password } };
      const failure = await openRedis(server, systemClock, {
        ...options,
        at: { host: '127.0.0.1', port: server.port },
        ...(password === undefined ? { password: { reveal: () => '' } } : {}),
      }).catch((error: unknown) => error);
      assert.ok(failure instanceof GatewayError);
      assert.equal(failure.code, 'store-unavailable');
      assert.match(String(failure.cause), /redis:\/\/127\.0\.0\.1:\d+: (?:WRONGPASS|NOAUTH)/);
      assert.doesNotMatch(inspect(failure, { depth: 9, showHidden: true }), /hunter2/);
    }
    await server.stop();
    await assert.rejects(openRedis(server, systemClock), unavailable);
    await assert.rejects(
      openRedis(server, systemClock, {
        at: { name: 'site', sentinels: [{ host: '127.0.0.1', port: server.port }] },
      }),
      unavailable,
    );
  });

  it('gives no argument of a command away in its errors', async (t) => {
    const server = await startServer(t);
    const store = await open(t, server);
    await server.command('CONFIG', 'SET', 'maxmemory', 1);
    const failure = await store.put('c', 'k', { secret: 'hunter2' }).catch((error: unknown) => error);
    assert.doesNotMatch(inspect(failure, { depth: 9, showHidden: true }), /hunter2/);
  });

  it('is refused when it could throw records away', async (t) => {
    const server = await startServer(t, { config: ['maxmemory-policy allkeys-lru'] });
    await assert.rejects(openRedis(server, systemClock), {
      code: 'store-may-evict',
      params: { place: `redis://127.0.0.1:${server.port}`, policy: 'allkeys-lru' },
    });
  });

  it('is refused when it comes back so that it could throw records away', async (t) => {
    const server = await startServer(t);
    const warnings: string[] = [];
    let warned = (): void => {};
    const heard = new Promise<void>((resolve) => {
      warned = resolve;
    });
    const store = await open(t, server, {
      warn(warning) {
        warnings.push(warning);
        if (/allkeys-lru/.test(warning)) warned();
      },
    });
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await server.command('CLIENT', 'KILL', 'TYPE', 'normal');
    await heard;
    await assert.rejects(store.get('c', 'k'), unavailable);
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await server.command('CLIENT', 'KILL', 'TYPE', 'normal');
    await eventually(() => store.get('c', 'k'));
  });

  it('is warned of when it keeps nothing', async (t) => {
    const warningsOf = async (config: string[]): Promise<string[]> => {
      const server = await startServer(t, { config });
      const warnings: string[] = [];
      await open(t, server, { warn: (warning) => warnings.push(warning) });
      return warnings;
    };
    assert.match((await warningsOf([])).join(), /writes nothing to disk/);
    assert.deepEqual(await warningsOf(['save 60 1']), []);
    assert.deepEqual(await warningsOf(['appendonly yes']), []);
    assert.match((await warningsOf(['rename-command CONFIG ""'])).join(), /CONFIG is not allowed/);
  });

  it('is told within a second when messages silently stop arriving, and again when they do', async (t) => {
    const server = await startServer(t);
    const proxy = await TcpProxy.start(server.port);
    t.after(() => proxy.remove());
    const store = await open(t, server, { at: { host: '127.0.0.1', port: proxy.port } });
    const { until, subscription } = listen(store, 't');
    const ears = proxy.connections.find(({ sent }) => /subscribe/i.test(sent));
    ears?.stall();
    await until('deaf');
    assert.equal(subscription.deaf, true);
    // Nobody else is concerned, and a new connection is made for the dead one.
    await store.put('c', 'k', 1);
    await until('hearing');
    await store.publish('t', 'here');
    await until('here');
    assert.equal(subscription.deaf, false);
  });

  it('that lost the connection of messages alone is heard again on another', async (t) => {
    const server = await startServer(t);
    const store = await open(t, server);
    const { until, told } = listen(store, 't');
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until('hearing');
    await store.publish('t', 'here');
    await until('here');
    assert.deepEqual(told, ['deaf', 'hearing', 'here']);
  });

  it('forgets scripts without anybody noticing', async (t) => {
    const server = await startServer(t);
    const store = await open(t, server);
    const version = await store.put('c', 'k', 1);
    await server.command('SCRIPT', 'FLUSH');
    const before = await scriptsRun(server);
    assert.equal(await store.put('c', 'k', 2), version + 1);
    assert.ok((await scriptsRun(server)) > before);
  });
});
