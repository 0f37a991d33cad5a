import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { makeCertificate } from '../support/certificate.ts';
import { listening, type Running, start } from '../support/child.ts';
import { freePort } from '../support/free-port.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { password, type Site, startSite } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';

type Front = {
  readonly folder: string;
  readonly port: number;
  readonly gateway: number;
  readonly tls: string;
};

const haproxy = (bind: string, server: string) => ({
  program: 'haproxy',
  start({ folder, port, gateway, tls }: Front): Running {
    const file = join(folder, 'haproxy.cfg');
    const text = `
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen front
  bind 127.0.0.1:${port} ${bind.replace('TLS', tls)}
  server gateway 127.0.0.1:${gateway} ${server}
`;
    writeFileSync(file, text);
    return start('haproxy', ['-f', file]);
  },
});

/** Where Debian's package libnginx-mod-stream puts it; others have it built in. */
const streamModule = '/usr/lib/nginx/modules/ngx_stream_module.so';

/** The example of deploy/, with the ports of this test. */
const nginx = {
  program: 'nginx',
  start({ folder, port, gateway }: Front): Running {
    const example = readFileSync(
      resolve(import.meta.dirname, '../../deploy/nginx/sallyport-stream.conf'),
      'utf8',
    );
    const stream = example
      .replace('gateway-1:8443', `127.0.0.1:${gateway}`)
      .replace(/.*gateway-2:8443.*\n/, '')
      .replace('listen 443;', `listen 127.0.0.1:${port};`);
    assert.doesNotMatch(stream, /gateway-|443;/);
    const file = join(folder, 'nginx.conf');
    const modules = existsSync(streamModule) ? `load_module ${streamModule};` : '';
    writeFileSync(file, `${modules}\ndaemon off; error_log stderr; pid ${folder}/pid; events {}\n${stream}`);
    return start('nginx', ['-e', 'stderr', '-p', folder, '-c', file]);
  },
};

/** What passes connections on, and whether the gateway itself speaks TLS behind it. */
const balancers = [
  { title: 'haproxy, version 1', secure: true, ...haproxy('', 'send-proxy check inter 200') },
  {
    title: 'haproxy, version 2 with a checksum',
    secure: true,
    ...haproxy('', 'send-proxy-v2 proxy-v2-options crc32c check inter 200'),
  },
  {
    title: 'haproxy that speaks HTTPS itself, version 2 with what it knows of TLS',
    secure: false,
    ...haproxy('ssl crt TLS', 'send-proxy-v2 proxy-v2-options ssl,cert-cn,ssl-cipher,crc32c'),
  },
  { title: 'nginx, version 1, set up as in deploy/', secure: true, ...nginx },
];

/** Somebody at an address of their own: all of 127.0.0.0/8 is loopback. */
const address = '127.0.0.9';

for (const balancer of balancers) {
  describe(`behind ${balancer.title}`, {
    skip: missing(balancer.program, 'openssl') || (process.platform !== 'linux' && 'needs 127.0.0.9'),
  }, () => {
    const scratch = scratchFolder();
    let server: ApplicationServer;
    let site: Site;
    let front: Running | undefined;
    let port: number;
    let client: SiteClient;

    before(async () => {
      server = await startApplicationServer();
      port = await freePort();
      const { cert, key } = makeCertificate(scratch.path, 'front', 'front', { days: 400 });
      site = await startSite({
        owner: false,
        listen: {
          host: '127.0.0.1',
          proxyProtocol: { from: ['127.0.0.1'] },
          ...(balancer.secure ? { tls: { cert, key } } : {}),
        },
        config: {
          publicUrl: `https://localhost:${port}`,
          applications: [{ name: 'desk', path: '/desk', servers: [server.url] }],
        },
      });
      const folder = join(site.folder, 'front');
      mkdirSync(folder);
      const tls = join(folder, 'both.pem');
      writeFileSync(tls, `${readFileSync(cert, 'utf8')}\n${readFileSync(key, 'utf8')}`);
      front = balancer.start({ folder, port, gateway: site.port, tls });
      await listening(front, port);
      client = new SiteClient(port, site.clock, 'https');
    });
    after(async () => {
      await front?.stop();
      await site?.stop();
      await server?.close();
      scratch.remove();
    });

    async function from(local: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
      const sent = request({
        host: '127.0.0.1',
        port,
        path: '/desk/page',
        localAddress: local,
        agent: false,
        rejectUnauthorized: false,
        headers: { host: client.portalHost, cookie: client.cookieHeader(), ...headers },
      });
      sent.end();
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      return answer;
    }
    async function text(answer: IncomingMessage): Promise<string> {
      let all = '';
      for await (const chunk of answer.setEncoding('utf8')) all += chunk;
      return all;
    }

    it('people sign in and work in tunnels', async () => {
      const ticket = site.gateway.ownerLink?.split('#')[1];
      const begun = await client.call('POST', 'owner', { ticket, username: 'olivia', password });
      assert.equal(begun.json?.status, 'enrol', begun.text);
      assert.equal((await client.enrol()).json?.status, 'done');
      assert.match([...(client.cookies.get(client.portalHost)?.keys() ?? [])].join(), /__Host-/);
      const tunnel = await client.open('/desk/ws');
      for (const message of ['one', 'x'.repeat(300_000), 'two']) {
        tunnel.send(message);
        assert.equal(await tunnel.next(), message);
      }
      tunnel.close();
      await tunnel.closed;
    });

    it('servers, limits and the audit log learn where somebody comes from, and no header says otherwise', async () => {
      const forged = {
        'x-forwarded-for': '203.0.113.7',
        forwarded: 'for=203.0.113.7',
        'x-real-ip': '203.0.113.7',
      };
      const { headers } = JSON.parse(await text(await from(address, forged)));
      assert.equal(headers['x-forwarded-for'], address);
      assert.equal(headers['x-forwarded-proto'], 'https');
      assert.equal(headers['x-real-ip'], undefined);
      const stranger = await from(address, { ...forged, cookie: '__Host-sallyport-session=a; a=b' });
      assert.equal(stranger.statusCode, 401);
      stranger.resume();
      assert.match(site.log(), new RegExp(`"type":"request\\.refused".*"address":"${address}"`));
      assert.doesNotMatch(site.log(), /203\.0\.113\.7/);
    });

    it('whoever goes around it is shut out, header or not', async () => {
      for (const local of ['127.0.0.1', address]) {
        const socket = connect({ port: site.port, host: '127.0.0.1', localAddress: local });
        socket.on('error', () => socket.destroy());
        let said = '';
        socket.on('data', (chunk) => {
          said += chunk;
        });
        const introduction = local === address ? 'PROXY TCP4 203.0.113.7 127.0.0.1 1 2\r\n' : '';
        socket.write(`${introduction}GET /desk/page HTTP/1.1\r\nHost: ${client.portalHost}\r\n\r\n`);
        await new Promise((resolve) => socket.once('close', resolve));
        assert.equal(said, '');
      }
      assert.match(site.log(), /proxy-protocol: not from here/);
      assert.match(site.log(), /proxy-protocol: no header/);
    });
  });
}
