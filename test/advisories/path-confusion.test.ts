import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Gateway, startGateway } from '../proxy/gateway.ts';
import { handshake } from '../proxy/handshake.ts';
import { exchangeRaw, type RawServer, startRawServer } from '../proxy/wire.ts';

/**
 * Reaching an application, or the gateway's own API, by a name that the gate does not see (oauth2-proxy
 * GHSA-pxq7-h93f-9jrg; threats 5 and 16a). Sent over raw sockets: client libraries would tidy the targets up.
 */
describe('a path that can be read in two ways', () => {
  let upstream: RawServer;
  let gateway: Gateway;

  before(async () => {
    upstream = await startRawServer((wire) => {
      wire.socket.on('data', () => wire.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    });
    gateway = await startGateway([
      { name: 'everybody', path: '/', servers: [{ url: upstream.url }] },
      { name: 'few', path: '/admin', servers: [{ url: upstream.url }], allow: { groups: ['admins'] } },
    ]);
  });

  beforeEach(() => {
    upstream.wires.length = 0;
    gateway.events.length = 0;
  });

  after(async () => {
    await gateway.stop();
    await upstream.stop();
  });

  const targets = [
    '//admin',
    '/./admin',
    '/x/../admin',
    '/x/..;/admin',
    '/x/%2e%2e/admin',
    '/x/%2E./admin',
    '/x%2f..%2fadmin',
    '/x/..%2fadmin',
    '/x/%252e%252e/admin',
    '/x/..%5cadmin',
    '/x\\..\\admin',
    '/%5cadmin',
    '/x/%c0%ae%c0%ae/admin',
    '/%61dmin',
    '/%2561dmin',
    '/ADMIN',
    '/;x/admin',
    '/admin;x',
    '/admin%3bx',
    '/%2fadmin',
    '/admin%2fusers',
    '/x%00/admin',
    '/.sallyport',
    '/.Sallyport/api/v1/session',
    '/%2esallyport/api/v1/session',
    '/.sallyport;a/api/v1/session',
    '//.sallyport/api/v1/session',
    '/%2f.sallyport/api/v1/session',
    'http://gateway.test/',
    'http://evil.test/admin',
    '/x#/admin',
    '/x?#/admin',
    '*',
  ];
  for (const target of targets) {
    it(`is refused as ${target}`, async () => {
      const head = `Host: gateway.test\r\nConnection: close\r\nCookie: ${gateway.cookie}\r\n\r\n`;
      const answer = await exchangeRaw(gateway.port, `GET ${target} HTTP/1.1\r\n${head}`);
      assert.match(answer, /^HTTP\/1\.1 400 /);
      const upgrade = await exchangeRaw(gateway.port, handshake(gateway.cookie, '', target));
      assert.match(upgrade, /^HTTP\/1\.1 400 /);
      assert.equal(upstream.wires.length, 0);
      assert.ok(gateway.events.some(({ type }) => type === 'request.suspicious'));
    });
  }

  it('is refused with bytes outside visible ASCII', async () => {
    for (const target of ['/caf\u00e9', '/a\u007f', '/a\u0001', '/a\tb']) {
      const request = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${gateway.cookie}\r\n\r\n`;
      assert.match(await exchangeRaw(gateway.port, request), /^HTTP\/1\.1 400 /);
    }
    assert.equal(upstream.wires.length, 0);
  });

  it('is refused with several hosts, none, or what is none', async () => {
    const hosts = [
      'Host: a\r\nHost: b',
      'Host: a\r\nhost: a',
      'Host: a/b',
      'Host: a b',
      'Host: a@b',
      'Host:',
      'X: y',
    ];
    for (const host of hosts) {
      const request = `GET / HTTP/1.1\r\n${host}\r\nConnection: close\r\nCookie: ${gateway.cookie}\r\n\r\n`;
      assert.match(await exchangeRaw(gateway.port, request), /^HTTP\/1\.1 400 /, host);
    }
    assert.equal(upstream.wires.length, 0);
  });

  it('is a service worker over everything only when its script lies in the root', async () => {
    const ask = (path: string): Promise<string> =>
      exchangeRaw(
        gateway.port,
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nService-Worker: script\r\nCookie: ${gateway.cookie}\r\n\r\n`,
      );
    for (const path of ['/sw.js', '/sw.js?a=/b/c', '/']) {
      assert.match(await ask(path), /^HTTP\/1\.1 403 [\s\S]*service-worker-refused/, path);
    }
    assert.equal(upstream.wires.length, 0);
    assert.match(await ask('/app/sw.js'), /^HTTP\/1\.1 200 /);
  });
});
