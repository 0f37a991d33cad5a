import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { type AdmissionOptions, admitConnections } from '../../src/server/admit-connections.ts';
import { createAddressOf } from '../../src/server/client-address.ts';
import { makeCertificate } from '../support/certificate.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const header = 'PROXY TCP4 198.51.100.7 192.0.2.1 50000 443\r\n';
const ask = 'GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

for (const secure of [false, true]) {
  describe(`connections to a server that speaks ${secure ? 'HTTPS' : 'HTTP'}`, {
    skip: secure && missing('openssl'),
  }, () => {
    let clock: ManualClock;
    let scratch: ReturnType<typeof scratchFolder>;
    let server: Server;
    let refusals: string[];
    let endArrivals: () => void;

    beforeEach(() => {
      clock = new ManualClock();
      scratch = scratchFolder();
      refusals = [];
    });
    afterEach(() => {
      endArrivals();
      server.closeAllConnections();
      server.close();
      scratch.remove();
    });

    async function serve(options: Partial<AdmissionOptions> = {}): Promise<void> {
      const addressOf = createAddressOf(() => ['127.0.0.1', '198.51.100.7']);
      const answer: Parameters<typeof createServer>[1] = (request, response) => {
        request.resume().on('end', () => response.end(addressOf(request)));
      };
      if (secure) {
        const { cert, key } = makeCertificate(scratch.path);
        server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, answer);
      } else server = createServer(answer);
      endArrivals = admitConnections(server, {
        clock,
        secure,
        introduces: (address) => address.endsWith('127.0.0.1'),
        refused: (reason, address) => refusals.push(`${reason} ${address}`),
        ...options,
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }

    const dial = (localAddress = '127.0.0.1'): Socket => {
      const socket = connect({
        port: (server.address() as AddressInfo).port,
        host: '127.0.0.1',
        localAddress,
      });
      socket.on('error', () => socket.destroy());
      return socket;
    };
    /** Everything that comes back; the request follows the header within TLS where that is spoken. */
    async function exchange(
      parts: readonly (string | Buffer)[],
      request = ask,
      from?: string,
    ): Promise<string> {
      const socket = dial(from);
      await once(socket, 'connect');
      for (const part of parts) {
        socket.write(part);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const inner = secure ? connectTls({ socket, rejectUnauthorized: false }) : socket;
      inner.on('error', () => inner.destroy());
      let answer = '';
      inner.on('data', (chunk) => {
        answer += chunk;
      });
      inner.write(request);
      await closing(inner);
      return answer;
    }
    const body = (answer: string): string =>
      /\r\n\r\n(?:[0-9a-f]+\r\n)?([^\r\n]*)/.exec(answer)?.[1] ?? answer;

    it('come from where the load balancer says, by either version', async () => {
      await serve();
      assert.equal(body(await exchange([header])), '198.51.100.7');
      assert.equal(
        body(
          await exchange([
            Buffer.from('0d0a0d0a000d0a515549540a21210024', 'hex'),
            Buffer.from('20010db800000000000000000000000720010db8000000000000000000000001c35001bb', 'hex'),
          ]),
        ),
        '2001:db8::7',
      );
      assert.deepEqual(refusals, []);
    });

    it('may deliver the header byte by byte, or together with what follows', async () => {
      await serve();
      assert.equal(body(await exchange([...header])), '198.51.100.7');
      if (!secure) assert.equal(body(await exchange([], `${header}${ask}`)), '198.51.100.7');
      if (!secure) assert.equal(body(await exchange([`${header}GET /wh`], ask.slice(7))), '198.51.100.7');
    });

    it('may bring the header and what follows in one piece, with TLS too', { skip: !secure }, async () => {
      await serve();
      // What a client says first, as it arrives at a server that only listens.
      const listener = createTcpServer().listen(0, '127.0.0.1');
      await once(listener, 'listening');
      const client = connectTls({ port: (listener.address() as AddressInfo).port, host: '127.0.0.1' });
      client.on('error', () => client.destroy());
      const [end] = (await once(listener, 'connection')) as [Socket];
      const [hello] = (await once(end, 'data')) as [Buffer];
      client.destroy();
      end.destroy();
      listener.close();
      const socket = dial();
      socket.write(Buffer.concat([Buffer.from(header), hello]));
      const [answer] = (await once(socket, 'data')) as [Buffer];
      assert.equal(answer[0], 0x16, 'a handshake record: the server has read the whole hello');
      socket.destroy();
    });

    it('are the balancer’s own where it says so or knows nobody, and then no header is believed', async () => {
      await serve();
      const forged = ask.replace('Host: a', 'Host: a\r\nX-Forwarded-For: 203.0.113.9');
      assert.equal(body(await exchange(['PROXY UNKNOWN\r\n'], forged)), '127.0.0.1');
      const local = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex');
      assert.equal(body(await exchange([local], forged)), '127.0.0.1');
    });

    it('are believed about others only where the told address is a trusted proxy', async () => {
      await serve();
      const chain = ask.replace('Host: a', 'Host: a\r\nX-Forwarded-For: 203.0.113.9');
      assert.equal(body(await exchange([header], chain)), '203.0.113.9');
      assert.equal(
        body(await exchange([header.replace('198.51.100.7', '198.51.100.8')], chain)),
        '198.51.100.8',
      );
    });

    it('are shut without a header, with a broken one, and from anywhere else', async () => {
      await serve();
      assert.equal(await exchange([]), '');
      assert.equal(await exchange(['PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n']), '');
      assert.equal(await exchange([Buffer.from('0d0a0d0a000d0a515549540a2111ffff', 'hex')]), '');
      assert.equal(await exchange([`PROXY TCP4 ${'1'.repeat(200)}`]), '');
      if (process.platform === 'linux') assert.equal(await exchange([header], ask, '127.0.0.2'), '');
      const gone = dial();
      gone.end('PROXY TCP4');
      await closing(gone);
      assert.deepEqual(
        refusals.map((refusal) => refusal.replace('::ffff:', '')),
        [
          'proxy-protocol: no header 127.0.0.1',
          'proxy-protocol: bad address 127.0.0.1',
          'proxy-protocol: header too long 127.0.0.1',
          'proxy-protocol: line too long 127.0.0.1',
          ...(process.platform === 'linux' ? ['proxy-protocol: not from here 127.0.0.2'] : []),
          'proxy-protocol: no header 127.0.0.1',
        ],
      );
    });

    it('keep one introduction each: a second header is a request that nobody understands', async () => {
      await serve();
      const answer = await exchange([header], `${header}${ask}`);
      assert.doesNotMatch(answer, /200 OK/);
      assert.match(answer, /^HTTP\/1\.1 400 /);
    });

    it('threat 13: get fifteen seconds to say who they are, however busy they look', async () => {
      await serve();
      const slow = dial();
      await once(server, 'connection');
      slow.write(header.slice(0, 10));
      const gone = closing(slow);
      for (let second = 0; second < 14; second += 1) clock.advance(1_000);
      assert.equal(slow.destroyed, false);
      clock.advance(2_000);
      await gone;
      const quick = await exchange([header]);
      clock.advance(60_000);
      assert.equal(body(quick), '198.51.100.7');
    });

    it('threat 13: yield their place, the oldest first, when more are under way than fit', async () => {
      await serve({ most: 3 });
      const waiting: Socket[] = [];
      for (let count = 0; count < 5; count += 1) {
        const socket = dial();
        await once(server, 'connection');
        waiting.push(socket);
      }
      await Promise.all(waiting.slice(0, 2).map((socket) => closing(socket)));
      assert.equal(body(await exchange([header])), '198.51.100.7', 'whoever says it at once always gets in');
      assert.deepEqual(
        waiting.slice(3).map((socket) => socket.destroyed),
        [false, false],
      );
      const last = Promise.all(waiting.slice(3).map((socket) => closing(socket)));
      endArrivals();
      await last;
    });
  });
}

/** However it ends. */
const closing = (socket: Socket): Promise<unknown> =>
  socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve));

describe('TLS handshakes', { skip: missing('openssl') }, () => {
  it('threat 13: that never end cost a place, not the server', async () => {
    const clock = new ManualClock();
    const scratch = scratchFolder();
    const { cert, key } = makeCertificate(scratch.path);
    const server = createTlsServer(
      { cert: readFileSync(cert), key: readFileSync(key) },
      (_request, response) => response.end('served'),
    );
    const endArrivals = admitConnections(server, { clock, secure: true, refused: () => {}, most: 50 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const hello = Buffer.from('160301020001', 'hex');
    const half: Socket[] = [];
    for (let count = 0; count < 300; count += 1) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => socket.destroy());
      socket.write(hello);
      half.push(socket);
      await once(server, 'connection');
    }
    const open = await new Promise<number>((resolve) =>
      server.getConnections((_error, count) => resolve(count)),
    );
    assert.ok(open <= 60, `${open} connections`);
    const whole = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    whole.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const [answer] = await once(whole, 'data');
    assert.match(String(answer), /200 OK/);
    const closed = Promise.all(half.map((socket) => closing(socket)));
    clock.advance(20_000);
    await closed;
    endArrivals();
    server.closeAllConnections();
    server.close();
    scratch.remove();
  });
});
