import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { makeCertificate } from '../support/certificate.ts';
import { listening, type Running } from '../support/child.ts';
import { freePort } from '../support/free-port.ts';
import { missing } from '../support/real-part.ts';
import { password, type Site, startSite } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';
import { type FrontPorts, reverseProxies } from './reverse-proxy-examples.ts';

/** Somebody at an address of their own: all of 127.0.0.0/8 is loopback. */
const address = '127.0.0.9';

for (const reverseProxy of reverseProxies) {
  describe(`behind ${reverseProxy.name}, set up as in deploy/`, {
    // Only Linux has more than one loopback address by itself.
    skip: missing(reverseProxy.name, 'openssl') || (process.platform !== 'linux' && 'needs 127.0.0.9'),
  }, () => {
    const sink = createServer(swallow);
    let server: ApplicationServer;
    let site: Site;
    let front: Running | undefined;
    let client: SiteClient;
    let ports: FrontPorts;

    before(async () => {
      server = await startApplicationServer();
      sink.listen(0, '127.0.0.1');
      await once(sink, 'listening');
      const [https, http] = [await freePort(), await freePort()];
      site = await startSite({
        owner: false,
        config: {
          publicUrl: `https://localhost:${https}`,
          trustedProxies: ['127.0.0.1'],
          applications: [
            { name: 'desk', path: '/desk', servers: [server.url] },
            {
              name: 'sink',
              path: '/sink',
              servers: [`http://127.0.0.1:${(sink.address() as AddressInfo).port}`],
            },
          ],
        },
      });
      const folder = join(site.folder, 'front');
      mkdirSync(folder);
      // The second gateway is away all the time, as it would be while it is restarted.
      ports = { https, http, first: site.port, second: await freePort(), management: site.managementPort };
      front = reverseProxy.start(folder, ports, makeCertificate(folder));
      await listening(front, https);
      while (!reverseProxy.hasLooked(front)) await pause(20);
      client = new SiteClient(https, site.clock, 'https');
    });
    after(async () => {
      await front?.stop();
      await site?.stop();
      sink.close();
      sink.closeAllConnections();
      await server?.close();
    });

    it('the owner sets up, signs in, and works in a tunnel', async () => {
      const ticket = site.gateway.ownerLink?.split('#')[1];
      const begun = await client.call('POST', 'owner', { ticket, username: 'olivia', password });
      assert.equal(begun.json?.status, 'enrol', begun.text);
      assert.equal((await client.enrol()).json?.status, 'done');
      assert.match([...(client.cookies.get(client.portalHost)?.keys() ?? [])].join(), /__Host-/);
      const tunnel = await client.open('/desk/ws');
      for (const message of ['one', 'x'.repeat(100_000), 'two']) {
        tunnel.send(message);
        assert.equal(await tunnel.next(), message);
      }
      tunnel.close();
      await tunnel.closed;
    });

    it('no request fails although one of the gateways is away, whatever it carries', async () => {
      for (let round = 0; round < 8; round += 1) {
        assert.equal((await client.get('/desk/page')).status, 200);
        assert.equal((await client.send('POST', '/desk/form', { body: { round } })).status, 200);
        assert.equal((await client.call('GET', 'session')).status, 200);
      }
      (await client.open('/desk/ws')).close();
    });

    it('servers and the audit log learn where somebody comes from, and nobody can pretend', async () => {
      const answer = await from(address, {
        'x-forwarded-for': '203.0.113.7',
        'x-forwarded-host': 'elsewhere',
      });
      const { headers } = JSON.parse(await text(answer));
      assert.equal(headers['x-forwarded-for'], address);
      assert.equal(headers['x-forwarded-host'], client.portalHost);
      assert.equal(headers['x-forwarded-proto'], 'https');
      const stranger = await from(
        address,
        { 'x-forwarded-for': '203.0.113.7', cookie: 'a=b; sallyport=c' },
        'POST',
      );
      assert.equal(stranger.statusCode, 401);
      stranger.resume();
    });

    it('an upload is passed on while it arrives, and comes whole', async () => {
      const chunk = randomBytes(64 * 1024);
      const hash = createHash('sha256');
      const sent = request({
        ...target('/sink/up', 'POST'),
        headers: { host: client.portalHost, cookie: client.cookieHeader() },
      });
      const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
      const first = once(sink, 'begun');
      for (let count = 0; count < 64; count += 1) {
        hash.update(chunk);
        if (!sent.write(chunk)) await once(sent, 'drain');
        // It has begun to arrive long before its end is sent.
        if (count === 4) await first;
      }
      sent.end();
      const [answer] = await answered;
      assert.equal(await text(answer), hash.digest('hex'));
    });

    const target = (path: string, method = 'GET') => ({
      host: '127.0.0.1',
      port: ports.https,
      path,
      method,
      servername: 'localhost',
      rejectUnauthorized: false,
      agent: false as const,
      setHost: false,
    });
    async function from(
      local: string,
      headers: Record<string, string>,
      method = 'GET',
    ): Promise<IncomingMessage> {
      const sent = request({
        ...target('/desk/page', method),
        localAddress: local,
        headers: { host: client.portalHost, cookie: client.cookieHeader(), ...headers },
      });
      sent.end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      return answer;
    }

    /** Says when a body begins, and answers with what it was. */
    function swallow(upload: IncomingMessage, answer: ServerResponse): void {
      const hash = createHash('sha256');
      upload.once('data', () => sink.emit('begun'));
      upload.on('data', (chunk) => hash.update(chunk));
      upload.on('end', () => answer.end(hash.digest('hex')));
    }
  });
}

async function text(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
