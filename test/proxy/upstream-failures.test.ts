import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ManualClock } from '../support/manual-clock.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { dial, quiet, type RawServer, startRawServer, type Wire } from './wire.ts';

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a failure of an application server', () => {
  let upstream: RawServer;
  let gateway: Gateway;
  let clock: ManualClock;
  const clients: Wire[] = [];

  beforeEach(async () => {
    clock = new ManualClock();
    upstream = await startRawServer();
    gateway = await startGateway([{ name: 'app', path: '/', servers: [{ url: upstream.url }] }], { clock });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    await gateway.stop();
    await upstream.stop();
  });

  async function send(text: string, port = gateway.port): Promise<Wire> {
    const client = await dial(port);
    clients.push(client);
    client.send(text);
    return client;
  }
  const get = (): string => `GET / HTTP/1.1\r\nHost: gateway.test\r\nCookie: ${gateway.cookie}\r\n\r\n`;

  /** Nothing is left of the exchange: not with the session, not at the server, not in the connections. */
  async function nothingLeft(server?: Wire): Promise<void> {
    if (server !== undefined) await server.end();
    assert.equal(gateway.session.attached.size, 0);
    assert.deepEqual(
      gateway.proxy.servers().map(({ exchanges }) => exchanges),
      gateway.proxy.servers().map(() => 0),
    );
  }

  const answers: [string, string, number, string][] = [
    ['garbage', 'garbage\r\n\r\n', 502, 'upstream-invalid'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 502, 'upstream-invalid'],
    ['a malformed status', 'HTTP/1.1 2OO OK\r\n\r\n', 502, 'upstream-invalid'],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      502,
      'upstream-invalid',
    ],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      502,
      'upstream-invalid',
    ],
    [
      'chunks and a length',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n',
      502,
      'upstream-invalid',
    ],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', 502, 'upstream-invalid'],
    [
      'another coding',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      502,
      'upstream-invalid',
    ],
    [
      'two codings',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      502,
      'upstream-invalid',
    ],
    ['a bare line feed', 'HTTP/1.1 200 OK\r\nA: b\nContent-Length: 0\r\n\r\n', 502, 'upstream-invalid'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n', 502, 'upstream-invalid'],
    [
      'a space before the colon',
      'HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 0\r\n\r\n',
      502,
      'upstream-invalid',
    ],
    [
      'an unasked 101',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      502,
      'upstream-invalid',
    ],
    ['an endless head', `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(100_000)}`, 502, 'upstream-invalid'],
  ];
  for (const [what, answer, status, code] of answers) {
    it(`by ${what} is ${status} ${code}`, async () => {
      const client = await send(get());
      const server = await upstream.wire(0);
      await server.until('\r\n\r\n');
      server.send(answer);
      await client.until(`"code":"${code}"`);
      assert.match(client.received, new RegExp(`^HTTP/1\\.1 ${status} `));
      await nothingLeft(server);
    });
  }

  it('by closing without an answer, or in the middle of its head, is 502', async () => {
    for (const answer of ['', 'HTTP/1.1 200 OK\r\nContent-']) {
      upstream.wires.length = 0;
      const client = await send(get());
      const server = await upstream.wire(0);
      await server.until('\r\n\r\n');
      server.socket.end(answer);
      await client.until('"code":"upstream-unreachable"');
      assert.match(client.received, /^HTTP\/1\.1 502 /);
      await nothingLeft();
    }
  });

  it('by refusing connections is 502, then 503 while it rests, then tried again', async () => {
    const port = await freePort();
    gateway.proxy.reload([{ name: 'app', path: '/', servers: [{ url: `http://127.0.0.1:${port}` }] }]);
    const client = await send(get());
    await client.until('"code":"upstream-unreachable"');
    client.send(get());
    await client.until('"code":"no-healthy-server"');
    assert.match(client.received, /HTTP\/1\.1 503 [\s\S]*Retry-After: 1\r\n/);
    clock.advance(1_000);
    client.received = '';
    client.send(get());
    await client.until('"code":"upstream-unreachable"');
    await nothingLeft();
    assert.deepEqual(gateway.events.filter(({ type }) => type === 'server.health').length, 1);
  });

  it('by refusing connections leads to another server, with the whole body', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    gateway.proxy.reload([
      { name: 'app', path: '/', servers: [{ url: dead, weight: 100 }, { url: upstream.url }] },
    ]);
    const names = Array.from({ length: 20 }, (_, index) => `user${index}`);
    for (const name of names) {
      gateway.gate.add(name);
      const request = `POST / HTTP/1.1\r\nHost: x\r\nCookie: sallyport-session=${name}\r\nContent-Length: 5\r\n\r\nhello`;
      const client = await send(request);
      const server = await upstream.hearing('hello');
      server.received = '';
      server.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      await client.until('HTTP/1.1 200 OK');
      clock.advance(60_000);
    }
    await nothingLeft();
  });

  it('by not answering is 504, after the time for answers', async () => {
    const client = await send(get());
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    clock.advance(59_000);
    assert.equal(client.received, '');
    clock.advance(2_000);
    await client.until('"code":"upstream-timeout"');
    assert.match(client.received, /^HTTP\/1\.1 504 /);
    await nothingLeft(server);
  });

  it('by stopping in the middle of its answer cuts the client off, after the idle time', async () => {
    const client = await send(get());
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
    await client.until('half');
    clock.advance(299_000);
    server.send('more');
    await client.until('more');
    clock.advance(299_000);
    assert.equal(client.ended, false);
    clock.advance(2_000);
    await client.end();
    await nothingLeft(server);
  });

  it('by not reading a body is 504, after the idle time; by reading slowly it is none', async () => {
    const size = 200 * 1024 * 1024;
    const request = `POST / HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\nContent-Length: ${size}\r\n\r\n`;
    const client = await send(request);
    const chunk = Buffer.alloc(1024 * 1024);
    for (let sent = 0; sent < 64; sent += 1) client.socket.write(chunk);
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    for (let times = 0; times < 6; times += 1) {
      server.received = '';
      server.socket.resume();
      await server.until(({ length }) => length > 8_000_000);
      server.socket.pause();
      await quiet(() => client.socket.writableLength);
      clock.advance(200_000);
    }
    assert.equal(client.received, '');
    server.socket.pause();
    await quiet(() => client.socket.writableLength);
    clock.advance(302_000);
    await client.until('"code":"upstream-timeout"');
    await nothingLeft();
  });

  it('is none when it is the client who stops sending: that is 408, and the end of that connection', async () => {
    const client = await send(
      `POST / HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\nContent-Length: 10\r\n\r\nhalf`,
    );
    const server = await upstream.wire(0);
    await server.until('half');
    clock.advance(302_000);
    assert.match(await client.end(), /^HTTP\/1\.1 408 [\s\S]*"code":"request-timeout"/);
    await nothingLeft(server);
  });

  it('by not finishing its TLS handshake is 504, after the time for connections', async () => {
    const silent = await startRawServer();
    const url = silent.url.replace('http:', 'https:');
    gateway.proxy.reload([{ name: 'app', path: '/', servers: [{ url }], timeouts: { connect: 3 } }]);
    const client = await send(get());
    const server = await silent.wire(0);
    clock.advance(2_999);
    assert.equal(client.received, '');
    clock.advance(1);
    await client.until('"code":"upstream-timeout"');
    await nothingLeft(server);
    await silent.stop();
  });
});

describe('the certificate of an application server', () => {
  it('is verified, against its own authority or not at all where that is said', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=desktop.test', '-addext', 'subjectAltName=DNS:desktop.test'];
    const made = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
    ];
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...made, ...subject], { stdio: 'ignore' });
    const ca = readFileSync(cert, 'utf8');
    let connections = 0;
    const large = Buffer.alloc(8 * 1024 * 1024, 'x');
    const server = createHttpsServer({ key: readFileSync(key), cert: ca }, (request, response) => {
      if (request.method === 'POST') request.pipe(response);
      else response.end(request.url === '/named/large' ? large : `secure ${request.headers.host}`);
    });
    server.on('secureConnection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const gateway = await startGateway([
      { name: 'unknown', path: '/unknown', servers: [{ url }] },
      { name: 'named', path: '/named', servers: [{ url, tls: { ca, serverName: 'desktop.test' } }] },
      { name: 'wrong', path: '/wrong', servers: [{ url, tls: { ca, serverName: 'other.test' } }] },
      { name: 'any', path: '/any', servers: [{ url, tls: { verify: false } }] },
    ]);
    const ask = async (path: string, method = 'GET', lines = '', body = ''): Promise<string> => {
      const client = await dial(gateway.port);
      client.send(
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${gateway.cookie}\r\n${lines}\r\n${body}`,
      );
      const answer = await client.end();
      client.socket.destroy();
      return answer;
    };
    assert.match(await ask('/named'), /secure x/);
    assert.match(await ask('/any'), /secure x/);
    // What others keep to the same address is not theirs: it was verified in another way, or not at all.
    assert.match(await ask('/unknown'), /"code":"upstream-unreachable"/);
    assert.match(await ask('/wrong'), /"code":"upstream-unreachable"/);
    assert.match(await ask('/any'), /secure x/);
    const before = connections;
    assert.equal((await ask('/named/large')).split('\r\n\r\n')[1]?.length, large.length);
    const body = `1000\r\n${'y'.repeat(0x1000)}\r\n`.repeat(500);
    const echoed = await ask('/named', 'POST', 'Transfer-Encoding: chunked\r\n', `${body}0\r\n\r\n`);
    assert.equal(echoed.replace(/[^y]/g, '').length, 500 * 0x1000);
    assert.equal(connections, before, 'they were all carried by the connection that was kept');
    await gateway.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });
});
