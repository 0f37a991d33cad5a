import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type Gateway, startGateway } from './gateway.ts';

type Answer = { status: number; headers: IncomingMessage['headers']; body: string };

function ask(port: number, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { port, host: '127.0.0.1', path, headers, method: body === undefined ? 'GET' : 'POST' },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('a forwarded request', () => {
  let upstream: Server;
  let gateway: Gateway;

  before(async () => {
    upstream = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk) => {
        body += chunk;
      });
      req.on('end', () => {
        res.setHeader('Set-Cookie', ['theirs=1', '__Host-Sallyport-Session=evil']);
        res.setHeader('X-Sallyport-User', 'evil');
        res.end(JSON.stringify({ url: req.url, method: req.method, headers: req.headers, body }));
      });
    });
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    gateway = await startGateway([{ name: 'app', path: '/', servers: [{ url }] }]);
  });

  after(async () => {
    await gateway.stop();
    upstream.close();
  });

  it('reaches nobody without a session', async () => {
    const answer = await ask(gateway.port, '/', {});
    assert.equal(answer.status, 401);
  });

  it('carries the identity the gateway knows and none of its cookies', async () => {
    const answer = await ask(gateway.port, '/page?x=1', {
      cookie: `a=1; ${gateway.cookie}; b=2`,
      'x-sallyport-user': 'root',
      x_forwarded_for: '9.9.9.9',
    });
    const seen = JSON.parse(answer.body);
    assert.equal(answer.status, 200);
    assert.equal(seen.url, '/page?x=1');
    assert.equal(seen.headers.cookie, 'a=1; b=2');
    assert.equal(seen.headers['x-sallyport-user'], 'anna');
    assert.equal(seen.headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(seen.headers.x_forwarded_for, undefined);
    assert.deepEqual(answer.headers['set-cookie'], ['theirs=1']);
    assert.equal(answer.headers['x-sallyport-user'], undefined);
  });

  it('carries a body and leaves nothing registered', async () => {
    const answer = await ask(gateway.port, '/', { cookie: gateway.cookie }, 'a body');
    assert.equal(JSON.parse(answer.body).body, 'a body');
    assert.equal(gateway.session.attached.size, 0);
  });
});
