import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { GatewayError } from '../../src/errors.ts';
import { startGateway } from '../../src/server/index.ts';
import { makeCertificate } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { type Site, startSite } from '../support/site.ts';

const code = (expected: string) => (error: unknown) =>
  error instanceof GatewayError && error.code === expected;

describe('starting the gateway', () => {
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.stop());
  const start = (changes: Record<string, unknown>) =>
    startGateway({ config: site.config({ dataDir: `${site.folder}/second`, ...changes }), version: 'test' });

  it('threat 19: says which address is taken, and leaves nothing running', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    await assert.rejects(
      start({
        listen: { host: '127.0.0.1', port },
        publicUrl: `http://localhost:${port}`,
        console: { port: 0 },
        management: { port: 0 },
      }),
      code('address-unusable'),
    );
    holder.close();
  });

  it('threat 19: refuses a broken certificate before anything else happens', async () => {
    const cert = `${site.folder}/broken.pem`;
    writeFileSync(cert, 'not a certificate');
    const tls = { cert, key: cert };
    await assert.rejects(
      start({
        listen: { host: 'localhost', port: site.port, tls },
        publicUrl: `https://localhost:${site.port}`,
      }),
      code('certificate-unusable'),
    );
  });

  it('threat 19: refuses authorities that cannot be read before anything is opened', async () => {
    const server = { url: 'https://127.0.0.1:9', tls: { ca: `${site.folder}/nowhere.pem` } };
    const wish = { applications: [{ name: 'desk', servers: [server] }], dataDir: `${site.folder}/third` };
    await assert.rejects(start(wish), code('authority-unusable'));
    writeFileSync(server.tls.ca, 'not a certificate');
    await assert.rejects(start(wish), code('authority-unusable'));
    assert.equal(existsSync(wish.dataDir), false);
  });

  it('threat 19: refuses a store whose master key is missing or wrong, and the users in it stay as they are', async () => {
    await site.gateway.close(0);
    const keyFile = `${site.folder}/data/master.key`;
    const key = readFileSync(keyFile);
    const wrong = Buffer.alloc(32, 7).toString('base64');
    writeFileSync(keyFile, `${wrong}\n`);
    const again = () => startGateway({ config: site.config(), version: 'test' });
    await assert.rejects(again(), code('master-key-wrong'));
    copyFileSync(keyFile, `${keyFile}.away`);
    writeFileSync(keyFile, '');
    await assert.rejects(again(), code('master-key-missing'));
    writeFileSync(keyFile, key);
    await site.restart();
    const owner = await site.gateway.rooms.local.lookUp('olivia');
    assert.equal(owner?.name, 'olivia');
    assert.equal(site.gateway.ownerLink, undefined, 'an installation with an owner offers no link');
  });

  it('says ready only while it is', async () => {
    const ready = () => fetch(`http://127.0.0.1:${site.managementPort}/readyz`);
    assert.equal((await ready()).status, 200);
    const metrics = await (await fetch(`http://127.0.0.1:${site.managementPort}/metrics`)).text();
    assert.match(metrics, /sallyport_gate_decisions_total/);
  });
});

describe('stopping the gateway', () => {
  it('lets its own answers finish, and resolves for everybody when it is closed', async () => {
    const site = await startSite();
    const body = JSON.stringify({ username: 'olivia', password: 'not her password' });
    const sent = request({
      host: '127.0.0.1',
      port: site.port,
      method: 'POST',
      path: '/.sallyport/api/v1/sign-in',
      agent: false,
      headers: {
        host: `localhost:${site.port}`,
        origin: site.origin,
        'content-type': 'application/json',
        'content-length': body.length,
        expect: '100-continue',
      },
    });
    sent.flushHeaders();
    await once(sent, 'continue');
    const closed = site.gateway.close(60_000);
    const again = site.gateway.close(0);
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    assert.equal(answer.statusCode, 401);
    answer.resume();
    await Promise.all([closed, again]);
    await site.stop();
  });
});

describe('a certificate that is renewed', { skip: missing('openssl') }, () => {
  it('threat 19: is taken over while running, and a broken one is left alone', async () => {
    const scratch = scratchFolder();
    const tls = makeCertificate(scratch.path, 'site', 'first');
    const port = await freePort();
    const site = await startSite({
      owner: false,
      config: { listen: { host: 'localhost', port, tls }, publicUrl: `https://localhost:${port}` },
    });
    const subject = async (): Promise<string | undefined> => {
      const socket = connect({ port, host: 'localhost', servername: 'localhost', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const name = socket.getPeerCertificate().subject.CN;
      socket.destroy();
      return String(name);
    };
    try {
      assert.equal(await subject(), 'first');
      const renewed = makeCertificate(scratch.path, 'renewed', 'second');
      copyFileSync(renewed.key, tls.key);
      copyFileSync(renewed.cert, tls.cert);
      site.clock.advance(10_000);
      assert.equal(await subject(), 'second');
      writeFileSync(tls.cert, 'broken');
      site.clock.advance(10_000);
      assert.equal(await subject(), 'second');
      assert.match(site.log(), /the one before stays/);

      const moved = makeCertificate(scratch.path, 'moved', 'third');
      site.gateway.reload(site.config({ listen: { host: 'localhost', port, tls: moved } }));
      assert.equal(await subject(), 'third');
      const last = makeCertificate(scratch.path, 'last', 'fourth');
      copyFileSync(last.key, moved.key);
      copyFileSync(last.cert, moved.cert);
      site.clock.advance(10_000);
      assert.equal(await subject(), 'fourth', 'the files that the reload named are watched from then on');
    } finally {
      await site.stop();
      scratch.remove();
    }
  });
});
