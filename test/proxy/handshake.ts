import { createHash } from 'node:crypto';

export const key = 'dGhlIHNhbXBsZSBub25jZQ==';

/** RFC 6455 section 1.3. */
export const accept = createHash('sha1')
  .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  .digest('base64');

/** A server's answer that completes the handshake; `more` are whole header lines. */
export const switching = (more = ''): string =>
  `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n${more}\r\n`;

/** A client's handshake; `more` are whole header lines. */
export const handshake = (cookie: string, more = '', path = '/socket'): string =>
  `GET ${path} HTTP/1.1\r\nHost: gateway.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nCookie: ${cookie}\r\n${more}\r\n`;
