import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ManualClock } from '../support/manual-clock.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { dial, exchangeRaw, quiet, type RawServer, startRawServer, type Wire } from './wire.ts';

const megabyte = 1024 * 1024;

describe('a request and its answer', () => {
  let upstream: RawServer;
  let gateway: Gateway;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock();
    upstream = await startRawServer();
    gateway = await startGateway([{ name: 'app', path: '/', servers: [{ url: upstream.url }] }], { clock });
  });

  afterEach(async () => {
    await gateway.stop();
    await upstream.stop();
  });

  let asked = 0;
  const mark = (): string => `X-Ask: ${++asked}.\r\n`;
  const get = (path = '/', more = ''): string =>
    `GET ${path} HTTP/1.1\r\nHost: gateway.test\r\nCookie: ${gateway.cookie}\r\n${mark()}${more}\r\n`;
  const post = (more: string): string =>
    `POST / HTTP/1.1\r\nHost: gateway.test\r\nCookie: ${gateway.cookie}\r\n${mark()}${more}\r\n`;

  /** A client that has asked, and the server that got the request. */
  async function ask(request: string): Promise<{ client: Wire; server: Wire }> {
    const client = await dial(gateway.port);
    client.send(request);
    const server = await upstream.hearing(`X-Ask: ${asked}.`);
    await server.until('\r\n\r\n');
    return { client, server };
  }

  it('are relayed piece by piece, head first', async () => {
    const { client, server } = await ask(get());
    server.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n');
    await client.until('text/event-stream\r\n');
    server.send('5\r\nfirst\r\n');
    await client.until('5\r\nfirst\r\n');
    server.send('6\r\nsecond\r\n0\r\n\r\n');
    await client.until('6\r\nsecond\r\n0\r\n\r\n');
    assert.equal(gateway.session.attached.size, 0);
    client.socket.destroy();
  });

  it('carry 102 and 103 ahead, and trailers behind', async () => {
    const { client, server } = await ask(get('/', 'TE: trailers\r\n'));
    server.send(
      'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n',
    );
    await client.until('HTTP/1.1 103 Early Hints\r\n');
    assert.match(client.received, /^HTTP\/1\.1 102 Processing\r\n\r\n/);
    assert.match(client.received, /Link: <\/a\.css>; rel=preload\r\n/);
    server.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n');
    server.send(
      '0\r\nX-Checksum: abc\r\nX-Sallyport-User: evil\r\nSet-Cookie: sallyport-session=evil\r\n\r\n',
    );
    const answer = await client.until('X-Checksum: abc\r\n\r\n');
    assert.doesNotMatch(answer, /evil/);
    client.socket.destroy();
  });

  it('keep 1xx from a client of HTTP/1.0, and a 101 from everybody', async () => {
    const { client, server } = await ask(
      `GET / HTTP/1.0\r\nHost: gateway.test\r\nCookie: ${gateway.cookie}\r\n${mark()}\r\n`,
    );
    server.send('HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n');
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    assert.match(await client.end(), /^HTTP\/1\.1 200 OK\r\n/);
    client.socket.destroy();
    const other = await ask(get());
    other.server.send('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n');
    await other.client.until('HTTP/1.1 502 ');
    other.client.socket.destroy();
  });

  it('keep what a server says in other words, and drop a phrase that is none', async () => {
    const odd = await ask(get());
    odd.server.send('HTTP/1.1 200 Fine\r\nContent-Length: 0\r\nX-Latin: caf\xe9\r\n\r\n');
    const answer = await odd.client.until('\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 200 Fine\r\n/);
    assert.match(answer, /X-Latin: caf\xe9\r\n/);
    odd.client.socket.destroy();
    const worse = await ask(get());
    worse.server.send('HTTP/1.1 404 \xe2\x9c\x93\r\nContent-Length: 0\r\n\r\n');
    assert.match(await worse.client.until('\r\n\r\n'), /^HTTP\/1\.1 404 Not Found\r\n/);
    worse.client.socket.destroy();
  });

  it('carry an empty body, however its length is written', async () => {
    for (const length of ['0', '00', '000']) {
      const { client, server } = await ask(post(`Content-Length: ${length}\r\n`));
      server.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      await client.until('\r\n\r\nok');
      client.socket.destroy();
    }
  });

  it('keep the connection for the next request, which passes the gate anew', async () => {
    const { client, server } = await ask(get('/one'));
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none');
    await client.until('\r\n\r\none');
    client.send(get('/two'));
    await server.until('GET /two ');
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo');
    await client.until('\r\n\r\ntwo');
    gateway.session.revoke();
    client.send(get('/three'));
    await client.until('HTTP/1.1 401 ');
    assert.doesNotMatch(server.received, /three/);
    client.socket.destroy();
  });

  it('answer a HEAD without a body and without losing the connection to the client', async () => {
    const { client, server } = await ask(get().replace('GET', 'HEAD'));
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nConnection: keep-alive\r\n\r\n');
    await client.until('Content-Length: 5000\r\n');
    client.send(get('/next'));
    const next = await upstream.hearing('GET /next ');
    next.send('HTTP/1.1 204 No Content\r\n\r\n');
    await client.until('HTTP/1.1 204 No Content\r\n');
    client.socket.destroy();
  });

  it('hold the client back while the server does not read', async () => {
    const { client, server } = await ask(`${post(`Content-Length: ${64 * megabyte + 5}\r\n`)}begun`);
    server.socket.pause();
    const chunk = Buffer.alloc(megabyte);
    let sent = 0;
    while (sent < 64 && client.socket.write(chunk)) sent += 1;
    for (; sent < 64; sent += 1) client.socket.write(chunk);
    // The kernel's buffers on both sides take some; the rest waits at the client.
    await quiet(() => client.socket.bytesWritten - client.socket.writableLength);
    assert.ok(client.socket.writableLength > 32 * megabyte, `${client.socket.writableLength} wait`);
    server.socket.resume();
    client.socket.destroy();
    await server.end();
  });

  it('hold the server back while the client does not read, and go on when it does', async () => {
    const total = 64 * megabyte;
    const { client, server } = await ask(get());
    client.socket.pause();
    server.send(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
    for (let sent = 0; sent < 64; sent += 1) server.socket.write(Buffer.alloc(megabyte));
    await quiet(() => server.socket.writableLength);
    assert.ok(server.socket.writableLength > 32 * megabyte, `${server.socket.writableLength} wait`);
    let received = 0;
    client.socket.removeAllListeners('data');
    const whole = new Promise<void>((resolve) => {
      client.socket.on('data', (chunk) => {
        received += chunk.length;
        if (received >= total) resolve();
      });
    });
    client.socket.resume();
    await whole;
    client.socket.destroy();
  });

  it('let the server go when the client goes', async () => {
    const { client, server } = await ask(get());
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun');
    await client.until('begun');
    client.socket.destroy();
    await server.end();
    assert.equal(gateway.session.attached.size, 0);
    assert.deepEqual(
      gateway.proxy.servers().map(({ exchanges }) => exchanges),
      [0],
    );
  });

  it('let the server go when the client goes in the middle of its body', async () => {
    const { client, server } = await ask(`${post('Content-Length: 1000\r\n')}begun`);
    await server.until('begun');
    client.socket.destroy();
    await server.end();
    assert.equal(gateway.session.attached.size, 0);
  });

  it('cut the client off when the server breaks in the middle of its answer', async () => {
    const { client, server } = await ask(get());
    server.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n');
    await client.until('begun');
    server.socket.destroy();
    const answer = await client.end();
    assert.doesNotMatch(answer, /\r\n0\r\n/);
  });

  it('end at once when the session is revoked, whichever way they stand', async () => {
    const waiting = await ask(get('/waiting'));
    const streaming = await ask(get('/streaming'));
    const sending = await ask(`${post('Content-Length: 1000\r\n')}begun`);
    streaming.server.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n');
    await streaming.client.until('begun');
    assert.equal(gateway.session.attached.size, 3);
    gateway.session.revoke();
    for (const { client, server } of [waiting, streaming, sending]) {
      await client.end();
      await server.end();
    }
    assert.equal(gateway.session.attached.size, 0);
  });

  it('may be pipelined, and leave nothing behind when the client goes', async () => {
    const client = await dial(gateway.port);
    client.send(get('/one') + get('/two'));
    const first = await upstream.wire(0);
    const second = await upstream.wire(1);
    await first.until('\r\n\r\n');
    await second.until('\r\n\r\n');
    assert.equal(gateway.session.attached.size, 2);
    client.socket.destroy();
    await first.end();
    await second.end();
    assert.equal(gateway.session.attached.size, 0);
  });

  it('relay an answer that comes before the body was read, and then close', async () => {
    const { client, server } = await ask(`${post('Content-Length: 1000000\r\n')}begun`);
    await server.until('begun');
    server.send('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig');
    const answer = await client.until('\r\n\r\nbig');
    assert.match(answer, /^HTTP\/1\.1 413 Too Large\r\n/);
    assert.match(answer, /\r\nConnection: close\r\n/i);
    await server.end();
    client.send(get('/smuggled'));
    clock.advance(5_000);
    await client.end();
    assert.equal(upstream.wires.length, 1);
    assert.equal(gateway.session.attached.size, 0);
  });

  it('are asked for the body only after the gate', async () => {
    const refused = await exchangeRaw(
      gateway.port,
      'POST / HTTP/1.1\r\nHost: gateway.test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n',
    );
    assert.match(refused, /^HTTP\/1\.1 401 /);
    const client = await dial(gateway.port);
    client.send(post('Expect: 100-continue\r\nContent-Length: 5\r\n'));
    await client.until('HTTP/1.1 100 Continue\r\n\r\n');
    client.send('hello');
    const server = await upstream.hearing(`X-Ask: ${asked}.`);
    assert.doesNotMatch(server.received, /expect/i);
    await server.until('\r\n\r\nhello');
    server.send('HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n');
    await client.until('HTTP/1.1 201 Created\r\n');
    client.socket.destroy();
  });

  it('pass on a chunked body re-framed, without its extensions and trailers', async () => {
    const { client, server } = await ask(
      `${post('Transfer-Encoding: chunked\r\nTrailer: X-Sallyport-User\r\n')}5;a="b\\"c"\r\nhello\r\n`,
    );
    client.send('0\r\nX-Sallyport-User: root\r\n\r\n');
    const request = await server.until('0\r\n\r\n');
    assert.match(request, /\r\ntransfer-encoding: chunked\r\n/i);
    assert.match(request, /\r\n5\r\nhello\r\n0\r\n\r\n$/);
    assert.doesNotMatch(request, /root|trailer/i);
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    await client.until('200 OK');
    client.socket.destroy();
  });

  it('try once more what is safe when a kept connection had been closed', async () => {
    const { client, server } = await ask(get('/one'));
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    await client.until('200 OK');
    client.send(get('/two'));
    await server.until('GET /two ');
    server.socket.resetAndDestroy();
    const again = await upstream.wire(1);
    await again.until('GET /two ');
    again.send('HTTP/1.1 200 Again\r\nContent-Length: 0\r\n\r\n');
    await client.until('200 Again');
    client.socket.destroy();
  });

  it('try nothing again that was answered in part, was asked anew already, is not safe, or came on a new connection', async () => {
    const fresh = await ask(get('/fresh'));
    fresh.server.socket.resetAndDestroy();
    await fresh.client.until('HTTP/1.1 502 ');
    fresh.client.send(get('/one'));
    const kept = await upstream.wire(1);
    await kept.until('\r\n\r\n');
    kept.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    await fresh.client.until('200 OK');
    fresh.client.send(`DELETE /unsafe HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\n\r\n`);
    await kept.until('DELETE /unsafe ');
    kept.socket.resetAndDestroy();
    await fresh.client.until(/502 [\s\S]*502 /);
    assert.equal(upstream.wires.length, 2);
    fresh.client.socket.destroy();
  });
});
