import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/**
 * Opens tunnels and either keeps each of them busy with one message after the other, or holds them idle.
 * Arguments: port, host, target, cookies (comma-separated, dealt out in turn), connections, bytes per message
 * (0: idle), seconds, `tls` for HTTPS. Prints `open N` when all stand; then, busy, one JSON line with what was measured; idle, a
 * line `closed N` for the tunnels closed so far whenever the number has been still for 200 ms.
 */
const [
  port = '0',
  host = '',
  target = '/',
  cookieList = '',
  connections = '1',
  bytes = '0',
  seconds = '1',
  tls = '',
] = process.argv.slice(2);
const secure = tls === 'tls';
const cookies = cookieList.split(',');
const size = Number(bytes);
const count = Number(connections);

/** A masked binary frame with a mask of zeros, so that the payload is what it says. */
function frameOf(payload: number): Buffer {
  const length =
    payload < 126 ? [0x80 | payload] : payload < 65_536 ? [0xfe, payload >> 8, payload & 255] : [];
  const long = payload < 65_536 ? Buffer.alloc(0) : Buffer.alloc(9);
  if (long.length > 0) {
    long[0] = 0xff;
    long.writeBigUInt64BE(BigInt(payload), 1);
  }
  return Buffer.concat([Buffer.from([0x82, ...length]), long, Buffer.alloc(4), Buffer.alloc(payload, 0x61)]);
}

const frame = frameOf(size);
const latencies: number[] = [];
let messages = 0;
let counting = false;
let open = 0;
let closed = 0;

function openTunnel(index: number): Promise<Socket> {
  const to = { port: Number(port), host: '127.0.0.1' };
  const socket = secure ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to);
  socket.setNoDelay(true);
  const cookie = cookies[index % cookies.length] ?? '';
  socket.write(
    [
      `GET ${target} HTTP/1.1`,
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Origin: ${secure ? 'https' : 'http'}://${host}`,
      `Cookie: ${cookie}`,
      '\r\n',
    ].join('\r\n'),
  );
  return new Promise((resolve, reject) => {
    socket.on('error', () => socket.destroy());
    socket.once('close', () => reject(new Error(`tunnel ${index} was closed`)));
    socket.once('data', (head) => {
      if (!head.toString('latin1').startsWith('HTTP/1.1 101')) {
        reject(new Error(head.toString('latin1').slice(0, 300)));
        return;
      }
      open += 1;
      resolve(socket);
    });
  });
}

function keepBusy(socket: Socket): void {
  let sentAt = performance.now();
  let left = frame.length;
  socket.on('data', (chunk) => {
    left -= chunk.length;
    if (left > 0) return;
    if (counting) {
      messages += 1;
      latencies.push(performance.now() - sentAt);
    }
    left = frame.length;
    sentAt = performance.now();
    socket.write(frame);
  });
  socket.write(frame);
}

const sockets: Socket[] = [];
for (let first = 0; first < count; first += 50) {
  const batch = Array.from({ length: Math.min(50, count - first) }, (_, index) => openTunnel(first + index));
  sockets.push(...(await Promise.all(batch)));
}
console.log(`open ${open}`);

if (size === 0) {
  let told: NodeJS.Timeout | undefined;
  for (const socket of sockets) {
    socket.resume();
    socket.once('close', () => {
      closed += 1;
      clearTimeout(told);
      const last = Date.now();
      told = setTimeout(() => console.log(`closed ${closed} ${last}`), 200);
    });
  }
  setTimeout(() => process.exit(), Number(seconds) * 1000);
} else {
  for (const socket of sockets) keepBusy(socket);
  setTimeout(() => {
    counting = true;
    console.log('counting');
    setTimeout(() => {
      latencies.sort((one, other) => one - other);
      const at = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? Number.NaN;
      console.log(JSON.stringify({ messages, median: at(0.5), p99: at(0.99) }));
      process.exit();
    }, Number(seconds) * 1000);
  }, 1000);
}
