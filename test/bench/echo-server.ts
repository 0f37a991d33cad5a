import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';

/** A WebSocket server as lean as can be: it shakes hands (RFC 6455 section 4.2.2) and sends every byte back. */
const [port = '0'] = process.argv.slice(2);

function shakeHands(socket: Socket, head: string): void {
  const key = /^sec-websocket-key:\s*(\S+)/im.exec(head)?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let head = '';
  const read = (chunk: Buffer): void => {
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    socket.off('data', read);
    shakeHands(socket, head);
    socket.pipe(socket);
  };
  socket.on('data', read);
});
server.listen(Number(port), '127.0.0.1', 4096, () => console.log('ready'));
