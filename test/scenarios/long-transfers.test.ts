import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { dial, quiet, type RawServer, startRawServer, type Wire } from '../proxy/wire.ts';
import { type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { liveMemory } from './live-memory.ts';
import { until } from './until.ts';

const megabyte = 1024 * 1024;
const minute = 60_000;
/** What buffers on the way may hold, however much passes: far less than what passes. */
const flat = 16 * megabyte;

describe('transfers through the whole gateway', () => {
  /** Says what a test tells it to say. */
  let raw: RawServer;
  /** A real server of files. */
  let files: Server;
  let site: Site;
  let anna: SiteClient;
  const clients: Wire[] = [];

  before(async () => {
    raw = await startRawServer();
    files = createServer(answerFile).listen(0, '127.0.0.1');
    await once(files, 'listening');
    const { port } = files.address() as AddressInfo;
    site = await startSite({
      config: {
        applications: [
          { name: 'raw', path: '/raw', servers: [raw.url] },
          { name: 'files', path: '/files', servers: [`http://127.0.0.1:${port}`] },
        ],
      },
    });
    await site.gateway.rooms.settings.update('default', { validityBeforeFirstSession: 86_400 }, 'test');
    anna = await site.signedIn('anna');
  });
  after(async () => {
    await site?.stop();
    files?.closeAllConnections();
    files?.close();
    await raw?.stop();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    await nothingLeft();
  });

  /** Nothing of any exchange is left in the gateway. */
  async function nothingLeft(): Promise<void> {
    const { gateway } = site;
    await until(() => gateway.proxy.servers().every(({ exchanges, tunnels }) => exchanges + tunnels === 0));
    assert.deepEqual(gateway.proxy.tunnels(), []);
    assert.deepEqual(gateway.gate.live(), []);
  }

  let asked = 0;
  /** A client that has said this, and the server that has heard it; a head travels with the first of its body. */
  async function ask(start: string, more = '', body = ''): Promise<{ client: Wire; server: Wire }> {
    asked += 1;
    const client = await dial(site.port);
    clients.push(client);
    client.send(
      `${start} HTTP/1.1\r\nHost: ${anna.portalHost}\r\nCookie: ${anna.cookieHeader()}\r\nX-Ask: ${asked}.\r\n${more}\r\n${body}`,
    );
    const server = await raw.hearing(`X-Ask: ${asked}.`);
    await server.until(`\r\n\r\n${body}`);
    return { client, server };
  }

  /** Counts what arrives instead of keeping it. */
  function count({ socket }: Wire, ahead = 0): { bytes: number } {
    const counted = { bytes: ahead };
    socket.removeAllListeners('data');
    socket.on('data', (chunk) => {
      counted.bytes += chunk.length;
    });
    return counted;
  }

  /** Writes the same bytes again and again, so that what waits at the writer costs no memory. */
  function flood({ socket }: Wire, megabytes: number): void {
    const chunk = Buffer.alloc(megabyte, 'x');
    for (let written = 0; written < megabytes; written += 1) socket.write(chunk);
  }

  for (const direction of ['upload', 'download'] as const) {
    /** A transfer that has begun; what has been said of it is forgotten. */
    async function begin(
      framing: string,
      body: string,
    ): Promise<{ writer: Wire; reader: Wire; finish(): Promise<void> }> {
      if (direction === 'upload') {
        const { client, server } = await ask('POST /raw/up', framing, body);
        server.received = '';
        const finish = async (): Promise<void> => {
          server.send('HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 4\r\n\r\ndone');
          await client.until(/^HTTP\/1\.1 201 [\s\S]*\r\n\r\ndone$/);
        };
        return { writer: client, reader: server, finish };
      }
      const { client, server } = await ask('GET /raw/down');
      server.send(`HTTP/1.1 200 OK\r\nConnection: close\r\n${framing}\r\n${body}`);
      await client.until(`\r\n\r\n${body}`);
      client.received = '';
      return { writer: server, reader: client, finish: async () => {} };
    }

    it(`a long ${direction} waits for whoever reads slowly, and passes in flat memory`, async () => {
      const total = 192 * megabyte;
      const { writer, reader, finish } = await begin(`Content-Length: ${total + 5}\r\n`, 'begun');
      const arrived = count(reader);
      reader.socket.pause();
      const before = await liveMemory();
      flood(writer, 192);
      await quiet(() => writer.socket.writableLength);
      assert.ok(writer.socket.writableLength > total / 2, 'the writer is held back');
      assert.ok((await liveMemory()) - before < flat, 'what waits does not wait in the gateway');
      for (let step = 1; step <= 4; step += 1) {
        reader.socket.resume();
        await until(() => arrived.bytes >= (step * total) / 4);
        reader.socket.pause();
        const grown = (await liveMemory()) - before;
        assert.ok(grown < flat, `${grown} bytes after ${arrived.bytes}`);
      }
      assert.equal(arrived.bytes, total);
      reader.socket.resume();
      await finish();
    });

    it(`a slow ${direction} lasts as long as it takes: there is no total time`, async () => {
      const { writer, reader, finish } = await begin('Transfer-Encoding: chunked\r\n', '5\r\nbegun');
      writer.send('\r\n');
      for (let minutes = 0; minutes < 60; minutes += 4) {
        site.clock.advance(4 * minute);
        const chunk = `7\r\nafter${String(minutes).padStart(2, '0')}`;
        writer.send(`${chunk}\r\n`);
        await reader.until(chunk);
      }
      writer.send('0\r\n\r\n');
      await reader.until('\r\n0\r\n\r\n');
      await finish();
    });
  }

  it('a body that stands still ends with what is to blame: the client, the server that reads, the one that answers', async () => {
    const silent = await ask('POST /raw/up', 'Content-Length: 100\r\n', 'begun');
    site.clock.advance(302_000);
    await silent.client.until(/^HTTP\/1\.1 408 [\s\S]*"code":"request-timeout"/);
    assert.match(silent.client.received, /\r\nConnection: close\r\n/i);
    await silent.client.end();
    await silent.server.end();

    const deaf = await ask('POST /raw/up', `Content-Length: ${64 * megabyte}\r\n`, 'begun');
    deaf.server.socket.pause();
    flood(deaf.client, 64);
    await quiet(() => deaf.client.socket.writableLength);
    site.clock.advance(302_000);
    await deaf.client.until(/^HTTP\/1\.1 504 [\s\S]*"code":"upstream-timeout"/);

    const mute = await ask('GET /raw/never');
    site.clock.advance(62_000);
    await mute.client.until(/^HTTP\/1\.1 504 [\s\S]*"code":"upstream-timeout"/);

    const stuck = await ask('GET /raw/half');
    stuck.server.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    await stuck.client.until('half');
    site.clock.advance(302_000);
    assert.match(await stuck.client.end(), /half$/, 'cut off, not completed');
  });

  it('leave nothing behind, whoever gives up: client or server, before, within or after', async () => {
    const uploading = () => ask('POST /raw/up', 'Content-Length: 1000\r\n', 'begun');
    const waiting = () => ask('GET /raw/wait');
    const downloading = async () => {
      const ends = await ask('GET /raw/down');
      ends.server.send('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun');
      await ends.client.until('begun');
      return ends;
    };
    for (const stage of [uploading, waiting, downloading]) {
      for (const who of ['client', 'server'] as const) {
        for (const how of ['destroy', 'resetAndDestroy'] as const) {
          const ends = await stage();
          assert.equal(site.gateway.gate.live()[0]?.connections.length, 1);
          ends[who].socket[how]();
          if (who === 'client') await ends.server.end();
          else if (stage === downloading) await ends.client.end();
          else await ends.client.until(/^HTTP\/1\.1 502 /);
          await nothingLeft();
        }
      }
    }
  });

  it('carry what servers say ahead of an answer and behind it', async () => {
    const { client, server } = await ask('GET /raw/hints', 'TE: trailers\r\n');
    server.send('HTTP/1.1 103 Early Hints\r\nLink: </raw/a.css>; rel=preload; as=style\r\n\r\n');
    await client.until('103 Early Hints\r\nLink: </raw/a.css>; rel=preload; as=style\r\n\r\n');
    server.send('HTTP/1.1 102 Processing\r\n\r\n');
    await client.until('102 Processing\r\n\r\n');
    server.send(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Server-Timing\r\n\r\n4\r\nbody\r\n',
    );
    await client.until('4\r\nbody\r\n');
    server.send('0\r\nServer-Timing: total;dur=12\r\nX-Sallyport-User: root\r\n\r\n');
    const answer = await client.until(/0\r\nserver-timing: total;dur=12\r\n\r\n$/i);
    assert.doesNotMatch(answer, /root/);
  });

  it('lead where the server meant, by the address that people know', async () => {
    for (const [said, seen] of [
      [`${raw.url}/raw/there?x=1`, `${site.origin}/raw/there?x=1`],
      [`${site.origin}/raw/there`, `${site.origin}/raw/there`],
      ['/raw/there', '/raw/there'],
      ['https://elsewhere.example/', 'https://elsewhere.example/'],
    ]) {
      const { client, server } = await ask('GET /raw/moved');
      server.send(`HTTP/1.1 302 Found\r\nLocation: ${said}\r\nContent-Length: 0\r\n\r\n`);
      const answer = await client.until('\r\n\r\n');
      assert.match(answer, /^HTTP\/1\.1 302 Found\r\n/);
      assert.equal(/\r\nlocation: (.*)\r\n/i.exec(answer)?.[1], seen);
    }
  });

  it('deliver server-sent events one by one, as they are said', async () => {
    const { client, server } = await ask('GET /raw/events', 'Accept: text/event-stream\r\n');
    server.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\r\n');
    await client.until(/content-type: text\/event-stream\r\n[\s\S]*\r\n\r\n/i);
    for (const event of ['one', 'two', 'three']) {
      server.send(`data: ${event}\n\n`);
      await client.until(`data: ${event}\n\n`);
      site.clock.advance(2 * minute);
    }
    server.socket.end();
    await client.until('0\r\n\r\n');
  });

  it('understand ranges, HEAD and conditions as the server does', async () => {
    const whole = await anna.get('/files/alphabet');
    assert.deepEqual([whole.status, whole.text, whole.headers.etag], [200, alphabet, etag]);
    const part = await anna.get('/files/alphabet', { headers: { range: 'bytes=2-4' } });
    assert.deepEqual(
      [part.status, part.text, part.headers['content-range'], part.headers['accept-ranges']],
      [206, 'cde', 'bytes 2-4/26', 'bytes'],
    );
    const beyond = await anna.get('/files/alphabet', { headers: { range: 'bytes=30-' } });
    assert.deepEqual([beyond.status, beyond.headers['content-range']], [416, 'bytes */26']);
    const same = await anna.get('/files/alphabet', { headers: { 'if-none-match': etag } });
    assert.deepEqual([same.status, same.text, same.headers.etag], [304, '', etag]);
    const changed = await anna.get('/files/alphabet', { headers: { 'if-match': '"other"' } });
    assert.equal(changed.status, 412);
    const head = await anna.send('HEAD', '/files/alphabet');
    assert.deepEqual([head.status, head.text, head.headers['content-length']], [200, '', '26']);
  });

  it('go on over one connection, one after the other, whatever each was', async () => {
    const { client, server } = await ask('HEAD /raw/one');
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
    await client.until('\r\n\r\n');
    const said = (text: string): void =>
      client.send(
        `${text}\r\nHost: ${anna.portalHost}\r\nCookie: ${anna.cookieHeader()}\r\nX-Ask: ${++asked}.\r\n`,
      );
    for (const [method, answer] of [
      ['GET', '304 Not Modified\r\nETag: "x"\r\n\r\n'],
      ['POST', '204 No Content\r\n\r\n'],
      ['GET', '200 OK\r\nContent-Length: 0\r\n\r\n'],
      ['DELETE', '200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nend\r\n0\r\n\r\n'],
    ] as const) {
      client.received = '';
      said(`${method} /raw/next HTTP/1.1`);
      client.send(method === 'POST' ? 'Content-Length: 4\r\n\r\nbody' : '\r\n');
      const hearing = await raw.hearing(`X-Ask: ${asked}.`);
      await hearing.until(method === 'POST' ? '\r\n\r\nbody' : '\r\n\r\n');
      hearing.received = '';
      hearing.send(`HTTP/1.1 ${answer}`);
      await client.until(new RegExp(`^HTTP/1.1 ${answer.slice(0, 3)}`));
      await client.until(answer.includes('chunked') ? '\r\n0\r\n\r\n' : '\r\n\r\n');
    }
    assert.equal(client.ended, false);
  });

  it('say 100 only when a request has passed the gate, and pass the body on then', async () => {
    const stranger = await dial(site.port);
    clients.push(stranger);
    stranger.send(
      `POST /raw/up HTTP/1.1\r\nHost: ${anna.portalHost}\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n`,
    );
    await stranger.until(/^HTTP\/1\.1 401 /);
    const client = await dial(site.port);
    clients.push(client);
    client.send(
      `POST /raw/up HTTP/1.1\r\nHost: ${anna.portalHost}\r\nCookie: ${anna.cookieHeader()}\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n`,
    );
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send('hello');
    const server = await raw.hearing('\r\n\r\nhello');
    assert.doesNotMatch(server.received, /expect/i);
    server.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    await client.until('200 OK');
  });

  it('keep every byte of a large file in both directions at once', async () => {
    const block = Buffer.from(Array.from({ length: 65_536 }, (_, index) => index % 251));
    const sent = request({
      host: '127.0.0.1',
      port: site.port,
      method: 'POST',
      path: '/files/echo',
      agent: false,
      headers: { host: anna.portalHost, cookie: anna.cookieHeader(), 'transfer-encoding': 'chunked' },
    });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    const blocks = 256;
    const written = (async () => {
      for (let count = 0; count < blocks; count += 1) {
        if (!sent.write(block)) await once(sent, 'drain');
      }
      sent.end();
    })();
    const [answer] = await answered;
    let place = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      for (let index = 0; index < chunk.length; ) {
        const within = (place + index) % block.length;
        const length = Math.min(chunk.length - index, block.length - within);
        assert.ok(chunk.subarray(index, index + length).equals(block.subarray(within, within + length)));
        index += length;
      }
      place += chunk.length;
    }
    await written;
    assert.equal(place, blocks * block.length);
  });
});

const alphabet = 'abcdefghijklmnopqrstuvwxyz';
const etag = '"v1"';

/** `/files/alphabet` with ranges and conditions (RFC 9110 sections 13 and 14), and `/files/echo`. */
function answerFile(asked: IncomingMessage, answer: ServerResponse): void {
  if (asked.url === '/files/echo') {
    answer.writeHead(200, { 'content-type': 'application/octet-stream' });
    asked.pipe(answer);
    return;
  }
  asked.resume();
  const { range, 'if-none-match': unless, 'if-match': only } = asked.headers;
  const headers = { etag, 'accept-ranges': 'bytes', 'content-type': 'text/plain' };
  if (unless === etag) answer.writeHead(304, headers).end();
  else if (only !== undefined && only !== etag) answer.writeHead(412, headers).end();
  else if (range === undefined) {
    answer.writeHead(200, { ...headers, 'content-length': alphabet.length });
    answer.end(asked.method === 'HEAD' ? undefined : alphabet);
  } else {
    const [from = 0, to = alphabet.length - 1] = range
      .replace('bytes=', '')
      .split('-')
      .filter(Boolean)
      .map(Number);
    if (from >= alphabet.length) answer.writeHead(416, { ...headers, 'content-range': 'bytes */26' }).end();
    else {
      answer.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${to}/26` });
      answer.end(alphabet.slice(from, to + 1));
    }
  }
}
