import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createServer, type TLSSocket } from 'node:tls';
import { commandSite } from '../cli/command-site.ts';
import { makeCertificate } from '../support/certificate.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

describe('copies of the audit log', () => {
  it('go to a syslog server over TLS and to standard output, from the gateway and from commands', async (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const { cert, key } = makeCertificate(folder.path, 'logs');
    const received: string[] = [];
    let waiting: (() => void) | undefined;
    const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket: TLSSocket) => {
      socket.on('error', () => undefined);
      socket.setEncoding('utf8').on('data', (text: string) => {
        received.push(text);
        waiting?.();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const until = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(received.join(''))) await new Promise<void>((resolve) => (waiting = resolve));
    };

    const site = await commandSite(t);
    const { port } = server.address() as AddressInfo;
    const syslog = { url: `tls://localhost:${port}`, ca: cert, facility: 'audit' };
    site.configure({ log: { level: 'fatal' }, audit: { standardOutput: true, syslog } });
    const gateway = site.start(['serve']);
    let out = '';
    gateway.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    await until(/\d+ <110>1 \S+ \S+ sallyport \d+ gateway\.started - \{/);
    const lines = out.split('\n').filter((line) => line.startsWith('{"audit"'));
    assert.ok(lines.some((line) => JSON.parse(line).audit.type === 'gateway.started'));

    const { code, out: said } = await site.runHere(['audit', 'retention', '30']);
    assert.equal(code, 0);
    assert.doesNotMatch(said, /\{"audit"/, 'the result of a command stands alone');
    await until(/setting\.changed - \{[^}]*"key":"auditRetention"/);
    gateway.kill('SIGTERM');
    await once(gateway, 'exit');
    await until(/gateway\.stopped/);
  });

  it('are looked at before a start: a certificate that cannot be read is reported', async (t) => {
    const site = await commandSite(t);
    const ca = join(site.folder, 'logs-ca.pem');
    writeFileSync(ca, 'no certificate');
    site.configure({ audit: { syslog: { url: 'tls://logs.corp.example', ca } } });
    const { code, err } = await site.runHere(['check']);
    assert.notEqual(code, 0);
    assert.match(err, /logs-ca\.pem/);
    site.configure({ audit: { syslog: { url: 'logs.corp.example' } } });
    const wrong = await site.runHere(['check']);
    assert.equal(wrong.code, 78);
    assert.match(wrong.err, /audit\.syslog\.url/);
  });
});
