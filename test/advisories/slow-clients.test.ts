import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { createHttpListener } from '../../src/server/http-listener.ts';
import { quiet } from '../proxy/wire.ts';
import { type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { cookieOf, Line, message } from './target.ts';

const megabyte = 1024 * 1024;

describe('clients that are slow, or never do anything', () => {
  let site: Site;
  let anna: SiteClient;
  /** Bytes that the server has got rid of, and those that it has been told. */
  let sent = 0;
  let heard = 0;
  let sunk = 0;
  const server = createServer((request, response) => {
    if (request.url === '/flood') flood(response);
    else if (request.url === '/sink') {
      sunk += 1;
      request.on('readable', () => {});
    } else {
      request.on('data', (chunk: Buffer) => {
        heard += chunk.length;
      });
      request.on('end', () => response.end('ok'));
    }
  });

  function flood(response: ServerResponse): void {
    const chunk = Buffer.alloc(64 * 1024);
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && sent < 512 * megabyte) {
        sent += chunk.length;
        if (!response.write(chunk)) return;
      }
    };
    response.on('drain', more);
    more();
  }

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    site = await startSite({ config: { applications: [{ name: 'desk', path: '/', servers: [url] }] } });
    anna = await site.signedIn('anna');
  });
  after(async () => {
    await site.stop();
    server.close();
    server.closeAllConnections();
  });

  const noneLive = async (): Promise<void> => {
    while (site.gateway.gate.live().length > 0) await new Promise((resolve) => setImmediate(resolve));
  };

  it('threat 13: slow headers have 15 seconds in all, whatever trickles in', () => {
    const nobody = () => {};
    const destinations = { isOwn: () => true, own: nobody, request: nobody, upgrade: nobody };
    const listener = createHttpListener(destinations, systemClock);
    assert.equal(listener.headersTimeout, 15_000);
    assert.ok(listener.keepAliveTimeout > 0 && listener.keepAliveTimeout <= 120_000);
    assert.equal(listener.requestTimeout, 0, 'an upload may take as long as it takes');
    listener.close();
  });

  it('threat 13: a body to the gateway itself that trickles is cut off after 20 seconds', async () => {
    const line = new Line(site.port).send(
      message(site, 'POST /.sallyport/api/v1/sign-in', [
        `Origin: http://localhost:${site.port}`,
        'Content-Type: application/json',
        'Content-Length: 100',
      ]),
    );
    line.send('{"username"');
    // Answered behind it on another connection: the first one is being read by now.
    await anna.call('GET', 'session');
    site.clock.advance(20_001);
    await line.closed();
  });

  it('threat 13: a body to an application that stands still is cut off, one that trickles is not', async () => {
    const start = message(site, 'POST /upload', [cookieOf(anna), 'Content-Length: 10']);
    const stalled = new Line(site.port).send(start);
    const trickling = new Line(site.port).send(start);
    heard = 0;
    for (let part = 1; part < 10; part += 1) {
      trickling.send('x');
      while (heard < part) await new Promise((resolve) => setImmediate(resolve));
      site.clock.advance(100_000);
    }
    await stalled.closed();
    assert.equal(trickling.isClosed, false);
    assert.equal((await trickling.send('x').answer())?.text, 'ok');
    trickling.hangUp();
    await noneLive();
  });

  it('threat 13: a reader that stops reading holds the server back instead of filling memory, and is let go in the end', async () => {
    sent = 0;
    const socket = connect({ port: site.port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.write(message(site, 'GET /flood', [cookieOf(anna)]));
    socket.pause();
    await quiet(() => sent);
    assert.ok(sent > 0);
    assert.ok(sent < 64 * megabyte, `${sent / megabyte} MB were taken from the server`);
    site.clock.advance(301_000);
    await noneLive();
    socket.destroy();
  });

  it('threat 13: a server that stops reading holds the client back', async () => {
    let given = 0;
    const socket = connect({ port: site.port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.write(message(site, 'POST /sink', [cookieOf(anna), `Content-Length: ${512 * megabyte}`]));
    const chunk = Buffer.alloc(64 * 1024);
    const more = (): void => {
      while (!socket.destroyed && given < 512 * megabyte) {
        given += chunk.length;
        if (!socket.write(chunk)) return;
      }
    };
    socket.on('drain', more);
    more();
    await quiet(() => given);
    assert.ok(given < 64 * megabyte, `${given / megabyte} MB were taken from the client`);
    socket.destroy();
    // Its end stands behind what nobody reads: only the time limit notices.
    site.clock.advance(301_000);
    await noneLive();
  });

  it('threat 13: a client that has closed its half is let go, and leaves nothing behind', async () => {
    const socket = connect({ port: site.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {});
    socket.write(message(site, 'GET /flood', [cookieOf(anna)]));
    await once(socket, 'data');
    socket.end();
    socket.resume();
    await once(socket, 'close');
    await noneLive();
  });

  it('threat 13: a thousand idle connections keep nobody else from being served', async () => {
    const idle = Array.from({ length: 1_000 }, () => new Line(site.port));
    await Promise.all(
      idle.map(({ socket }) => (socket.connecting ? once(socket, 'connect') : Promise.resolve())),
    );
    for (const line of idle) line.send('GET / HTTP/1.1\r\nHost: loc');
    assert.equal((await anna.get('/')).text, 'ok');
    assert.equal((await anna.call('GET', 'session')).status, 200);
    for (const line of idle) line.hangUp();
  });

  it('threat 13: one connection is not thousands of requests to an application server at once', async () => {
    sunk = 0;
    const line = new Line(site.port).send(message(site, 'GET /sink', [cookieOf(anna)]).repeat(500));
    await line.closed();
    await noneLive();
    assert.ok(sunk < 10, `${sunk} were carried`);
    // A few behind one another are answered in their order.
    const few = new Line(site.port).send(message(site, 'GET /', [cookieOf(anna)]).repeat(5));
    for (let nth = 0; nth < 5; nth += 1) assert.equal((await few.answer())?.text, 'ok');
    few.hangUp();
  });

  it('threat 13: connections broken off at any byte leave nothing behind', async () => {
    const whole = message(site, 'POST /upload', [cookieOf(anna)], 'x'.repeat(50));
    for (let length = 1; length < whole.length; length += 17) {
      const socket = connect({ port: site.port, host: '127.0.0.1' });
      socket.on('error', () => {});
      socket.write(whole.slice(0, length), () => socket.resetAndDestroy());
      await once(socket, 'close');
    }
    assert.equal((await anna.get('/')).text, 'ok');
    await noneLive();
  });
});
