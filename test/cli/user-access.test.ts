import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { DirectoryUser } from '../../src/accounts/index.ts';
import { commandSite } from './command-site.ts';
import { openSiteRooms } from './site-rooms.ts';

const password = 'correct horse battery staple';
const visitor = { address: '192.0.2.1', browser: 'a test' };

/** A site with an account `carol`, and its rooms as a running gateway has them. */
async function siteWithCarol(t: TestContext) {
  const site = await commandSite(t);
  await site.runHere(['init']);
  await site.runHere(['user', 'add', 'Carol', '--password-stdin'], password);
  const { rooms, close } = await openSiteRooms(site);
  t.after(close);
  const carol = await rooms.local.lookUp('carol');
  assert.ok(carol);
  const { factors } = rooms.administration;
  const enrol = (user: DirectoryUser) =>
    factors.replace('default', user.key, {
      apps: [
        {
          id: 'one',
          label: 'Phone',
          sealedSecret: rooms.sealer.seal(factors.record('default', user.key), 'app', 'GEZDGNBVGY3TQOJQ'),
          digits: 6,
          issuer: 'Sallyport',
          enrolledAt: Date.UTC(2026, 2, 1, 12),
          drift: 0,
        },
      ],
      recovery: [{ hash: 'one' }, { hash: 'two', usedAt: 1 }],
    });
  const grant = (user: DirectoryUser, amr: readonly string[]) =>
    rooms.sessions.grant({ subscription: 'default', user, amr, shared: false, ...visitor });
  const lock = async (user: DirectoryUser) => {
    for (let index = 0; index < 12; index += 1) {
      const attempt = { subscription: 'default', subject: user.key, origin: { address: `192.0.2.${index}` } };
      await rooms.throttle.countPassword(attempt).catch(() => undefined);
      await rooms.throttle.countCode(attempt).catch(() => undefined);
    }
  };
  const audited = async (type: string): Promise<number> => {
    const { items } = await rooms.store.read<{ type: string; actor?: string }>('audit', { limit: 100 });
    return items.filter(({ value }) => value.type === type && value.actor === 'cli').length;
  };
  return { site, rooms, carol, enrol, grant, lock, audited };
}

describe('the commands for one user', () => {
  it('unlock both counts, leave the second factors alone, and are audited once', async (t) => {
    const { site, rooms, carol, enrol, lock, audited } = await siteWithCarol(t);
    await enrol(carol);
    await lock(carol);
    const before = await rooms.throttle.locks('default', carol.key);
    assert.ok(before.codes !== undefined && before.password !== undefined);
    const unlocked = await site.run(['user', 'unlock', 'CAROL']);
    assert.deepEqual([unlocked.code, unlocked.out], [0, 'Carol was unlocked.\n'], unlocked.err);
    assert.deepEqual(await rooms.throttle.locks('default', carol.key), {});
    assert.equal((await rooms.administration.factors.read('default', carol.key)).factors.apps.length, 1);
    assert.match((await site.runHere(['user', 'unlock', carol.key])).out, /Nothing was counted/);
    assert.equal(await audited('user.unlocked'), 1);
    assert.match((await site.runHere(['user', 'unlock', 'nobody'])).err, /no user named nobody/);
  });

  it('disable an account, which ends its sessions in a running gateway, and enable it again', async (t) => {
    const { site, rooms, carol, grant, audited } = await siteWithCarol(t);
    const heard = new Promise<unknown>((resolve) =>
      rooms.store.subscribe('revocations', { message: resolve }),
    );
    const session = await grant(carol, ['pwd', 'otp']);
    const disabled = await site.run(['user', 'disable', 'carol']);
    assert.equal(disabled.code, 0, disabled.err);
    assert.match(disabled.out, /Carol was disabled/);
    assert.ok(JSON.stringify(await heard).includes(carol.key));
    const [kept] = await rooms.sessions.listOf({ subscription: 'default', user: carol.key });
    assert.equal(kept?.id, session.id);
    assert.equal(kept?.state.name, 'revoked');
    assert.notEqual((await rooms.local.verify('carol', password)).result, 'accepted');
    assert.match((await site.runHere(['user', 'list'])).out, /disabled/);
    assert.equal((await site.runHere(['user', 'enable', 'carol'])).out, 'Carol is enabled.\n');
    assert.equal((await rooms.local.verify('carol', password)).result, 'accepted');
    assert.deepEqual([await audited('user.disabled'), await audited('user.enabled')], [1, 1]);
  });

  it('never disable the only owner', async (t) => {
    const { site, rooms, carol } = await siteWithCarol(t);
    await rooms.roles.makeOwner(carol.key);
    const refused = await site.runHere(['user', 'disable', 'carol']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /only owner/);
    assert.equal((await rooms.local.lookUp('carol'))?.disabled, false);
  });

  it('show what is known, as text and as JSON, and no secret', async (t) => {
    const { site, rooms, carol, enrol, grant, lock } = await siteWithCarol(t);
    const before = (await site.runHere(['user', 'show', 'carol'])).out;
    assert.match(before, /^Two factors +Carol needs two factors: everyone is on the list\.$/m);
    assert.match(before, /^Enrolled +nothing$/m);
    assert.match(before, /^Locked +no$/m);
    await enrol(carol);
    await lock(carol);
    await site.runHere(['user', 'join', 'carol', 'staff', '--create']);
    await grant(carol, ['pwd', 'otp']);
    const ended = await grant(carol, ['pwd']);
    await rooms.sessions.revoke(
      { subscription: 'default', user: carol.key, id: ended.id },
      { reason: 'test', actor: 'test' },
    );
    const { code, out } = await site.run(['user', 'show', 'carol']);
    assert.equal(code, 0);
    assert.match(out, /^Groups +staff$/m);
    assert.match(out, /^Enrolled +Phone, since 2026-03-01 \d\d:\d\d [+-]\d\d:\d\d$/m);
    assert.match(out, /^Recovery codes left +1$/m);
    assert.match(out, /^Locked +verification codes, until 2\d{3}-.*\n +password, until 2\d{3}-/m);
    assert.match(out, /^Sessions +pwd\+otp, since .* 192\.0\.2\.1, a test$/m);
    const json = await site.runHere(['user', 'show', carol.key, '--json']);
    const known = JSON.parse(json.out);
    assert.equal(known.obligation.rule, 'everyone');
    assert.equal(known.sessions.length, 1);
    assert.equal(typeof known.lockedUntil.codes, 'number');
    assert.doesNotMatch(json.out + out, /sealed|hash|GEZDG/);
  });

  it('issue a ticket to whoever has nothing enrolled, show it once, and store only its hash', async (t) => {
    const { site, rooms, carol, enrol, audited } = await siteWithCarol(t);
    const { code, out, err } = await site.run(['user', 'ticket', 'carol']);
    assert.equal(code, 0, err);
    const [, ticket = '?'] = /^Carol\t([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\n$/.exec(out) ?? [];
    assert.match(err, /shown only now/);
    const { factors } = await rooms.administration.factors.read('default', carol.key);
    assert.ok(factors.ticketHash !== undefined && !JSON.stringify(factors).includes(ticket));
    assert.equal(await audited('ticket.issued'), 1);
    assert.match((await site.runHere(['user', 'show', 'carol'])).out, /needs the ticket/);
    await enrol(carol);
    const refused = await site.runHere(['user', 'ticket', 'carol']);
    assert.deepEqual([refused.code, refused.out], [1, '']);
    assert.match(refused.err, /already.*user reset --ticket/);
  });

  it('join a group that is there, make one only when told to, and leave it again', async (t) => {
    const { site, rooms } = await siteWithCarol(t);
    const refused = await site.run(['user', 'join', 'carol', 'Staff']);
    assert.deepEqual([refused.code, refused.out], [1, '']);
    assert.match(refused.err, /no group named Staff.*--create/);
    assert.equal(await rooms.groups.find('staff'), undefined);
    const made = await site.run(['user', 'join', 'carol', 'Staff', '--create']);
    assert.equal(made.out, 'Carol is now in Staff.\n');
    assert.match(made.err, /Staff was made/);
    assert.equal((await site.runHere(['user', 'join', 'carol', 'STAFF'])).err, '');
    assert.deepEqual((await rooms.local.lookUp('carol'))?.groups, ['Staff']);
    assert.equal(
      (await site.runHere(['user', 'leave', 'carol', 'staff'])).out,
      'Carol is no longer in Staff.\n',
    );
    assert.deepEqual((await rooms.local.lookUp('carol'))?.groups, []);
    const again = await site.runHere(['user', 'leave', 'carol', 'staff']);
    assert.equal(again.code, 1);
    assert.match(again.err, /isn't in a group named staff/);
  });

  it('say so when a group makes the difference between one factor and two', async (t) => {
    const { site, rooms } = await siteWithCarol(t);
    await rooms.administration.list.remove('default', 'everyone');
    await rooms.groups.create('staff');
    await rooms.administration.list.put('default', {
      subject: 'group:local:staff',
      mode: 'enabled',
      since: 1,
    });
    const joined = await site.runHere(['user', 'join', 'carol', 'staff']);
    assert.match(joined.err, /Carol needs two factors: a group of theirs is on the list/);
    const left = await site.runHere(['user', 'leave', 'carol', 'staff']);
    assert.match(left.err, /Carol signs in with the password alone/);
  });
});
