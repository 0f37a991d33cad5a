import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { makeCertificate } from '../support/certificate.ts';
import { listening, type Running, start } from '../support/child.ts';
import { freePort } from '../support/free-port.ts';
import { missing } from '../support/real-part.ts';
import { password, type Site, startSite } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';

const example = (path: string): string =>
  readFileSync(resolve(import.meta.dirname, '../../deploy', path), 'utf8');

/** Replaces what only a site knows in an example; each of it must be there. */
function adapt(text: string, changes: readonly (readonly [from: string, to: string])[]): string {
  let adapted = text;
  for (const [from, to] of changes) {
    assert.ok(adapted.includes(from), `the example has no ${from}`);
    adapted = adapted.replaceAll(from, to);
  }
  return adapted;
}

type Ports = { https: number; http: number; first: number; second: number; management: number };
type Certificate = { cert: string; key: string };

/** Each writes the example's very text, with the ports and names of this test, and starts the real program. */
const reverseProxies = [
  {
    name: 'nginx',
    hasLooked: () => true,
    start(folder: string, ports: Ports, { cert, key }: Certificate): Running {
      const site = adapt(example('nginx/sallyport.conf'), [
        ['gateway-1:8080', `127.0.0.1:${ports.first}`],
        ['gateway-2:8080', `127.0.0.1:${ports.second}`],
        ['listen 443 ssl', `listen 127.0.0.1:${ports.https} ssl`],
        ['listen 80;', `listen 127.0.0.1:${ports.http};`],
        ['gateway.example.com accounting.example.com', 'localhost'],
        ['/etc/nginx/tls/cert.pem', cert],
        ['/etc/nginx/tls/key.pem', key],
      ]);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${folder}/${kind};`,
      );
      writeFileSync(
        join(folder, 'nginx.conf'),
        `daemon off; error_log stderr; pid ${folder}/pid; events {}
        http { access_log off; ${temporary.join(' ')} ${site} }`,
      );
      return start('nginx', ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')]);
    },
  },
  {
    name: 'caddy',
    /** It asks for health from time to time: a gateway that says it will stop gets nothing more. */
    hasLooked: (running: Running) => /health_checker/.test(running.output()),
    start(folder: string, ports: Ports, { cert, key }: Certificate): Running {
      const site = adapt(example('caddy/Caddyfile'), [
        [
          'gateway.example.com, accounting.example.com {',
          `https://localhost:${ports.https} {\n\tbind 127.0.0.1\n\ttls ${cert} ${key}`,
        ],
        ['gateway-1:8080', `127.0.0.1:${ports.first}`],
        // Of an address of its own, where nothing answers for its health either.
        ['gateway-2:8080', `127.0.0.2:${ports.second}`],
        ['health_port 9464', `health_port ${ports.management}`],
      ]);
      const file = join(folder, 'Caddyfile');
      writeFileSync(file, `{\n\tadmin off\n\tdefault_sni localhost\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n${site}`);
      const home = { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder };
      return start('caddy', ['run', '--config', file], { env: { ...process.env, ...home } });
    },
  },
];

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
    let ports: Ports;

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
