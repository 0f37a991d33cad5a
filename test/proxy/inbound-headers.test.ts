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
      {
        'content-type': 'text/html',
        connection: 'close, x-private',
        'x-private': '1',
        'keep-alive': 'timeout=5',
        'transfer-encoding': 'chunked',
        upgrade: 'h2c',
        te: 'x',
        'proxy-authenticate': 'Basic',
        link: ['a', 'b'],
      },
      facts,
    );
    assert.deepEqual(list, ['content-type', 'text/html', 'link', 'a', 'link', 'b']);
  });

  it('set none of our cookies', () => {
    const list = inboundHeaders(
      {
        'set-cookie': [
          'a=1',
          'sallyport-session=evil',
          '__Host-SALLYPORT-session=evil',
          '=sallyport-session=x',
          'b=2',
        ],
      },
      facts,
    );
    assert.deepEqual(list, ['set-cookie', 'a=1', 'set-cookie', 'b=2']);
  });

  it('say nothing in our name, widen no service worker, and lead to no other server', () => {
    const list = inboundHeaders(
      {
        'x-sallyport-user': 'evil',
        x_sallyport_user: 'evil',
        'service-worker-allowed': '/',
        'alt-svc': 'h3=":443"',
        'x-powered-by': 'kept',
      },
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
      assert.deepEqual(inboundHeaders({ location: given }, facts), ['location', expected]);
      assert.deepEqual(inboundHeaders({ 'content-location': given }, facts), ['content-location', expected]);
    });
  }
});

describe('the trailers a client gets', () => {
  it('never carry identity, cookies, framing or routing', () => {
    const trailers = {
      'x-checksum': 'abc',
      'x-sallyport-user': 'evil',
      x_forwarded_for: 'evil',
      'set-cookie': ['sallyport-session=evil'],
      'content-length': '5',
      'transfer-encoding': 'chunked',
      location: 'http://evil',
      'server-timing': ['a', 'b'],
    };
    assert.deepEqual(inboundTrailers(trailers), [
      'x-checksum',
      'abc',
      'server-timing',
      'a',
      'server-timing',
      'b',
    ]);
  });
});
