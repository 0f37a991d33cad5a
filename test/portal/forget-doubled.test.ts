import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { forgetDoubled } from '../../src/portal/forget-doubled.ts';

const names = ['sallyport-session', 'sallyport-pending'];
function forgotten(cookie: string, { url = '/', host = 'localhost:8080', secure = false } = {}): string[] {
  const request = { url, rawHeaders: ['Host', host, 'Cookie', cookie] };
  return forgetDoubled(request as unknown as IncomingMessage, names, secure);
}

describe('cookies of ours that came twice', () => {
  it('are forgotten for every path and domain that the request could have them from', () => {
    assert.deepEqual(
      forgotten('a=1; sallyport-session=x; sallyport-session=y', {
        url: '/desk/files?x=/y',
        host: 'gate.example.com',
      }),
      ['/', '/desk', '/desk/', '/desk/files'].flatMap((path) => [
        `sallyport-session=; Path=${path}; Max-Age=0`,
        `sallyport-session=; Path=${path}; Domain=gate.example.com; Max-Age=0`,
        `sallyport-session=; Path=${path}; Domain=example.com; Max-Age=0`,
      ]),
    );
  });

  it('are forgotten in each spelling', () => {
    assert.deepEqual(forgotten('sallyport-pending=x; Sallyport-Pending=y', { secure: true }), [
      'sallyport-pending=; Path=/; Secure; Max-Age=0',
      'Sallyport-Pending=; Path=/; Secure; Max-Age=0',
    ]);
  });

  it('stay when each came once, and so do those of applications', () => {
    assert.deepEqual(
      forgotten('sallyport-session=x; sallyport-pending=y; a=1; a=2; xsallyport-session=z'),
      [],
    );
  });

  it('say nothing that a request could put into a header', () => {
    const twice = 'sallyport-session=x; sallyport-session=y';
    for (const url of ['/a;Domain=evil', '/a\r\nX: y', '/a b', '/a"b', '//evil.example/a']) {
      for (const line of forgotten(twice, { url })) {
        assert.match(line, /^sallyport-session=; Path=\/[\w./]*; Max-Age=0$/);
      }
    }
    for (const host of ['127.0.0.1', '[::1]:8080', 'localhost', 'a b.example', 'evil;x.example', '']) {
      assert.deepEqual(forgotten(twice, { host }), ['sallyport-session=; Path=/; Max-Age=0'], host);
    }
  });

  it('never make an answer too long, however deep the path, and tell of the likeliest places first', () => {
    const host = `${'sub.'.repeat(50)}example.com`;
    for (const url of [`/${'folder/'.repeat(500)}`, `/${'x'.repeat(7_000)}/y`]) {
      const lines = forgotten('sallyport-session=x; sallyport-session=y', { url, host });
      assert.equal(lines[0], 'sallyport-session=; Path=/; Max-Age=0');
      assert.ok(lines.join('').length <= 4_000, `${lines.join('').length} characters`);
    }
  });
});
