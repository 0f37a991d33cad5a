import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandSite } from './command-site.ts';
import { openSiteRooms } from './site-rooms.ts';

const password = 'correct horse battery staple';
const visitor = { address: '192.0.2.1', browser: 'a test' };

describe('the commands for administrators', () => {
  it('print a link that makes an owner of that name and of no other', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const { code, out, err } = await site.run(['admin', 'create', 'olga']);
    assert.equal(code, 0, err);
    const [, ticket = ''] = /^http:\/\/localhost:\d+\/\.sallyport\/owner#([\w-]{32})\n$/.exec(out) ?? [];
    assert.match(err, /olga .* one hour and one use/);
    const { rooms, close } = await openSiteRooms(site);
    t.after(close);
    const wish = { ticket, username: 'olga', password };
    await assert.rejects(rooms.ownerSetup.create({ ...wish, username: 'mallory' }, visitor), {
      code: 'invalid-ticket',
    });
    const step = await rooms.ownerSetup.create(wish, visitor);
    assert.equal(step.status, 'enrol');
    assert.equal(await rooms.ownerSetup.exists(), false, 'complete only with a second factor');
  });

  it('let somebody in again who is locked out: unlocked, reset, sessions ended, one link', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    await site.runHere(['user', 'add', 'olga', '--password-stdin'], password);
    const { rooms, close } = await openSiteRooms(site);
    t.after(close);
    const olga = await rooms.local.lookUp('olga');
    assert.ok(olga);
    await rooms.roles.makeOwner(olga.key);
    for (let index = 0; index < 12; index += 1) {
      const origin = { address: `192.0.2.${index}` };
      await rooms.throttle
        .countPassword({ subscription: 'default', subject: olga.key, origin })
        .catch(() => {});
    }
    const session = await rooms.sessions.grant({
      subscription: 'default',
      user: olga,
      amr: ['pwd', 'otp'],
      shared: false,
      ...visitor,
    });
    const { code, out, err } = await site.run(['admin', 'recover', 'OLGA']);
    assert.equal(code, 0, err);
    const [, ticket = ''] = /recover#([\w-]{32})\/olga\n$/.exec(out) ?? [];
    assert.deepEqual(await rooms.throttle.locks('default', olga.key), {});
    const kept = await rooms.store.get<{ state: { name: string } }>(
      'sessions',
      `default/${olga.key}/${session.id}`,
    );
    assert.equal(kept?.value.state.name, 'revoked');
    const { factors } = await rooms.administration.factors.read('default', olga.key);
    assert.ok(factors.resetAt);
    const step = await rooms.ownerSetup.create(
      { ticket, username: 'olga', password: `new ${password}` },
      visitor,
    );
    assert.equal(step.status, 'enrol');
    assert.equal((await rooms.local.verify('olga', password)).result, 'refused');
    const { items } = await rooms.store.read<{ type: string; actor: string }>('audit', { limit: 50 });
    for (const type of ['owner.recovered', 'user.reset']) {
      assert.ok(
        items.some(({ value }) => value.type === type && value.actor === 'cli'),
        type,
      );
    }
  });

  it('know nobody of an unknown name', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const { code, out, err } = await site.run(['admin', 'recover', 'nobody']);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /no user named nobody/);
  });
});
