import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ManualClock } from '../support/manual-clock.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { dial, type RawServer, startRawServer, type Wire } from './wire.ts';

describe('an application without WebSockets', () => {
  let upstream: RawServer;
  let gateway: Gateway;
  let clock: ManualClock;
  const clients: Wire[] = [];

  beforeEach(async () => {
    clock = new ManualClock();
    upstream = await startRawServer();
    gateway = await startGateway(
      [
        {
          name: 'terminal',
          path: '/',
          servers: [{ url: upstream.url }],
          sessionPaths: ['/session/*', '/poll'],
          sessionSilence: 120,
          signOutPaths: ['/logout'],
        },
      ],
      { clock },
    );
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    await gateway.stop();
    await upstream.stop();
  });

  let asked = 0;
  /** A request that the server has got. */
  async function ask(path: string, method = 'GET'): Promise<{ client: Wire; server: Wire }> {
    const mark = `X-Ask: ${++asked}.`;
    const client = await dial(gateway.port);
    clients.push(client);
    client.send(`${method} ${path} HTTP/1.1\r\nHost: x\r\nCookie: ${gateway.cookie}\r\n${mark}\r\n\r\n`);
    return { client, server: await upstream.hearing(mark) };
  }

  async function answer(
    { client, server }: { client: Wire; server: Wire },
    status = '200 OK',
  ): Promise<void> {
    server.send(`HTTP/1.1 ${status}\r\nContent-Length: 4\r\n\r\ndone`);
    await client.until('\r\n\r\ndone');
  }

  const reasons = (): string[] =>
    gateway.events.flatMap((event) => (event.type === 'remote-session.end' ? [event.reason] : []));

  it('opens a remote session with the first accepted request to a session path, and only then', async () => {
    await answer(await ask('/page'));
    await answer(await ask('/sessions'));
    assert.equal(gateway.gate.opened, 0);
    await answer(await ask('/session/1'), '404 Not Found');
    assert.equal(gateway.gate.opened, 0);
    await answer(await ask('/session/1'));
    await answer(await ask('/poll?x=1'));
    await answer(await ask('/%73ession/2'));
    assert.equal(gateway.gate.opened, 1);
    assert.equal(gateway.proxy.tunnels().length, 1);
    assert.deepEqual(
      [...gateway.session.attached].map(({ kind, application }) => [kind, application]),
      [['tunnel', 'terminal']],
    );
  });

  it('opens it with a HEAD too, whose answer has no body to wait for', async () => {
    const { client, server } = await ask('/session/1', 'HEAD');
    server.send('HTTP/1.1 206 Partial\r\nContent-Length: 4\r\nX-A: b\r\n\r\n');
    assert.match(await client.until('X-A: b\r\n'), /^HTTP\/1\.1 206 Partial\r\n/);
    assert.equal(gateway.proxy.tunnels().length, 1);
  });

  it('opens one when two such requests are first together', async () => {
    const [one, other] = [await ask('/session/1'), await ask('/session/2')];
    await Promise.all([answer(one), answer(other)]);
    assert.equal(gateway.gate.opened, 1);
    assert.equal(gateway.proxy.tunnels().length, 1);
  });

  it('relays nothing of an answer when the gate refuses to open', async () => {
    gateway.gate.refuseOpening = 'sign-in-expired';
    const { client, server } = await ask('/session/1');
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret');
    await client.until('sign-in-expired');
    assert.match(client.received, /^HTTP\/1\.1 401 /);
    assert.doesNotMatch(client.received, /secret/);
    assert.equal(gateway.session.attached.size, 0);
  });

  it('ends its remote session after a silence, which a request that waits is none', async () => {
    await answer(await ask('/session/1'));
    const waiting = await ask('/poll');
    for (let minutes = 0; minutes < 3; minutes += 1) {
      clock.advance(50_000);
      assert.equal(gateway.proxy.tunnels().length, 1);
    }
    for (const connection of [...gateway.session.attached]) {
      if (connection.kind === 'exchange') connection.close('test');
    }
    await waiting.server.end();
    clock.advance(118_000);
    assert.equal(gateway.proxy.tunnels().length, 1);
    clock.advance(4_000);
    assert.equal(gateway.proxy.tunnels().length, 0);
    assert.deepEqual(reasons(), ['silence']);
    assert.equal(gateway.session.attached.size, 0);
    await answer(await ask('/session/1'));
    assert.equal(gateway.gate.opened, 2);
  });

  it('counts what its requests carried', async () => {
    await answer(await ask('/session/1'));
    await answer(await ask('/poll'));
    const [view] = gateway.proxy.tunnels();
    assert.equal(view?.bytesOut, 8);
  });

  it('ends its remote session with the 2FA session', async () => {
    await answer(await ask('/session/1'));
    const waiting = await ask('/poll');
    gateway.session.revoke('signed-out');
    await waiting.client.end();
    assert.equal(gateway.proxy.tunnels().length, 0);
    assert.deepEqual(reasons(), ['signed-out']);
    assert.equal(gateway.session.attached.size, 0);
  });

  it('ends the 2FA session by its own sign-out, whose answer still arrives', async () => {
    const leaving = await ask('/logout?x=1');
    assert.deepEqual(gateway.signedOut, []);
    await answer(leaving, '302 Found');
    assert.deepEqual(gateway.signedOut, [gateway.session.id]);
    const broken = await ask('/LOGOUT', 'DELETE');
    broken.server.socket.destroy();
    await broken.client.until('HTTP/1.1 502 ');
    assert.equal(gateway.signedOut.length, 2);
    await answer(await ask('/logout/page'));
    assert.equal(gateway.signedOut.length, 2);
  });
});
