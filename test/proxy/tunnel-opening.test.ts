import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ManualClock } from '../support/manual-clock.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { accept, handshake, switching } from './handshake.ts';
import { dial, type RawServer, startRawServer, type Wire } from './wire.ts';

describe('an upgrade', () => {
  let upstream: RawServer;
  let gateway: Gateway;
  let clock: ManualClock;
  const clients: Wire[] = [];

  beforeEach(async () => {
    clock = new ManualClock();
    upstream = await startRawServer();
    gateway = await startGateway([{ name: 'desktop', path: '/', servers: [{ url: upstream.url }] }], {
      clock,
    });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    await gateway.stop();
    await upstream.stop();
  });

  async function send(text: string): Promise<Wire> {
    const client = await dial(gateway.port);
    clients.push(client);
    client.send(text);
    return client;
  }

  async function nothingLeft(server?: Wire): Promise<void> {
    if (server !== undefined) await server.end();
    assert.equal(gateway.session.attached.size, 0);
    assert.equal(gateway.proxy.tunnels().length, 0);
  }

  /** The one plain answer that a client gets when the server answers so. */
  async function answered(by: string): Promise<string> {
    const client = await send(handshake(gateway.cookie));
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    server.send(by);
    const answer = await client.end();
    await nothingLeft(server);
    assert.equal(answer.match(/HTTP\/1\.1 /g)?.length, 1);
    assert.match(answer, /\r\nConnection: close\r\n/i);
    return answer;
  }

  it('without a session is a plain 401, never a redirect, and asks no server', async () => {
    const client = await send(handshake('a=1', 'Accept: text/html\r\n'));
    assert.match(await client.end(), /^HTTP\/1\.1 401 [\s\S]*"upgrade":true/);
    assert.equal(upstream.wires.length, 0);
  });

  it('passes a gate that has to look the session up', async () => {
    gateway.gate.slow = true;
    const client = await send(handshake(gateway.cookie));
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    server.send(switching());
    await client.until('HTTP/1.1 101 ');
    const refused = await send(handshake('a=1'));
    assert.match(await refused.end(), /^HTTP\/1\.1 401 /);
  });

  it('opens the remote session after the server accepted and before the client hears of it', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { open } = gateway.gate;
    gateway.gate.open = async (session) => {
      await held;
      return open.call(gateway.gate, session);
    };
    const client = await send(handshake(gateway.cookie));
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    assert.equal(gateway.gate.opened, 0);
    server.send(`${switching()}early`);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(client.received, '');
    release();
    await client.until('\r\n\r\nearly');
    assert.equal(gateway.gate.opened, 1);
  });

  it('that the gate refuses to open drops the server and is 401', async () => {
    gateway.gate.refuseOpening = 'sign-in-expired';
    const client = await send(handshake(gateway.cookie));
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    server.send(switching());
    assert.match(await client.end(), /^HTTP\/1\.1 401 [\s\S]*sign-in-expired/);
    await nothingLeft(server);
  });

  it('whose session is revoked meanwhile comes to nothing', async () => {
    const client = await send(handshake(gateway.cookie));
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    gateway.session.revoke();
    assert.equal(await client.end(), '');
    await nothingLeft(server);
    assert.equal(gateway.gate.opened, 0);
  });

  it('whose client goes meanwhile lets the server go', async () => {
    const client = await send(handshake(gateway.cookie));
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    client.socket.destroy();
    await nothingLeft(server);
  });

  it('that is answered otherwise than by 101 gets that answer, and starts no clock', async () => {
    const ok = await answered('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello, and more');
    assert.match(ok, /^HTTP\/1\.1 200 OK\r\n[\s\S]*X-A: b\r\n[\s\S]*\r\n\r\nhello$/);
    assert.equal(gateway.gate.opened, 0);
  });

  for (const [status, headers] of [
    ['302 Found', 'Location: /login'],
    ['401 Unauthorized', 'WWW-Authenticate: Basic'],
    ['503 Busy', 'Retry-After: 5'],
  ] as const) {
    it(`that is answered by ${status} gets that answer`, async () => {
      const text = await answered(
        `HTTP/1.1 ${status}\r\n${headers}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      );
      assert.ok(text.startsWith(`HTTP/1.1 ${status}\r\n`));
      assert.ok(text.toLowerCase().includes(headers.toLowerCase()));
      assert.doesNotMatch(text, /transfer-encoding/i);
    });
  }

  const wrong: [string, string][] = [
    ['another protocol', switching().replace('Upgrade: websocket', 'Upgrade: h2c')],
    ['a wrong proof', switching().replace(accept, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=')],
    ['no proof', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['a body', switching('Content-Length: 5\r\n')],
    ['chunks', switching('Transfer-Encoding: chunked\r\n')],
    ['garbage', 'garbage\r\n\r\n'],
    ['a bare line feed', switching('A: b\nC: d\r\n')],
    ['an endless head', `HTTP/1.1 101 Switching Protocols\r\nA: ${'b'.repeat(70_000)}`],
  ];
  for (const [what, answer] of wrong) {
    it(`that is answered by ${what} is 502`, async () => {
      assert.match(await answered(answer), /^HTTP\/1\.1 502 [\s\S]*upstream-invalid/);
    });
  }

  it('that the server closes without an answer is 502', async () => {
    for (const part of ['', 'HTTP/1.1 101 Switching']) {
      upstream.wires.length = 0;
      const client = await send(handshake(gateway.cookie));
      const server = await upstream.wire(0);
      await server.until('\r\n\r\n');
      server.socket.end(part);
      assert.match(await client.end(), /^HTTP\/1\.1 502 [\s\S]*upstream-unreachable/);
      await nothingLeft();
    }
  });

  it('that is never answered is 504, however the server trickles', async () => {
    const client = await send(handshake(gateway.cookie));
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    for (const letter of 'HTTP/1.1 101') {
      clock.advance(5_000);
      server.send(letter);
    }
    clock.advance(5_000);
    assert.match(await client.end(), /^HTTP\/1\.1 504 /);
    await nothingLeft(server);
  });

  it('that no server accepts is 502, then 503', async () => {
    await upstream.stop();
    const client = await send(handshake(gateway.cookie));
    assert.match(await client.end(), /^HTTP\/1\.1 502 [\s\S]*upstream-unreachable/);
    const again = await send(handshake(gateway.cookie));
    assert.match(await again.end(), /^HTTP\/1\.1 503 [\s\S]*no-healthy-server/);
    await nothingLeft();
    upstream = await startRawServer();
  });

  it('goes to another server when the first refuses connections', async () => {
    const dead = await startRawServer();
    await dead.stop();
    gateway.proxy.reload([
      { name: 'desktop', path: '/', servers: [{ url: dead.url, weight: 50 }, { url: upstream.url }] },
    ]);
    for (const name of ['user1', 'user2', 'user3', 'user4', 'user5']) {
      gateway.gate.add(name);
      clock.advance(120_000);
      const client = await send(handshake(`sallyport-session=${name}`));
      const server = await upstream.wire(upstream.wires.length);
      await server.until('\r\n\r\n');
      server.send(switching());
      await client.until('HTTP/1.1 101 ');
    }
  });

  it('with a body, another method or another version is refused, and nothing behind it is read', async () => {
    const good = handshake(gateway.cookie);
    const smuggled = `GET /smuggled HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\n\r\n`;
    const bad = [
      good.replace('\r\n\r\n', `\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`),
      good.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n') + smuggled,
      good.replace('GET', 'POST') + smuggled,
      good.replace('HTTP/1.1', 'HTTP/1.0') + smuggled,
      good.replace('Version: 13', 'Version: 8') + smuggled,
    ];
    for (const text of bad) {
      const client = await send(text);
      await client.until(/HTTP\/1\.1 \d\d\d /);
      client.socket.end();
      await client.end();
      assert.doesNotMatch(client.received, /HTTP\/1\.1 101/);
      for (const server of upstream.wires) {
        assert.doesNotMatch(server.received, /upgrade: websocket|^GET \/smuggled/im, text);
      }
    }
  });

  it('to anything but WebSocket is an ordinary request, as RFC 9110 section 7.8 allows', async () => {
    for (const offer of ['h2c', 'websocket, h2c', 'TLS/1.0']) {
      upstream.wires.length = 0;
      const client = await send(handshake(gateway.cookie).replace('Upgrade: websocket', `Upgrade: ${offer}`));
      const server = await upstream.wire(0);
      const request = await server.until('\r\n\r\n');
      assert.doesNotMatch(request, /^upgrade:/im);
      server.send('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok');
      await client.until('\r\n\r\nok');
    }
  });
});
