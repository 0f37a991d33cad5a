import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { ManualClock } from '../support/manual-clock.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { handshake, switching } from './handshake.ts';
import { dial, type RawServer, startRawServer, type Wire } from './wire.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a client may do, piece by piece. */
const clientSteps = [
  'GET / HTTP/1.1\r\nHost: x\r\nCookie: sallyport-session=anna\r\n\r\n',
  'HEAD /poll HTTP/1.1\r\nHost: x\r\nCookie: sallyport-session=anna\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nCookie: sallyport-session=anna\r\nContent-Length: 10\r\n\r\nhello',
  'POST / HTTP/1.1\r\nHost: x\r\nCookie: sallyport-session=anna\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nCookie: sallyport-session=anna\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n',
  'GET /poll HTTP/1.1\r\nHost: x\r\nCookie: sallyport-session=anna\r\n\r\n',
  handshake('sallyport-session=anna'),
  'world',
  '0\r\n\r\n',
  'garbage\r\n\r\n',
  'wait',
  'end',
  'reset',
  'pause',
] as const;

/** What a server may say to whatever it was asked. */
const serverSteps = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\nuntil the end',
  'HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig',
  switching(),
  '0\r\n\r\n',
  'garbage\r\n\r\n',
  'wait',
  'end',
  'reset',
  'pause',
] as const;

function act(wire: Wire, step: string): void {
  if (step === 'end') wire.socket.end();
  else if (step === 'reset') wire.socket.resetAndDestroy();
  else if (step === 'pause') wire.socket.pause();
  else if (step !== 'wait' && wire.socket.writable) wire.send(step);
}

describe('whatever clients and servers do', () => {
  let upstream: RawServer;
  let gateway: Gateway;
  let clock: ManualClock;
  let script: readonly string[] = [];

  beforeEach(async () => {
    clock = new ManualClock();
    upstream = await startRawServer(async (wire) => {
      for (const step of script) {
        await turn();
        await turn();
        act(wire, step);
      }
    });
    const application = { name: 'app', path: '/', servers: [{ url: upstream.url }], sessionPaths: ['/poll'] };
    gateway = await startGateway([application], { clock });
  });

  afterEach(async () => {
    await gateway.stop();
    await upstream.stop();
  });

  it('the process lives, and nothing is left of it', async () => {
    const client = fc.array(fc.constantFrom(...clientSteps), { minLength: 1, maxLength: 5 });
    const server = fc.array(fc.constantFrom(...serverSteps), { minLength: 1, maxLength: 4 });
    const revoke = fc.option(fc.nat(6));
    await fc.assert(
      fc.asyncProperty(client, server, revoke, async (steps, answers, revokedAfter) => {
        script = answers;
        gateway.session.revoked = false;
        const wire = await dial(gateway.port);
        for (const [index, step] of steps.entries()) {
          if (index === revokedAfter) gateway.session.revoke();
          act(wire, step);
          await turn();
          await turn();
          await turn();
        }
        // Whoever still waits for anybody has waited long enough.
        for (let minutes = 0; minutes < 7; minutes += 1) {
          clock.advance(60_000);
          await turn();
        }
        wire.socket.destroy();
        for (const left of upstream.wires.splice(0)) left.socket.destroy();
        const isQuiet = async (): Promise<boolean> =>
          gateway.session.attached.size === 0 &&
          gateway.proxy.tunnels().length === 0 &&
          gateway.proxy.servers().every(({ exchanges, tunnels }) => exchanges + tunnels === 0) &&
          (await gateway.connections()) === 0;
        for (let turns = 0; turns < 2_000 && !(await isQuiet()); turns += 1) {
          await turn();
          if (turns % 100 === 99) clock.advance(310_000);
        }
        assert.equal(await isQuiet(), true);
      }),
      { numRuns: 250, seed: 20261121 },
    );
  });
});
