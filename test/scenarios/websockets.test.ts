import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { handshake, switching } from '../proxy/handshake.ts';
import { dial, quiet, type RawServer, startRawServer, type Wire } from '../proxy/wire.ts';
import { type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { liveMemory } from './live-memory.ts';
import { until } from './until.ts';

const megabyte = 1024 * 1024;

describe('WebSockets through the whole gateway', () => {
  /** Says what a test tells it to say. */
  let raw: RawServer;
  /** A real WebSocket server, which compresses. */
  let server: Server;
  let sockets: WebSocketServer;
  let site: Site;
  let anna: SiteClient;
  const wires: Wire[] = [];
  const clients: WebSocket[] = [];

  before(async () => {
    raw = await startRawServer();
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    sockets = new WebSocketServer({
      server,
      perMessageDeflate: { threshold: 0 },
      maxPayload: 64 * megabyte,
      handleProtocols: (offered) => (offered.has('binary') ? 'binary' : false),
    });
    const { port } = server.address() as AddressInfo;
    site = await startSite({
      config: {
        applications: [
          { name: 'raw', path: '/raw', servers: [raw.url] },
          { name: 'real', path: '/real', servers: [`http://127.0.0.1:${port}`], tunnel: { idle: 60 } },
        ],
      },
    });
    anna = await site.signedIn('anna');
  });
  after(async () => {
    await site?.stop();
    for (const socket of sockets?.clients ?? []) socket.terminate();
    server?.close();
    await raw?.stop();
  });
  afterEach(async () => {
    for (const wire of [...wires.splice(0), ...raw.wires.splice(0)]) wire.socket.destroy();
    for (const client of clients.splice(0)) client.terminate();
    const { proxy, gate } = site.gateway;
    await until(() => proxy.tunnels().length === 0);
    assert.ok(proxy.servers().every(({ tunnels, exchanges }) => tunnels + exchanges === 0));
    assert.deepEqual(gate.live(), []);
  });

  /** Both ends of a tunnel, each a real WebSocket. */
  async function open(
    options = {},
    protocols: string[] = [],
  ): Promise<{ client: WebSocket; far: WebSocket }> {
    const accepted = once(sockets, 'connection') as Promise<[WebSocket]>;
    const client = new WebSocket(`ws://127.0.0.1:${site.port}/real/ws`, protocols, {
      maxPayload: 64 * megabyte,
      headers: { host: anna.portalHost, origin: site.origin, cookie: anna.cookieHeader() },
      ...options,
    });
    clients.push(client);
    await once(client, 'open');
    const [far] = await accepted;
    return { client, far };
  }

  /** Both ends of a tunnel as bare connections. */
  async function openRaw(): Promise<{ client: Wire; far: Wire }> {
    const client = await dial(site.port);
    wires.push(client);
    const asked = handshake(anna.cookieHeader(), `Origin: ${site.origin}\r\n`, '/raw/ws');
    client.send(asked.replace('Host: gateway.test', `Host: ${anna.portalHost}`));
    const far = await raw.wire(raw.wires.length);
    await far.until('\r\n\r\n');
    far.send(switching());
    await client.until('\r\n\r\n');
    client.received = '';
    far.received = '';
    return { client, far };
  }

  it('negotiate compression end to end, which the tunnel leaves alone', async () => {
    const { client, far } = await open();
    assert.deepEqual([client.extensions, far.extensions], ['permessage-deflate', 'permessage-deflate']);
    const text = 'the same words again and again '.repeat(100_000);
    const heard = once(far, 'message');
    client.send(text);
    assert.equal(String((await heard)[0]), text);
    const [view] = site.gateway.proxy.tunnels();
    assert.ok((view?.bytesIn ?? 0) < text.length / 50, `${view?.bytesIn} bytes passed, compressed`);
    const answered = once(client, 'message');
    far.send(text);
    assert.equal(String((await answered)[0]), text);

    const plain = await open({ perMessageDeflate: false });
    assert.deepEqual([plain.client.extensions, plain.far.extensions], ['', '']);
  });

  it('agree on a subprotocol, or on none', async () => {
    const chosen = await open({}, ['base64', 'binary']);
    assert.deepEqual([chosen.client.protocol, chosen.far.protocol], ['binary', 'binary']);
    const none = await open();
    assert.deepEqual([none.client.protocol, none.far.protocol], ['', '']);
  });

  it('carry messages of any size and in any number of fragments, both ways', async () => {
    const { client, far } = await open({ perMessageDeflate: false });
    const large = randomBytes(16 * megabyte);
    for (const [from, to] of [
      [client, far],
      [far, client],
    ] as const) {
      const whole = once(to, 'message');
      from.send(large);
      assert.ok((await whole)[0].equals(large));
      const joined = once(to, 'message');
      for (let start = 0; start < megabyte; start += 1000) {
        const end = start + 1000;
        from.send(large.subarray(start, Math.min(end, megabyte)), { binary: true, fin: end >= megabyte });
      }
      assert.ok((await joined)[0].equals(large.subarray(0, megabyte)));
      const empty = once(to, 'message');
      from.send('');
      assert.equal((await empty)[0].length, 0);
    }
  });

  it('pass on pings and pongs of both sides as they are; any of them keeps the tunnel busy', async () => {
    const { client, far } = await open();
    for (let times = 0; times < 3; times += 1) {
      for (const [from, to] of [
        [client, far],
        [far, client],
      ] as const) {
        const data = `${times} from ${from === client ? 'client' : 'server'}`;
        const pinged = once(to, 'ping');
        const ponged = once(from, 'pong');
        from.ping(data);
        assert.deepEqual([String((await pinged)[0]), String((await ponged)[0])], [data, data]);
      }
      site.clock.advance(50_000);
    }
    assert.equal(client.readyState, WebSocket.OPEN);
    const closed = once(client, 'close');
    site.clock.advance(63_000);
    assert.equal((await closed)[0], 1006, 'then idle for too long');
  });

  it('end with the code and the reason that either side gives', async () => {
    for (const which of ['client', 'far'] as const) {
      const ends = await open();
      const closed = once(ends[which === 'client' ? 'far' : 'client'], 'close');
      ends[which].close(4001, 'until tomorrow');
      const [code, reason] = await closed;
      assert.deepEqual([code, String(reason)], [4001, 'until tomorrow']);
    }
  });

  it('are bytes to the gateway: whatever they are, they arrive as they were sent', async () => {
    const { client, far } = await openRaw();
    const bytes = randomBytes(8 * megabyte);
    for (const [from, to] of [
      [client, far],
      [far, client],
    ] as const) {
      const hash = createHash('sha256');
      let arrived = 0;
      to.socket.removeAllListeners('data');
      to.socket.on('data', (chunk) => {
        hash.update(chunk);
        arrived += chunk.length;
      });
      for (let start = 0; start < bytes.length; ) {
        const length = 1 + ((start * 7919) % 40_000);
        from.socket.write(bytes.subarray(start, start + length));
        start += length;
      }
      await until(() => arrived === bytes.length);
      assert.equal(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'));
    }
    const [view] = site.gateway.proxy.tunnels();
    assert.deepEqual([view?.bytesIn, view?.bytesOut], [bytes.length, bytes.length]);
  });

  for (const slow of ['client', 'far'] as const) {
    it(`wait for a slow ${slow === 'client' ? 'client' : 'server'}, in flat memory`, async () => {
      const ends = await openRaw();
      const reader = ends[slow].socket;
      const writer = ends[slow === 'client' ? 'far' : 'client'].socket;
      let arrived = 0;
      reader.removeAllListeners('data');
      reader.on('data', (chunk) => {
        arrived += chunk.length;
      });
      reader.pause();
      const before = await liveMemory();
      const chunk = Buffer.alloc(megabyte);
      for (let written = 0; written < 128; written += 1) writer.write(chunk);
      await quiet(() => writer.writableLength);
      assert.ok(writer.writableLength > 64 * megabyte, `${writer.writableLength} wait`);
      assert.ok((await liveMemory()) - before < 16 * megabyte);
      reader.resume();
      await until(() => arrived === 128 * megabyte);
      assert.ok((await liveMemory()) - before < 16 * megabyte);
    });
  }

  it('let one side finish while the other still speaks, but not for ever', async () => {
    const polite = await openRaw();
    polite.client.socket.end('last words');
    await polite.far.until('last words');
    await polite.far.end();
    polite.far.send('an answer');
    await polite.client.until('an answer');
    polite.far.socket.end();
    await polite.client.end();

    const stubborn = await openRaw();
    stubborn.client.socket.end();
    await stubborn.far.end();
    site.clock.advance(12_000);
    await stubborn.client.end();
  });

  it('end on the other side too when one breaks off', async () => {
    for (const which of ['client', 'far'] as const) {
      const ends = await openRaw();
      ends[which].socket.resetAndDestroy();
      await ends[which === 'client' ? 'far' : 'client'].end();
    }
  });

  it('are written down with who, where, how long, how much and why', async () => {
    const { client, far } = await openRaw();
    client.send('12345');
    await far.until('12345');
    far.send('123');
    await client.until('123');
    site.clock.advance(90_000);
    client.socket.end();
    far.socket.end();
    await until(() => site.gateway.proxy.tunnels().length === 0);
    const { audit, store } = site.gateway.rooms;
    await audit.flush();
    const { items } = await store.read('audit', { tags: ['type:remote-session.end'], limit: 1 });
    const event = items[0]?.value as Record<string, unknown>;
    const { name, application, server, duration, bytesIn, bytesOut, reason } = event;
    assert.deepEqual(
      { name, application, server, duration, bytesIn, bytesOut, reason },
      {
        name: 'anna',
        application: 'raw',
        server: raw.url,
        duration: 90,
        bytesIn: 5,
        bytesOut: 3,
        reason: 'client-closed',
      },
    );
  });
});
