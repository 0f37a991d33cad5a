import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { type AuditEntry, createLog, createSyslog, type SyslogTarget } from '../../src/audit/index.ts';
import { makeCertificate } from '../support/certificate.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const at = Date.UTC(2026, 0, 15, 9, 0, 0, 7);
const entry = (number = 0): AuditEntry => ({
  type: 'user.reset',
  user: 'local:é',
  name: `zoë\n${number}`,
  actor: 'cli',
  at,
});
const source = { facility: 'local0', host: 'gw 1.corp', process: 42 } as const;

/** As RFC 5424 section 6 has it. */
const form = /^<(\d{1,3})>1 (\S+) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) - (\{[\x20-\x7e]*\})$/;

function sender(target: SyslogTarget, capacity?: number) {
  const clock = new ManualClock();
  const lines: string[] = [];
  const log = createLog({ destination: { write: (line) => lines.push(line) } });
  const syslog = createSyslog({
    target,
    source,
    clock,
    log,
    ...(capacity === undefined ? {} : { capacity }),
  });
  return { clock, lines, syslog };
}

/** A server that counts octets as RFC 6587 section 3.4.1 says; what is not so framed fails. */
class Receiver {
  readonly messages: string[] = [];
  readonly sockets: Socket[] = [];
  #waiting: (() => void) | undefined;

  readonly take = (socket: Socket): void => {
    this.sockets.push(socket);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      rest = Buffer.concat([rest, data]);
      for (;;) {
        const head = /^([1-9]\d*) /.exec(rest.toString('latin1', 0, 20));
        if (head === null) break;
        const begin = head[0].length;
        const end = begin + Number(head[1]);
        if (rest.length < end) break;
        this.messages.push(rest.toString('utf8', begin, end));
        rest = rest.subarray(end);
      }
      this.#waiting?.();
    });
  };

  async until(count: number): Promise<void> {
    while (this.messages.length < count) await new Promise<void>((resolve) => (this.#waiting = resolve));
  }
}

async function listening(t: TestContext, server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('syslog', () => {
  it('takes entries as datagrams of RFC 5424', async (t) => {
    const server = createSocket('udp4');
    t.after(() => server.close());
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    const { syslog } = sender({ protocol: 'udp', host: '127.0.0.1', port: server.address().port });
    syslog.send(entry());
    const [data] = (await once(server, 'message')) as [Buffer];
    const [, priority, time, host, app, process, kind, json] = form.exec(data.toString('latin1')) ?? [];
    assert.deepEqual(
      [priority, time, host, app, process, kind],
      [String(16 * 8 + 6), '2026-01-15T09:00:00.007Z', 'gw1.corp', 'sallyport', '42', 'user.reset'],
    );
    const said = JSON.parse(json ?? '');
    assert.deepEqual([said.user, said.name, said.actor], ['local:é', 'zoë\n0', 'cli']);
    await syslog.close();
  });

  it('takes them over TCP, counted in octets, and all that waits before the end', async (t) => {
    const receiver = new Receiver();
    const port = await listening(t, createServer(receiver.take));
    const { syslog } = sender({ protocol: 'tcp', host: '127.0.0.1', port });
    for (let number = 0; number < 500; number += 1) syslog.send(entry(number));
    await syslog.close();
    await receiver.until(500);
    assert.ok(receiver.messages.every((message) => form.test(message)));
    assert.match(receiver.messages[499] ?? '', /zo\\u00eb\\n499/);
  });

  it('takes them over TLS, from whoever trusts its certificate', async (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const { cert, key } = makeCertificate(folder.path, 'logs');
    const receiver = new Receiver();
    const pem = readFileSync(cert, 'utf8');
    const server = createTlsServer({ cert: pem, key: readFileSync(key) }, receiver.take);
    const port = await listening(t, server);
    const trusting = sender({ protocol: 'tls', host: 'localhost', port, authorities: pem });
    trusting.syslog.send(entry(1));
    await receiver.until(1);
    await trusting.syslog.close();
    const refused = once(server, 'tlsClientError');
    const distrusting = sender({ protocol: 'tls', host: 'localhost', port });
    distrusting.syslog.send(entry(2));
    await refused;
    assert.equal(receiver.messages.length, 1);
    await distrusting.syslog.close();
  });

  it('away keeps nobody waiting: entries wait, the oldest give way, and go out when it is back', async (t) => {
    const receiver = new Receiver();
    const probe = createServer();
    const port = await listening(t, probe);
    await new Promise((resolve) => probe.close(resolve));
    const { clock, lines, syslog } = sender({ protocol: 'tcp', host: '127.0.0.1', port }, 3);
    for (let number = 0; number < 5; number += 1) syslog.send(entry(number));
    while (!lines.some((line) => line.includes('syslog does not answer'))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await listening(t, createServer(receiver.take), port);
    clock.advance(1_000);
    await receiver.until(3);
    const numbers = receiver.messages.map((message) => /\\n(\d)/.exec(message)?.[1]);
    assert.deepEqual(numbers, ['2', '3', '4']);
    assert.ok(lines.some((line) => line.includes('"dropped":2')));
    receiver.sockets[0]?.destroy();
    await syslog.close();
  });

  it('that has gone does not keep the process from ending', async () => {
    const { syslog, clock } = sender({ protocol: 'tcp', host: '127.0.0.1', port: 9 });
    syslog.send(entry());
    const closed = syslog.close();
    clock.advance(5_000);
    await closed;
    syslog.send(entry());
  });
});
