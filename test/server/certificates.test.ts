import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { createLog, createMetrics } from '../../src/audit/index.ts';
import type { CertificateFiles } from '../../src/config/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { CertificateSet } from '../../src/server/certificate-set.ts';
import { readCertificate } from '../../src/server/certificates.ts';
import { createHttpListener } from '../../src/server/http-listener.ts';
import { watchCertificates } from '../../src/server/watch-certificates.ts';
import { makeCertificate, makePfx } from '../support/certificate.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { missing } from '../support/real-part.ts';
import { recordingAudit } from '../support/recording-audit.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const reasonOf = (files: CertificateFiles): string => {
  try {
    readCertificate(files);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, 'certificate-unusable');
    return String(error.params.reason);
  }
  return assert.fail('it was usable');
};

describe('reading a certificate', { skip: missing('openssl') }, () => {
  let scratch: ReturnType<typeof scratchFolder>;
  before(() => {
    scratch = scratchFolder();
  });
  after(() => scratch.remove());

  it('tells the hosts it is for and when it ends, from PEM and PKCS #12 alike', () => {
    const names = ['DNS:Gateway.Example.com', 'DNS:*.apps.example.com', 'IP:192.0.2.7', 'email:a@b.example'];
    const made = [
      makeCertificate(scratch.path, 'pem', 'pem', { names, days: 30 }),
      makePfx(scratch.path, 'pfx', 'pfx', { names, days: 30 }),
    ];
    for (const files of made) {
      const certificate = readCertificate(files);
      assert.deepEqual(certificate.names, ['gateway.example.com', '*.apps.example.com']);
      assert.ok(Math.abs(certificate.expiresAt - Date.now() - 30 * 86_400_000) < 86_400_000);
      for (const host of [
        'gateway.example.com',
        'GATEWAY.example.com',
        'desk.apps.example.com',
        '192.0.2.7',
      ]) {
        assert.equal(certificate.covers(host), true, host);
      }
      for (const host of [
        'apps.example.com',
        'a.b.apps.example.com',
        'other.example.com',
        'pem',
        '192.0.2.8',
      ]) {
        assert.equal(certificate.covers(host), false, host);
      }
    }
  });

  it('takes a key that is encrypted, with its passphrase', () => {
    const files = makeCertificate(scratch.path, 'locked', 'locked', { passphrase: 'open sesame' });
    const passphraseFile = `${scratch.path}/locked.txt`;
    writeFileSync(passphraseFile, 'open sesame\r\n# a note\r\n');
    assert.equal(readCertificate({ ...files, passphraseFile }).file, files.cert);
    assert.match(reasonOf(files), /locked\.pem: the passphrase is wrong or missing/);
    // Some wrong ones make noise that ends as padding does; what OpenSSL then complains of is the noise.
    for (let index = 0; index < 600; index++) {
      writeFileSync(passphraseFile, `open says me ${index}\n`);
      assert.match(reasonOf({ ...files, passphraseFile }), /the passphrase is wrong or missing/);
    }
  });

  it('says which file is wrong, and what is wrong with it', () => {
    const one = makeCertificate(scratch.path, 'one', 'one');
    const two = makeCertificate(scratch.path, 'two', 'two');
    const pfx = makePfx(scratch.path, 'three', 'three');
    const old = makePfx(scratch.path, 'old', 'old', { legacy: true });
    const cases: [CertificateFiles, RegExp][] = [
      [{ cert: one.cert, key: two.key }, /one\.pem: the key does not belong to the certificate/],
      [{ cert: one.cert, key: `${scratch.path}/none` }, /one\.pem: ENOENT/],
      [{ cert: one.key, key: one.key }, /one\.key: .*PEM|start line/i],
      [{ pfx: pfx.pfx }, /three\.pfx: the passphrase is wrong or missing/],
      [{ pfx: pfx.pfx, passphraseFile: one.cert }, /three\.pfx: the passphrase is wrong or missing/],
      [{ pfx: pfx.pfx, passphraseFile: `${scratch.path}/none` }, /three\.pfx: ENOENT/],
      [{ ...old }, /old\.pfx: its encryption is outdated.*openssl pkcs12 -legacy/],
      [{ pfx: one.cert }, /one\.pem: this is not a PKCS #12 file/],
    ];
    for (const [files, says] of cases) {
      const reason = reasonOf(files);
      assert.match(reason, says);
      assert.doesNotMatch(reason, /open sesame|BEGIN/);
    }
  });
});

describe('a listener with several certificates', { skip: missing('openssl') }, () => {
  let scratch: ReturnType<typeof scratchFolder>;
  let server: Server;
  const made = (name: string, ...names: string[]) =>
    readCertificate(makeCertificate(scratch.path, name, name, { names: names.map((each) => `DNS:${each}`) }));

  before(async () => {
    scratch = scratchFolder();
    const set = new CertificateSet([
      made('standard', 'gateway.example'),
      made('wild', '*.example', 'example'),
      made('desk', 'desk.example'),
      made('again', 'desk.example', 'GATEWAY.example'),
    ]);
    server = createHttpListener(
      {
        isOwn: () => false,
        own: () => {},
        request: (_request, response) => response.end(),
        upgrade: (_request, socket) => socket.end(),
      },
      new ManualClock(),
      { standard: set.standard.options, contextFor: (host) => set.contextFor(host) },
    ) as Server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    scratch.remove();
  });

  /** Rejects with the failure of the handshake. */
  async function dial(options: ConnectionOptions = {}): Promise<TLSSocket> {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    await once(socket, 'secureConnect');
    return socket;
  }
  async function shown(options: ConnectionOptions): Promise<unknown> {
    const socket = await dial(options);
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return CN;
  }

  const cases: [string | undefined, string][] = [
    ['gateway.example', 'standard'],
    ['Gateway.Example', 'standard'],
    ['desk.example', 'desk'],
    ['books.example', 'wild'],
    ['example', 'wild'],
    ['deep.books.example', 'standard'],
    ['elsewhere.test', 'standard'],
    ['desk.example.', 'standard'],
    ['.example', 'standard'],
    ['desk.example:443', 'standard'],
    ['desk.example/../gateway.example', 'standard'],
    ['__proto__', 'standard'],
    ['constructor.toString', 'standard'],
    [`${'a'.repeat(245)}.example`, 'wild'],
    [undefined, 'standard'],
  ];
  for (const [servername, expected] of cases) {
    it(`shows ${expected} to whoever asks for ${servername?.slice(0, 40) ?? 'no host'}`, async () => {
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        assert.equal(
          await shown({ maxVersion, ...(servername === undefined ? {} : { servername }) }),
          expected,
        );
      }
    });
  }

  it('speaks TLS 1.2 and 1.3, and nothing older', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await dial({ minVersion: version, maxVersion: version });
      assert.equal(socket.getProtocol(), version);
      socket.destroy();
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    await assert.rejects(dial(old), { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
  });

  it('wants forward secrecy and authenticated encryption', async () => {
    const modern = [
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
    ];
    for (const ciphers of modern) {
      const socket = await dial({ maxVersion: 'TLSv1.2', ciphers });
      assert.equal(socket.getCipher().name, ciphers, 'the client chooses');
      socket.destroy();
    }
    for (const ciphers of [
      'ECDHE-ECDSA-AES128-SHA256',
      'ECDHE-ECDSA-AES256-SHA',
      'AES128-GCM-SHA256',
      'AES128-SHA',
    ]) {
      const offer = { maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` } as const;
      await assert.rejects(dial(offer), /handshake failure/i, ciphers);
    }
  });

  it('never renegotiates', async () => {
    const socket = await dial({ maxVersion: 'TLSv1.2' });
    socket.on('error', () => socket.destroy());
    const error = await new Promise<Error | null>((resolve) => {
      socket.renegotiate({}, resolve);
      socket.once('close', () => resolve(new Error('closed')));
    });
    assert.ok(error instanceof Error);
    socket.destroy();
  });

  it('speaks HTTP/1.1 alone: who offers only HTTP/2 is told so in the handshake', async () => {
    const both = await dial({ ALPNProtocols: ['h2', 'http/1.1'] });
    assert.equal(both.alpnProtocol, 'http/1.1');
    both.destroy();
    await assert.rejects(dial({ ALPNProtocols: ['h2'] }), {
      code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    });
  });

  it('resumes sessions, under the certificate they were made with', async () => {
    const first = await dial({ servername: 'desk.example', maxVersion: 'TLSv1.2' });
    const session = first.getSession();
    first.destroy();
    const again = await dial({
      servername: 'desk.example',
      maxVersion: 'TLSv1.2',
      ...(session ? { session } : {}),
    });
    assert.equal(again.isSessionReused(), true);
    again.destroy();
  });

  it('ends a connection that speaks no TLS, without a word', async () => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`).then(
      (response) => response.status,
      () => 'ended',
    );
    assert.equal(answer, 'ended');
  });
});

describe('certificates that are watched', { skip: missing('openssl') }, () => {
  const scratch = scratchFolder();
  let stop = (): void => {};
  afterEach(() => stop());
  after(() => scratch.remove());

  async function watch(list: CertificateFiles[], days?: number) {
    const certificates = list.map(readCertificate);
    const [first, ...more] = certificates;
    assert.ok(first);
    const set = new CertificateSet([first, ...more]);
    const clock = new ManualClock(first.expiresAt - (days ?? 100) * 86_400_000);
    const audit = recordingAudit();
    const metrics = createMetrics({ process: false });
    const renewed: string[] = [];
    stop = watchCertificates(set, {
      clock,
      audit,
      log: createLog({ level: 'silent' }),
      metrics,
      renewStandard: (certificate) => renewed.push(certificate.file),
    });
    const metric = async (name: string, file: string) => {
      const text = await metrics.text();
      return new RegExp(
        `^sallyport_certificate_${name}\\{certificate="${file.replaceAll('\\', '\\\\\\\\')}"\\} (.+)$`,
        'm',
      ).exec(text)?.[1];
    };
    return { set, clock, audit, renewed, metric };
  }

  it('are each taken over when they change, and a broken one is told about once and left alone', async () => {
    const one = makeCertificate(scratch.path, 'one', 'one', { names: ['DNS:one.example'] });
    const two = makePfx(scratch.path, 'two', 'two', { names: ['DNS:two.example'] });
    const { set, clock, audit, renewed, metric } = await watch([one, two]);
    const before = set.contextFor('two.example');
    clock.advance(60_000);
    assert.equal(audit.events.length, 0);

    const next = makePfx(scratch.path, 'next', 'next', {
      names: ['DNS:two.example', 'DNS:three.example'],
      days: 9,
    });
    copyFileSync(next.pfx, two.pfx);
    clock.advance(10_000);
    assert.notEqual(set.contextFor('two.example'), before);
    assert.ok(set.contextFor('three.example'));
    assert.deepEqual(renewed, [], 'it is not the one that stands in for others');
    assert.equal(audit.events[0]?.type, 'certificate.renewed');
    assert.equal(await metric('unusable', two.pfx), '0');

    const shown = set.contextFor('one.example');
    writeFileSync(one.key, 'broken');
    clock.advance(60_000);
    assert.equal(set.contextFor('one.example'), shown);
    assert.equal(await metric('unusable', one.cert), '1');
    rmSync(one.key);
    clock.advance(60_000);
    const told = audit.events.filter(({ type }) => type === 'certificate.unusable');
    assert.equal(told.length, 2, 'once for each change');
    assert.match(JSON.stringify(told[0]), /one\.pem.*PEM|start line|unsupported/i);

    const good = makeCertificate(scratch.path, 'good', 'good', { names: ['DNS:one.example'] });
    copyFileSync(good.cert, one.cert);
    copyFileSync(good.key, one.key);
    clock.advance(10_000);
    assert.notEqual(set.contextFor('one.example'), shown);
    assert.deepEqual(renewed, [one.cert]);
    assert.equal(await metric('unusable', one.cert), '0');
    stop();
    assert.equal(
      await metric('unusable', one.cert),
      undefined,
      'what is no longer shown is no longer measured',
    );
  });

  it('are warned about from two weeks before their end, once a day, until they are renewed', async () => {
    const soon = makeCertificate(scratch.path, 'soon', 'soon', { days: 20 });
    const { clock, audit, metric, set } = await watch([soon], 15);
    assert.equal(audit.events.length, 0);
    assert.equal(await metric('expires_seconds', soon.cert), String(set.standard.expiresAt / 1000));
    clock.advance(86_400_000 + 10_000);
    assert.deepEqual(
      audit.events.map(({ type }) => type),
      ['certificate.expiring'],
    );
    clock.advance(3 * 86_400_000);
    assert.equal(audit.events.length, 4);
    clock.advance(14 * 86_400_000);
    assert.ok(audit.events.length > 15, 'after its end too');
    const before = audit.events.length;
    const later = makeCertificate(scratch.path, 'later', 'later', { days: 400 });
    copyFileSync(later.cert, soon.cert);
    copyFileSync(later.key, soon.key);
    clock.advance(3 * 86_400_000);
    assert.deepEqual(
      audit.events.slice(before).map(({ type }) => type),
      ['certificate.renewed'],
    );
  });
});
