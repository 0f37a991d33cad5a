import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandSite } from './command-site.ts';
import { openSiteRooms } from './site-rooms.ts';

const password = 'correct horse battery staple';

describe('the commands for users', () => {
  it('add, list and remove an account', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const added = await site.run(
      [
        'user',
        'add',
        'Alice',
        '--display-name',
        'Alice Adams',
        '--group',
        'staff',
        '--group',
        'ops',
        '--password-stdin',
      ],
      { input: `${password}\n` },
    );
    assert.equal(added.code, 0, added.err);
    assert.match(added.out, /^Alice was added \(local:[\w-]{22}\)\.$/m);

    const listed = await site.run(['user', 'list']);
    assert.match(listed.out, /^Alice +Alice Adams +staff, ops +asked at the next sign-in$/m);
    const json: unknown[] = JSON.parse((await site.run(['user', 'list', 'ada', '--json'])).out);
    assert.equal(json.length, 1);
    assert.deepEqual(JSON.parse((await site.run(['user', 'list', 'bob', '--json'])).out), []);

    const { rooms, close } = await openSiteRooms(site);
    const verdict = await rooms.local.verify('alice', password);
    assert.ok(verdict.result === 'accepted' && verdict.mustChangePassword);
    const { items } = await rooms.store.read<{ type: string; actor?: string }>('audit', { limit: 50 });
    assert.ok(items.some(({ value }) => value.type === 'user.added' && value.actor === 'cli'));
    await close();

    assert.equal((await site.run(['user', 'remove', 'ALICE'])).out, 'Alice was removed.\n');
    assert.match((await site.run(['user', 'remove', 'alice'])).err, /no user named alice/);
    assert.match((await site.run(['user', 'list'])).err, /nobody/);
  });

  it('keep a number and an address to send codes to, and show them masked', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const where = ['--phone', '+33 6 12 34 56 78', '--email', 'dora@example.com'];
    const added = await site.runHere(['user', 'add', 'dora', '--password-stdin', ...where], password);
    assert.equal(added.code, 0, added.err);
    const shown = await site.runHere(['user', 'show', 'dora']);
    assert.match(shown.out, /SMS to ••• 78, not enrolled yet, set by an administrator/);
    assert.match(shown.out, /email to d•••@example\.com, not enrolled yet, set by an administrator/);
    assert.doesNotMatch((await site.runHere(['user', 'show', 'dora', '--json'])).out, /33612345678/);
    assert.equal((await site.runHere(['user', 'set', 'dora'])).code, 64);
    assert.match((await site.runHere(['user', 'set', 'dora', '--phone', '12'])).err, /country code/);
    assert.equal(
      (await site.runHere(['user', 'set', 'dora', '--phone', '+14155552671'])).out,
      'dora was changed.\n',
    );
    const changed = (await site.runHere(['user', 'show', 'dora'])).out;
    assert.match(changed, /SMS to ••• 71/);
    assert.match(changed, /email to d/);
    const { rooms, close } = await openSiteRooms(site);
    const stored = JSON.stringify(await rooms.store.list('users', { limit: 10 }));
    assert.doesNotMatch(stored, /4155552671|33612345678/);
    assert.equal((await rooms.local.lookUp('dora'))?.phone, '+14155552671');
    await close();
    await site.runHere(['user', 'set', 'dora', '--phone', '', '--email', '']);
    assert.doesNotMatch((await site.runHere(['user', 'show', 'dora'])).out, /SMS|email/);
  });

  it('refuse a weak password, a name that is taken, and passwords from nowhere, and change nothing', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const add = (name: string, input?: string) =>
      site.runHere(['user', 'add', name, ...(input === undefined ? [] : ['--password-stdin'])], input);
    assert.match((await add('bob', 'short')).err, /too easy to guess/);
    assert.match((await add('bob', '')).err, /too easy to guess/);
    const nobody = await add('bob');
    assert.deepEqual([nobody.code, nobody.out], [64, '']);
    assert.match(nobody.err, /--password-stdin/);
    assert.equal((await add('bob', password)).code, 0);
    const taken = await add('BOB', password);
    assert.equal(taken.code, 1);
    assert.match(taken.err, /already taken/);
    assert.doesNotMatch(taken.err, /correct horse/);
    assert.equal(JSON.parse((await site.runHere(['user', 'list', '--json'])).out).length, 1);
  });

  it('reset a user: factors, sessions and locks go, and a ticket is printed when asked for', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    await site.runHere(['user', 'add', 'carol', '--password-stdin'], password);
    const { rooms, close } = await openSiteRooms(site);
    const carol = await rooms.local.lookUp('carol');
    assert.ok(carol);
    for (let index = 0; index < 12; index += 1) {
      const attempt = {
        subscription: 'default',
        subject: carol.key,
        origin: { address: `192.0.2.${index}` },
      };
      await rooms.throttle.countPassword(attempt).catch(() => undefined);
    }
    assert.ok((await rooms.throttle.locks('default', carol.key)).password);

    const reset = await site.run(['user', 'reset', 'carol', '--ticket']);
    assert.match(reset.out, /^carol\t[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\n$/);
    assert.deepEqual(await rooms.throttle.locks('default', carol.key), {});
    const { factors } = await rooms.administration.factors.read('default', carol.key);
    assert.ok(factors.ticketHash);
    await close();
    assert.equal((await site.runHere(['user', 'reset', carol.key])).out, 'carol was reset.\n');
    assert.equal((await site.runHere(['user', 'reset', 'carol', 'nobody'])).code, 1);
  });

  it('ask for the number of more than ten users, and do nothing without it', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const { rooms, close } = await openSiteRooms(site);
    const names = Array.from({ length: 11 }, (_, index) => `user${index}`);
    for (const name of names) await rooms.administration.users.create({ name });
    const resetAt = async () => {
      const users = await Promise.all(names.map((name) => rooms.local.lookUp(name)));
      const read = users.map((user) => rooms.administration.factors.read('default', user?.key ?? ''));
      return (await Promise.all(read)).filter(({ factors }) => factors.resetAt !== undefined).length;
    };
    for (const more of [[], ['--confirm', '10']]) {
      const refused = await site.runHere(['user', 'reset', ...names, ...more]);
      assert.equal(refused.code, 1);
      assert.match(refused.err, /11 users/);
      assert.equal(await resetAt(), 0);
      assert.equal((await site.runHere(['user', 'remove', ...names, ...more])).code, 1);
    }
    assert.equal((await site.run(['user', 'reset', ...names, '--confirm', '11'])).code, 0);
    assert.equal(await resetAt(), 11);
    assert.equal((await site.run(['user', 'remove', ...names, '--confirm', '11'])).code, 0);
    assert.equal(await rooms.local.lookUp('user3'), undefined);
    await close();
  });

  it('never remove the only owner', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    await site.runHere(['user', 'add', 'dora', '--password-stdin'], password);
    const { rooms, close } = await openSiteRooms(site);
    const dora = await rooms.local.lookUp('dora');
    await rooms.roles.makeOwner(dora?.key ?? '');
    const refused = await site.run(['user', 'remove', 'dora']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /only owner/);
    assert.ok(await rooms.local.lookUp('dora'));
    await close();
  });
});
