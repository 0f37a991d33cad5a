import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commandSite } from './command-site.ts';
import { openSiteRooms } from './site-rooms.ts';

const password = 'correct horse battery staple';

describe('the commands for backups and keys', () => {
  it('back up, check, and restore', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    await site.runHere(['user', 'add', 'frank', '--password-stdin'], password);
    const backup = join(site.folder, 'backup.db');
    const made = await site.run(['backup', backup]);
    assert.match(made.out, /^The store was copied to .*backup\.db \(\d+ KB\)\.$/m);
    assert.match(made.err, /master key isn't in it: .*master\.key/);
    const again = await site.run(['backup', backup]);
    assert.equal(again.code, 1);
    assert.match(again.err, /is there already/);

    const before = readFileSync(join(site.dataDir, 'sallyport.db'));
    const checked = await site.run(['restore', '--check', backup]);
    assert.equal(checked.code, 0, checked.err);
    assert.match(checked.out, /^Installation [\w-]{22}, made /m);
    assert.match(checked.out, /^Local users: 1\./m);
    assert.match(checked.out, /whole, and the master key opens it/);
    assert.deepEqual(readFileSync(join(site.dataDir, 'sallyport.db')), before);

    await site.run(['user', 'remove', 'frank']);
    const unconfirmed = await site.run(['restore', backup]);
    assert.equal(unconfirmed.code, 64);
    assert.match(unconfirmed.err, /--yes/);
    assert.equal(JSON.parse((await site.runHere(['user', 'list', '--json'])).out).length, 0);
    const restored = await site.run(['restore', backup, '--yes']);
    assert.equal(restored.code, 0, restored.err);
    assert.match(restored.err, /is kept: .*before-restore/);
    assert.equal(JSON.parse((await site.runHere(['user', 'list', '--json'])).out).length, 1);
  });

  it('restore nothing while a gateway has the store open', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const backup = join(site.folder, 'backup.db');
    await site.runHere(['backup', backup]);
    const { close } = await openSiteRooms(site);
    const refused = await site.run(['restore', backup, '--yes']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /in use by another process/);
    await close();
    assert.deepEqual(
      readdirSync(site.dataDir).filter((name) => /draft|before/.test(name)),
      [],
    );
  });

  it('tell a backup of no use from a good one', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const backup = join(site.folder, 'backup.db');
    await site.runHere(['backup', backup]);
    const key = join(site.dataDir, 'master.key');
    copyFileSync(key, `${key}.away`);
    writeFileSync(key, Buffer.alloc(32, 1).toString('base64'));
    const wrongKey = await site.runHere(['restore', '--check', backup]);
    assert.equal(wrongKey.code, 1);
    assert.match(wrongKey.err, /master key here is not the one it needs: that of the site it was made on/);
    copyFileSync(`${key}.away`, key);
    writeFileSync(backup, 'nothing of use');
    assert.equal((await site.runHere(['restore', '--check', backup])).code, 1);
    assert.equal((await site.runHere(['restore', '--check', `${backup}.none`])).code, 1);
    assert.equal((await site.runHere(['restore', backup, '--yes'])).code, 1);
    assert.equal((await site.runHere(['user', 'list'])).code, 0);
  });

  it('say which file is of no use and why, not what people who sign in are told', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const text = join(site.folder, 'text');
    writeFileSync(text, 'nothing of use, and long enough to be looked at as the head of a database file');
    const absent = join(site.folder, 'missing', 'x');
    const cases: [string[], string, RegExp][] = [
      [['backup', absent], absent, /isn't there/],
      [['backup', join(text, 'x')], join(text, 'x'), /a file is where a folder should be/],
      [['restore', '--check', absent], absent, /isn't there/],
      [['restore', '--check', text], text, /not a file of Sallyport/],
      [['restore', '--check', site.folder], site.folder, /it's a folder/],
    ];
    for (const [args, path, reason] of cases) {
      const { code, err } = await site.runHere(args);
      assert.equal(code, 1, args.join(' '));
      assert.ok(err.startsWith(`${path} can't be used: `), err);
      assert.match(err, reason);
      assert.doesNotMatch(err, /Sign-ins|^ +at /m);
    }
    const french = await site.run(['restore', '--check', absent], { locale: 'fr_FR.UTF-8' });
    assert.ok(
      french.err.startsWith(`${absent} n'est pas utilisable`) ||
        french.err.startsWith(`${absent} n’est pas utilisable`),
      french.err,
    );
  });

  it('bring a store back to a machine that has the master key only', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    await site.runHere(['user', 'add', 'gina', '--password-stdin'], password);
    const backup = join(site.folder, 'backup.db');
    await site.runHere(['backup', backup]);
    copyFileSync(join(site.dataDir, 'master.key'), join(site.folder, 'kept.key'));
    site.configure({ dataDir: 'new', masterKeyFile: 'kept.key' });
    const restored = await site.run(['restore', backup]);
    assert.equal(restored.code, 0, restored.err);
    assert.ok(existsSync(join(site.folder, 'new', 'sallyport.db')));
    assert.match((await site.runHere(['user', 'list'])).out, /^gina /m);
  });

  it('rotate both kinds of keys, and everything goes on', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const key = join(site.dataDir, 'master.key');
    const before = readFileSync(key, 'utf8');
    const rotated = await site.run(['keys', 'rotate']);
    assert.equal(rotated.code, 0, rotated.err);
    assert.match(rotated.out, /^New keys sign from now on/m);
    assert.match(rotated.out, /^\d+ documents were sealed anew\.$/m);
    assert.match(rotated.err, /backups made before still need the old one/);
    assert.notEqual(readFileSync(key, 'utf8'), before);
    assert.equal((await site.runHere(['user', 'list'])).code, 0);
    const { rooms, close } = await openSiteRooms(site);
    const { items } = await rooms.store.read<{ type: string; kind?: string }>('audit', { limit: 20 });
    const kinds = items.filter(({ value }) => value.type === 'keys.rotated').map(({ value }) => value.kind);
    assert.deepEqual(kinds.toSorted(), ['master', 'signing']);
    await close();
  });
});
