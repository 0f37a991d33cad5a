import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inboundHeaders, inboundTrailers } from '../../src/proxy/inbound-headers.ts';
import { OwnCookies } from '../../src/proxy/own-cookies.ts';

const facts = {
  cookies: new OwnCookies(['__Host-sallyport-session']),
  serverOrigin: 'http://10.0.0.11:8080',
  publicOrigin: { scheme: 'https', host: 'gateway.test' } as const,
};

describe('the headers a client gets', () => {
  it('are those of the application, without what was for its connection only', () => {
    const list = inboundHeaders(
      [
        ['X-Private', '1'],
        ['Content-Type', 'text/html'],
        ['Connection', 'close, x-private'],
        ['connection', 'X-Also'],
        ['x-also', '1'],
        ['Keep-Alive', 'timeout=5'],
        ['TRANSFER-ENCODING', 'chunked'],
        ['Upgrade', 'h2c'],
        ['TE', 'x'],
        ['Proxy-Authenticate', 'Basic'],
        ['Link', 'a'],
        ['link', 'b'],
      ].flat(),
      facts,
    );
    assert.deepEqual(list, ['Content-Type', 'text/html', 'Link', 'a', 'link', 'b']);
  });

  it('set none of our cookies', () => {
    const list = inboundHeaders(
      [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'sallyport-session=evil'],
        ['set-cookie', '__Host-SALLYPORT-session=evil'],
        ['SET-COOKIE', '=sallyport-session=x'],
        ['set-cookie', 'b=2'],
      ].flat(),
      facts,
    );
    assert.deepEqual(list, ['Set-Cookie', 'a=1', 'set-cookie', 'b=2']);
  });

  it('say nothing in our name, widen no service worker, and lead to no other server', () => {
    const list = inboundHeaders(
      [
        ['X-Sallyport-User', 'evil'],
        ['x_sallyport_user', 'evil'],
        ['Service-Worker-Allowed', '/'],
        ['alt-svc', 'h3=":443"'],
        ['x-powered-by', 'kept'],
      ].flat(),
      facts,
    );
    assert.deepEqual(list, ['x-powered-by', 'kept']);
  });

  const locations: [string, string][] = [
    ['http://10.0.0.11:8080/login?x=1', 'https://gateway.test/login?x=1'],
    ['HTTP://10.0.0.11:8080', 'https://gateway.test'],
    ['http://gateway.test/a', 'https://gateway.test/a'],
    ['https://gateway.test/a', 'https://gateway.test/a'],
    ['/relative', '/relative'],
    ['//10.0.0.11:8080/x', '//10.0.0.11:8080/x'],
    ['http://10.0.0.11:8081/x', 'http://10.0.0.11:8081/x'],
    ['http://10.0.0.11:8080.evil.test/x', 'http://10.0.0.11:8080.evil.test/x'],
    ['http://10.0.0.11:8080@evil.test/x', 'http://10.0.0.11:8080@evil.test/x'],
    ['https://elsewhere.test/', 'https://elsewhere.test/'],
    ['http://[', 'http://['],
  ];
  for (const [given, expected] of locations) {
    it(`turn Location ${given} into ${expected}`, () => {
      for (const name of ['Location', 'content-location']) {
        assert.deepEqual(inboundHeaders([name, given], facts), [name, expected]);
      }
    });
  }
});

describe('the trailers a client gets', () => {
  it('never carry identity, cookies, framing or routing', () => {
    const trailers = [
      ['X-Checksum', 'abc'],
      ['X-Sallyport-User', 'evil'],
      ['x_forwarded_for', 'evil'],
      ['Set-Cookie', 'sallyport-session=evil'],
      ['content-length', '5'],
      ['Transfer-Encoding', 'chunked'],
      ['Location', 'http://evil'],
      ['Server-Timing', 'a'],
      ['Server-Timing', 'b'],
    ].flat();
    assert.deepEqual(
      inboundTrailers(trailers),
      [
        ['X-Checksum', 'abc'],
        ['Server-Timing', 'a'],
        ['Server-Timing', 'b'],
      ].flat(),
    );
  });
});
