import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { createLog, createMetrics } from '../../src/audit/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { PublicListeners } from '../../src/server/public-listeners.ts';
import { freePort } from '../support/free-port.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('the public listeners', () => {
  it('answer whoever had connected when they stopped accepting', async (t) => {
    const port = await freePort();
    const { listen } = loadConfig({ environment: { SALLYPORT_LISTEN_PORT: String(port) } });
    const listeners = new PublicListeners({
      config: { ...listen, host: '127.0.0.1' },
      certificates: undefined,
      to: {
        isOwn: () => false,
        own() {},
        request: (_request, response) => void response.end('here'),
        upgrade: (_request, socket) => void socket.destroy(),
      },
      origins: { originNamed: () => 'http://localhost' },
      clock: new ManualClock(),
      log: createLog({ level: 'silent' }),
      audit: { record() {}, flush: async () => {} },
      metrics: createMetrics(),
    });
    t.after(() => listeners.destroy());
    await listeners.listen();
    // The kernel has completed all of these before any is accepted.
    const clients = Array.from({ length: 20 }, () => {
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      socket.setEncoding('latin1').on('data', (text) => {
        answer += text;
      });
      socket.write(
        'POST /form HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      );
      return once(socket, 'close').then(() => answer.slice(0, 12));
    });
    await listeners.refuseNew();
    assert.deepEqual(await Promise.all(clients), Array(20).fill('HTTP/1.1 200'));
    await assert.rejects(once(connect(port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' });
  });
});
