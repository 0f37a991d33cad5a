import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  changeMembership,
  createGroup,
  deleteAccount,
  deleteGroup,
  disableAccount,
  enable,
  enableAccount,
  everyone,
  exempt,
  renameAccount,
  subjectOfGroup,
  subjectOfUser,
  takeOffList,
} from '../../src/accounts/index.ts';
import { subscription } from '../../src/server/index.ts';
import type { Settings } from '../../src/settings/index.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { password, type Site, startSite } from '../support/site.ts';
import type { SiteClient, Tunnel } from '../support/site-client.ts';
import { answerInFlight } from './answer-in-flight.ts';

const hour = 3_600_000;

describe('access to applications', () => {
  let server: ApplicationServer;
  let site: Site;
  const administration = () => site.gateway.rooms.administration;
  const keyOf = async (name: string): Promise<string> =>
    (await site.gateway.rooms.local.lookUp(name))?.key ?? assert.fail(`nobody is called ${name}`);
  const set = (patch: Partial<Settings>) => site.gateway.rooms.settings.update(subscription, patch, 'test');
  const groupParts = () => {
    const { subscription, audit, list } = administration();
    return { subscription, audit, list, groups: site.gateway.rooms.groups };
  };
  const join = async (name: string, group: string, member = true): Promise<unknown> =>
    changeMembership(administration(), await keyOf(name), group, member, 'test');

  before(async () => {
    server = await startApplicationServer();
    const at = (name: string, allow?: object) => ({
      name,
      title: name.toUpperCase(),
      path: `/${name}`,
      servers: [server.url],
      ...(allow === undefined ? {} : { allow }),
    });
    site = await startSite({
      config: {
        applications: [
          at('all'),
          at('staff', { groups: ['Staff'] }),
          at('mixed', { users: ['Bert', 'local:carl'], groups: ['local:boss'] }),
          at('elsewhere', { users: ['corp:bert'], groups: ['corp:staff'] }),
          at('nobody', { users: [] }),
          at('tenant', { subscriptions: ['default'] }),
          at('foreign', { subscriptions: ['other'], users: ['bert'] }),
        ],
      },
    });
    for (const group of ['staff', 'boss', 'kiosks']) await createGroup(groupParts(), group, 'test');
  });
  after(async () => {
    await site?.stop();
    await server?.close();
  });

  const opened: Tunnel[] = [];
  const open = async (client: SiteClient, path: string): Promise<Tunnel> => {
    const tunnel = await client.open(path);
    opened.push(tunnel);
    return tunnel;
  };
  afterEach(async () => {
    for (const tunnel of opened) tunnel.close();
    await Promise.all(opened.splice(0).map(({ closed }) => closed));
  });
  const carries = async (tunnel: Tunnel): Promise<void> => {
    tunnel.send('here');
    assert.equal(await tunnel.next(), 'here');
  };
  /** Everything that is told to end ends with no more than a second on the clock. */
  const withinASecond = async (...ends: Promise<unknown>[]): Promise<void> => {
    const all = Promise.all(ends);
    site.clock.advance(1_000);
    await all;
  };

  const applications = ['all', 'staff', 'mixed', 'elsewhere', 'nobody', 'tenant', 'foreign'];
  /** What gate, upgrade and launcher let this person use; they must agree. */
  async function usable(client: SiteClient): Promise<string[]> {
    const usable: string[] = [];
    for (const name of applications) {
      const { status } = await client.get(`/${name}/x`);
      const upgrade = await client.open(`/${name}/ws`).then(
        async (tunnel) => {
          tunnel.close();
          await tunnel.closed;
          return 200;
        },
        (refusal: Error) => Number(refusal.message),
      );
      assert.equal(upgrade, status, name);
      assert.ok(status === 200 || status === 403, `${name}: ${status}`);
      if (status === 200) usable.push(name);
    }
    const launcher = (await client.call('GET', 'session')).json.applications;
    assert.deepEqual(
      launcher.map((application: { name: string }) => application.name),
      usable.map((name) => name.toUpperCase()),
    );
    return usable;
  }

  it('is for the users and groups that an application names, in any spelling, of that directory', async () => {
    assert.deepEqual(await usable(await site.signedIn('anna')), ['all', 'tenant']);
    assert.deepEqual(await usable(await site.signedIn('bert')), ['all', 'mixed', 'tenant']);
    assert.deepEqual(await usable(await site.signedIn('CARL')), ['all', 'mixed', 'tenant']);
    const dora = await site.signedIn('dora');
    await join('dora', 'staff');
    await join('dora', 'boss');
    assert.deepEqual(await usable(dora), ['all', 'staff', 'mixed', 'tenant']);
  });

  it('goes with a group: joining opens, leaving closes tunnels and answers within a second', async () => {
    const erik = await site.signedIn('erik');
    assert.equal((await erik.get('/staff/x')).status, 403);
    await join('erik', 'staff');
    const withdrawn = await open(erik, '/staff/ws');
    const kept = await open(erik, '/all/ws');
    const cut = await answerInFlight(site, erik, '/staff/trickle');
    const going = await answerInFlight(site, erik, '/all/trickle');
    await join('erik', 'staff', false);
    await withinASecond(withdrawn.closed, cut.over);
    await carries(kept);
    assert.equal(going.isOver(), false);
    going.drop();
    assert.equal((await erik.get('/staff/x')).status, 403);
    assert.equal((await erik.get('/all/x')).status, 200, 'the session itself goes on');
  });

  it('ends for everybody in a group that is deleted, and nobody inherits it with its name', async () => {
    const frida = await site.signedIn('frida');
    await join('frida', 'boss');
    const tunnel = await open(frida, '/mixed/ws');
    await deleteGroup(groupParts(), 'boss', 'test');
    await withinASecond(tunnel.closed);
    await createGroup(groupParts(), 'boss', 'test');
    assert.equal((await frida.get('/mixed/x')).status, 403);
  });

  it('follows the person to another name', async () => {
    const { administration: parts } = site.gateway.rooms;
    const gina = await site.signedIn('gina');
    const key = await keyOf('gina');
    await deleteAccount(parts, await keyOf('bert'), 'test');
    await renameAccount(parts, key, 'Bert', 'test');
    const tunnel = await open(gina, '/mixed/ws');
    await renameAccount(parts, key, 'gina', 'test');
    await withinASecond(tunnel.closed);
    assert.equal((await gina.get('/all/x')).status, 200);
  });

  it('ends with the account: switched off or deleted, within a second, until it is switched on again', async () => {
    for (const remove of [disableAccount, deleteAccount]) {
      const name = remove === disableAccount ? 'hugo' : 'ida';
      const client = await site.signedIn(name);
      const key = await keyOf(name);
      const tunnels = [await open(client, '/all/ws'), await open(client, '/tenant/ws')];
      const cut = await answerInFlight(site, client, '/all/trickle');
      await remove(administration(), key, 'test');
      await withinASecond(...tunnels.map(({ closed }) => closed), cut.over);
      assert.equal((await client.get('/all/x')).status, 401);
      site.clock.advance(30_000);
      const refused = await client.signIn(name, password);
      assert.equal(
        refused.json.code,
        remove === deleteAccount ? 'invalid-credentials' : 'account-disabled',
        'who has both factors is told; a deleted user never was',
      );
      if (remove === deleteAccount) continue;
      await enableAccount(administration(), key, 'test');
      assert.equal((await client.get('/all/x')).status, 401, 'nothing brings a session back');
      site.clock.advance(30_000);
      assert.equal((await client.signIn(name, password)).json.status, 'done');
    }
  });

  describe('with a password alone', () => {
    /** Signs in and asserts that the password was enough. */
    async function byPassword(name: string): Promise<SiteClient> {
      const client = site.client();
      const done = await client.call('POST', 'sign-in', { username: name, password });
      assert.equal(done.json.status, 'done', done.text);
      assert.deepEqual(done.json.session.amr, ['pwd']);
      return client;
    }
    const next = async (name: string): Promise<string> => {
      const { json } = await site.client().call('POST', 'sign-in', { username: name, password });
      return json.code ?? json.status;
    };
    const ended = async (client: SiteClient, tunnel: Tunnel): Promise<void> => {
      await withinASecond(tunnel.closed);
      assert.equal((await client.get('/all/x')).status, 401);
      await assert.rejects(client.open('/all/ws'), { message: '401' });
    };

    it('is for whoever is exempt, until the exemption ends', async () => {
      await site.addUser('kiosk');
      const key = await keyOf('kiosk');
      assert.equal(await next('kiosk'), 'enrol');
      const until = site.clock.now() + hour / 2;
      await exempt(administration(), subjectOfUser(key), 'test', { reason: 'Reception', until });
      const kiosk = await byPassword('kiosk');
      const tunnel = await open(kiosk, '/all/ws');
      site.clock.advance(hour / 2 - 15_000);
      await carries(tunnel);
      // Exemptions are looked at every ten seconds.
      site.clock.advance(25_000);
      await ended(kiosk, tunnel);
      assert.equal(await next('kiosk'), 'enrol');
    });

    it('is for a whole group that is exempt, wins over being enabled, and ends with leaving the group', async () => {
      await site.addUser('lobby');
      const key = await keyOf('lobby');
      await enable(administration(), subjectOfUser(key), 'test');
      const why = { reason: 'Lobby screens', until: site.clock.now() + hour };
      await exempt(administration(), subjectOfGroup('local', 'kiosks'), 'test', why);
      assert.equal(await next('lobby'), 'enrol');
      await join('lobby', 'kiosks');
      const lobby = await byPassword('lobby');
      const tunnel = await open(lobby, '/all/ws');
      await join('lobby', 'kiosks', false);
      await ended(lobby, tunnel);
      assert.equal(await next('lobby'), 'enrol');
    });

    it('is for users who are not on the list, until they or one of their groups are', async () => {
      const ways = [
        async (name: string) => enable(administration(), subjectOfUser(await keyOf(name)), 'test'),
        () => enable(administration(), subjectOfGroup('local', 'boss'), 'test'),
        () => enable(administration(), everyone, 'test'),
      ];
      for (const [index, enableAgain] of ways.entries()) {
        const name = `jan-${index}`;
        await site.addUser(name);
        await join(name, 'boss');
        await takeOffList(administration(), everyone, 'test');
        const jan = await byPassword(name);
        const tunnel = await open(jan, '/all/ws');
        await enableAgain(name);
        await ended(jan, tunnel);
        assert.equal(await next(name), 'enrol');
        await enable(administration(), everyone, 'test');
        const list = await administration().list.list(subscription, { prefix: 'group:', limit: 10 });
        for (const { subject } of list.items) await takeOffList(administration(), subject, 'test');
      }
    });

    it('is for nobody when users who are not enabled are denied: at once, and at sign-in', async () => {
      await site.addUser('kurt');
      await takeOffList(administration(), everyone, 'test');
      try {
        const kurt = await byPassword('kurt');
        const tunnel = await open(kurt, '/all/ws');
        await set({ unlistedUsers: 'deny' });
        await ended(kurt, tunnel);
        assert.equal(await next('kurt'), 'not-enabled');
        await set({ unlistedUsers: 'allow' });
        assert.equal((await kurt.get('/all/x')).status, 401, 'what has ended stays so');
        await byPassword('kurt');
      } finally {
        await set({ unlistedUsers: 'allow' });
        await enable(administration(), everyone, 'test');
      }
    });

    it('is for everybody while two-factor authentication is off, and ends when it is on; enrolments stay', async () => {
      const lena = await site.signedIn('lena');
      const verified = await open(lena, '/all/ws');
      await set({ enabled: false });
      const withPassword = await byPassword('lena');
      const tunnel = await open(withPassword, '/all/ws');
      await carries(verified);
      await set({ enabled: true });
      await ended(withPassword, tunnel);
      await carries(verified);
      assert.equal((await lena.get('/all/x')).status, 200, 'who has shown two factors keeps the session');
      assert.equal(await next('lena'), 'verify');
    });

    it('is never for administrators, whatever the list or the switch says', async () => {
      const why = { reason: 'convenience', until: site.clock.now() + hour };
      await exempt(administration(), subjectOfUser(await keyOf('olivia')), 'test', why);
      await takeOffList(administration(), everyone, 'test');
      await set({ enabled: false });
      try {
        assert.equal(await next('olivia'), 'verify');
        await site.addUser('mona');
        const mona = await byPassword('mona');
        const tunnel = await open(mona, '/all/ws');
        await site.gateway.rooms.roles.makeOwner(await keyOf('mona'));
        await ended(mona, tunnel);
        assert.equal(await next('mona'), 'enrol');
      } finally {
        await set({ enabled: true });
        await enable(administration(), everyone, 'test');
      }
    });
  });
});
