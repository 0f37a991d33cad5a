import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../src/errors.ts';
import { readJson } from '../../src/http/json-body.ts';

const json = { 'content-type': 'application/json' };

/** A request as the parser hands it over, its body in pieces. */
const requestOf = (pieces: readonly (string | Buffer)[], headers: Record<string, string> = json) =>
  Object.assign(Readable.from(pieces.map((piece) => Buffer.from(piece))), {
    headers,
  }) as unknown as IncomingMessage;

const codeOf = (request: IncomingMessage): Promise<string> =>
  readJson(request).then(
    () => 'read',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  );

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('a JSON body', () => {
  it('comes back as it was sent, however it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), fc.nat({ max: 40 }), async (value, at) => {
        const bytes = Buffer.from(JSON.stringify(value));
        fc.pre(bytes.length < 16_000 && !/"__proto__":/.test(bytes.toString()));
        const read = await readJson(requestOf([bytes.subarray(0, at), bytes.subarray(at)]));
        assert.deepEqual(read, JSON.parse(bytes.toString()));
      }),
      { numRuns: 200 },
    );
  });

  it('nests at most eight deep', async () => {
    assert.equal(await codeOf(requestOf([nested(8)])), 'read');
    assert.equal(await codeOf(requestOf([nested(9)])), 'invalid-request');
    assert.equal(await codeOf(requestOf(['['.repeat(8000), ']'.repeat(8000)])), 'invalid-request');
  });

  it('has no key that an assignment would take for the prototype, at any depth', async () => {
    for (const body of [
      '{"__proto__":{"admin":true}}',
      '{"a":[{"b":{"__proto__":1}}]}',
      '{"\\u005f_proto__":{}}',
    ]) {
      assert.equal(await codeOf(requestOf([body])), 'invalid-request', body);
    }
    assert.equal(await codeOf(requestOf(['{"constructor":"a name like any other"}'])), 'read');
  });

  it('ends at 16 KB, announced or not', async () => {
    const longest = JSON.stringify('x'.repeat(16 * 1024 - 2));
    assert.equal(await codeOf(requestOf([longest])), 'read');
    assert.equal(await codeOf(requestOf([longest, ' '])), 'request-too-large');
    const announced = { ...json, 'content-length': String(16 * 1024 + 1) };
    assert.equal(await codeOf(requestOf(['{}'], announced)), 'request-too-large');
  });

  it('that breaks off is no body, whenever it does', async () => {
    const early = requestOf(['{}']);
    early.destroy();
    assert.equal(await codeOf(early), 'invalid-request');
    const gone = requestOf(['{}']);
    gone.destroy();
    await once(gone, 'close');
    assert.equal(await codeOf(gone), 'invalid-request');
    const late = requestOf(['{"a":']);
    const code = codeOf(late);
    late.destroy();
    assert.equal(await code, 'invalid-request');
  });
});
