import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { TurnEnd } from '../../src/proxy/turn-end.ts';
import { type Carried, UpstreamConnection } from '../../src/proxy/upstream-connection.ts';
import { type Gateway, startGateway } from '../proxy/gateway.ts';
import { dial, type RawServer, startRawServer, type Wire } from '../proxy/wire.ts';
import { ManualClock } from '../support/manual-clock.ts';

const poison = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison';
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a connection to an application server that several people use', () => {
  let upstream: RawServer;
  let gateway: Gateway;
  let clock: ManualClock;
  /** The gateway's end of the client's connection that asked last. */
  let clientSide: Socket | undefined;
  const clients: Wire[] = [];

  beforeEach(async () => {
    clock = new ManualClock();
    upstream = await startRawServer();
    gateway = await startGateway([{ name: 'app', path: '/', servers: [{ url: upstream.url }] }], {
      clock,
      addressOf(request) {
        clientSide = request.socket;
        return '192.0.2.7';
      },
    });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    await gateway.stop();
    await upstream.stop();
  });

  let asked = 0;
  async function ask(method = 'GET', more = '', body = ''): Promise<{ client: Wire; server: Wire }> {
    asked += 1;
    const client = await dial(gateway.port);
    clients.push(client);
    client.send(
      `${method} /${asked}. HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\n${more}\r\n${body}`,
    );
    return { client, server: await upstream.hearing(`${method} /${asked}. `) };
  }

  // Both are what a server of today may say; what it must not do is to send the body that it speaks of.
  const bodiless: Record<string, [method: string, answer: string]> = {
    'a HEAD, with a length': ['HEAD', `HTTP/1.1 200 OK\r\nContent-Length: ${poison.length}\r\n\r\n`],
    'a HEAD, in chunks': ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
    'a HEAD, up to its end': ['HEAD', 'HTTP/1.1 200 OK\r\n\r\n'],
    'a 304, with a length': ['GET', `HTTP/1.1 304 Not Modified\r\nContent-Length: ${poison.length}\r\n\r\n`],
    'a 304, in chunks': ['GET', 'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n'],
  };
  for (const [what, [method, answer]] of Object.entries(bodiless)) {
    it(`threat 12: gives nobody the body that follows ${what}`, async () => {
      const first = await ask(method);
      first.server.send(answer);
      await first.client.until('\r\n\r\n');
      const second = await ask();
      first.server.send(poison);
      assert.notEqual(second.server, first.server, 'the connection was used again');
      second.server.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright');
      assert.doesNotMatch(await second.client.until('right'), /poison/);
    });
  }

  it('threat 12: is kept after a 304 and a HEAD that speak of no body', async () => {
    const first = await ask();
    first.server.send('HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n');
    await first.client.until('\r\n\r\n');
    const second = await ask('HEAD');
    assert.equal(second.server, first.server);
    second.server.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    await second.client.until('\r\n\r\n');
    assert.equal((await ask()).server, first.server);
  });

  it('threat 12: is given up when the answer came before all of the request had left', async () => {
    const listener = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const arrived = once(listener, 'connection');
    const socket = connect((listener.address() as AddressInfo).port, '127.0.0.1');
    const [server] = (await arrived) as [Socket];
    const told: string[] = [];
    const ended = new Promise<void>((resolve) => {
      const connection = new UpstreamConnection(
        { free: () => told.push('free'), gone: () => told.push('gone') },
        new TurnEnd(),
      );
      const upload: Carried = {
        head: 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 67108864\r\n\r\n',
        isHead: false,
        hasBody: true,
        // All of it is given to the connection, but the server reads none of it.
        onSent() {
          connection.write(Buffer.alloc(67_108_864, 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'));
          connection.endRequest();
        },
        onWritable() {},
        onUnreachable: () => resolve(),
        onFailure: () => resolve(),
        onInformation() {},
        onHead() {},
        onBytes() {},
        onEnd: () => resolve(),
      };
      connection.carry(upload);
      connection.connected(socket);
    });
    server.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    await ended;
    await turn();
    assert.deepEqual(told, ['gone']);
    assert.ok(socket.destroyed);
    server.destroy();
    listener.close();
  });

  it('threat 11: carries no length that cannot be counted, and none that only looks like another name', async () => {
    for (const length of ['9007199254740992', '18446744073709551615', '0'.repeat(30) + '9'.repeat(17)]) {
      const client = await dial(gateway.port);
      clients.push(client);
      client.send(
        `POST /counted HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\nContent-Length: ${length}\r\n\r\n`,
      );
      assert.match(await client.end(), /^HTTP\/1\.1 400 /, length);
    }
    assert.equal(upstream.wires.length, 0);
    const { server } = await ask(
      'POST',
      'Content-Length: 5\r\nContent_Length: 0\r\ncontent.length: 0\r\nTransfer_Encoding: chunked\r\nHost_: y\r\nX_Real_IP: 10.0.0.1\r\n',
      'hello',
    );
    const heard = await server.until('\r\n\r\nhello');
    assert.doesNotMatch(heard, /content[^-]length|transfer|real/i);
    assert.match(heard, /\r\nContent-Length: 5\r\n\r\nhello$/);
  });

  it('threat 12: does not hold up everybody by hints that a pattern would ponder over', async () => {
    const { client, server } = await ask();
    const ponderous = [`<x>${';a=a'.repeat(60)}"`, `<x>${' ; a = a'.repeat(60)}"`, `<${'x>'.repeat(5_000)}`];
    for (const link of ponderous) server.send(`HTTP/1.1 103 Early Hints\r\nLink: ${link}\r\n\r\n`);
    server.send(
      'HTTP/1.1 103 Early Hints\r\nLink: <a b>; x="a=b";y\r\nLink: </a.css>; rel="preload"; as=style\r\n\r\n',
    );
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
    const answer = await client.until('\r\n\r\ndone');
    assert.equal(answer.match(/103 Early Hints/g)?.length, 1, answer);
    assert.match(answer, /Link: <a b>; x="a=b";y, <\/a\.css>; rel="preload"; as=style\r\n/);
  });

  it('threat 13: an early answer that nobody reads is let go of, however much of the upload is owed', async () => {
    const { client, server } = await ask('POST', 'Content-Length: 1000000\r\n', 'half');
    await server.until('half');
    client.socket.pause();
    server.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    // As much as the systems take on the way, and a little that waits in the gateway, so that the answer ends all the same.
    while (clientSide?.writableLength === 0) {
      server.send(`4000\r\n${'x'.repeat(0x4000)}\r\n`);
      for (let times = 0; times < 10; times += 1) await turn();
    }
    const done = clientSide && once(clientSide, 'close');
    server.send('0\r\n\r\n');
    await server.end();
    clock.advance(3_000);
    await turn();
    assert.equal(clientSide?.destroyed, false, 'it is still on its way');
    clock.advance(302_000);
    await done;
    assert.equal(gateway.session.attached.size, 0);
  });
});
