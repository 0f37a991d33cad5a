import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { it } from 'node:test';
import { createLog } from '../../src/audit/index.ts';
import { watchClock } from '../../src/server/watch-clock.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { recordingAudit } from '../support/recording-audit.ts';

const unixToNtp = 2_208_988_800;

/** An NTP server on loopback whose time is `time()`; `asked` says how often. */
async function ntpServer(time: () => number) {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (query, peer) => {
    asked += 1;
    const answer = Buffer.alloc(48);
    answer.set([0x24, 1]);
    query.copy(answer, 24, 40, 48);
    for (const offset of [32, 40]) answer.writeUInt32BE(Math.floor(time() / 1000) + unixToNtp, offset);
    socket.send(answer, peer.port, peer.address, () => socket.emit('answered'));
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, port: socket.address().port, asked: () => asked };
}

it('warns and records when the clock is off, asks again later, and never stops anything', async () => {
  const clock = new ManualClock();
  const audit = recordingAudit();
  let logged = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logged += chunk;
      done();
    },
  });
  let off = 0;
  const server = await ntpServer(() => clock.now() - off * 1000);
  const ntp = { server: '127.0.0.1', port: server.port, interval: 3600, tolerance: 10 };
  const first = once(server.socket, 'answered');
  const stop = watchClock(ntp, { clock, audit, log: createLog({ destination }) });
  await first;
  off = 45;
  const recorded = new Promise<void>((resolve) => {
    const record = audit.record.bind(audit);
    audit.record = (event) => {
      record(event);
      resolve();
    };
  });
  clock.advance(3_600_000);
  await recorded;
  assert.equal(audit.events.length, 1, 'a right clock is no event');
  const [event] = audit.events;
  assert.ok(event?.type === 'clock.off' && Math.abs(event.offset - 45) < 1.5);
  stop();
  clock.advance(36_000_000);
  assert.equal(server.asked(), 2);
  server.socket.close();
  assert.doesNotMatch(logged, /"level":"(error|fatal)"/);
});
