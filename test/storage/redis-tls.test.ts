import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import type { RedisTls } from '../../src/storage/index.ts';
import { makeCertificate } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { openRedis } from './open-redis.ts';

describe('a Redis that speaks TLS', { skip: missing('redis-server', 'openssl') }, () => {
  const folder = scratchFolder();
  let server: RedisServer;
  let port: number;
  let right: RedisTls;

  before(async () => {
    const names = ['DNS:redis.example', 'DNS:localhost'];
    const own = makeCertificate(folder.path, 'redis', 'redis.example', { names });
    const client = makeCertificate(folder.path, 'client', 'gateway');
    port = await freePort();
    server = await RedisServer.start({
      config: [
        `tls-port ${port}`,
        `tls-cert-file ${own.cert}`,
        `tls-key-file ${own.key}`,
        `tls-ca-cert-file ${client.cert}`,
        'user gateway on >hunter2 ~* &* +@all',
      ],
    });
    right = {
      verify: true,
      ca: readFileSync(own.cert, 'utf8'),
      cert: readFileSync(client.cert, 'utf8'),
      key: readFileSync(client.key, 'utf8'),
      serverName: 'redis.example',
    };
  });
  after(async () => {
    await server.remove();
    folder.remove();
  });

  const open = (tls: RedisTls) =>
    openRedis(server, systemClock, {
      at: { host: '127.0.0.1', port },
      username: 'gateway',
      password: { reveal: () => 'hunter2' },
      database: 3,
      tls,
    });

  it('is used with its certificate, ours, a user and a database', async (t) => {
    const store = await open(right);
    t.after(() => store.close());
    await store.put('c', 'k', 1);
    assert.equal((await store.get('c', 'k'))?.value, 1);
    assert.match(String(await server.command('INFO', 'keyspace')), /^db3:/m);
    assert.deepEqual(await store.health(), { ok: true });
  });

  it('is refused when its certificate is not to be trusted, or is another’s, and takes nobody without one', async () => {
    const { ca: _, ...untrusting } = right;
    const { cert: __, key: ___, ...anonymous } = right;
    for (const [tls, reason] of [
      [untrusting, /self-signed|unable to/i],
      [{ ...right, serverName: 'other.example' }, /other\.example/],
      [anonymous, /certificate required|closed|reset|EPIPE/i],
    ] as const) {
      const failure: unknown = await open(tls).catch((error: unknown) => error);
      assert.ok(failure instanceof Error);
      assert.match(String(failure.cause), reason);
      assert.doesNotMatch(inspect(failure, { depth: 9 }), /hunter2|PRIVATE KEY/);
    }
  });

  it('is used unseen only by who says so', async (t) => {
    const { ca: _, serverName: __, ...rest } = right;
    const store = await open({ ...rest, verify: false });
    t.after(() => store.close());
    assert.deepEqual(await store.health(), { ok: true });
  });
});
