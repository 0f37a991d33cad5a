import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { changeMembership, createGroup } from '../../src/accounts/index.ts';
import { ConfigError } from '../../src/config/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { makeCertificate } from '../support/certificate.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { type Site, startSite } from '../support/site.ts';
import type { SiteClient, Tunnel } from '../support/site-client.ts';
import { answerInFlight } from './answer-in-flight.ts';
import { until } from './until.ts';
import { walk } from './walk.ts';

type Application = Record<string, unknown>;

async function stillCarries(tunnel: Tunnel): Promise<void> {
  tunnel.send('still here');
  assert.equal(await tunnel.next(), 'still here');
}

describe('a reload', () => {
  let one: ApplicationServer;
  let two: ApplicationServer;
  let site: Site;
  /** In the group `staff`. */
  let anna: SiteClient;
  let bert: SiteClient;
  let desk: Application;
  let books: Application;

  before(async () => {
    one = await startApplicationServer();
    two = await startApplicationServer();
    desk = { name: 'desk', title: 'Desk', path: '/desk', servers: [one.url] };
    books = { name: 'books', title: 'Books', path: '/books', servers: [two.url] };
    site = await startSite({ config: { applications: [desk, books] } });
    anna = await site.signedIn('anna');
    bert = await site.signedIn('bert');
    const { administration, groups, audit } = site.gateway.rooms;
    await createGroup(
      { subscription: administration.subscription, audit, groups, list: administration.list },
      'staff',
      'test',
    );
    const { key = '' } = (await site.gateway.rooms.local.lookUp('anna')) ?? {};
    await changeMembership(administration, key, 'staff', true, 'test');
  });
  after(async () => {
    await site?.stop();
    await one?.close();
    await two?.close();
  });

  let tunnels: Tunnel[] = [];
  const open = async (client: SiteClient, path: string): Promise<Tunnel> => {
    const tunnel = await client.open(path);
    tunnels.push(tunnel);
    return tunnel;
  };
  beforeEach(() => {
    tunnels = [];
  });
  afterEach(async () => {
    for (const tunnel of tunnels) tunnel.close();
    await Promise.all(tunnels.map((tunnel) => tunnel.closed));
    reload(desk, books);
  });

  const reload = (...applications: Application[]): void => site.gateway.reload(site.config({ applications }));
  const offered = async (client: SiteClient): Promise<string[]> =>
    (await client.call('GET', 'session')).json.applications.map(({ name }: { name: string }) => name);
  /** Why remote sessions of this user have ended, newest first. */
  async function endings(name: string): Promise<string[]> {
    const { store, audit, local } = site.gateway.rooms;
    await audit.flush();
    const user = await local.lookUp(name);
    const { items } = await store.read('audit', { tags: ['type:remote-session.end'], limit: 100 });
    return items
      .map(({ value }) => value as { user?: string; reason?: string })
      .filter((entry) => entry.user === user?.key)
      .map(({ reason = '' }) => reason);
  }

  it('adds an application: its route, its place in the launcher, its host', async () => {
    assert.equal((await anna.navigate('/new/page')).status, 404);
    reload(
      desk,
      books,
      { name: 'new', title: 'New', path: '/new', servers: [two.url] },
      { name: 'far', title: 'Far', host: 'far.localhost', servers: [one.url] },
    );
    assert.equal((await anna.get('/new/page')).json.target, '/new/page');
    await stillCarries(await open(anna, '/new/ws'));
    assert.deepEqual(await offered(anna), ['Desk', 'Books', 'New', 'Far']);
    const far = await walk(site, anna, `http://far.localhost:${site.port}/page`);
    assert.deepEqual([far.at.host, far.answer.json.target], [`far.localhost:${site.port}`, '/page']);
  });

  it('removes an application with exactly its tunnels and answers', async () => {
    const kept = await open(anna, '/books/ws');
    const others = await open(bert, '/books/ws');
    const gone = [await open(anna, '/desk/ws'), await open(bert, '/desk/ws')];
    const cut = await answerInFlight(site, anna, '/desk/trickle');
    const going = await answerInFlight(site, anna, '/books/trickle');
    reload(books);
    await Promise.all(gone.map((tunnel) => tunnel.closed));
    assert.equal(await cut.over, false);
    await stillCarries(kept);
    await stillCarries(others);
    assert.equal(going.isOver(), false);
    going.drop();
    assert.deepEqual(await offered(anna), ['Books']);
    const page = await anna.navigate('/desk/page');
    assert.equal(page.status, 404);
    assert.match(page.text, /There(&#39;|')s nothing here/);
    await assert.rejects(anna.open('/desk/ws'), { message: '404' });
    assert.deepEqual(
      site.gateway.proxy.tunnels().map(({ application }) => application),
      ['books', 'books'],
    );
    assert.equal((await endings('anna'))[0], 'application-removed');
  });

  it('withdraws access with the tunnels and answers of those it concerns, and gives it back', async () => {
    const kept = await open(anna, '/desk/ws');
    const keptElsewhere = await open(bert, '/books/ws');
    const withdrawn = await open(bert, '/desk/ws');
    const cut = await answerInFlight(site, bert, '/desk/trickle');
    const going = await answerInFlight(site, anna, '/desk/trickle');
    reload({ ...desk, allow: { groups: ['staff'] } }, books);
    await withdrawn.closed;
    assert.equal(await cut.over, false);
    await stillCarries(kept);
    await stillCarries(keptElsewhere);
    assert.equal(going.isOver(), false);
    going.drop();

    const page = await bert.navigate('/desk/page');
    assert.equal(page.status, 403);
    assert.match(page.headers['content-type'] ?? '', /^text\/html/);
    assert.match(page.text, /You(&#39;|')re signed in as bert, but Desk isn(&#39;|')t assigned to you/);
    const call = await bert.get('/desk/data');
    assert.deepEqual([call.status, call.json.code], [403, 'not-assigned']);
    await assert.rejects(bert.open('/desk/ws'), { message: '403' });
    assert.deepEqual([await offered(bert), await offered(anna)], [['Books'], ['Desk', 'Books']]);
    assert.equal((await endings('bert'))[0], 'access-withdrawn');

    reload(desk, books);
    await stillCarries(await open(bert, '/desk/ws'));
    await stillCarries(kept);
  });

  it('leaves tunnels alone whose application changes in what is no concern of theirs', async () => {
    const tunnel = await open(anna, '/desk/ws');
    reload({ ...desk, title: 'Renamed', timeouts: { idle: 60 }, signOutPaths: ['/desk/out'] }, books);
    await stillCarries(tunnel);
    assert.deepEqual(await offered(anna), ['Renamed', 'Books']);
    reload({ ...desk, path: '/moved' }, books);
    await stillCarries(tunnel);
    assert.equal((await anna.get('/moved/x')).status, 200);
    assert.equal((await anna.get('/desk/x')).status, 404);
    reload(desk, books);
    await stillCarries(tunnel);
  });

  it('applies new limits to tunnels that are open already', async () => {
    const tunnel = await open(anna, '/desk/ws');
    reload({ ...desk, tunnel: { idle: 30 } }, books);
    site.clock.advance(25_000);
    await stillCarries(tunnel);
    site.clock.advance(33_000);
    await tunnel.closed;
    assert.equal((await endings('anna'))[0], 'idle');
  });

  it('ends the tunnels of a server that leaves, and of no other', async () => {
    reload({ ...desk, servers: [one.url, two.url] }, books);
    const opened = [await open(anna, '/desk/ws'), await open(bert, '/books/ws')];
    const [mine] = site.gateway.proxy.tunnels().filter(({ name }) => name === 'anna');
    const rest = [one.url, two.url].filter((url) => url !== mine?.server);
    reload({ ...desk, servers: rest }, books);
    await opened[0]?.closed;
    if (opened[1] !== undefined) await stillCarries(opened[1]);
    await open(anna, '/desk/ws');
    const [moved] = site.gateway.proxy.tunnels().filter(({ name }) => name === 'anna');
    assert.deepEqual([moved?.server], rest);
    assert.equal((await endings('anna'))[0], 'server-removed');
  });

  it('drains a server: open tunnels and their users stay, nobody new comes', async () => {
    const both = [one.url, two.url];
    reload({ ...desk, servers: both }, books);
    const tunnel = await open(anna, '/desk/ws');
    const [mine] = site.gateway.proxy.tunnels();
    const drained = both.map((url) => ({ url, drain: url === mine?.server }));
    reload({ ...desk, servers: drained }, books);
    await stillCarries(tunnel);
    const server = mine?.server === one.url ? one : two;
    const other = server === one ? two : one;
    const before = other.requests.length;
    assert.equal((await anna.get('/desk/mine')).status, 200);
    assert.equal(server.requests.at(-1)?.target, '/desk/mine', 'where the open tunnel is');
    for (const client of [anna, bert]) await open(client, '/desk/ws');
    assert.equal(other.requests.length, before + 2);
    assert.deepEqual(
      site.gateway.proxy.servers().filter(({ application }) => application === 'desk'),
      drained.map(({ url, drain }) => ({
        application: 'desk',
        server: url,
        state: drain ? 'draining' : 'up',
        exchanges: 0,
        tunnels: drain ? 1 : 2,
      })),
    );

    reload({ ...desk, servers: both.map((url) => ({ url, drain: true })) }, books);
    for (const open of tunnels) await stillCarries(open);
    await assert.rejects(anna.open('/desk/ws'), { message: '503' });
    reload({ ...desk, servers: both }, books);
    await open(anna, '/desk/ws');
  });

  it('changes nothing when the new configuration is broken', async () => {
    const tunnel = await open(anna, '/desk/ws');
    const going = await answerInFlight(site, anna, '/desk/trickle');
    const before = await offered(anna);
    const missingCa = { url: 'https://127.0.0.1:9', tls: { ca: `${site.folder}/no-such.pem` } };
    const junk = `${site.folder}/junk.pem`;
    writeFileSync(junk, 'no certificate');
    const notYet = { name: 'new', path: '/new', servers: [two.url] };
    for (const broken of [
      [{ ...desk, path: 'desk' }, notYet],
      [desk, { ...notYet, name: 'desk' }],
      [desk, { ...notYet, servers: [] }],
      [desk, { ...notYet, alow: { groups: ['staff'] } }],
      [{ ...desk, servers: [missingCa] }, notYet],
      [{ ...desk, servers: [{ ...missingCa, tls: { ca: junk } }] }, notYet],
    ]) {
      assert.throws(
        () => reload(...broken),
        (error) => error instanceof ConfigError || error instanceof GatewayError || hasCode(error),
        JSON.stringify(broken),
      );
      assert.equal((await anna.get('/desk/page')).status, 200);
      assert.equal((await anna.get('/new/page')).status, 404);
    }
    await stillCarries(tunnel);
    assert.equal(going.isOver(), false);
    going.drop();
    await until(() => site.gateway.proxy.servers().every(({ exchanges }) => exchanges === 0));
    assert.deepEqual(
      site.gateway.proxy.servers().map(({ application, server, tunnels }) => [application, server, tunnels]),
      [
        ['desk', one.url, 1],
        ['books', two.url, 0],
      ],
    );
    assert.deepEqual(await offered(anna), before);
  });
});

const hasCode = (error: unknown): boolean => error instanceof Error && 'code' in error;

describe('a reload of what a newcomer began with', () => {
  it('replaces the demonstration by the first applications of the file', async () => {
    const server = await startApplicationServer();
    const site = await startSite();
    try {
      const anna = await site.signedIn('anna');
      const demo = await anna.open('/session');
      await demo.next();
      site.gateway.reload(
        site.config({
          applications: [{ name: 'desk', title: 'Desk', path: '/desk', servers: [server.url] }],
        }),
      );
      await demo.closed;
      const { applications } = (await anna.call('GET', 'session')).json;
      assert.deepEqual(applications, [{ name: 'Desk', url: `${site.origin}/desk` }]);
      assert.equal((await anna.get('/')).status, 404);
      assert.equal((await anna.get('/desk/x')).status, 200);
      site.gateway.reload(site.config());
      assert.equal((await anna.get('/')).status, 200);
      assert.equal((await anna.get('/desk/x')).status, 404);
    } finally {
      await site.stop();
      await server.close();
    }
  });
});

describe('a reload of certificates', { skip: missing('openssl') }, () => {
  const scratch = scratchFolder();
  let site: Site;
  let server: ApplicationServer;
  before(async () => {
    server = await startApplicationServer();
    site = await startSite({
      tls: makeCertificate(scratch.path, 'site', 'first'),
      config: { applications: [{ name: 'desk', path: '/desk', servers: [server.url] }] },
    });
  });
  after(async () => {
    await site?.stop();
    await server?.close();
    scratch.remove();
  });

  async function subject(): Promise<string> {
    const socket = connect({
      port: site.port,
      host: 'localhost',
      servername: 'localhost',
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return String(CN);
  }

  const listening = (tls: { cert: string; key: string }) => ({
    listen: { host: 'localhost', port: site.port, tls },
  });

  it('takes over a renewed or another one for new connections, and leaves tunnels alone', async () => {
    const anna = await site.signedIn('anna');
    const tunnel = await anna.open('/desk/ws');
    assert.equal(await subject(), 'first');
    const renewed = makeCertificate(scratch.path, 'renewed', 'second');
    const tls = { cert: `${scratch.path}/site.pem`, key: `${scratch.path}/site.key` };
    copyFileSync(renewed.key, tls.key);
    copyFileSync(renewed.cert, tls.cert);
    site.gateway.reload(site.config());
    assert.equal(await subject(), 'second', 'at once, before the files are looked at again');

    const other = makeCertificate(scratch.path, 'other', 'third');
    site.gateway.reload(site.config(listening(other)));
    assert.equal(await subject(), 'third');
    makeCertificate(scratch.path, 'other', 'fourth');
    site.clock.advance(10_000);
    assert.equal(await subject(), 'fourth', 'the other files are the ones that are watched now');
    await stillCarries(tunnel);
    tunnel.close();
    await tunnel.closed;
  });

  it('refuses a broken one, and with it everything else that is new', async () => {
    const before = await subject();
    const broken = `${scratch.path}/broken.pem`;
    writeFileSync(broken, 'no certificate');
    assert.throws(
      () =>
        site.gateway.reload(
          site.config({
            ...listening({ cert: broken, key: broken }),
            applications: [{ name: 'new', path: '/new', servers: [server.url] }],
          }),
        ),
      { code: 'certificate-unusable' },
    );
    assert.equal(await subject(), before);
    const bert = await site.signedIn('bert');
    assert.equal((await bert.get('/desk/x')).status, 200);
    assert.equal((await bert.get('/new/x')).status, 404);
  });
});
