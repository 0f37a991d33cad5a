import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { contentsOf, deleteSubscription, issueBypass } from '../../src/accounts/index.ts';
import { startApplicationServer } from '../support/application-server.ts';
import { password, type Site, startSite } from '../support/site.ts';
import { until } from './until.ts';
import { walk } from './walk.ts';

const alice = 'alice@acme.example';

/** A site with the subscription `acme`, to which everybody `@acme.example` belongs. */
async function startAcme(t: TestContext): Promise<Site> {
  const server = await startApplicationServer();
  const site = await startSite({
    config: {
      applications: [
        { name: 'all', path: '/all', servers: [server.url] },
        { name: 'staff', path: '/staff', servers: [server.url], allow: { groups: ['staff'] } },
        { name: 'acme', path: '/acme', servers: [server.url], allow: { subscriptions: ['acme'] } },
        {
          name: 'desk',
          host: 'desk.localhost',
          servers: [server.url],
          allow: { subscriptions: ['acme', 'default'] },
        },
      ],
    },
  });
  t.after(async () => {
    await site.stop();
    await server.close();
  });
  const { subscriptions } = site.gateway.rooms;
  await subscriptions.create({ name: 'Acme' }, 'cli');
  await subscriptions.assign('acme', { kind: 'domain', value: 'acme.example' }, 'cli');
  return site;
}

const acme = { kind: 'domain', value: 'acme.example' } as const;
const eventsOf = async (site: Site, type: string) => {
  await site.gateway.rooms.audit.flush();
  const { items } = await site.gateway.rooms.store.read<{ subscription?: string }>('audit', {
    tags: [`type:${type}`],
    limit: 100,
  });
  return items.map(({ value }) => value);
};

describe('several subscriptions', () => {
  it('have each their own users, factors, sessions, settings and events', async (t) => {
    const site = await startAcme(t);
    const { rooms } = site.gateway;
    await rooms.settings.update('acme', { digits: 8, issuer: 'Acme' }, 'cli');
    const key = await site.addUser(alice);
    const client = site.client();
    await client.call('POST', 'sign-in', { username: alice, password });
    const setup = await client.call('POST', 'enrol/app', {});
    assert.equal(setup.json.digits, 8);
    client.secret = setup.json.secret;
    const done = await client.call('POST', 'enrol/verify', { method: 'app', code: client.code(0, 8) });
    assert.equal(done.json?.status, 'done', done.text);
    assert.equal((await rooms.sessions.listOf({ subscription: 'acme', user: key })).length, 1);
    assert.deepEqual(await rooms.sessions.listOf({ subscription: 'default', user: key }), []);
    const { factors } = rooms.administration;
    assert.equal((await factors.read('acme', key)).factors.apps.length, 1);
    assert.equal((await factors.read('default', key)).factors.apps.length, 0);
    assert.equal((await client.get('/acme/')).status, 200);
    const [event] = await eventsOf(site, 'enrolment.confirmed');
    assert.equal(event?.subscription, 'acme');
    // Their account page, with a code of their own.
    site.clock.advance(60_000);
    const codes = await client.call('POST', 'account/recovery', {
      method: 'app',
      code: client.code(0, 8),
    });
    assert.equal(codes.status, 200, codes.text);
  });

  it('open no application to users of another one that does not name theirs', async (t) => {
    const site = await startAcme(t);
    const { rooms } = site.gateway;
    await rooms.groups.create('staff');
    const client = await site.signedIn(alice);
    const user = await rooms.directories.lookUp(alice);
    await rooms.administration.users.join(user?.key ?? '', 'staff');
    assert.equal((await client.get('/acme/')).status, 200);
    assert.equal((await client.get('/all/')).status, 403);
    assert.equal((await client.get('/staff/')).status, 403);
    await assert.rejects(client.open('/all/'), { message: '403' });
    assert.deepEqual(
      (await client.call('GET', 'session')).json.applications
        .map(({ name }: { name: string }) => name)
        .sort(),
      ['acme', 'desk'],
    );
    assert.equal((await site.owner.get('/acme/')).status, 403);
    assert.equal((await site.owner.get('/all/')).status, 200);
  });

  it('let nobody take a session along: a move ends it at once, with its tunnels', async (t) => {
    const site = await startAcme(t);
    const client = await site.signedIn(alice);
    const tunnel = await client.open('/acme/');
    await site.gateway.rooms.subscriptions.assign('default', acme, 'cli', { from: 'acme' });
    await tunnel.closed;
    assert.equal((await client.get('/acme/')).status, 401);
    assert.equal((await client.call('GET', 'session')).status, 401);
    // Nor does it come back with them, though nobody used it meanwhile.
    await site.gateway.rooms.subscriptions.assign('acme', acme, 'cli', { from: 'default' });
    assert.equal((await client.get('/acme/')).status, 401);
  });

  it('end also the sessions that nobody uses while their users are elsewhere', async (t) => {
    const site = await startAcme(t);
    const { rooms } = site.gateway;
    await site.signedIn(alice);
    const user = await rooms.directories.lookUp(alice);
    const owner = { subscription: 'acme', user: user?.key ?? '' };
    await rooms.subscriptions.unassign('acme', acme, 'cli');
    let states: string[] = [];
    await until(() => {
      void rooms.sessions.listOf(owner).then((all) => {
        states = all.map(({ state }) => state.name);
      });
      return states[0] === 'revoked';
    });
  });

  it('let whoever was moved enrol afresh, and find what was there on the way back', async (t) => {
    const site = await startAcme(t);
    const { rooms } = site.gateway;
    const client = await site.signedIn(alice);
    await rooms.subscriptions.unassign('acme', acme, 'cli');
    const moved = site.client();
    const begun = await moved.call('POST', 'sign-in', { username: alice, password });
    assert.equal(begun.json.status, 'enrol');
    assert.equal((await moved.enrol()).json?.status, 'done');
    assert.deepEqual((await eventsOf(site, 'user.moved')).length, 1);
    await rooms.subscriptions.assign('acme', acme, 'cli');
    site.clock.advance(60_000);
    const back = await client.call('POST', 'sign-in', { username: alice, password });
    assert.equal(back.json.status, 'verify');
    // The key of the other subscription is worth nothing here.
    const wrong = await client.call('POST', 'sign-in/verify', { method: 'app', code: moved.code() });
    assert.equal(wrong.status, 401);
  });

  it('let nobody carry on a sign-in that was begun in another one', async (t) => {
    const site = await startAcme(t);
    const { rooms } = site.gateway;
    const known = await site.signedIn(alice);
    const client = site.client();
    client.secret = known.secret;
    site.clock.advance(60_000);
    const begun = await client.call('POST', 'sign-in', { username: alice, password });
    assert.equal(begun.json.status, 'verify');
    await rooms.subscriptions.unassign('acme', acme, 'cli');
    const proof = { method: 'app', code: client.code() };
    assert.equal((await client.call('POST', 'sign-in/verify', proof)).json.code, 'sign-in-expired');
    assert.equal((await client.call('POST', 'enrol/app', {})).json.code, 'sign-in-expired');
    // Not even when they are moved back: it was consumed.
    await rooms.subscriptions.assign('acme', acme, 'cli');
    assert.equal((await client.call('POST', 'sign-in/verify', proof)).json.code, 'sign-in-expired');
  });

  it('show nobody a key for a subscription that they have left', async (t) => {
    const site = await startAcme(t);
    await site.addUser(alice);
    const client = site.client();
    assert.equal((await client.call('POST', 'sign-in', { username: alice, password })).json.status, 'enrol');
    await site.gateway.rooms.subscriptions.unassign('acme', acme, 'cli');
    const setup = await client.call('POST', 'enrol/app', {});
    assert.deepEqual([setup.json.code, setup.json.secret], ['sign-in-expired', undefined]);
  });

  it('let no bypass code of one open another', async (t) => {
    const site = await startAcme(t);
    const { rooms } = site.gateway;
    await site.signedIn(alice);
    const user = await rooms.directories.lookUp(alice);
    const parts = { ...rooms.administrationOf('acme'), store: rooms.store };
    const wish = { lifetime: 3_600_000, reason: 'lost' };
    const { code } = await issueBypass(parts, user?.key ?? '', wish, 'cli');
    // The administrators of `default` have no say about her, and those of acme none about others.
    const foreign = { ...rooms.administrationOf('default'), store: rooms.store };
    await assert.rejects(issueBypass(foreign, user?.key ?? '', wish, 'cli'), { code: 'unknown-user' });
    const olivia = await rooms.directories.lookUp('olivia');
    await assert.rejects(issueBypass(parts, olivia?.key ?? '', wish, 'cli'), { code: 'unknown-user' });
    await rooms.subscriptions.unassign('acme', acme, 'cli');
    const client = site.client();
    const begun = await client.call('POST', 'sign-in', { username: alice, password });
    assert.equal(begun.json.status, 'enrol');
    assert.equal(
      (await client.call('POST', 'sign-in/verify', { method: 'bypass', code })).json.code,
      'wrong-step',
    );
  });

  it('never take the site from its owners, whatever the rules say', async (t) => {
    const site = await startAcme(t);
    const { subscriptions } = site.gateway.rooms;
    await subscriptions.assign('acme', { kind: 'directory', value: 'local' }, 'cli');
    assert.equal((await site.owner.call('GET', 'session')).status, 200);
    site.clock.advance(60_000);
    const again = site.client();
    const begun = await again.call('POST', 'sign-in', { username: 'olivia', password });
    assert.equal(begun.json.status, 'verify');
    const olivia = await site.gateway.rooms.directories.lookUp('olivia');
    assert.equal(await site.gateway.rooms.administrationOf('acme').findUser(olivia?.key ?? ''), undefined);
  });

  it('shut out the users of a deleted one, and open nothing of `default` to them', async (t) => {
    const site = await startAcme(t);
    const client = await site.signedIn(alice);
    const tunnel = await client.open('/acme/');
    await site.gateway.rooms.subscriptions.remove('acme', 'cli');
    await tunnel.closed;
    assert.equal((await client.get('/acme/')).status, 401);
    site.clock.advance(60_000);
    const again = await client.signIn(alice, password);
    assert.equal(again.json.code, 'account-disabled');
  });

  it('leave nothing behind when one is deleted', async (t) => {
    const site = await startAcme(t);
    const { rooms } = site.gateway;
    await site.signedIn(alice);
    const user = (await rooms.directories.lookUp(alice))?.key ?? '';
    await rooms.settings.update('acme', { digits: 8 }, 'cli');
    await rooms.roles.grant(user, { role: 'helpdesk', subscription: 'acme', by: 'cli' });
    await assert.rejects(deleteSubscription(rooms, 'acme', 'cli'), { code: 'subscription-not-empty' });
    await assert.rejects(deleteSubscription(rooms, 'acme', 'cli', { confirm: 'default' }), {
      code: 'subscription-not-empty',
    });
    assert.equal(rooms.subscriptions.get('acme')?.name, 'Acme');
    await deleteSubscription(rooms, 'acme', 'cli', { confirm: 'Acme' });
    const left = await contentsOf(rooms, 'acme');
    assert.deepEqual(
      { ...left, assignments: 0 },
      {
        enrolled: 0,
        sessions: 0,
        entries: 0,
        administrators: 0,
        senders: 0,
        assignments: 0,
      },
    );
    await until(() => rooms.settings.current('acme').digits === 6);
    assert.deepEqual(await rooms.roles.rolesOf(user), []);
    for (const collection of ['factors', 'pending', 'known-devices', 'seen-users', 'settings', 'branding']) {
      assert.deepEqual((await rooms.store.list(collection, { prefix: 'acme', limit: 9 })).items, []);
    }
    await assert.rejects(deleteSubscription(rooms, 'default', 'cli', { confirm: 'Default' }), {
      code: 'not-allowed',
    });
    assert.equal((await site.owner.call('GET', 'session')).status, 200);
  });

  it('switch two factors off for their own users alone', async (t) => {
    const site = await startAcme(t);
    await site.gateway.rooms.settings.update('acme', { enabled: false }, 'cli');
    await site.addUser(alice);
    await site.addUser('bob');
    const sign = (username: string) => site.client().call('POST', 'sign-in', { username, password });
    assert.equal((await sign(alice)).json.status, 'done');
    assert.equal((await sign('bob')).json.status, 'enrol');
  });

  it('ask administrators for a second factor also where theirs is switched off', async (t) => {
    const site = await startAcme(t);
    const { rooms } = site.gateway;
    await rooms.settings.update('acme', { enabled: false }, 'cli');
    const user = await site.addUser(alice);
    await rooms.roles.grant(user, { role: 'helpdesk', subscription: 'acme', by: 'cli' });
    const begun = await site.client().call('POST', 'sign-in', { username: alice, password });
    assert.equal(begun.json.status, 'enrol');
  });

  it('count wrong codes and passwords once in the whole site: moving gives nobody more tries', async (t) => {
    const site = await startAcme(t);
    const { subscriptions } = site.gateway.rooms;
    await site.addUser(alice);
    const guess = () =>
      site.client().call('POST', 'sign-in', { username: alice, password: 'wrong guess 1234' });
    for (let tries = 0; tries < 10; tries += 1) assert.equal((await guess()).status, 401);
    assert.equal((await guess()).status, 429);
    await subscriptions.unassign('acme', acme, 'cli');
    assert.equal((await guess()).status, 429);
  });

  it('keep others off a host of theirs, and show their name and helpdesk there', async (t) => {
    const site = await startAcme(t);
    const { rooms } = site.gateway;
    const host = `desk.localhost:${site.port}`;
    await rooms.settings.update('acme', { helpdesk: 'Call 1234' }, 'cli');
    await rooms.subscriptions.assign('acme', { kind: 'host', value: host }, 'cli');
    await assert.rejects(
      rooms.subscriptions.assign('acme', { kind: 'host', value: `localhost:${site.port}` }, 'cli'),
      { code: 'invalid-request' },
    );
    const visitor = await walk(site, site.client(), `http://${host}/`);
    assert.match(visitor.answer.text, /Acme/);
    assert.match(visitor.answer.text, /Call 1234/);
    const plain = await site.client().navigate('/.sallyport/sign-in');
    assert.doesNotMatch(plain.text, /Acme|Call 1234/);
    // `default` may use the application, but not at this host.
    const owner = await walk(site, site.owner, `http://${host}/`);
    assert.equal(owner.answer.status, 403);
    await site.addUser('bob');
    const bob = site.client();
    const refused = await bob.call('POST', 'sign-in', {
      username: 'bob',
      password,
      returnTo: `http://${host}/`,
    });
    assert.equal(refused.json.code, 'foreign-subscription');
    const client = await site.signedIn(alice);
    assert.equal((await walk(site, client, `http://${host}/`)).answer.status, 200);
  });

  it('keep their sessions over a restart', async (t) => {
    const site = await startAcme(t);
    const client = await site.signedIn(alice);
    await site.restart();
    assert.equal((await client.get('/acme/')).status, 200);
    assert.equal((await client.get('/all/')).status, 403);
  });
});
