import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Gateway, startGateway } from '../proxy/gateway.ts';
import { dial, type RawServer, startRawServer } from '../proxy/wire.ts';

/**
 * Two readers that disagree where a request ends (RFC 9112 section 11.2; threats 11). Everything goes over raw sockets, and
 * the server behind records every request line that reaches it.
 */
describe('a request that two readers could take for different ones', () => {
  let upstream: RawServer;
  let gateway: Gateway;

  before(async () => {
    upstream = await startRawServer((wire) => {
      let answered = false;
      wire.socket.on('data', () => {
        if (answered || !isWhole(wire.received)) return;
        answered = true;
        wire.socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    gateway = await startGateway([{ name: 'app', path: '/', servers: [{ url: upstream.url }] }]);
  });

  beforeEach(() => {
    upstream.wires.length = 0;
  });

  after(async () => {
    await gateway.stop();
    await upstream.stop();
  });

  const cookie = 'Cookie: sallyport-session=anna\r\n';
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';

  async function send(text: string): Promise<string> {
    const client = await dial(gateway.port);
    client.send(text);
    await client.until(/HTTP\/1\.1 \d\d\d [\s\S]*\r\n\r\n/);
    client.socket.end();
    await client.end();
    client.socket.destroy();
    return client.received;
  }
  const requestLines = (): string[] =>
    upstream.wires.flatMap(({ received }) => received.match(/^[A-Z]+ \/\S* HTTP\/1\.1$/gm) ?? []);

  const refused: [string, string][] = [
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'chunks and a length',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'two lengths',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length: 0\r\nContent-Length: 40\r\n\r\n${smuggled}`,
    ],
    [
      'two equal lengths',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length: 2\r\nContent-Length: 2\r\n\r\nab${smuggled}`,
    ],
    ['a list of lengths', `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length: 0, 40\r\n\r\n${smuggled}`],
    ['a signed length', `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length: +2\r\n\r\nab${smuggled}`],
    ['a negative length', `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length: -1\r\n\r\n${smuggled}`],
    [
      'a hexadecimal length',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length: 0x2\r\n\r\nab${smuggled}`,
    ],
    [
      'a length beyond any number',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length: 99999999999999999999999\r\n\r\n${smuggled}`,
    ],
    [
      'a length with a space within',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length: 1 2\r\n\r\n${smuggled}`,
    ],
    ['an empty length', `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length: \r\n\r\n${smuggled}`],
    [
      'another coding',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'chunks that are not last',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'a coding before chunks',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'two codings',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'chunks twice',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'chunks of HTTP/1.0',
      `POST / HTTP/1.0\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'a folded line',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}X: a\r\n Content-Length: 40\r\n\r\n${smuggled}`,
    ],
    [
      'a folded coding',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['a bare line feed', `POST / HTTP/1.1\nHost: x\n${cookie}Content-Length: 0\n\n${smuggled}`],
    [
      'a bare line feed between headers',
      `GET / HTTP/1.1\r\nHost: x\r\n${cookie}X: a\nTransfer-Encoding: chunked\r\n\r\n${smuggled}`,
    ],
    ['a bare line feed at the end', `GET / HTTP/1.1\r\nHost: x\r\n${cookie}X: a\r\n\n${smuggled}`],
    [
      'a bare carriage return',
      `GET / HTTP/1.1\r\nHost: x\r\n${cookie}X: a\rTransfer-Encoding: chunked\r\n\r\n${smuggled}`,
    ],
    [
      'a space before the colon',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content-Length : 40\r\n\r\n${smuggled}`,
    ],
    [
      'a tab before the colon',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'a space before the name',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie} Content-Length: 40\r\n\r\n${smuggled}`,
    ],
    ['a NUL in a name', `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Content\0-Length: 40\r\n\r\n${smuggled}`],
    ['a NUL in a value', `POST / HTTP/1.1\r\nHost: x\r\n${cookie}X: a\0b\r\n\r\n${smuggled}`],
    [
      'an oversize chunk size',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff2\r\nab\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'a negative chunk size',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\n\r\n-2\r\nab\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'a chunk size with a prefix',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\n\r\n0x2\r\nab\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'a space after a chunk size',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\n\r\n2 \r\nab\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'a chunk extension that ends in a bare line feed',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\n\r\n2;a\nxx\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'a chunk that is longer than it says',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n0\r\n\r\n${smuggled}`,
    ],
    ['a method in lower case', `get / HTTP/1.1\r\nHost: x\r\n${cookie}\r\n`],
    ['another version', `GET / HTTP/1.2\r\nHost: x\r\n${cookie}\r\n`],
    [
      'an expectation nobody knows',
      `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Expect: 200-ok\r\nContent-Length: 2\r\n\r\nab`,
    ],
    ['a TRACE', `TRACE / HTTP/1.1\r\nHost: x\r\n${cookie}\r\n`],
  ];
  for (const [what, text] of refused) {
    it(`is refused for ${what}, and what follows reaches nobody`, async () => {
      const answer = await send(text);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /);
      assert.deepEqual(
        requestLines().filter((line) => line.includes('smuggled')),
        [],
      );
      assert.doesNotMatch(answer, /HTTP\/1\.1 200/);
    });
  }

  it('is harmless with chunk extensions: they end here', async () => {
    const chunks = `2;a=b;c="d"\r\nab\r\n3;${'x'.repeat(200)}\r\ncde\r\n0;last\r\nX-Trailer: Content-Length\r\n\r\n`;
    const head = `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await send(head + chunks);
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.deepEqual(requestLines(), ['POST / HTTP/1.1']);
    assert.doesNotMatch(upstream.wires[0]?.received ?? '', /a=b|xxx|last|Trailer/);
  });

  it('is refused for extensions without end', async () => {
    const head = `POST / HTTP/1.1\r\nHost: x\r\n${cookie}Transfer-Encoding: chunked\r\n\r\n`;
    const answer = await send(`${head}2;${'x'.repeat(40_000)}\r\nab\r\n0\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /);
  });

  it('is refused for a head without end', async () => {
    const answer = await send(`GET / HTTP/1.1\r\nHost: x\r\n${cookie}X: ${'x'.repeat(40_000)}\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 431 /);
    assert.deepEqual(requestLines(), []);
  });

  it('has a body on GET carried as a body', async () => {
    const head = `GET / HTTP/1.1\r\nHost: x\r\n${cookie}Connection: close\r\nContent-Length: ${smuggled.length}\r\n\r\n`;
    await send(head + smuggled);
    const wire = await upstream.hearing('/smuggled');
    assert.match(wire.received, new RegExp(`content-length: ${smuggled.length}\r\n`, 'i'));
    // The connection to the server is not used again: not every server reads the body of a GET.
    await wire.end();
  });

  it('is refused by the gate with a body that nobody reads as a request', async () => {
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n`;
    const answer = await send(head + smuggled);
    assert.match(answer, /^HTTP\/1\.1 401 /);
    assert.match(answer, /\r\nConnection: close\r\n/i);
    assert.equal(answer.match(/HTTP\/1\.1 /g)?.length, 1);
    assert.deepEqual(requestLines(), []);
  });
});

/** Whether a request is there to its end, as its own framing says. */
function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  if (/^transfer-encoding: chunked\r$/im.test(text.slice(0, end + 2))) return text.endsWith('0\r\n\r\n');
  const length = Number(/^content-length: (\d+)\r$/im.exec(text.slice(0, end + 2))?.[1] ?? 0);
  return text.length >= end + 4 + length;
}
