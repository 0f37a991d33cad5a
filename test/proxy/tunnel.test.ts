import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ManualClock } from '../support/manual-clock.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { handshake, switching } from './handshake.ts';
import { dial, quiet, type RawServer, startRawServer, type Wire } from './wire.ts';

const megabyte = 1024 * 1024;

describe('a tunnel', () => {
  let upstream: RawServer;
  let gateway: Gateway;
  let clock: ManualClock;
  const clients: Wire[] = [];

  beforeEach(async () => {
    clock = new ManualClock();
    upstream = await startRawServer();
    const tunnel = { idle: 600, maximum: 3_600 };
    gateway = await startGateway([{ name: 'desktop', path: '/', servers: [{ url: upstream.url }], tunnel }], {
      clock,
    });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    await gateway.stop();
    await upstream.stop();
  });

  async function open(more = '', early = ''): Promise<{ client: Wire; server: Wire }> {
    const client = await dial(gateway.port);
    clients.push(client);
    client.send(handshake(gateway.cookie, more) + early);
    const server = await upstream.wire(upstream.wires.length);
    await server.until('\r\n\r\n');
    server.send(switching());
    await client.until('\r\n\r\n');
    return { client, server };
  }

  function nothingLeft(): void {
    assert.equal(gateway.session.attached.size, 0);
    assert.equal(gateway.proxy.tunnels().length, 0);
    assert.deepEqual(
      gateway.proxy.servers().map(({ tunnels }) => tunnels),
      [0],
    );
  }

  it('carries what both sides say, from the first byte on', async () => {
    const client = await dial(gateway.port);
    clients.push(client);
    client.send(`${handshake(gateway.cookie)}early`);
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    assert.doesNotMatch(server.received, /early/);
    server.send(`${switching()}greeting`);
    await client.until('\r\n\r\ngreeting');
    await server.until('\r\n\r\nearly');
    client.send('ping');
    await server.until('earlyping');
    server.send('pong');
    await client.until('greetingpong');
    const [view] = gateway.proxy.tunnels();
    assert.deepEqual([view?.bytesIn, view?.bytesOut], [9, 12]);
  });

  it('leaves subprotocols and extensions as they are, and our cookies at home', async () => {
    const client = await dial(gateway.port);
    clients.push(client);
    const offers =
      'Sec-WebSocket-Protocol: binary, base64\r\nSec-WebSocket-Extensions: permessage-deflate; x=1\r\n';
    client.send(handshake(`a=1; ${gateway.cookie}`, `${offers}Origin: http://gateway.test\r\n`));
    const server = await upstream.wire(0);
    const request = await server.until('\r\n\r\n');
    assert.match(request, /\r\nSec-WebSocket-Protocol: binary, base64\r\n/);
    assert.match(request, /\r\nSec-WebSocket-Extensions: permessage-deflate; x=1\r\n/);
    assert.match(request, /\r\nOrigin: http:\/\/gateway\.test\r\n/);
    assert.match(request, /\r\nCookie: a=1\r\n/);
    assert.match(request, /\r\nX-Sallyport-User: anna\r\n/);
    server.send(
      switching(
        'Sec-WebSocket-Protocol: binary\r\nSet-Cookie: sallyport-session=evil\r\nSet-Cookie: b=2\r\n',
      ),
    );
    const answer = await client.until('\r\n\r\n');
    assert.match(answer, /\r\nSec-WebSocket-Protocol: binary\r\n/);
    assert.match(answer, /\r\nSet-Cookie: b=2\r\n/);
    assert.doesNotMatch(answer, /evil/);
  });

  it('is told to the audit log and the metrics, with its bytes, its time and its reason', async () => {
    const { client, server } = await open('User-Agent: test\r\n');
    server.send('12345');
    await client.until('12345');
    clock.advance(90_000);
    client.socket.end('bye');
    await server.until('bye');
    server.socket.end();
    await client.close();
    const [start, end] = gateway.events.filter(({ type }) => type.startsWith('remote-session.'));
    assert.equal(start?.type, 'remote-session.start');
    assert.ok(end?.type === 'remote-session.end');
    assert.deepEqual([end.duration, end.bytesIn, end.bytesOut, end.reason], [90, 3, 5, 'client-closed']);
    assert.deepEqual([end.user, end.application, end.server], ['local:anna', 'desktop', upstream.url]);
    assert.deepEqual(end.origin, { address: '127.0.0.1', browser: 'test' });
    assert.ok(gateway.metrics.includes('tunnel+ desktop') && gateway.metrics.includes('tunnel- desktop'));
    assert.ok(gateway.metrics.includes('bytes tunnel desktop 3 5'));
    nothingLeft();
  });

  it('passes on that one side is done while the other still speaks', async () => {
    const { client, server } = await open();
    client.socket.end('last words');
    await server.until('last words');
    await server.end();
    server.send('still here');
    await client.until('still here');
    server.socket.end();
    await client.close();
    nothingLeft();
  });

  it('is not left half open for long', async () => {
    const { client, server } = await open();
    client.socket.end();
    await server.end();
    clock.advance(12_000);
    await client.close();
    nothingLeft();
  });

  it('ends on both sides when one is reset', async () => {
    for (const which of ['client', 'server'] as const) {
      const ends = await open();
      const other = which === 'client' ? ends.server : ends.client;
      ends[which].socket.resetAndDestroy();
      await other.end();
      other.socket.destroy();
      assert.equal(gateway.session.attached.size, 0);
      upstream.wires.length = 0;
    }
    nothingLeft();
  });

  it('ends with its session, though neither side reads', async () => {
    const { client, server } = await open();
    client.socket.pause();
    server.socket.pause();
    client.socket.write(Buffer.alloc(16 * megabyte));
    server.socket.write(Buffer.alloc(16 * megabyte));
    await quiet(() => client.socket.writableLength + server.socket.writableLength);
    gateway.session.revoke('signed-out');
    nothingLeft();
    const ended = gateway.events.find(({ type }) => type === 'remote-session.end');
    assert.ok(ended?.type === 'remote-session.end' && ended.reason === 'signed-out');
    client.socket.resume();
    server.socket.resume();
    await client.end();
    await server.end();
  });

  it('ends after its idle time, which any byte begins anew', async () => {
    const { client, server } = await open();
    for (let times = 0; times < 3; times += 1) {
      clock.advance(595_000);
      server.send('!');
      await client.until('!'.repeat(times + 1));
    }
    assert.equal(client.ended, false);
    clock.advance(602_000);
    await client.end();
    await server.end();
    nothingLeft();
  });

  it('ends after its maximum duration, however busy', async () => {
    const { client, server } = await open();
    for (let times = 0; times < 7; times += 1) {
      clock.advance(500_000);
      client.send('!');
      await server.until('!'.repeat(times + 1));
    }
    clock.advance(102_000);
    await client.end();
    await server.end();
    nothingLeft();
  });

  for (const slow of ['client', 'server'] as const) {
    it(`goes no faster than its ${slow} reads, and loses nothing`, async () => {
      const ends = await open();
      const reader = ends[slow].socket;
      const writer = ends[slow === 'client' ? 'server' : 'client'].socket;
      reader.removeAllListeners('data');
      reader.pause();
      const total = 48 * megabyte;
      for (let sent = 0; sent < total; sent += megabyte) writer.write(Buffer.alloc(megabyte));
      await quiet(() => writer.writableLength);
      assert.ok(writer.writableLength > total / 2, `${writer.writableLength} wait`);
      const whole = new Promise<void>((resolve) => {
        let received = 0;
        reader.on('data', (chunk) => {
          received += chunk.length;
          if (received === total) resolve();
        });
      });
      reader.resume();
      await whole;
    });
  }

  it('lives on through a reload, and ends with what a reload takes away', async () => {
    const { client, server } = await open();
    const application = { name: 'desktop', path: '/', servers: [{ url: upstream.url }] };
    gateway.proxy.reload([{ ...application, title: 'Renamed', timeouts: { idle: 10 } }]);
    gateway.proxy.reload([
      { ...application, allow: { groups: ['staff'] } },
      { ...application, name: 'b', path: '/b' },
    ]);
    client.send('still');
    await server.until('still');
    gateway.proxy.reload([{ ...application, allow: { groups: ['others'] } }]);
    await client.end();
    nothingLeft();

    const second = await open();
    gateway.proxy.reload([{ ...application, servers: [{ url: 'http://127.0.0.1:9' }] }]);
    await second.client.end();
    gateway.proxy.reload([application]);
    const third = await open();
    gateway.proxy.reload([]);
    await third.client.end();
    const reasons = gateway.events.flatMap((event) =>
      event.type === 'remote-session.end' ? [event.reason] : [],
    );
    assert.deepEqual(reasons, ['access-withdrawn', 'server-removed', 'application-removed']);
  });

  it('gets its time when the proxy closes, which takes nothing new', async () => {
    const { client, server } = await open();
    const waiting = await dial(gateway.port);
    clients.push(waiting);
    waiting.send(`GET / HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\n\r\n`);
    const answering = await upstream.wire(1);
    await answering.until('\r\n\r\n');
    let closed = false;
    const closing = gateway.proxy.close({ graceMs: 30_000 }).then(() => {
      closed = true;
    });
    const late = await dial(gateway.port);
    clients.push(late);
    late.send(`GET / HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\n\r\n`);
    assert.match(await late.end(), /^HTTP\/1\.1 503 [\s\S]*Connection: close\r\n[\s\S]*shutting-down/i);
    const upgrade = await dial(gateway.port);
    clients.push(upgrade);
    upgrade.send(handshake(gateway.cookie));
    assert.match(await upgrade.end(), /^HTTP\/1\.1 503 /);
    answering.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
    assert.match(await waiting.end(), /Connection: close\r\n[\s\S]*done$/i);
    client.send('still');
    await server.until('still');
    assert.equal(closed, false);
    clock.advance(30_000);
    await client.end();
    await closing;
    nothingLeft();
  });
});
