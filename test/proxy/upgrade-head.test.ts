import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HeadReader, handshakeFault, isHandshake } from '../../src/proxy/upgrade-head.ts';

const read = (text: string) => new HeadReader().read(Buffer.from(text, 'latin1'));
const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const switching = {
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
};

describe('the answer to an upgrade', () => {
  it('is read however it is cut', () => {
    const text = 'HTTP/1.1 101 Switching Protocols\r\nA: b\r\nSet-Cookie: x\r\nSet-Cookie: y\r\n\r\nrest';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
        const reader = new HeadReader();
        const edges = [0, ...cuts.sort((a, b) => a - b), text.length];
        let answer: ReturnType<HeadReader['read']>;
        let after = '';
        for (let index = 1; index < edges.length; index += 1) {
          const chunk = Buffer.from(text.slice(edges[index - 1], edges[index]), 'latin1');
          if (answer === undefined) answer = reader.read(chunk);
          else after += chunk.toString('latin1');
        }
        assert.equal(answer?.head.status, 101);
        assert.deepEqual(answer?.head.fields, ['A', 'b', 'Set-Cookie', 'x', 'Set-Cookie', 'y']);
        assert.equal(`${answer?.rest.toString('latin1')}${after}`, 'rest');
      }),
    );
  });

  it('comes after interim ones', () => {
    const answer = read(
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
    );
    assert.equal(answer?.head.status, 200);
  });

  const garbage: [string, string][] = [
    ['another protocol', 'SSH-2.0-OpenSSH_9\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['no status', 'HTTP/1.1 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 1010 X\r\n\r\n'],
    ['a bare line feed', 'HTTP/1.1 101 X\nA: b\r\n\r\n'],
    ['a bare carriage return', 'HTTP/1.1 101 X\r\nA: b\rC: d\r\n\r\n'],
    ['a folded line', 'HTTP/1.1 101 X\r\nA: b\r\n c\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 101 X\r\nA : b\r\n\r\n'],
    ['a line without a colon', 'HTTP/1.1 101 X\r\nA\r\n\r\n'],
    ['a NUL', 'HTTP/1.1 101 X\r\nA: b\0\r\n\r\n'],
    ['an endless head', `HTTP/1.1 101 X\r\nA: ${'b'.repeat(20_000)}`],
    ['too many fields', `HTTP/1.1 101 X\r\n${'A: b\r\n'.repeat(101)}\r\n`],
  ];
  for (const [what, text] of garbage) {
    it(`is refused for ${what}`, () => assert.throws(() => read(text), { code: 'INVALID_ANSWER' }));
  }

  it('completes the handshake only with the right proof', () => {
    const head = (headers: Record<string, string | string[] | undefined>) => ({
      status: 101,
      reason: '',
      fields: Object.entries({ ...switching, ...headers }).flatMap(([name, values]) =>
        [values ?? []].flat().flatMap((value) => [name, value]),
      ),
    });
    assert.equal(handshakeFault(head({}), key), undefined);
    assert.equal(
      handshakeFault(head({ connection: 'keep-alive, UPGRADE', upgrade: 'WebSocket' }), key),
      undefined,
    );
    for (const wrong of [
      { upgrade: 'h2c' },
      { upgrade: undefined },
      { upgrade: ['websocket', 'h2c'] },
      { connection: 'close' },
      { connection: undefined },
      { 'sec-websocket-accept': 'wrong' },
      { 'sec-websocket-accept': undefined },
      { 'sec-websocket-accept': [switching['sec-websocket-accept'], 'x'] },
      { 'content-length': '5' },
      { 'transfer-encoding': 'chunked' },
    ]) {
      assert.notEqual(handshakeFault(head(wrong), key), undefined, JSON.stringify(wrong));
    }
  });
});

describe('a handshake that may be carried', () => {
  const request = (change: object, headers: object = {}) =>
    ({
      method: 'GET',
      httpVersion: '1.1',
      headers: {
        upgrade: 'websocket',
        connection: 'Upgrade',
        'sec-websocket-version': '13',
        'sec-websocket-key': key,
        ...headers,
      },
      ...change,
    }) as IncomingMessage;

  it('is a GET of HTTP/1.1 for WebSocket, version 13, with a key and without a body', () => {
    assert.equal(isHandshake(request({})), true);
    assert.equal(
      isHandshake(request({}, { connection: 'keep-alive, Upgrade', 'content-length': '0' })),
      true,
    );
    const wrong: [object, object?][] = [
      [{ method: 'POST' }],
      [{ httpVersion: '1.0' }],
      [{}, { upgrade: 'h2c' }],
      [{}, { upgrade: 'websocket, h2c' }],
      [{}, { connection: 'close' }],
      [{}, { 'sec-websocket-version': '8' }],
      [{}, { 'sec-websocket-version': '13, 8' }],
      [{}, { 'sec-websocket-key': 'short' }],
      [{}, { 'sec-websocket-key': `${key}, ${key}` }],
      [{}, { 'sec-websocket-key': undefined }],
      [{}, { 'content-length': '5' }],
      [{}, { 'transfer-encoding': 'chunked' }],
    ];
    for (const [change, headers] of wrong) {
      assert.equal(isHandshake(request(change, headers)), false, JSON.stringify([change, headers]));
    }
  });
});
