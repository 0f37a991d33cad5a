import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createHttpListener } from '../../src/server/http-listener.ts';
import { ManualClock } from '../support/manual-clock.ts';

const isLinux = process.platform === 'linux';
const isOwn = (target: string): boolean => target.startsWith('/.sallyport/');

describe('the public listener', () => {
  let clock: ManualClock;
  let seen: string[];
  let server: ReturnType<typeof createHttpListener>;
  const note = (kind: string) => (request: IncomingMessage) =>
    seen.push(`${kind} ${request.method} ${request.url}`);

  beforeEach(async () => {
    clock = new ManualClock();
    seen = [];
    server = createHttpListener(
      {
        isOwn,
        own(request, response) {
          note('own')(request);
          request.resume().on('end', () => response.end('own'));
        },
        request(request, response) {
          note('carried')(request);
          response.end('carried');
        },
        upgrade(request, socket) {
          note('upgrade')(request);
          socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        },
      },
      clock,
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const dial = (): Socket => connect((server.address() as AddressInfo).port, '127.0.0.1');
  async function exchange(bytes: string): Promise<string> {
    const socket = dial();
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => socket.destroy());
    socket.write(bytes);
    await once(socket, 'close');
    return answer;
  }
  const head = (lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

  it('answers its own prefix itself and has the rest carried', async () => {
    await exchange(head(['GET /.sallyport/x HTTP/1.1', 'Host: a', 'Connection: close']));
    await exchange(head(['GET /app HTTP/1.1', 'Host: a', 'Connection: close']));
    assert.deepEqual(seen, ['own GET /.sallyport/x', 'carried GET /app']);
  });

  it('refuses what the parser cannot read with one short answer, and reaches nobody', async () => {
    const cases: [string, RegExp][] = [
      ['no http at all\r\n\r\n', /^HTTP\/1\.1 400 /],
      [head(['GET / HTTP/1.1']), /^HTTP\/1\.1 400 /],
      [head(['GET / HTTP/1.1', 'Host: a', `X: ${'x'.repeat(17_000)}`]), /^HTTP\/1\.1 431 /],
      [
        head(['GET / HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Transfer-Encoding: chunked']),
        /^HTTP\/1\.1 400 /,
      ],
    ];
    for (const [bytes, expected] of cases) assert.match(await exchange(bytes), expected);
    assert.deepEqual(seen, []);
  });

  it('knows one expectation: another is refused', async () => {
    const answer = await exchange(head(['GET / HTTP/1.1', 'Host: a', 'Expect: miracles']));
    assert.match(answer, /^HTTP\/1\.1 417 /);
    assert.deepEqual(seen, []);
  });

  it('treats an offer of another protocol as an ordinary request (RFC 9110 section 7.8)', async () => {
    await exchange(head(['GET /app HTTP/1.1', 'Host: a', 'Connection: Upgrade, close', 'Upgrade: h2c']));
    await exchange(head(['GET /ws HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: WebSocket']));
    assert.deepEqual(seen, ['carried GET /app', 'upgrade GET /ws']);
  });

  it('cuts off a body to the gateway itself that does not arrive, but not one that did', async () => {
    const late = dial();
    late.write(head(['POST /.sallyport/api HTTP/1.1', 'Host: a', 'Content-Length: 10']));
    const [request] = (await once(server, 'request')) as [IncomingMessage];
    const gone = once(late, 'close');
    late.on('error', () => late.destroy());
    clock.advance(20_000);
    await gone;
    assert.equal(request.complete, false);

    const kept = dial();
    kept.write(head(['GET /.sallyport/x HTTP/1.1', 'Host: a']));
    await once(kept, 'data');
    clock.advance(60_000);
    kept.write(head(['GET /.sallyport/y HTTP/1.1', 'Host: a']));
    await once(kept, 'data');
    kept.destroy();
  });

  it('threat 13: lets go of whoever asks for an answer of the gateway and does not read it', async () => {
    const limits: (number | undefined)[] = [];
    const large = createHttpListener(
      {
        isOwn,
        own(request, response) {
          limits.push(request.socket.timeout);
          if (request.url === '/.sallyport/small') response.end('small');
          else response.end(Buffer.alloc(64 * 1024 * 1024));
        },
        request(request, response) {
          limits.push(request.socket.timeout);
          response.end('carried');
        },
        upgrade: (_request, socket) => socket.destroy(),
      },
      clock,
    );
    large.listen(0, '127.0.0.1');
    await once(large, 'listening');
    const arrived = once(large, 'connection');
    const client = connect((large.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => {});
    const [socket] = (await arrived) as [Socket];
    const ask = (path: string) => client.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    ask('/.sallyport/small');
    await once(client, 'data');
    ask('/page');
    await once(client, 'data');
    client.pause();
    ask('/.sallyport/large');
    await once(large, 'request');
    assert.deepEqual(limits, [120_000, 0, 120_000], 'applications have limits of their own');
    assert.ok(socket.writableLength > 0);
    // What Node says when nothing of it was taken for that long.
    socket.emit('timeout');
    await once(socket, 'close');
    client.destroy();
    large.close();
  });

  it('notices clients that vanished without a word, by the probes of TCP', { skip: !isLinux }, async () => {
    const socket = dial();
    await once(server, 'connection');
    const [local, remote] = [(server.address() as AddressInfo).port, socket.localPort ?? 0].map(
      (port) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`,
    );
    // Columns of proc_net_tcp: number, local and remote address, state, queues, and the pending timer; 02 is keepalive.
    const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
    const line = lines.find((each) => each.includes(`${local} ${remote} `));
    assert.match(line?.trim().split(/\s+/)[5] ?? '', /^02:/);
    socket.destroy();
  });
});
