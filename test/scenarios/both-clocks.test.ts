import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { subscription } from '../../src/server/index.ts';
import type { Settings } from '../../src/settings/index.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { password, type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';

const minute = 60_000;

/** What a session may do now: pages, and remote sessions, of the application at `path`. */
async function may(client: SiteClient, path = '/desk'): Promise<{ page: boolean; open: boolean }> {
  const page = (await client.get(`${path}/page`)).status === 200;
  const tunnel = await client.open(`${path}/ws`).catch((refusal: Error) => refusal);
  if (tunnel instanceof Error) {
    assert.equal(tunnel.message, '401', 'an upgrade is refused with a plain 401');
    return { page, open: false };
  }
  tunnel.close();
  await tunnel.closed;
  return { page, open: true };
}

const state = async (client: SiteClient): Promise<string | undefined> =>
  (await client.call('GET', 'session')).json.state;

describe('the two clocks of a 2FA session', () => {
  let server: ApplicationServer;
  let site: Site;
  const set = (patch: Partial<Settings>) => site.gateway.rooms.settings.update(subscription, patch, 'test');

  /** Resolves when the gateway has seen the end of every tunnel. */
  const noTunnels = async (): Promise<void> => {
    while (site.gateway.proxy.tunnels().length > 0) await nextTurn();
  };
  const openBriefly = async (client: SiteClient): Promise<void> => {
    const tunnel = await client.open('/desk/ws');
    tunnel.close();
    await tunnel.closed;
    await noTunnels();
  };

  beforeEach(async () => {
    server = await startApplicationServer();
    site = await startSite({
      config: {
        applications: [
          { name: 'desk', path: '/desk', servers: [server.url] },
          { name: 'books', path: '/books', servers: [server.url] },
        ],
      },
    });
    await set({ validityBeforeFirstSession: 120, validityAfterFirstSession: 10 });
  });
  afterEach(async () => {
    await site.stop();
    await server.close();
  });

  it('none and pending: no pages, no remote sessions', async () => {
    assert.deepEqual(await may(site.client()), { page: false, open: false });
    await site.addUser('anna');
    const anna = site.client();
    await anna.call('POST', 'sign-in', { username: 'anna', password });
    assert.deepEqual(await may(anna), { page: false, open: false });
  });

  it('granted: pages start no clock, and the first remote session makes it active', async () => {
    const anna = await site.signedIn('anna');
    await anna.get('/desk/page');
    assert.equal(await state(anna), 'granted');
    site.clock.advance(119_000);
    assert.deepEqual(await may(anna), { page: true, open: true });
    assert.equal(await state(anna), 'active');
  });

  it('granted, but nothing opened in time: expired', async () => {
    const anna = await site.signedIn('anna');
    site.clock.advance(120_000);
    assert.deepEqual(await may(anna), { page: false, open: false });
  });

  it('active until T1 + after, fixed: more openings do not move the end', async () => {
    const anna = await site.signedIn('anna');
    site.clock.advance(minute);
    assert.deepEqual(await may(anna), { page: true, open: true });
    for (let opened = 1; opened < 10; opened += 1) {
      site.clock.advance(minute);
      assert.deepEqual(await may(anna), { page: true, open: true }, `after ${opened} minutes`);
    }
    site.clock.advance(minute);
    assert.deepEqual(await may(anna), { page: false, open: false });
  });

  it('counted from the last session: each opening moves the end', async () => {
    await set({ countFrom: 'last-session' });
    const anna = await site.signedIn('anna');
    for (let opened = 0; opened < 4; opened += 1) {
      assert.deepEqual(await may(anna), { page: true, open: true }, `opening ${opened}`);
      site.clock.advance(9 * minute);
    }
    site.clock.advance(minute);
    assert.deepEqual(await may(anna), { page: false, open: false });
  });

  it('expired with an open tunnel: that application goes on, nothing new opens, until the last tunnel closes', async () => {
    const anna = await site.signedIn('anna');
    const tunnel = await anna.open('/desk/ws');
    site.clock.advance(10 * minute);
    assert.deepEqual(await may(anna, '/desk'), { page: true, open: false });
    assert.deepEqual(await may(anna, '/books'), { page: false, open: false });
    tunnel.send('still here');
    assert.equal(await tunnel.next(), 'still here');

    tunnel.close();
    await tunnel.closed;
    await noTunnels();
    assert.deepEqual(await may(anna, '/desk'), { page: false, open: false });
  });

  it('closes remote sessions at expiry when the setting says so', async () => {
    await set({ closeAtExpiry: true });
    const anna = await site.signedIn('anna');
    const tunnel = await anna.open('/desk/ws');
    site.clock.advance(10 * minute + 1000);
    await tunnel.closed;
    assert.deepEqual(await may(anna), { page: false, open: false });
  });

  it('a failed upstream starts no clock', async () => {
    const anna = await site.signedIn('anna');
    server.refuseUpgrades = 500;
    await assert.rejects(anna.open('/desk/ws'));
    assert.equal(await state(anna), 'granted');
  });

  it('two first openings at the same instant give one T1', async () => {
    const anna = await site.signedIn('anna');
    const tunnels = await Promise.all([anna.open('/desk/ws'), anna.open('/books/ws'), anna.open('/desk/ws')]);
    const { rooms } = site.gateway;
    await rooms.audit.flush();
    const { items } = await rooms.store.read('audit', { tags: ['type:session.active'], limit: 10 });
    assert.equal(items.length, 1);
    for (const tunnel of tunnels) tunnel.close();
  });

  it('later settings shorten deadlines and never lengthen them', async () => {
    const anna = await site.signedIn('anna');
    await openBriefly(anna);
    await set({ validityAfterFirstSession: 1000 });
    site.clock.advance(10 * minute);
    assert.deepEqual(await may(anna), { page: false, open: false }, 'not lengthened');

    const bert = await site.signedIn('bert');
    await openBriefly(bert);
    await set({ validityAfterFirstSession: 5 });
    site.clock.advance(5 * minute);
    assert.deepEqual(await may(bert), { page: false, open: false }, 'shortened');
  });

  it('revoked: tunnels and answers in flight end at once, and nothing brings it back', async () => {
    const anna = await site.signedIn('anna');
    const tunnel = await anna.open('/desk/ws');
    const trickle = request({
      port: site.port,
      host: '127.0.0.1',
      path: '/desk/trickle',
      headers: { host: anna.portalHost, cookie: anna.cookieHeader() },
    }).end();
    const [answer] = (await once(trickle, 'response')) as [IncomingMessage];
    answer.on('error', () => {});
    await once(answer, 'data');
    const cut = new Promise<void>((resolve) => answer.once('close', () => resolve()));
    await site.gateway.rooms.sessions.revokeAll(
      { subscription, user: (await site.gateway.rooms.local.lookUp('anna'))?.key ?? '' },
      { reason: 'test', actor: 'test' },
    );
    await Promise.all([tunnel.closed, cut]);
    assert.equal(answer.complete, false);
    site.clock.jump(site.clock.now() - 60 * minute);
    assert.deepEqual(await may(anna), { page: false, open: false });
  });

  it('a restart forgets nothing: the same session goes on, and an ended one stays ended', async () => {
    const anna = await site.signedIn('anna');
    const bert = await site.signedIn('bert');
    await bert.call('DELETE', 'session');
    await site.restart();
    assert.deepEqual(await may(anna), { page: true, open: true });
    assert.deepEqual(await may(bert), { page: false, open: false });
  });
});
