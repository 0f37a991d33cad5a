import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { makeCertificate, makePfx } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { type Site, startSite } from '../support/site.ts';
import type { SiteClient, Tunnel } from '../support/site-client.ts';

describe('a site with HTTPS of its own', { skip: missing('openssl') }, () => {
  const scratch = scratchFolder();
  let server: ApplicationServer;
  let site: Site;
  let anna: SiteClient;
  let redirectFrom: number;
  let portal: { cert: string; key: string };
  let desk: { pfx: string; passphraseFile: string };

  before(async () => {
    server = await startApplicationServer();
    redirectFrom = await freePort();
    portal = makeCertificate(scratch.path, 'portal', 'portal', { names: ['DNS:localhost'], days: 400 });
    desk = makePfx(scratch.path, 'desk', 'desk', { names: ['DNS:desk.localhost'], days: 400 });
    site = await startSite({
      tls: portal,
      listen: { redirectFrom, tls: { ...portal, more: [desk] } },
      config: {
        applications: [
          { name: 'home', title: 'Home', path: '/home', servers: [server.url] },
          { name: 'desk', title: 'Desk', host: 'desk.localhost', servers: [server.url] },
        ],
      },
    });
    anna = await site.signedIn('anna');
  });
  after(async () => {
    await site?.stop();
    await server?.close();
    scratch.remove();
  });

  /** The common name that a client which asks for this host is shown. */
  async function shown(servername: string): Promise<string> {
    const socket = connectTls({ port: site.port, host: 'localhost', servername, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return String(CN);
  }
  const everyHost = () => Promise.all(['localhost', 'desk.localhost', 'elsewhere.test'].map(shown));
  async function carries(tunnel: Tunnel): Promise<void> {
    tunnel.send('still here');
    assert.equal(await tunnel.next(), 'still here');
  }
  const pointingTo = (tls: Record<string, unknown>) =>
    site.config({ listen: { host: 'localhost', port: site.port, redirectFrom, tls } });

  it('sets cookies that only HTTPS ever carries, and tells servers that it is HTTPS', async () => {
    const names = [...(anna.cookies.get(anna.portalHost)?.keys() ?? [])];
    assert.ok(names.length > 0 && names.every((name) => name.startsWith('__Host-')), names.join());
    const { headers } = (await anna.get('/home/x')).json;
    assert.equal(headers['x-forwarded-proto'], 'https');
    assert.equal(headers['x-forwarded-host'], anna.portalHost);
    const pretending = await anna.get('/home/x', {
      headers: { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.test', forwarded: 'proto=http' },
    });
    assert.equal(pretending.json.headers['x-forwarded-proto'], 'https');
    assert.equal(pretending.json.headers['x-forwarded-host'], anna.portalHost);
    assert.equal(pretending.json.headers.forwarded, undefined);
  });

  it('shows each host its certificate, renews them one by one or on reload, and open tunnels live on', async () => {
    const tunnel = await anna.open('/home/ws');
    assert.deepEqual(await everyHost(), ['portal', 'desk', 'portal']);

    const renewedDesk = makePfx(scratch.path, 'desk-2', 'desk 2', {
      names: ['DNS:desk.localhost'],
      days: 400,
    });
    copyFileSync(renewedDesk.pfx, desk.pfx);
    site.clock.advance(10_000);
    assert.deepEqual(await everyHost(), ['portal', 'desk 2', 'portal']);

    const renewed = makeCertificate(scratch.path, 'portal-2', 'portal 2', {
      names: ['DNS:localhost'],
      days: 400,
    });
    copyFileSync(renewed.cert, portal.cert);
    copyFileSync(renewed.key, portal.key);
    site.gateway.reload(site.config());
    assert.deepEqual(await everyHost(), ['portal 2', 'desk 2', 'portal 2']);

    const other = makeCertificate(scratch.path, 'other', 'other', {
      names: ['DNS:elsewhere.test'],
      days: 400,
    });
    site.gateway.reload(pointingTo({ ...other, more: [portal] }));
    assert.deepEqual(await everyHost(), ['portal 2', 'other', 'other'], 'in another order, and one is gone');

    site.gateway.reload(site.config());
    assert.deepEqual(await everyHost(), ['portal 2', 'desk 2', 'portal 2']);
    await carries(tunnel);
    await carries(await anna.open('/home/ws'));
    tunnel.close();
    await tunnel.closed;
  });

  it('threat 19: keeps what it shows when one of them breaks, by itself or on reload, and says so', async () => {
    const before = await everyHost();
    writeFileSync(desk.passphraseFile, 'wrong\n');
    site.clock.advance(30_000);
    assert.deepEqual(await everyHost(), before);
    assert.equal(site.log().split('a changed certificate cannot be used').length - 1, 1, 'said once');
    const metrics = await (await fetch(`http://127.0.0.1:${site.managementPort}/metrics`)).text();
    assert.match(metrics, /sallyport_certificate_unusable\{certificate=".*desk\.pfx"\} 1/);
    assert.match(metrics, /sallyport_certificate_expires_seconds\{certificate=".*portal\.pem"\} \d{10}/);
    assert.throws(() => site.gateway.reload(site.config()), { code: 'certificate-unusable' });
    assert.deepEqual(await everyHost(), before);
    writeFileSync(desk.passphraseFile, 'open sesame\n');
    site.gateway.reload(site.config());
    assert.deepEqual(await everyHost(), before);
    const after = await (await fetch(`http://127.0.0.1:${site.managementPort}/metrics`)).text();
    assert.match(after, /sallyport_certificate_unusable\{certificate=".*desk\.pfx"\} 0/);
  });

  it('sends plain HTTP on to itself, and serves nothing there', async () => {
    const sent = request({
      host: 'localhost',
      port: redirectFrom,
      path: '/home/x?y',
      headers: { host: `desk.localhost:${redirectFrom}` },
    });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    assert.deepEqual(
      [answer.statusCode, answer.headers.location],
      [308, `https://desk.localhost:${site.port}/home/x?y`],
    );
    assert.equal(answer.headers['set-cookie'], undefined);
    await assert.rejects(
      fetch(`http://localhost:${site.port}/`),
      'nor does the port for HTTPS answer plain HTTP',
    );
  });

  it('a second cookie of the same name, from a neighbour on plain HTTP, opens nothing', async () => {
    const [name = '', value = ''] = [...(anna.cookies.get(anna.portalHost) ?? [])][0] ?? [];
    const plainName = name.replace('__Host-', '');
    const stranger = site.client();
    const alone = await stranger.get('/home/x', { headers: { cookie: `${plainName}=${value}` } });
    assert.equal(alone.status, 401);
    const both = await anna.get('/home/x', {
      headers: { cookie: `${anna.cookieHeader()}; ${name}=${value}x` },
    });
    assert.equal(both.status, 400);
  });

  it('stops although handshakes are under way that never end', async () => {
    const half: Socket[] = [];
    for (let count = 0; count < 20; count += 1) {
      const socket = connect(site.port, 'localhost');
      socket.on('error', () => socket.destroy());
      await once(socket, 'connect');
      socket.write(Buffer.from('160301020001', 'hex'));
      half.push(socket);
    }
    const closed = Promise.all(half.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    await site.restart();
    await closed;
    assert.deepEqual(await everyHost(), ['portal 2', 'desk 2', 'portal 2']);
  });
});

describe('networks whose people share an address', () => {
  it('are spared the limits per address, also those that a reload names', async () => {
    const site = await startSite({ owner: false });
    try {
      const { throttle } = site.gateway.rooms;
      const spray = async (round: string): Promise<number> => {
        let counted = 0;
        for (let index = 0; index < 35; index += 1) {
          const attempt = {
            subscription: 'default',
            subject: `${round}-${index}`,
            origin: { address: '192.0.2.7' },
          };
          counted += await throttle.countPassword(attempt).then(
            () => 1,
            () => 0,
          );
        }
        return counted;
      };
      assert.equal(await spray('first'), 30);
      site.gateway.reload(site.config({ trustedNetworks: ['192.0.2.0/24'] }));
      assert.equal(await spray('second'), 35);
      site.gateway.reload(site.config());
      assert.equal(await spray('third'), 0);
    } finally {
      await site.stop();
    }
  });
});

describe('a gateway behind a proxy that speaks HTTPS', () => {
  it('takes the scheme from the configuration, and addresses from the proxies it is told of, also after a reload', async () => {
    const server = await startApplicationServer();
    const config = {
      publicUrl: 'https://gateway.example',
      trustedProxies: ['127.0.0.9'],
      applications: [{ name: 'home', path: '/home', servers: [server.url] }],
    };
    const site = await startSite({ config, owner: false });
    try {
      const visit = async (headers: Record<string, string> = {}) =>
        site.client().navigate('/home/x', { host: 'gateway.example', headers });
      const answer = await visit({ 'x-forwarded-proto': 'http', 'x-forwarded-for': '198.51.100.7' });
      assert.equal(answer.status, 302);
      assert.match(String(answer.headers.location), /^(?:https:\/\/gateway\.example)?\/\.sallyport\//);
      assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000');
      const page = await site.client().navigate('/.sallyport/sign-in', { host: 'gateway.example' });
      assert.equal(page.headers['strict-transport-security'], 'max-age=31536000');

      const upgrade = () =>
        assert.rejects(
          site
            .client()
            .open('/home/ws', { host: 'gateway.example', headers: { 'x-forwarded-for': '198.51.100.7' } }),
          /401/,
        );
      await upgrade();
      assert.match(site.log(), /"address":"127\.0\.0\.1"/, 'nobody is believed yet');
      assert.doesNotMatch(site.log(), /198\.51\.100\.7/);
      site.gateway.reload(site.config({ trustedProxies: ['127.0.0.0/8', '::1'] }));
      await upgrade();
      assert.match(site.log(), /"address":"198\.51\.100\.7"/);
    } finally {
      await site.stop();
      await server.close();
    }
  });
});
