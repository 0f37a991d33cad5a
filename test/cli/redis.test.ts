import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { commandSite } from './command-site.ts';
import { openSiteRooms } from './site-rooms.ts';

const password = 'correct horse battery staple';

describe('the command line on Redis', { skip: missing('redis-server') }, () => {
  let server: RedisServer;
  before(async () => {
    server = await RedisServer.start({ password: 'hunter2-of-redis' });
  });
  after(() => server.remove());

  it('makes nothing of a Redis without being asked to', async (t) => {
    const site = await commandSite(t);
    const key = join(site.folder, 'master.key');
    const passwordFile = join(site.folder, 'redis-password');
    const redis = { url: `redis://127.0.0.1:${server.port}`, passwordFile, keyPrefix: 'first:' };
    site.configure({ masterKeyFile: key, store: { redis } });

    const unreadable = await site.runHere(['check']);
    assert.equal(unreadable.code, 78);
    assert.match(unreadable.err, /redis-password/);
    writeFileSync(passwordFile, 'hunter2-of-redis\n');
    assert.equal((await site.runHere(['check'])).code, 0);

    for (const command of [['serve'], ['user', 'list'], ['reload']]) {
      const refused = await site.runHere(command);
      assert.equal(refused.code, 1, command.join(' '));
      assert.match(refused.err, /holds no installation.*sallyport init/);
    }
    const withoutKey = await site.runHere(['init']);
    assert.equal(withoutKey.code, 1);
    assert.match(withoutKey.err, /master key/);
    writeFileSync(key, `${'A'.repeat(43)}\n`);
    const made = await site.runHere(['init']);
    assert.equal(made.code, 0, made.err);
    assert.match(
      made.out,
      new RegExp(`^Installation [\\w-]{22} was made in redis://127\\.0\\.0\\.1:${server.port}\\.`),
    );
    assert.match((await site.runHere(['init'])).out, /already. Nothing was changed/);
    assert.equal(JSON.parse((await site.runHere(['user', 'list', '--json'])).out).length, 0);

    writeFileSync(key, `${'B'.repeat(43)}\n`);
    const wrongKey = await site.runHere(['user', 'list']);
    assert.equal(wrongKey.code, 1);
    assert.match(wrongKey.err, /master key/);
  });

  it('says what is wrong with a Redis that it cannot use, and no password', async (t) => {
    const site = await commandSite(t);
    const key = join(site.folder, 'master.key');
    writeFileSync(key, `${'A'.repeat(43)}\n`);
    const told = async (url: string): Promise<string> => {
      site.configure({ masterKeyFile: key, store: { redis: { url } } });
      const { code, err, out } = await site.runHere(['serve']);
      assert.equal(code, 1);
      assert.doesNotMatch(err + out, /hunter2/);
      return err;
    };
    assert.match(
      await told(`redis://:hunter2-wrong@127.0.0.1:${server.port}`),
      /refuses the user or the password\.\n.*WRONGPASS/,
    );
    assert.match(
      await told(`redis://127.0.0.1:${server.port}`),
      /refuses the user or the password\.\n.*NOAUTH/,
    );
    assert.match(
      await told('redis://:hunter2@127.0.0.1:1'),
      /no connection to it; check the address.*\n.*redis:\/\/127\.0\.0\.1:1: connect ECONNREFUSED/,
    );
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru');
    t.after(() => server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction'));
    assert.match(
      await told(`redis://:hunter2-of-redis@127.0.0.1:${server.port}`),
      /throw records away.*volatile-lru.*Set maxmemory-policy noeviction/,
    );
  });

  it('moves a site into Redis by a backup, and back', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    await site.runHere(['user', 'add', 'frank', '--password-stdin'], password);
    const first = join(site.folder, 'first.db');
    await site.runHere(['backup', first]);

    const redis = { url: `redis://:hunter2-of-redis@127.0.0.1:${server.port}`, keyPrefix: 'moved:' };
    const masterKeyFile = join(site.dataDir, 'master.key');
    site.configure({ masterKeyFile, store: { redis } });
    const moved = await site.runHere(['restore', first]);
    assert.equal(moved.code, 0, moved.err);
    assert.match(moved.out, /The backup is in place/);
    const users = async (): Promise<string[]> =>
      JSON.parse((await site.runHere(['user', 'list', '--json'])).out).map(
        ({ name }: { name: string }) => name,
      );
    assert.deepEqual(await users(), ['frank']);
    await site.runHere(['user', 'add', 'grace', '--password-stdin'], password);
    const rotated = await site.runHere(['keys', 'rotate', '--signing']);
    assert.equal(rotated.code, 0, rotated.err);
    const second = join(site.folder, 'second.db');
    assert.equal((await site.runHere(['backup', second])).code, 0);

    // Not while a gateway has it open, and never without a copy of what was there.
    const { close } = await openSiteRooms(site);
    const refused = await site.runHere(['restore', first, '--yes']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /in use by another process/);
    await close();
    assert.equal((await site.runHere(['restore', first])).code, 64);
    const restored = await site.runHere(['restore', first, '--yes']);
    assert.equal(restored.code, 0, restored.err);
    assert.match(restored.err, /is kept: .*redis-before-restore/);
    assert.deepEqual(await users(), ['frank']);
    assert.ok(readdirSync(site.dataDir).some((name) => name.startsWith('redis-before-restore')));

    site.configure({ masterKeyFile });
    assert.equal((await site.runHere(['restore', second, '--yes'])).code, 0);
    assert.deepEqual((await users()).sort(), ['frank', 'grace']);
  });
});
