import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ResponseParser, type ResponseSink } from '../../src/proxy/response-parser.ts';
import { type Read, readReference } from './reference-response.ts';

/** What was told of one response. */
class Told implements ResponseSink {
  informed: number[] = [];
  heads = 0;
  status: number | undefined;
  fields: readonly string[] = [];
  body = '';
  trailers: readonly string[] | undefined;

  onInformation({ status }: { status: number }): void {
    assert.equal(this.heads, 0);
    this.informed.push(status);
  }

  onHead({ status, fields }: { status: number; fields: readonly string[] }): void {
    this.heads += 1;
    this.status = status;
    this.fields = fields;
  }

  onBytes(bytes: Buffer, start: number, end: number): void {
    assert.equal(this.heads, 1);
    assert.equal(this.trailers, undefined);
    assert.ok(end > start);
    this.body += bytes.toString('latin1', start, end);
  }

  onEnd(trailers: readonly string[]): void {
    assert.equal(this.trailers, undefined);
    this.trailers = trailers;
  }
}

/** Reads bytes in pieces, each in memory that is overwritten afterwards, as the scratch of all connections is. */
function readInPieces(
  text: string,
  cuts: readonly number[],
  toHead: boolean,
  closed: boolean,
): Read & { told: Told } {
  const parser = new ResponseParser();
  const told = new Told();
  const memory = Buffer.alloc(Math.max(1, text.length));
  parser.begin(toHead);
  const edges = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].sort(
    (a, b) => a - b,
  );
  let used = 0;
  try {
    for (let index = 1; index < edges.length && !parser.over; index += 1) {
      const piece = text.slice(edges[index - 1], edges[index]);
      memory.write(piece, 0, 'latin1');
      const next = parser.read(memory, 0, piece.length, told);
      assert.ok(next <= piece.length);
      if (!parser.over) assert.equal(next, piece.length);
      used += next;
      memory.fill(0x41);
    }
    if (closed && !parser.over) parser.close(told);
  } catch (error) {
    const code = (error as { code?: string }).code;
    assert.ok(code === 'INVALID_ANSWER' || code === 'CLOSED_EARLY', String(error));
    return { verdict: code === 'CLOSED_EARLY' ? 'more' : 'invalid', told };
  }
  if (!parser.over) return { verdict: 'more', told };
  const { status, fields, body, trailers } = told;
  assert.ok(status !== undefined && trailers !== undefined);
  return { verdict: 'complete', status, fields, body, trailers, used, told };
}

function agree(text: string, cuts: readonly number[], toHead: boolean, closed: boolean): void {
  const { told, ...read } = readInPieces(text, cuts, toHead, closed);
  assert.deepEqual(read, readReference(text, toHead, closed));
  if (read.verdict === 'complete') assert.equal(told.heads, 1);
}

const lines = fc.constantFrom(
  'Content-Length: 5',
  'content-length: 0',
  'Content-Length: 10',
  'Content-Length: +5',
  'Content-Length: 5, 5',
  'Content-Length: 99999999999999999999',
  'Content-Length:',
  'CONTENT-LENGTH:\t5 ',
  'Transfer-Encoding: chunked',
  'transfer-encoding: CHUNKED',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: identity',
  'Connection: close',
  'Keep-Alive: timeout=5',
  'X-Empty:',
  'X-Latin: caf\xe9',
  'X:  spaced out \t',
  ' folded',
  '\tfolded',
  'Space : before',
  'no colon',
  ': no name',
  'X: a\nY: b',
  'X: a\rY: b',
  'X: \0',
  'X(: y',
  'X: \x7f',
);
const first = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200',
  'HTTP/1.1 200 ',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 103 Early Hints',
  'HTTP/1.1 101 Switching Protocols',
  'HTTP/1.1 404 N\xf6',
  'HTTP/1.1 099 Low',
  'HTTP/1.1 600 High',
  'HTTP/1.1 2000 Long',
  'HTTP/1.2 200 OK',
  'HTTP/2 200 OK',
  'http/1.1 200 OK',
  'HTTP/1.1  200 OK',
  'HTTP/1.1 200 O\nK',
  ' HTTP/1.1 200 OK',
  '',
);
const ends = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n');
const body = fc.constantFrom(
  '',
  'hello',
  'hello world',
  '5\r\nhello\r\n0\r\n\r\n',
  '5\r\nhello\r\n',
  'A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n',
  '5;a=b;c="d e"\r\nhello\r\n000\r\n\r\n',
  '5 \r\nhello\r\n0\r\n\r\n',
  '5\nhello\n0\n\n',
  '+5\r\nhello\r\n0\r\n\r\n',
  '0x5\r\nhello\r\n0\r\n\r\n',
  '-1\r\n',
  ';\r\nx',
  '5\r\nhelloX\r\n0\r\n\r\n',
  '4\r\nhello\r\n0\r\n\r\n',
  '5;a\rb\r\nhello\r\n0\r\n\r\n',
  '5;a\nb\r\nhello\r\n0\r\n\r\n',
  'FFFFFFFFFFFFF\r\nx',
  '10000000000000\r\nx',
  'FFFFFFFFFFFFFFFFF\r\nx',
  '0\r\n\nX: y\r\n\r\n',
  '0\r\nX : y\r\n\r\n',
  '0\r\n folded\r\n\r\n',
  '0\r\nContent-Length: 5\r\n\r\nhello',
);
const cutsOf = fc.array(fc.nat(400), { maxLength: 8 });
const message = fc
  .tuple(first, fc.array(fc.tuple(lines, ends), { maxLength: 4 }), ends, ends, body)
  .map(([start, fields, startEnd, end, rest]) =>
    [start, startEnd, ...fields.map(([text, lineEnd]) => text + lineEnd), end, rest].join(''),
  );
/** Bytes changed here and there. */
const mangled = fc
  .tuple(message, fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 3 }))
  .map(([text, changes]) => {
    const bytes = Buffer.from(text, 'latin1');
    for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
    return bytes.toString('latin1');
  });

describe('the responses that are read', () => {
  it('are what the reference reads, however they are cut: the very same message, or none', () => {
    fc.assert(
      fc.property(
        fc.array(mangled, { minLength: 1, maxLength: 3 }),
        cutsOf,
        fc.boolean(),
        fc.boolean(),
        (parts, cuts, toHead, closed) => agree(parts.join(''), cuts, toHead, closed),
      ),
      { numRuns: 20_000 },
    );
  });

  it('have the body that the reference reads, whatever the chunks are made of', () => {
    const tokens = fc.constantFrom(
      ...[
        '5\r\nhello\r\n',
        '5\r\nhello\r\n',
        '0\r\n',
        '\r\n',
        '5',
        'hello',
        '0',
        ';a=b',
        'X: y\r\n',
        'A\r\n0123456789\r\n',
      ],
      ...['\n', '\r', ' ', '+', 'x', '\t', 'hello\r', 'hello\n', '\0'],
    );
    const chunks = fc.array(tokens, { maxLength: 7 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(chunks, cutsOf, (text, cuts) =>
        agree(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${text}`, cuts, false, false),
      ),
      { numRuns: 20_000 },
    );
  });

  it('have a status and fields that the reference reads, where all else is right', () => {
    fc.assert(
      fc.property(first, lines, cutsOf, fc.boolean(), (start, line, cuts, chunked) => {
        const framing = chunked ? 'Transfer-Encoding: chunked' : 'Content-Length: 5';
        const rest = chunked ? '5\r\nhello\r\n0\r\n\r\n' : 'hello';
        agree(`${start}\r\n${framing}\r\n${line}\r\n\r\n${rest}`, cuts, false, false);
        agree(`${start}\r\n${line}\r\n\r\nHTTP/1.1 200 OK\r\n${framing}\r\n\r\n${rest}`, cuts, false, false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('are what the reference reads when they are valid, in the most ordinary forms', () => {
    const ordinary = fc
      .tuple(
        fc.constantFrom('200 OK', '404 Not Found', '206'),
        fc.string({ unit: 'binary-ascii', maxLength: 60 }),
        fc.constantFrom('length', 'chunks', 'close'),
        fc.array(fc.nat(20), { maxLength: 5 }),
      )
      .map(([status, text, framing, sizes]) => {
        if (framing === 'close') return `HTTP/1.1 ${status}\r\nServer: x\r\n\r\n${text}`;
        if (framing === 'length')
          return `HTTP/1.1 ${status}\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
        let chunks = '';
        let at = 0;
        for (const size of sizes) {
          const piece = text.slice(at, at + size);
          at += size;
          if (piece !== '') chunks += `${piece.length.toString(16)}\r\n${piece}\r\n`;
        }
        return `HTTP/1.1 ${status}\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\nX-T: 1\r\n\r\n`;
      });
    let complete = 0;
    fc.assert(
      fc.property(ordinary, cutsOf, fc.string({ maxLength: 5 }), (text, cuts, behind) => {
        const isClosed = !/Content-Length|Transfer-Encoding/.test(text);
        agree(isClosed ? text : text + behind, cuts, false, true);
        complete += readReference(text, false, true).verdict === 'complete' ? 1 : 0;
      }),
      { numRuns: 2_000 },
    );
    assert.equal(complete, 2_000);
  });

  it('are read byte by byte as they are at once', () => {
    const text =
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-T: 1\r\n\r\n';
    const each = Array.from({ length: text.length }, (_, index) => index);
    const { told, ...read } = readInPieces(text, each, false, false);
    assert.deepEqual(read, readReference(text, false, false));
    assert.deepEqual(told.informed, [103]);
    assert.deepEqual(read.trailers, ['X-T', '1']);
  });

  const bounds: [string, string][] = [
    ['a head', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(70_000)}`],
    ['a head of many fields', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(1_001)}`],
    ['a status line', `HTTP/1.1 200 ${'y'.repeat(70_000)}`],
    ['a line of spaces', `HTTP/1.1 200 OK\r\nX:${' '.repeat(70_000)}`],
    ['a trailer', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ${'y'.repeat(20_000)}`],
    ['an extension', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;${'y'.repeat(2_000)}`],
    ['the size of a chunk', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'0'.repeat(14)}`],
  ];
  for (const [what, text] of bounds) {
    it(`end where ${what} has no end, in one piece and in many`, () => {
      assert.equal(readInPieces(text, [], false, false).verdict, 'invalid');
      const cuts = Array.from({ length: 200 }, (_, index) => index * 397);
      assert.equal(readInPieces(text, cuts, false, false).verdict, 'invalid');
    });
  }

  it('may have a head as long as is allowed, and then a body', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: ';
    const text = `${head}${'y'.repeat(64 * 1024 - head.length - 4)}\r\n\r\nhello`;
    for (const cuts of [[], [10], [65_000], [65_535], [65_536], [65_537]]) {
      const read = readInPieces(text, cuts, false, false);
      assert.equal(read.verdict, 'complete');
      assert.equal(read.body, 'hello');
    }
    assert.equal(readInPieces(text.replace('X: ', 'X: y'), [65_000], false, false).verdict, 'invalid');
  });
});
