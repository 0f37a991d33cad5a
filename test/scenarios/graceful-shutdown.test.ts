import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { handshake } from '../proxy/handshake.ts';
import { dial, type RawServer, startRawServer, type Wire } from '../proxy/wire.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { password, type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';

const grace = 30_000;

describe('threat 20: a gateway that is told to stop', () => {
  let raw: RawServer;
  let real: ApplicationServer;
  let site: Site;
  let anna: SiteClient;
  const wires: Wire[] = [];

  beforeEach(async () => {
    raw = await startRawServer();
    real = await startApplicationServer();
    site = await startSite({
      config: {
        applications: [
          { name: 'raw', path: '/raw', servers: [raw.url] },
          { name: 'desk', path: '/desk', servers: [real.url] },
        ],
      },
    });
    anna = await site.signedIn('anna');
  });
  afterEach(async () => {
    for (const wire of wires.splice(0)) wire.socket.destroy();
    await site.stop();
    await real.close();
    await raw.stop();
  });

  async function say(text: string): Promise<Wire> {
    const client = await dial(site.port);
    wires.push(client);
    client.send(text);
    return client;
  }
  const head = (start: string, more = ''): string =>
    `${start} HTTP/1.1\r\nHost: ${anna.portalHost}\r\nCookie: ${anna.cookieHeader()}\r\n${more}\r\n`;
  /** Begins to close, and tells whether that is over. */
  function closing(limit = grace): { closed: Promise<void>; isOver(): boolean } {
    let over = false;
    const closed = site.gateway.close(limit).then(() => {
      over = true;
    });
    return { closed, isOver: () => over };
  }
  /** Several turns in which everything that can happen by itself does. */
  async function settle(): Promise<void> {
    for (let turns = 0; turns < 50; turns += 1) await nextTurn();
  }
  const refused = (): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(site.port, '127.0.0.1');
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      socket.once('connect', () => {
        socket.destroy();
        resolve('connected');
      });
    });

  it('lets requests finish in both directions, takes nothing new, and is closed as soon as all are done', async () => {
    const download = await say(head('GET /raw/down'));
    const server = await raw.hearing('GET /raw/down ');
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf,');
    await download.until('half,');
    const upload = await say(`${head('POST /raw/up', 'Content-Length: 10\r\n')}half,`);
    const other = await raw.hearing('POST /raw/up ');
    await other.until('half,');
    const waiting = await say(head('GET /raw/wait'));
    const third = await raw.hearing('GET /raw/wait ');
    await third.until('\r\n\r\n');
    const idle = await say(head('GET /desk/x'));
    await idle.until('"method":"GET"');

    const { closed, isOver } = closing();
    await idle.end();
    assert.equal(await refused(), 'ECONNREFUSED');
    upload.send('whole');
    await other.until('half,whole');
    await settle();
    assert.equal(isOver(), false);

    server.send('whole');
    await download.until(/half,whole$/);
    other.send('HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nkept');
    assert.match(await upload.end(), /^HTTP\/1\.1 201 [\s\S]*\r\nConnection: close\r\n[\s\S]*kept$/i);
    assert.equal(isOver(), false);
    third.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
    assert.match(await waiting.end(), /\r\nConnection: close\r\n[\s\S]*done$/i);
    await closed;
  });

  it('gives tunnels their time, and closes them when it is over', async () => {
    const tunnel = await anna.open('/desk/ws');
    const left = await anna.open('/desk/ws');
    const { closed, isOver } = closing();
    for (let passed = 0; passed < grace - 1000; passed += 1000) site.clock.advance(1000);
    tunnel.send('still here');
    assert.equal(await tunnel.next(), 'still here');
    left.close();
    await left.closed;
    await settle();
    assert.equal(isOver(), false);
    site.clock.advance(1000);
    await tunnel.closed;
    await closed;
    await site.restart();
    const { items } = await site.gateway.rooms.store.read('audit', {
      tags: ['type:remote-session.end'],
      limit: 10,
    });
    assert.deepEqual(
      items.map(({ value }) => (value as { reason?: string }).reason),
      // The server is the first to close a connection after both have said goodbye (RFC 6455 section 7.1.1).
      ['shutdown', 'server-closed'],
    );
  });

  it('is closed as soon as the last tunnel is, however much time there would be', async () => {
    const tunnel = await anna.open('/desk/ws');
    const { closed } = closing(24 * 3_600_000);
    tunnel.close();
    await closed;
  });

  it('still ends the tunnels of whoever signs out or is revoked meanwhile', async () => {
    const tunnel = await anna.open('/desk/ws');
    const { closed } = closing();
    const user = (await site.gateway.rooms.local.lookUp('anna'))?.key ?? '';
    await site.gateway.rooms.sessions.revokeAll(
      { subscription: 'default', user },
      { reason: 'test', actor: 'test' },
    );
    await tunnel.closed;
    await closed;
  });

  it('refuses what comes over connections that are still open, with a page for people and 503 for programs', async () => {
    const kept: Wire[] = [];
    for (const path of ['/raw/one', '/raw/two', '/raw/three']) {
      const client = await say(head(`GET ${path}`));
      const server = await raw.hearing(`GET ${path} `);
      server.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf,');
      await client.until('half,');
      kept.push(client);
    }
    const [person, program, upgrade] = kept;
    assert.ok(person && program && upgrade);
    const tunnel = await anna.open('/desk/ws');
    const { closed } = closing();
    for (const path of ['/raw/one', '/raw/two', '/raw/three']) {
      (await raw.hearing(`GET ${path} `)).send('whole');
    }
    for (const client of kept) {
      await client.until(/half,whole$/);
      client.received = '';
    }
    person.send(head('GET /desk/late', 'Accept: text/html\r\nSec-Fetch-Mode: navigate\r\n'));
    program.send(head('GET /desk/late'));
    upgrade.send(
      handshake(anna.cookieHeader(), `Origin: ${site.origin}\r\n`, '/desk/late').replace(
        'gateway.test',
        anna.portalHost,
      ),
    );
    assert.match(await person.end(), /^HTTP\/1\.1 503 [\s\S]*\r\nConnection: close\r\n[\s\S]*<html/i);
    assert.match(await program.end(), /^HTTP\/1\.1 503 [\s\S]*"code":"shutting-down"/);
    assert.match(await upgrade.end(), /^HTTP\/1\.1 503 [\s\S]*"code":"shutting-down"/);
    assert.ok(real.requests.every(({ target }) => target !== '/desk/late'));
    tunnel.close();
    await closed;
  });

  it('lets a sign-in that is under way finish, which then counts', async () => {
    site.clock.advance(30_000);
    const other = site.client();
    other.secret = anna.secret;
    await other.call('POST', 'sign-in', { username: 'anna', password });
    const body = JSON.stringify({ method: 'app', code: other.code() });
    const verifying = await say(
      `POST /.sallyport/api/v1/sign-in/verify HTTP/1.1\r\nHost: ${other.portalHost}\r\nOrigin: ${site.origin}\r\nCookie: ${other.cookieHeader()}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    await verifying.until('100 Continue\r\n\r\n');
    const { closed } = closing();
    verifying.send(body);
    const answer = await verifying.until(/"status":"done"/);
    await closed;
    const token = /set-cookie: sallyport-session=([^;]+);/i.exec(answer)?.[1] ?? '';
    other.cookies.set(other.portalHost, new Map([['sallyport-session', token]]));
    await site.restart();
    assert.equal((await other.get('/desk/x')).status, 200);
  });

  it('waits for no client that says half of what it wanted, and for no server that never answers, beyond the time', async () => {
    const half = await say('GET /desk/x HTTP/1.1\r\nHost: loc');
    const mute = await say(head('GET /raw/never'));
    await (await raw.hearing('GET /raw/never ')).until('\r\n\r\n');
    const opening = await say(
      handshake(anna.cookieHeader(), `Origin: ${site.origin}\r\n`, '/raw/ws').replace(
        'gateway.test',
        anna.portalHost,
      ),
    );
    await (await raw.hearing('GET /raw/ws ')).until('\r\n\r\n');
    const { closed } = closing();
    site.clock.advance(grace);
    await closed;
    for (const wire of [half, mute, opening]) await wire.end();
  });

  it('goes on as before while load balancers notice, and says with each answer that it is the last', async () => {
    const kept = await say(head('GET /desk/before'));
    await kept.until('"method":"GET"');
    let over = false;
    const closed = site.gateway.close(grace, 10_000).then(() => {
      over = true;
    });
    const answer = await fetch(`http://127.0.0.1:${site.managementPort}/readyz`);
    assert.deepEqual([answer.status, await answer.text()], [503, 'shutting down\n']);
    kept.received = '';
    kept.send(head('GET /desk/kept'));
    assert.match(
      await kept.end(),
      /^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n[\s\S]*"target":"\/desk\/kept"/i,
    );
    assert.equal((await anna.get('/desk/page')).headers.connection, 'close');
    assert.equal((await anna.call('GET', 'session')).headers.connection, 'close');
    const bert = await site.signedIn('bert');
    const tunnel = await bert.open('/desk/ws');
    const idle = [await dial(site.port), await dial(site.port)] as const;
    wires.push(...idle);
    site.clock.advance(9_999);
    await settle();
    assert.equal((await bert.get('/desk/page')).status, 200);
    site.clock.advance(1);
    await settle();
    assert.equal(await refused(), 'ECONNREFUSED');
    // Load balancers that learn from this alone have connections on which they may be sending right now.
    idle[0].send(head('GET /desk/last'));
    assert.match(await idle[0].end(), /^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n/i);
    assert.equal(idle[1].ended, false);
    site.clock.advance(1_000);
    await idle[1].end();
    tunnel.send('still here');
    assert.equal(await tunnel.next(), 'still here');
    assert.equal(over, false);
    tunnel.close();
    await closed;
  });

  it('says not ready at once, and closes once, however often it is told', async () => {
    const tunnel = await anna.open('/desk/ws');
    const ready = () => fetch(`http://127.0.0.1:${site.managementPort}/readyz`);
    assert.equal((await ready()).status, 200);
    const first = closing();
    const second = closing(0);
    const answer = await ready();
    assert.deepEqual([answer.status, await answer.text()], [503, 'shutting down\n']);
    await settle();
    assert.deepEqual([first.isOver(), second.isOver()], [false, false]);
    tunnel.close();
    await Promise.all([first.closed, second.closed]);
    await assert.rejects(ready());
  });

  it('leaves the same sessions to the next one on the same store', async () => {
    const tunnel = await anna.open('/desk/ws');
    const { closed } = closing(0);
    await tunnel.closed;
    await closed;
    await site.restart();
    assert.equal((await anna.call('GET', 'session')).json.state, 'active');
    const again = await anna.open('/desk/ws');
    again.send('back');
    assert.equal(await again.next(), 'back');
    again.close();
    await again.closed;
  });
});
