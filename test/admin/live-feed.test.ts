import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import type { LiveMessage, LiveWish } from '../../src/admin/index.ts';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { type Site, startSite } from '../support/site.ts';

const path = '/.sallyport/api/v1/admin/live';

describe('the live feed of the console', () => {
  let server: ApplicationServer;
  let site: Site;
  let owner: AdminClient;

  before(async () => {
    server = await startApplicationServer();
    const applications = [
      { name: 'desk', path: '/desk', servers: [server.url] },
      { name: 'mail', path: '/mail', servers: [server.url] },
    ];
    site = await startSite({ config: { applications } });
    owner = await ownerAtConsole(site);
  });
  after(async () => {
    await site.stop();
    await server.close();
  });

  /** What one administrator hears; time goes on until it has come. */
  async function watch(who: AdminClient, query = '') {
    const socket = new WebSocket(`ws://127.0.0.1:${site.consolePort}${path}${query}`, {
      headers: {
        host: who.portalHost,
        origin: `http://${who.portalHost}`,
        cookie: who.cookieHeader(),
      },
    });
    const heard: LiveMessage[] = [];
    let ended: number | undefined;
    socket.on('message', (message) => heard.push(JSON.parse(String(message))));
    socket.on('close', (code) => {
      ended = code;
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const until = async <Result>(look: () => Result | undefined): Promise<Result> => {
      for (let round = 0; round < 400; round += 1) {
        const found = look();
        if (found !== undefined) return found;
        site.clock.advance(500);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error(`never heard: ${JSON.stringify(heard)}`);
    };
    return {
      wish: (wish: LiveWish) => socket.send(JSON.stringify(wish)),
      send: (text: string) => socket.send(text),
      next: () => until(() => heard.shift()),
      heard,
      ended: () => until(() => ended),
      close: () => socket.close(),
    };
  }

  const status = (headers: Record<string, string>): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${site.consolePort}${path}`, { headers });
      socket.on('open', () => resolve('open'));
      socket.on('error', (error) => resolve(error.message));
    });

  it('tells of tunnels as they come, carry and go', async () => {
    const anna = await site.signedIn('anna');
    const feed = await watch(owner);
    feed.wish({ watch: 'tunnels' });
    const first = await feed.next();
    assert.ok(first.type === 'tunnels' && first.whole === true && first.set.length === 0);
    const tunnel = await anna.open('/desk/ws');
    const came = await feed.next();
    assert.ok(came.type === 'tunnels' && came.whole === undefined);
    assert.deepEqual(
      came.set.map(({ name, application }) => [name, application]),
      [['anna', 'desk']],
    );
    tunnel.send('hello');
    assert.equal(await tunnel.next(), 'hello');
    const carried = await feed.next();
    assert.ok(carried.type === 'tunnels' && carried.set.length === 0);
    assert.equal(carried.bytes[0]?.[0], came.set[0]?.id);
    tunnel.close();
    await tunnel.closed;
    const went = await feed.next();
    assert.ok(went.type === 'tunnels');
    assert.deepEqual(went.gone, [came.set[0]?.id]);
    feed.close();
  });

  it('tells only of what is watched', async () => {
    const bert = await site.signedIn('bert');
    const tunnels = [await bert.open('/desk/ws'), await bert.open('/mail/ws')];
    const feed = await watch(owner);
    feed.wish({ watch: 'tunnels', application: 'mail' });
    const first = await feed.next();
    assert.ok(first.type === 'tunnels');
    assert.deepEqual(
      first.set.map(({ application }) => application),
      ['mail'],
    );
    feed.wish({ watch: 'sessions', name: 'bert' });
    const sessions = await feed.next();
    assert.ok(sessions.type === 'sessions' && sessions.items.length === 1);
    assert.equal(sessions.items[0]?.state, 'active');
    const user = sessions.items[0]?.user ?? '';
    await site.gateway.rooms.sessions.revokeAll(
      { subscription: 'default', user },
      { reason: 'test', actor: 'test' },
    );
    const ended = await feed.next();
    assert.ok(ended.type === 'sessions' && ended.items[0]?.state === 'revoked');
    await Promise.all(tunnels.map(({ closed }) => closed));
    feed.close();
  });

  it('ends with the session, and with the role', async () => {
    const helper = await signedInAs(site, 'helpdesk');
    const feed = await watch(helper);
    const user = (await helper.admin('GET', 'me')).json.actor;
    await site.gateway.rooms.roles.withdraw(user, undefined);
    assert.equal(await feed.ended(), 4401);
    const other = await signedInAs(site, 'auditor');
    const second = await watch(other);
    const key = (await other.admin('GET', 'me')).json.actor;
    await site.gateway.rooms.sessions.revokeAll(
      { subscription: 'default', user: key },
      { reason: 'test', actor: 'test' },
    );
    assert.equal(await second.ended(), 4401);
  });

  it('ends for whoever sends something else', async () => {
    const feed = await watch(owner);
    feed.send('{"watch":"everything"}');
    assert.equal(await feed.ended(), 1008);
    const shouter = await watch(owner);
    shouter.send('x'.repeat(4_000));
    assert.equal(await shouter.ended(), 1009);
  });

  it('tells whoever administers one subscription of that one alone', async () => {
    await owner.admin('POST', 'subscriptions', { id: 'acme', name: 'Acme' });
    const anton = await signedInAs(site, 'auditor', { subscription: 'acme', name: 'anton' });
    const daniel = await site.signedIn('daniel');
    const tunnel = await daniel.open('/desk/ws');
    const feed = await watch(anton, '?subscription=acme');
    feed.wish({ watch: 'tunnels' });
    const first = await feed.next();
    assert.ok(first.type === 'tunnels' && first.set.length === 0);
    feed.wish({ watch: 'sessions', name: 'daniel' });
    const sessions = await feed.next();
    assert.ok(sessions.type === 'sessions' && sessions.items.length === 0);
    feed.close();
    await assert.rejects(watch(anton, '?subscription=default'), /403/);
    await assert.rejects(watch(anton, '?subscription=nobody'), /403/);
    tunnel.close();
  });

  it('is for administrators at the console alone', async () => {
    const cookie = owner.cookieHeader();
    const host = owner.portalHost;
    assert.match(await status({ host, cookie, origin: site.origin }), /403/, 'another origin');
    assert.match(await status({ host, cookie }), /403/, 'no origin');
    assert.match(await status({ host, origin: `http://${host}` }), /401/, 'nobody');
    const carla = await site.signedIn('carla');
    const theirs = carla.cookieHeader();
    assert.match(await status({ host, origin: `http://${host}`, cookie: theirs }), /401/, 'of the portal');
  });
});
