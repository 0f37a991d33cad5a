import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ManualClock } from '../support/manual-clock.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { dial, quiet, type RawServer, startRawServer, type Wire } from './wire.ts';

describe('connections to application servers', () => {
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

  let asked = 0;
  const message = (method: string, more = ''): string =>
    `${method} /${asked}. HTTP/1.1\r\nHost: gateway.test\r\nCookie: ${gateway.cookie}\r\n${more}\r\n`;

  async function connect(): Promise<Wire> {
    const client = await dial(gateway.port);
    clients.push(client);
    return client;
  }

  async function ask(method = 'GET', more = '', body = ''): Promise<{ client: Wire; server: Wire }> {
    asked += 1;
    const client = await connect();
    client.send(message(method, more) + body);
    const server = await upstream.hearing(`${method} /${asked}. `);
    await server.until('\r\n\r\n');
    return { client, server };
  }

  /** One request that is answered; resolves to the connection that carried it. */
  async function carried(...lines: string[]): Promise<Wire> {
    const { client, server } = await ask();
    server.send(`${['HTTP/1.1 200 OK', 'Content-Length: 4', ...lines].join('\r\n')}\r\n\r\ndone`);
    await client.until('\r\n\r\ndone');
    client.socket.destroy();
    return server;
  }

  it('are kept, the one used last first, and closed after four seconds when nothing is said', async () => {
    const first = await carried();
    clock.advance(3_900);
    assert.equal(await carried(), first);
    clock.advance(3_000);
    assert.equal(first.ended, false);
    clock.advance(2_000);
    await first.end();
    assert.notEqual(await carried(), first);
  });

  it('are kept a second less than the server announces', async () => {
    const first = await carried('Keep-Alive: timeout=60, max=100');
    clock.advance(58_900);
    assert.equal(await carried('Keep-Alive: timeout=5'), first);
    clock.advance(3_900);
    assert.equal(await carried('Keep-Alive: timeout=1'), first);
    await first.end();
  });

  it('are not kept when the server says so, or speaks HTTP/1.0', async () => {
    for (const lines of [
      'HTTP/1.1 200 OK\r\nConnection: x, Close',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive',
    ]) {
      const { client, server } = await ask();
      server.send(`${lines}\r\nContent-Length: 4\r\n\r\ndone`);
      await client.until('\r\n\r\ndone');
      await server.end();
      client.socket.destroy();
    }
  });

  it('that end while they are kept are forgotten, and those on which somebody speaks as well', async () => {
    const first = await carried();
    first.socket.end();
    await first.end();
    const second = await carried();
    assert.notEqual(second, first);
    second.send('x');
    await second.end();
    assert.notEqual(await carried(), second);
  });

  it('that ended in the very moment in which a request was given to them cost nobody their request', async () => {
    // Both arrive in one turn of the event loop, whichever is read first, so that nothing has been sent yet; often enough.
    for (let times = 0; times < 20; times += 1) {
      const kept = await carried('Keep-Alive: timeout=60');
      const client = await connect();
      asked += 1;
      kept.socket.end();
      client.send(`${message('POST', 'Content-Length: 5\r\n')}hello`);
      const again = await upstream.hearing(`POST /${asked}. `);
      if (again === kept) {
        // It was sent after all: a POST is not sent twice.
        await client.until('HTTP/1.1 502 ');
      } else {
        await again.until('\r\n\r\nhello');
        again.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone');
        await client.until('\r\n\r\ndone');
      }
      client.socket.destroy();
    }
  });

  it('are tried once more on a new one, even when more of them were kept', async () => {
    const two = [await ask(), await ask()];
    for (const { client, server } of two) {
      server.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
      await client.until('\r\n\r\ndone');
    }
    const { client, server } = await ask();
    assert.ok(two.some((one) => one.server === server));
    upstream.wires.length = 0;
    server.socket.resetAndDestroy();
    const again = await upstream.hearing(`GET /${asked}. `);
    again.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
    await client.until('\r\n\r\ndone');
  });

  it('whose server speaks as soon as it is connected to are not tried for ever', async () => {
    const speaking = await startRawServer((wire) => wire.send('220 mail.test ESMTP\r\n'));
    gateway.proxy.reload([{ name: 'app', path: '/', servers: [{ url: speaking.url }] }]);
    const client = await connect();
    client.send(message('GET'));
    await client.until('"code":"upstream-invalid"');
    assert.equal(speaking.wires.length, 1);
    await speaking.stop();
  });

  it('are not kept when the answer came before the body was sent', async () => {
    const { client, server } = await ask('POST', 'Content-Length: 10\r\n', 'half');
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
    await client.until('\r\n\r\ndone');
    await server.end();
    client.socket.destroy();
  });

  it('get the head of an upload at once, so that a server can refuse it unseen', async () => {
    const { client, server } = await ask('PUT', 'Content-Length: 1000000\r\n');
    server.send('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno');
    assert.match(await client.until('\r\n\r\nno'), /^HTTP\/1\.1 401 [\s\S]*\r\nConnection: close\r\n/);
    client.socket.destroy();
  });

  it('get a body as it is where its length is known, and told of nothing where there is none', async () => {
    const { client, server } = await ask('POST', 'Content-Length: 0012\r\n', 'hello ');
    await server.until('\r\n\r\nhello ');
    client.send('world!');
    assert.match(await server.until('hello world!'), /\r\nContent-Length: 12\r\n\r\nhello world!$/);
    assert.doesNotMatch(server.received, /transfer-encoding/i);
    const empty = await ask('POST');
    assert.match(empty.server.received, /\r\nContent-Length: 0\r\n\r\n$/);
    assert.doesNotMatch((await ask('GET')).server.received, /content-length/i);
  });

  it('are read on when an answer that was too much for its client is over', async () => {
    const size = 8 * 1024 * 1024;
    const { client, server } = await ask();
    client.socket.pause();
    server.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
    server.socket.write(Buffer.alloc(size, 'x'));
    await quiet(() => server.socket.writableLength);
    client.socket.resume();
    await client.until(({ length }) => length > size);
    assert.equal(await carried(), server);
    server.socket.end();
    await server.end();
  });

  it('carry as many interim answers as a server likes, but none that a client leaves lying', async () => {
    const { client, server } = await ask();
    client.socket.pause();
    const hint = `HTTP/1.1 103 Early Hints\r\nLink: </${'a'.repeat(1_000)}>; rel=preload\r\n\r\n`;
    const many = hint.repeat(1_000);
    for (let times = 1; times < 40; times += 1) server.send(many);
    // All of it is taken, although nobody reads what becomes of it.
    await new Promise((resolve) => server.socket.write(many, 'latin1', resolve));
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
    client.socket.resume();
    await client.until('\r\n\r\ndone');
    assert.ok(client.received.length < many.length * 20, `${client.received.length}`);
  });

  it('are given up in the middle of being made when nobody waits for them any more', async () => {
    const silent = await startRawServer();
    const url = silent.url.replace('http:', 'https:');
    gateway.proxy.reload([{ name: 'app', path: '/', servers: [{ url }] }]);
    const client = await connect();
    client.send(message('GET'));
    const server = await silent.wire(0);
    client.socket.destroy();
    await server.end();
    assert.deepEqual(
      gateway.proxy.servers().map(({ state, exchanges }) => [state, exchanges]),
      [['up', 0]],
    );
    await silent.stop();
  });
});

describe('a request that would open a remote session', () => {
  it('goes to no server that is drained, even when the others are gone', async () => {
    const [drained, gone] = [await startRawServer(), await startRawServer()];
    await gone.stop();
    const application = {
      name: 'app',
      path: '/',
      sessionPaths: ['/poll'],
      servers: [{ url: drained.url, drain: true }, { url: gone.url }],
    };
    const gateway = await startGateway([application]);
    const client = await dial(gateway.port);
    client.send(`GET /poll HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\n\r\n`);
    await client.until('"code":"upstream-unreachable"');
    assert.equal(drained.wires.length, 0);
    client.socket.destroy();
    await gateway.stop();
    await drained.stop();
  });
});
