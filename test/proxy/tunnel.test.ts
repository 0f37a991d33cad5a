import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Gateway, startGateway } from './gateway.ts';
import { dial, type RawServer, startRawServer, type Wire } from './wire.ts';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const switching = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;

const handshake = (cookie: string, more = ''): string =>
  `GET /socket HTTP/1.1\r\nHost: gateway.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nCookie: ${cookie}\r\n${more}\r\n`;

describe('a tunnel', () => {
  let upstream: RawServer;
  let gateway: Gateway;

  before(async () => {
    upstream = await startRawServer();
    gateway = await startGateway([{ name: 'desktop', path: '/', servers: [{ url: upstream.url }] }]);
  });

  beforeEach(() => {
    upstream.wires.length = 0;
  });

  after(async () => {
    await gateway.stop();
    await upstream.stop();
  });

  async function open(more = ''): Promise<{ client: Wire; server: Wire }> {
    const client = await dial(gateway.port);
    client.send(handshake(gateway.cookie, more));
    const server = await upstream.wire(upstream.wires.length);
    await server.until('\r\n\r\n');
    server.send(switching);
    await client.until('\r\n\r\n');
    return { client, server };
  }

  it('carries bytes both ways and ends with either side', async () => {
    const { client, server } = await open('Sec-WebSocket-Protocol: binary\r\n');
    assert.match(client.received, /^HTTP\/1\.1 101 /);
    assert.match(server.received, /Sec-WebSocket-Protocol: binary\r\n/);
    assert.doesNotMatch(server.received, /sallyport-session/);
    client.send('ping');
    await server.until('ping');
    server.send('pong');
    await client.until('pong');
    assert.equal(gateway.proxy.tunnels().length, 1);
    client.socket.end();
    await server.end();
    server.socket.end();
    await client.close();
    assert.equal(gateway.session.attached.size, 0);
    assert.equal(gateway.proxy.tunnels().length, 0);
  });

  it('ends when its session is revoked', async () => {
    const { client, server } = await open();
    gateway.session.revoke();
    gateway.session.revoked = false;
    await client.end();
    await server.end();
    client.socket.destroy();
    assert.equal(gateway.session.attached.size, 0);
  });

  it('answers 401 without a session, and asks no server', async () => {
    const client = await dial(gateway.port);
    client.send(handshake('other=1'));
    assert.match(await client.end(), /^HTTP\/1\.1 401 /);
    client.socket.destroy();
    assert.equal(upstream.wires.length, 0);
  });

  it('relays another answer than 101 as it is', async () => {
    const client = await dial(gateway.port);
    client.send(handshake(gateway.cookie));
    const server = await upstream.wire(0);
    await server.until('\r\n\r\n');
    server.send('HTTP/1.1 403 No\r\nContent-Length: 4\r\n\r\nnope');
    const answer = await client.end();
    assert.match(answer, /^HTTP\/1\.1 403 No\r\n/);
    assert.match(answer, /\r\n\r\nnope$/);
    client.socket.destroy();
    assert.equal(gateway.session.attached.size, 0);
  });
});
