import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { accepted, mistakes } from './read-text.ts';

const redisOf = (settings: string) => accepted(`masterKeyFile: k\nstore: { redis: ${settings} }`).redis;

const pathsOf = (settings: string): string[] =>
  mistakes(`masterKeyFile: k\nstore: { redis: ${settings} }`).map(({ path }) => path);

describe('a Redis server', () => {
  it('is named by its address alone', () => {
    assert.deepEqual(redisOf('{ url: redis://redis.example }'), {
      at: { host: 'redis.example', port: 6379 },
      database: 0,
      keyPrefix: 'sallyport:',
      commandTimeout: 1,
    });
  });

  it('may have everything in its address', () => {
    const redis = redisOf('{ url: "rediss://gate%40way:a%2Fb@[::1]:7000/3" }');
    assert.deepEqual(redis?.at, { host: '::1', port: 7000 });
    assert.deepEqual([redis?.username, redis?.password?.reveal()], ['gate@way', 'a/b']);
    assert.deepEqual([redis?.database, redis?.tls], [3, { verify: true }]);
    assert.ok(!inspect(redis, { depth: 9 }).includes('a/b'));
    assert.ok(!JSON.stringify(redis).includes('a/b'));
  });

  it('is found by sentinels', () => {
    const redis = redisOf(
      '{ sentinels: ["s1:26379", "[2001:db8::1]:5000"], name: site, sentinelPasswordFile: sp, passwordFile: p, tls: { ca: ca.pem } }',
    );
    assert.deepEqual(redis?.at, {
      name: 'site',
      sentinels: [
        { host: 's1', port: 26379 },
        { host: '2001:db8::1', port: 5000 },
      ],
      passwordFile: '/etc/sallyport/sp',
    });
    assert.equal(redis?.passwordFile, '/etc/sallyport/p');
    assert.deepEqual(redis?.tls, { verify: true, ca: '/etc/sallyport/ca.pem' });
  });

  it('takes its password from a variable', () => {
    const config = accepted('masterKeyFile: k\nstore: { redis: { url: redis://r } }', {
      SALLYPORT_STORE_REDIS_PASSWORD: '0123',
    });
    assert.equal(config.redis?.password?.reveal(), '0123');
  });

  it('needs a master key that every gateway has', () => {
    const text = 'store: { redis: { url: redis://r } }';
    assert.deepEqual(
      mistakes(text).map(({ path }) => path),
      ['masterKeyFile'],
    );
    assert.ok(accepted(text, { SALLYPORT_MASTER_KEY: 'A'.repeat(43) }).redis);
  });

  it('is named in one way, and its settings go together', () => {
    assert.deepEqual(pathsOf('{}'), ['store.redis']);
    assert.deepEqual(pathsOf('{ url: redis://r, sentinels: ["s:1"], name: m }'), ['store.redis.sentinels']);
    assert.deepEqual(pathsOf('{ sentinels: ["s:1"] }'), ['store.redis.name']);
    assert.deepEqual(pathsOf('{ url: redis://r, name: m, sentinelUsername: u }'), [
      'store.redis.name',
      'store.redis.sentinelUsername',
    ]);
    assert.deepEqual(pathsOf('{ url: redis://r, tls: {} }'), ['store.redis.tls']);
    assert.deepEqual(pathsOf('{ url: rediss://r, tls: { cert: c } }'), ['store.redis.tls']);
    assert.deepEqual(pathsOf('{ url: redis://r, password: a, passwordFile: b }'), [
      'store.redis.passwordFile',
    ]);
    assert.deepEqual(pathsOf('{ url: "redis://:a@r", password: b }'), ['store.redis.password']);
    assert.deepEqual(pathsOf('{ url: "redis://u:a@r", username: v }'), ['store.redis.username']);
    assert.deepEqual(pathsOf('{ url: redis://r, username: v }'), ['store.redis.username']);
  });
});
