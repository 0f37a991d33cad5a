import { createSocket } from 'node:dgram';
import type { Clock } from '../clock.ts';

/** Seconds between the NTP era (1900) and the Unix epoch (1970): RFC 5905 figure 4. */
const ntpToUnix = 2_208_988_800;

/**
 * Asks an NTP server for the time once (SNTP, RFC 4330 section 5) and resolves to how far this machine's clock
 * is ahead of it, in seconds. Rejects when no valid answer comes within `timeout` milliseconds.
 */
export function clockOffset(
  server: { host: string; port: number },
  clock: Clock,
  timeout = 3000,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    let over = false;
    // Once: closing a closed socket throws, and a name that is looked up too slowly fails after the time is over.
    const end = (settle: () => void): void => {
      if (over) return;
      over = true;
      timer.cancel();
      socket.close();
      settle();
    };
    const fail = (cause: unknown): void => end(() => reject(cause));
    const timer = clock.after(timeout, () =>
      fail(new Error(`no answer from ${server.host} within ${timeout} ms`)),
    );
    const sentAt = clock.now();
    const query = Buffer.alloc(48);
    query[0] = 0x23; // version 4, mode 3 (client)
    writeTimestamp(query, 40, sentAt);
    socket.on('error', fail);
    socket.on('message', (answer) => {
      const receivedAt = clock.now();
      if (!isValid(answer, query)) return;
      const received = readTimestamp(answer, 32);
      const transmitted = readTimestamp(answer, 40);
      end(() => resolve(-((received - sentAt + (transmitted - receivedAt)) / 2) / 1000));
    });
    socket.send(query, server.port, server.host, (cause) => {
      if (cause) fail(cause);
    });
  });
}

/** A server's answer (mode 4) to this very query, from a server that knows the time (stratum 1 to 15). */
function isValid(answer: Buffer, query: Buffer): boolean {
  const stratum = answer[1] ?? 0;
  return (
    answer.length >= 48 &&
    ((answer[0] ?? 0) & 7) === 4 &&
    stratum >= 1 &&
    stratum <= 15 &&
    answer.subarray(24, 32).equals(query.subarray(40, 48))
  );
}

function writeTimestamp(packet: Buffer, offset: number, unixMilliseconds: number): void {
  const seconds = unixMilliseconds / 1000 + ntpToUnix;
  packet.writeUInt32BE(Math.floor(seconds) >>> 0, offset);
  packet.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32) >>> 0, offset + 4);
}

function readTimestamp(packet: Buffer, offset: number): number {
  const seconds = packet.readUInt32BE(offset) + packet.readUInt32BE(offset + 4) / 2 ** 32;
  return (seconds - ntpToUnix) * 1000;
}
