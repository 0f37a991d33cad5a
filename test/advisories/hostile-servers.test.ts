import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { type RawServer, startRawServer, type Wire } from '../proxy/wire.ts';
import { type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { cookieOf, handshake, Line, message } from './target.ts';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const switching = (...lines: string[]): string =>
  `${['HTTP/1.1 101 Switching Protocols', ...lines].join('\r\n')}\r\n\r\n`;
const right = ['Connection: Upgrade', 'Upgrade: websocket', `Sec-WebSocket-Accept: ${accept}`];

describe('an application server that misbehaves', () => {
  let server: RawServer;
  let site: Site;
  let anna: SiteClient;
  before(async () => {
    server = await startRawServer();
    site = await startSite({
      config: { applications: [{ name: 'desk', path: '/', servers: [server.url] }] },
    });
    anna = await site.signedIn('anna');
  });
  after(async () => {
    await site.stop();
    await server.stop();
  });
  afterEach(() => {
    for (const wire of server.wires.splice(0)) wire.socket.destroy();
  });

  /** Nothing may be left of whatever went wrong: no tunnel, no exchange, no clock that runs. */
  async function nothingLeft(): Promise<void> {
    while (site.gateway.gate.live().length > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(site.gateway.proxy.tunnels(), []);
    for (const view of site.gateway.proxy.servers()) assert.deepEqual([view.exchanges, view.tunnels], [0, 0]);
  }

  /** Asks for something and lets the server say `say`; resolves to what the client got, and whether it was cut off. */
  async function answered(bytes: string, say: (wire: Wire) => void, moves = 0) {
    const line = new Line(site.port).send(bytes);
    const wire = await server.hearing('\r\n\r\n');
    say(wire);
    if (moves > 0) site.clock.advance(moves);
    const answer = await line.answer();
    const more = answer === undefined || answer.header('connection') === 'close' ? await line.rest() : '';
    line.hangUp();
    await wire.end();
    return { status: answer?.status, answer, more };
  }

  const upgrade = (): string => message(site, 'GET /ws', [...handshake(site), cookieOf(anna)]);
  const page = (): string => message(site, 'GET /page', [cookieOf(anna)]);

  const upgrades: Record<string, { say: string | ((wire: Wire) => void); status: number; moves?: number }> = {
    'answers 200': { say: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', status: 200 },
    'answers 200 with an endless body': {
      say: `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(100_000)}`,
      status: 200,
    },
    'answers 200 with both framings': {
      say: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
      status: 200,
    },
    'answers 302': {
      say: 'HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n',
      status: 302,
    },
    'answers 401': { say: 'HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n', status: 401 },
    'answers 500': { say: 'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n', status: 500 },
    'switches to another protocol': {
      say: switching('Connection: Upgrade', 'Upgrade: h2c', `Sec-WebSocket-Accept: ${accept}`),
      status: 502,
    },
    'switches to two protocols': { say: switching(...right, 'Upgrade: h2c'), status: 502 },
    'accepts another key': {
      say: switching('Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Accept: AAAA'),
      status: 502,
    },
    'accepts without Connection': { say: switching(...right.slice(1)), status: 502 },
    'accepts with a body': { say: switching(...right, 'Content-Length: 5'), status: 502 },
    'accepts with a coding': { say: switching(...right, 'Transfer-Encoding: chunked'), status: 502 },
    'accepts with bare LFs': { say: switching(...right).replaceAll('\r\n', '\n'), status: 502 },
    'accepts with one bare LF': { say: switching(...right, 'X: y\nX-Sallyport-User: root'), status: 502 },
    'accepts with a folded header': { say: switching(...right, 'X: a\r\n b'), status: 502 },
    'accepts with a space before a colon': { say: switching(...right, 'X : a'), status: 502 },
    // A pattern that trims spaces from both ends took minutes for these, and with it the whole gateway.
    'accepts with a line of spaces': { say: switching(...right, `X:${' '.repeat(15_000)}\x01`), status: 502 },
    'accepts with spaces and tabs': {
      say: switching(...right, `X:${' \t'.repeat(3_000)}a${'\t '.repeat(3_000)}\x7f`),
      status: 502,
    },
    'speaks HTTP/2': { say: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: 502 },
    'speaks SSH': { say: 'SSH-2.0-OpenSSH_9.9\r\n\r\n', status: 502 },
    'speaks binary': { say: '\0\x01\x02\xff\xfe'.repeat(2_000), status: 502 },
    'never ends its head': { say: `HTTP/1.1 101 Switching\r\n${'X: y\r\n'.repeat(5_000)}`, status: 502 },
    'sends only interim answers': { say: 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(10), status: 502, moves: 0 },
    'closes at once': { say: (wire) => wire.socket.end(), status: 502 },
    resets: { say: (wire) => wire.socket.resetAndDestroy(), status: 502 },
    'closes in the middle of its head': { say: (wire) => wire.socket.end('HTTP/1.1 101 Sw'), status: 502 },
    'never answers': { say: () => {}, status: 504, moves: 61_000 },
    'trickles its head': { say: (wire) => wire.send('HTTP/1.1 1'), status: 504, moves: 61_000 },
  };

  for (const [name, { say, status, moves }] of Object.entries(upgrades)) {
    it(`threat 12: ${name} to an upgrade: one plain answer, no tunnel, no clock, nothing left`, async () => {
      const said = (wire: Wire): void => {
        if (typeof say === 'function') say(wire);
        else wire.send(say);
        if (name === 'sends only interim answers') wire.socket.end();
      };
      const outcome = await answered(upgrade(), said, moves);
      assert.equal(outcome.status, status, outcome.answer?.text ?? 'no answer');
      assert.equal(outcome.answer?.header('connection'), 'close');
      assert.equal(outcome.more, '', 'nothing comes after the answer');
      assert.equal(outcome.answer?.header('transfer-encoding'), undefined);
      await nothingLeft();
      assert.equal((await anna.call('GET', 'session')).json.state, 'granted');
    });
  }

  it('threat 12: an accepted upgrade with the same server is a tunnel, so that the refusals above mean something', async () => {
    const line = new Line(site.port).send(upgrade());
    const wire = await server.hearing('\r\n\r\n');
    wire.send(switching(...right));
    assert.equal((await line.answer())?.status, 101);
    line.hangUp();
    await wire.end();
    wire.socket.end();
    await nothingLeft();
  });

  const pages: Record<string, { say: string; statuses: readonly (number | undefined)[] }> = {
    'both framings': {
      say: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n\r\n',
      statuses: [502],
    },
    'two lengths': {
      say: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 40\r\n\r\nfour',
      statuses: [502],
    },
    'a list of lengths': { say: 'HTTP/1.1 200 OK\r\nContent-Length: 4, 40\r\n\r\nfour', statuses: [502] },
    'a negative length': { say: 'HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nfour', statuses: [502] },
    'a coding that is not chunked': {
      say: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n4\r\nfour\r\n0\r\n\r\n',
      statuses: [502],
    },
    'a folded header': {
      say: 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 4\r\n\r\nfour',
      statuses: [502],
    },
    'a space before a colon': {
      say: 'HTTP/1.1 200 OK\r\nContent-Length : 4\r\n\r\nfour',
      statuses: [502],
    },
    'a bare CR in a header': {
      say: 'HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 4\r\n\r\nfour',
      statuses: [502],
    },
    'a NUL in a header': {
      say: 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 4\r\n\r\nfour',
      statuses: [502],
    },
    'a status of four digits': { say: 'HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n', statuses: [502] },
    'a status of 099': { say: 'HTTP/1.1 099 No\r\nContent-Length: 0\r\n\r\n', statuses: [502] },
    'a 101 that nobody asked for': { say: switching(...right), statuses: [502] },
    'another protocol': { say: 'RFB 003.008\n', statuses: [502] },
    'an endless head': { say: `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`, statuses: [502] },
    'an end in the middle of its body': {
      say: 'HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nfour',
      statuses: [200, undefined],
    },
    'a malformed chunk': {
      say: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nfour\r\n',
      statuses: [200, undefined, 502],
    },
  };

  for (const [name, { say, statuses }] of Object.entries(pages)) {
    it(`threat 12: an answer with ${name} is refused or cut off, never passed on to be read in another way`, async () => {
      const line = new Line(site.port).send(page());
      const wire = await server.hearing('\r\n\r\n');
      wire.send(say);
      wire.socket.end();
      const answer = await line.answer();
      assert.ok(statuses.includes(answer?.status), `${answer?.status} ${answer?.text}`);
      assert.equal(answer?.header('set-cookie'), undefined);
      if (answer?.status === 502) assert.equal(answer.json.code.startsWith('upstream-'), true);
      if (answer === undefined) await line.closed();
      line.hangUp();
      await nothingLeft();
    });
  }

  it('threat 12: what a server says behind a complete answer is not the answer to anybody else', async () => {
    const line = new Line(site.port).send(page());
    const wire = await server.hearing('\r\n\r\n');
    wire.send(
      'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfourHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison',
    );
    assert.equal((await line.answer())?.text, 'four');
    await wire.end();
    server.wires.splice(0);
    line.send(page());
    const second = await server.hearing('\r\n\r\n');
    second.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright');
    assert.equal((await line.answer())?.text, 'right');
    line.hangUp();
    await nothingLeft();
  });

  it('threat 12: a hundred upgrades that never get an answer leave nothing behind when their clients go', async () => {
    const lines = Array.from({ length: 100 }, () => new Line(site.port).send(upgrade()));
    await server.wire(99);
    for (const line of lines) line.hangUp();
    await Promise.all(server.wires.map((wire) => wire.end()));
    await nothingLeft();
  });
});

describe('clients that are in a hurry', () => {
  it('threat 13: take no application server from everybody else by hanging up while it is being connected to', async () => {
    // Accepts connections and never says a word of TLS, so that connecting lasts as long as the test wants.
    const server = await startRawServer();
    const site = await startSite({
      config: {
        applications: [{ name: 'desk', path: '/', servers: [server.url.replace('http:', 'https:')] }],
      },
    });
    try {
      const anna = await site.signedIn('anna');
      for (const bytes of [
        message(site, 'GET /ws', [...handshake(site), cookieOf(anna)]),
        message(site, 'GET /page', [cookieOf(anna)]),
      ]) {
        const lines = Array.from({ length: 5 }, () => new Line(site.port).send(bytes));
        const wire = await server.wire(0);
        for (const line of lines) line.socket.resetAndDestroy();
        while (site.gateway.gate.live().length > 0) await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(
          site.gateway.proxy.servers().map(({ state }) => state),
          ['up'],
        );
        wire.socket.destroy();
        server.wires.splice(0);
      }
    } finally {
      await site.stop();
      await server.stop();
    }
  });
});
