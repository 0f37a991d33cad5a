import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createRedirectListener } from '../../src/server/redirect-listener.ts';
import { createOrigins } from '../../src/server/site.ts';
import { accepted } from '../config/read-text.ts';

describe('the port that sends people on to HTTPS', () => {
  let server: Server;
  before(async () => {
    const config = accepted(
      [
        'publicUrl: https://gateway.example:8443',
        'listen: { host: 0.0.0.0, port: 8443, tls: { cert: c, key: k } }',
        'applications: [{ name: desk, host: desk.example, servers: [http://b] }]',
      ].join('\n'),
    );
    server = createRedirectListener(createOrigins(() => config));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** The head of the only answer; the connection has ended. */
  async function ask(...lines: string[]): Promise<string> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (text) => {
      answer += text;
    });
    socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    await once(socket, 'close');
    return answer;
  }
  const location = (answer: string): string | undefined => /^Location: (.*)$/im.exec(answer)?.[1]?.trim();

  const portal = 'https://gateway.example:8443';
  const sent: [title: string, request: string[], to: string][] = [
    ['the portal', ['GET / HTTP/1.1', 'Host: gateway.example'], `${portal}/`],
    [
      'a page, with its query',
      ['GET /a/b?c=%20d&e HTTP/1.1', 'Host: gateway.example:80'],
      `${portal}/a/b?c=%20d&e`,
    ],
    ['a host in capitals', ['GET /x HTTP/1.1', 'Host: Gateway.Example'], `${portal}/x`],
    ['an application’s host', ['HEAD /x HTTP/1.1', 'Host: desk.example'], 'https://desk.example:8443/x'],
    ['a host that nobody configured', ['GET /x HTTP/1.1', 'Host: evil.test'], `${portal}/x`],
    ['one that only ends like ours', ['GET /x HTTP/1.1', 'Host: evil-gateway.example'], `${portal}/x`],
    ['one that hides ours', ['GET /x HTTP/1.1', 'Host: desk.example@evil.test'], `${portal}/x`],
    ['an address', ['GET /x HTTP/1.1', 'Host: [::1]:80'], `${portal}/x`],
    ['HTTP/1.0 without a host', ['GET /x HTTP/1.0'], `${portal}/x`],
    [
      'another host’s whole address',
      ['GET http://evil.test/x HTTP/1.1', 'Host: desk.example'],
      'https://desk.example:8443/',
    ],
    ['two slashes', ['GET //evil.test/x HTTP/1.1', 'Host: evil.test'], `${portal}//evil.test/x`],
    ['a backslash', ['GET /\\evil.test HTTP/1.1', 'Host: evil.test'], `${portal}/\\evil.test`],
    ['a target that is no path', ['GET @evil.test HTTP/1.1', 'Host: gateway.example'], ''],
    ['bytes that no address has', ['GET /\xe9 HTTP/1.1', 'Host: gateway.example'], ''],
    [
      'headers that claim otherwise',
      [
        'GET /x HTTP/1.1',
        'Host: gateway.example',
        'X-Forwarded-Host: evil.test',
        'X-Forwarded-Proto: https',
        'Forwarded: host=evil.test',
      ],
      `${portal}/x`,
    ],
    [
      'an upgrade',
      ['GET /ws HTTP/1.1', 'Host: gateway.example', 'Connection: Upgrade', 'Upgrade: websocket'],
      `${portal}/ws`,
    ],
  ];
  for (const [title, request, to] of sent) {
    it(`threat 14: knows where to: ${title}`, async () => {
      const answer = await ask(...request);
      if (to === '') {
        assert.match(answer, /^HTTP\/1\.1 400 /);
        return;
      }
      assert.match(answer, /^HTTP\/1\.1 308 /);
      assert.equal(location(answer), to);
      assert.ok(new URL(to).host.endsWith('.example:8443'));
      assert.match(answer, /^Connection: close$/im);
      assert.doesNotMatch(answer, /Strict-Transport-Security|Set-Cookie/i);
    });
  }

  it('refuses what would carry something over the open wire again', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      const answer = await ask(
        `${method} /.sallyport/api/v1/sign-in HTTP/1.1`,
        'Host: gateway.example',
        'Content-Length: 0',
      );
      assert.match(answer, /^HTTP\/1\.1 405 /, method);
      assert.equal(location(answer), undefined);
    }
    assert.doesNotMatch(await ask('CONNECT evil.test:443 HTTP/1.1', 'Host: evil.test:443'), /200|Location/);
  });
});
