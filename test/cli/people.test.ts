import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { siteWith } from './enabled-site.ts';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

describe('the commands for files of users', () => {
  it('try a file, name what is wrong with it, and put its users on the list', async (t) => {
    const { site, entry, keyOf, appsOf } = await siteWith(t, 'alice', 'bob');
    const file = join(site.folder, 'users.csv');
    writeFileSync(file, 'user;phone;secret\nalice;12;\nnobody;;\n');
    const wrong = await site.runHere(['user', 'import', file]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /^Line 2, phone: “12” is no phone number/m);
    assert.match(wrong.err, /^Line 3, user: Nobody is called “nobody”/m);
    assert.match(wrong.err, /Nothing was changed: 2 things/);
    writeFileSync(file, `user;phone;secret\nalice;+41446681800;\nbob;;${secret}\n`);
    const tried = await site.runHere(['user', 'import', file, '--dry-run']);
    assert.match(tried.out, /^2 would be added and 0 changed/);
    assert.equal(await entry(`user:${await keyOf('alice')}`), undefined);
    const done = await site.runHere(['user', 'import', file, '--json']);
    assert.equal(done.code, 0, done.err);
    const told = JSON.parse(done.out);
    assert.equal(told.applied, true);
    assert.ok(!done.out.includes(secret) && !done.out.includes('446681800'));
    assert.ok((await entry(`user:${await keyOf('alice')}`))?.sealedPhone);
    assert.equal(await appsOf('bob'), 1);
    assert.match((await site.runHere(['user', 'import', file])).out, /0 were added and 0 changed, 2 stayed/);
  });

  it('write everybody to a file that only its owner can read, and never over another one', async (t) => {
    const { site } = await siteWith(t, 'alice');
    const shown = await site.runHere(['user', 'export']);
    assert.match(shown.out, /^directory,user,display name,.*\nlocal,alice,alice,/);
    const file = join(site.folder, 'out.csv');
    assert.equal((await site.runHere(['user', 'export', '--output', file])).code, 0);
    assert.ok(readFileSync(file, 'utf8').startsWith('\ufeffdirectory,user'));
    assert.equal((await site.runHere(['user', 'export', '--output', file])).code, 1);
    const json = JSON.parse((await site.runHere(['user', 'export', '--format', 'json'])).out);
    assert.equal(json[0].user, 'alice');
    assert.equal((await site.runHere(['user', 'export', '--format', 'xml'])).code, 64);
  });
});

describe('the commands for users of one state', () => {
  it('list them, and say before a reset what goes', async (t) => {
    const { site, enrol, appsOf } = await siteWith(t, 'alice', 'bob');
    await enrol('alice');
    const list = async (...args: string[]): Promise<string[]> =>
      JSON.parse((await site.runHere(['user', 'list', ...args, '--json'])).out).map(
        ({ name }: { name: string }) => name,
      );
    assert.deepEqual(await list('--state', 'enrolled'), ['alice']);
    assert.deepEqual(await list('--state', 'not-enrolled'), ['bob']);
    assert.deepEqual(await list('--directory', 'local'), ['alice', 'bob']);
    assert.equal((await site.runHere(['user', 'list', '--state', 'happy'])).code, 64);
    const tried = await site.runHere(['user', 'reset', 'alice', 'bob', '--dry-run']);
    assert.match(tried.err, /^1 user loses 1 enrolled app, number or address\.$/m);
    assert.match(tried.err, /Nothing to lose for bob/);
    assert.equal(await appsOf('alice'), 1);
    assert.match((await site.runHere(['user', 'reset', 'alice'])).out, /alice was reset/);
    assert.equal(await appsOf('alice'), 0);
  });

  it('set names and passwords of accounts, and forget their browsers', async (t) => {
    const { site, rooms } = await siteWith(t, 'alice');
    assert.equal((await site.runHere(['user', 'set', 'alice', '--name', 'alicia'])).code, 0);
    const password = 'correct horse battery staple';
    const set = await site.runHere(['user', 'password', 'alicia', '--password-stdin'], password);
    assert.equal(set.code, 0, set.err);
    assert.equal((await rooms.local.verify('alicia', password)).result, 'accepted');
    assert.equal((await site.runHere(['user', 'forget-devices', 'alicia'])).code, 0);
  });
});

describe('the commands for groups', () => {
  it('make, list, fill and delete them, but none that is on the list', async (t) => {
    const { site } = await siteWith(t, 'alice');
    assert.equal((await site.runHere(['group', 'add', 'Staff'])).out, 'The group Staff was made.\n');
    await site.runHere(['user', 'join', 'alice', 'staff']);
    assert.match((await site.runHere(['group', 'members', 'staff'])).out, /^alice/);
    await site.runHere(['enabled', 'add', 'group', 'staff']);
    assert.match((await site.runHere(['group', 'list'])).out, /^Staff +local +enabled$/m);
    assert.match((await site.runHere(['group', 'remove', 'staff'])).err, /on the list/);
    await site.runHere(['enabled', 'remove', 'group', 'staff', '--yes']);
    assert.equal((await site.runHere(['group', 'remove', 'staff'])).code, 0);
    assert.match((await site.runHere(['group', 'list', '--json'])).out, /^\[\]$/m);
    assert.match((await site.runHere(['group', 'members', 'staff'])).err, /no local group/);
  });
});

describe('the commands for the list', () => {
  it('find entries, say what a removal would take, and what can be put back', async (t) => {
    const { site, enrol, appsOf } = await siteWith(t, 'alice', 'bob');
    await enrol('alice');
    for (const name of ['alice', 'bob']) await site.runHere(['enabled', 'add', 'user', name]);
    assert.deepEqual(
      JSON.parse((await site.runHere(['enabled', 'list', 'al', '--json'])).out).map(
        ({ name }: { name: string }) => name,
      ),
      ['alice'],
    );
    const stays = await site.runHere(['enabled', 'remove', 'user', 'alice', '--dry-run']);
    assert.match(stays.err, /No effect for alice: Everyone is on the list/);
    await site.runHere(['enabled', 'remove', 'everyone', '--yes']);
    const goes = await site.runHere(['enabled', 'remove', 'user', 'alice', '--dry-run']);
    assert.match(goes.err, /1 user loses 1 enrolled app/);
    assert.equal(await appsOf('alice'), 1);
    await site.runHere(['enabled', 'remove', 'user', 'alice', '--yes']);
    const removed = await site.runHere(['enabled', 'list', '--removed']);
    assert.match(removed.out, /^everyone +2/m);
    assert.match(removed.out, /^user +alice +2/m);
  });
});

describe('the commands for RDP without a code', () => {
  it('add, list and remove users', async (t) => {
    const { site, rooms, keyOf } = await siteWith(t, 'alice', 'bob');
    assert.equal((await site.runHere(['rdp', 'add', 'alice'])).code, 64);
    const added = await site.runHere(['rdp', 'add', 'alice', 'bob', '--reason', 'thin client']);
    assert.equal(added.code, 0, added.err);
    assert.match((await site.runHere(['rdp', 'list'])).out, /^alice +thin client .* for good +cli$/m);
    assert.equal(await rooms.rdpWhitelist.spares('default', await keyOf('alice')), true);
    assert.equal(
      (await site.runHere(['rdp', 'add', 'alice', '--reason', 'x', '--until', '2020-01-01'])).code,
      64,
    );
    assert.equal((await site.runHere(['rdp', 'remove', 'alice'])).out, 'alice needs a code again.\n');
    assert.equal((await site.runHere(['rdp', 'remove', 'alice'])).code, 1);
    assert.equal(JSON.parse((await site.runHere(['rdp', 'list', '--json'])).out).length, 1);
  });
});
