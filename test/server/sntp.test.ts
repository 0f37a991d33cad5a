import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { clockOffset } from '../../src/server/sntp.ts';
import { ManualClock } from '../support/manual-clock.ts';

const unixToNtp = 2_208_988_800;

async function ntpServer(reply: (query: Buffer) => Buffer) {
  const socket = createSocket('udp4');
  const asked = once(socket, 'message');
  socket.on('message', (query, peer) => socket.send(reply(query), peer.port, peer.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, asked, close: () => socket.close() };
}

function answerTo(query: Buffer, at: number, change: (packet: Buffer) => void = () => {}): Buffer {
  const packet = Buffer.alloc(48);
  packet[0] = 0x24;
  packet[1] = 2;
  query.copy(packet, 24, 40, 48);
  for (const offset of [32, 40]) packet.writeUInt32BE(at / 1000 + unixToNtp, offset);
  change(packet);
  return packet;
}

describe('comparing the clock with an NTP server', () => {
  it('tells by how many seconds this machine is ahead', async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1));
    const server = await ntpServer((query) => answerTo(query, clock.now() - 90_000));
    const offset = await clockOffset({ host: '127.0.0.1', port: server.port }, clock);
    server.close();
    assert.ok(Math.abs(offset - 90) < 0.01, String(offset));
  });

  for (const [title, change] of [
    ['an answer to another query', (packet: Buffer) => packet.fill(7, 24, 32)],
    ['a server that does not know the time', (packet: Buffer) => packet.writeUInt8(0, 1)],
    ['a packet that is no server answer', (packet: Buffer) => packet.writeUInt8(0x23, 0)],
  ] as const) {
    it(`does not believe ${title}, and gives up in time`, async () => {
      const clock = new ManualClock();
      const server = await ntpServer((query) => answerTo(query, clock.now(), change));
      const result = clockOffset({ host: '127.0.0.1', port: server.port }, clock, 3000);
      await server.asked;
      setImmediate(() => clock.advance(3000));
      await assert.rejects(result, /no answer/);
      server.close();
    });
  }

  it('survives a name that is found not to exist only after the time is over', async () => {
    const clock = new ManualClock();
    // Too long for a label, so no name server has to be asked.
    const host = `${'x'.repeat(64)}.invalid`;
    const result = clockOffset({ host, port: 123 }, clock, 3000);
    clock.advance(3000);
    await assert.rejects(result, /no answer/);
    // The same question, asked later: the first answer has arrived by then.
    await assert.rejects(lookup(host));
    await nextTurn();
  });
});
