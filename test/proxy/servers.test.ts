import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Application } from '../../src/proxy/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { handshake, switching } from './handshake.ts';
import { dial, exchangeRaw, type RawServer, startRawServer, type Wire } from './wire.ts';

type Named = { name: string; url: string; server: Server; status: number; seen: string[] };

async function startNamed(name: string): Promise<Named> {
  const seen: string[] = [];
  const named: Named = { name, url: '', status: 200, seen, server: createServer() };
  named.server.on('request', (request, response) => {
    seen.push(request.url ?? '');
    response.writeHead(named.status).end(name);
  });
  await new Promise<void>((resolve) => named.server.listen(0, '127.0.0.1', resolve));
  named.url = `http://127.0.0.1:${(named.server.address() as AddressInfo).port}`;
  return named;
}

describe('the servers of an application', () => {
  let clock: ManualClock;
  let gateway: Gateway;
  let servers: Named[];
  const clients: Wire[] = [];

  const application = (more: Partial<Application> = {}): Application => ({
    name: 'app',
    path: '/',
    servers: servers.map(({ url }) => ({ url })),
    ...more,
  });

  beforeEach(async () => {
    clock = new ManualClock();
    servers = await Promise.all(['a', 'b', 'c'].map(startNamed));
    gateway = await startGateway([application()], { clock });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    await gateway.stop();
    for (const { server } of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function ask(user: string, path = '/'): Promise<string> {
    if (!gateway.gate.sessions.has(user)) gateway.gate.add(user);
    const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: sallyport-session=${user}\r\n\r\n`;
    const answer = await exchangeRaw(gateway.port, request);
    return /\r\n\r\n(?:1\r\n)?([abc])/.exec(answer)?.[1] ?? answer;
  }

  const stateOf = (named: Named | undefined): string | undefined =>
    gateway.proxy.servers().find(({ server }) => server === named?.url)?.state;
  const named = (name: string): Named => {
    const found = servers.find((candidate) => candidate.name === name);
    assert.ok(found);
    return found;
  };

  it('share the users, and keep each user', async () => {
    const names = new Set<string>();
    for (let index = 0; index < 30; index += 1) {
      const first = await ask(`user${index}`);
      names.add(first);
      assert.equal(await ask(`user${index}`), first);
    }
    assert.deepEqual([...names].sort(), ['a', 'b', 'c']);
  });

  it('get no new users while they are drained', async () => {
    const home = await ask('anna');
    assert.equal(gateway.proxy.drain('app', named(home).url), true);
    assert.equal(stateOf(named(home)), 'draining');
    assert.notEqual(await ask('anna'), home);
    assert.equal(gateway.proxy.resume('app', named(home).url), true);
    assert.equal(await ask('anna'), home);
    assert.equal(gateway.proxy.drain('app', 'http://nobody'), false);
    assert.equal(gateway.proxy.drain('nobody', named(home).url), false);
  });

  it('are drained and resumed by the configuration too', async () => {
    const home = await ask('anna');
    const drained = servers.map(({ url, name }) => ({ url, drain: name === home }));
    gateway.proxy.reload([application({ servers: drained })]);
    assert.notEqual(await ask('anna'), home);
    gateway.proxy.reload([application()]);
    assert.equal(await ask('anna'), home);
  });

  it('are checked when that is configured, and left out after two failures until they answer twice', async () => {
    gateway.proxy.reload([application({ health: { path: '/health', interval: 10, timeout: 5 } })]);
    const home = await ask('anna');
    const server = named(home);
    const checks = async (count: number): Promise<void> => {
      const asked = (): number => server.seen.filter((url) => url === '/health').length;
      while (asked() < count) await new Promise((resolve) => setImmediate(resolve));
      // The answer travels back.
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    await checks(1);
    server.status = 500;
    clock.advance(10_000);
    await checks(2);
    assert.equal(await ask('anna'), home);
    clock.advance(10_000);
    await checks(3);
    assert.equal(stateOf(server), 'down');
    assert.notEqual(await ask('anna'), home);
    server.status = 404;
    clock.advance(10_000);
    await checks(4);
    assert.equal(stateOf(server), 'down');
    clock.advance(10_000);
    await checks(5);
    assert.equal(await ask('anna'), home);
    const states = gateway.events.flatMap((event) => (event.type === 'server.health' ? [event.state] : []));
    assert.deepEqual(states, ['down', 'up']);
  });

  it('are checked no longer after a reload without checks', async () => {
    gateway.proxy.reload([application({ health: { path: '/health', interval: 10, timeout: 5 } })]);
    gateway.proxy.reload([application()]);
    await ask('anna');
    for (const { seen } of servers) seen.length = 0;
    clock.advance(60_000);
    await ask('anna');
    assert.deepEqual(
      servers.flatMap(({ seen }) => seen).filter((url) => url === '/health'),
      [],
    );
  });

  it('that never answer a check are down', async () => {
    const silent = await startRawServer();
    gateway.proxy.reload([
      application({ servers: [{ url: silent.url }], health: { path: '/health', interval: 10, timeout: 5 } }),
    ]);
    for (let times = 0; times < 2; times += 1) {
      await silent.wire(times);
      clock.advance(5_000);
      await (await silent.wire(times)).end();
      clock.advance(5_000);
    }
    assert.match(await ask('anna'), /no-healthy-server/);
    await silent.stop();
  });

  it('keep the user of an open tunnel when they are drained, and take no new tunnel', async () => {
    const [one, other]: RawServer[] = [await startRawServer(), await startRawServer()];
    assert.ok(one && other);
    gateway.proxy.reload([application({ servers: [{ url: one.url }, { url: other.url }] })]);
    const open = async (): Promise<{ client: Wire; at: RawServer }> => {
      const client = await dial(gateway.port);
      clients.push(client);
      const before = [one.wires.length, other.wires.length];
      client.send(handshake(gateway.cookie));
      const first = one.wire(before[0] ?? 0).then((server) => ({ server, at: one }));
      const second = other.wire(before[1] ?? 0).then((server) => ({ server, at: other }));
      const { server, at } = await Promise.race([first, second]);
      await server.until('\r\n\r\n');
      server.send(switching());
      await client.until('HTTP/1.1 101 ');
      return { client, at };
    };
    const first = await open();
    gateway.proxy.drain('app', first.at.url);
    const asking = await dial(gateway.port);
    clients.push(asking);
    asking.send(`GET /page HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\n\r\n`);
    await first.at.hearing('GET /page ');
    const second = await open();
    assert.notEqual(second.at, first.at);
    first.client.send('still');
    await first.at.hearing('still');
    await Promise.all([one.stop(), other.stop()]);
  });

  it('are kept by a reload that does not concern them, with their connections', async () => {
    const raw = await startRawServer((wire) => {
      wire.socket.on('data', () => wire.send('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na'));
    });
    const kept = { name: 'kept', path: '/kept', servers: [{ url: raw.url }] };
    gateway.proxy.reload([application(), kept]);
    await ask('anna', '/kept');
    gateway.proxy.reload([kept, application({ title: 'Changed' })]);
    gateway.proxy.reload([{ ...kept, title: 'Changed too' }]);
    await ask('anna', '/kept');
    assert.equal(raw.wires.length, 1);
    gateway.proxy.reload([]);
    await raw.wires[0]?.end();
    assert.match(await ask('anna', '/kept'), /not-found/);
    await raw.stop();
  });
});
