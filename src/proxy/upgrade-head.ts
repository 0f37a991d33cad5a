import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HeadScanner } from './head-scanner.ts';

/** Of an answer's head. */
const limits = { bytes: 16 * 1024, fields: 100 };

/** RFC 6455 section 1.3. */
const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The head of an answer; `fields` holds names and values in turn. */
export type Head = {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly string[];
};

/** Reads the head of an answer to an upgrade, strictly. Feed it chunks; it answers with the head and what came after it. */
export class HeadReader {
  readonly #scanner = new HeadScanner(limits);

  constructor() {
    this.#scanner.beginHead();
  }

  /** `undefined` while more is needed. Throws UpstreamFailure `INVALID_ANSWER`. */
  read(chunk: Buffer): { head: Head; rest: Buffer } | undefined {
    let rest = chunk;
    while (rest.length > 0) {
      const next = this.#scanner.scan(rest, 0, rest.length);
      if (next === -1) return undefined;
      const { status, reason, fields } = this.#scanner;
      rest = rest.subarray(next);
      // Interim answers come before the one that counts (RFC 9110 section 15.2).
      if (status >= 200 || status === 101) return { head: { status, reason, fields }, rest };
      this.#scanner.beginHead();
    }
    return undefined;
  }
}

/** All values of a field, by its name in lower case. */
export function valuesOf(fields: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    if (fields[index]?.toLowerCase() === name) values.push(fields[index + 1] ?? '');
  }
  return values;
}

/**
 * Whether a request is a WebSocket handshake that may be carried (RFC 6455 section 4.2.1): GET, HTTP/1.1, no body,
 * one key of 16 bytes, version 13.
 */
export function isHandshake(request: IncomingMessage): boolean {
  const { headers } = request;
  return (
    request.method === 'GET' &&
    request.httpVersion === '1.1' &&
    headers['transfer-encoding'] === undefined &&
    (headers['content-length'] ?? '0') === '0' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    hasToken(headers.connection, 'upgrade') &&
    headers['sec-websocket-version'] === '13' &&
    /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(headers['sec-websocket-key'] ?? '')
  );
}

/** Why an answer with status 101 doesn't complete the handshake for this key; undefined when it does. */
export function handshakeFault({ fields }: Head, key: string): string | undefined {
  const accept = createHash('sha1')
    .update(key + acceptSuffix)
    .digest('base64');
  const only = (name: string): string | undefined => {
    const values = valuesOf(fields, name);
    return values.length === 1 ? values[0] : undefined;
  };
  if (only('upgrade')?.toLowerCase() !== 'websocket') return 'it switches to another protocol';
  if (!hasToken(valuesOf(fields, 'connection').join(), 'upgrade')) return 'it lacks Connection: Upgrade';
  if (only('sec-websocket-accept') !== accept) return 'its Sec-WebSocket-Accept is wrong';
  if (valuesOf(fields, 'transfer-encoding').length > 0) return 'it announces a body';
  if (valuesOf(fields, 'content-length').some((length) => length !== '0')) return 'it announces a body';
  return undefined;
}

/** The head of the 101 that a client gets; `headers` are those that may be relayed. */
export function upgradeAnswer(headers: readonly string[]): string {
  let text = 'HTTP/1.1 101 Switching Protocols\r\n';
  for (let index = 0; index < headers.length; index += 2) {
    text += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  return `${text}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
}

const hasToken = (value: string | undefined, token: string): boolean =>
  (value ?? '').split(',').some((part) => part.trim().toLowerCase() === token);
