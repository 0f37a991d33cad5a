import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { UpstreamFailure } from './failure-table.ts';

/** Bytes of an answer's head. */
const maxHead = 16 * 1024;
const maxFields = 100;

/** RFC 6455 section 1.3. */
const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const statusLine = /^HTTP\/1\.[01] ([1-5]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The head of an answer. Names in lower case; a name that came twice has a list. */
export type Head = {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
};

/**
 * Reads the head of an answer to an upgrade as strictly as RFC 9112 allows: no bare CR or LF, no folding, no space
 * before a colon, bounded in size. Feed it chunks; it answers with the head and what came after it.
 */
export class HeadReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** `undefined` while more is needed. Throws UpstreamFailure `INVALID_ANSWER`. */
  read(chunk: Buffer): { head: Head; rest: Buffer } | undefined {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end === -1 ? this.#bytes.length > maxHead : end > maxHead) throw invalid('its head is too long');
    if (end === -1) {
      if (!'HTTP/1.'.startsWith(this.#bytes.toString('latin1', 0, 7))) throw invalid('it is not HTTP/1');
      return undefined;
    }
    const head = parseHead(this.#bytes.toString('latin1', 0, end));
    const rest = this.#bytes.subarray(end + 4);
    this.#bytes = Buffer.alloc(0);
    // Interim answers come before the one that counts (RFC 9110 section 15.2).
    return head.status < 200 && head.status !== 101 ? this.read(rest) : { head, rest };
  }
}

function parseHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const status = statusLine.exec(first);
  if (status === null) throw invalid('its status line is malformed');
  if (lines.length > maxFields) throw invalid('it has too many header fields');
  const headers: Record<string, string | string[]> = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(':');
    const written = line.slice(0, Math.max(colon, 0));
    const value = withoutOuterSpace(line, colon + 1);
    if (!fieldName.test(written) || !fieldValue.test(value)) throw invalid('a header field is malformed');
    const name = written.toLowerCase();
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return { status: Number(status[1]), reason: status[2] ?? '', headers };
}

/** In one pass: a pattern that trims both ends takes minutes for a line of spaces, which a server may send to that end. */
function withoutOuterSpace(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isSpace(line.charCodeAt(start))) start += 1;
  while (end > start && isSpace(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09;

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
export function handshakeFault(head: Head, key: string): string | undefined {
  const { headers } = head;
  const accept = createHash('sha1')
    .update(key + acceptSuffix)
    .digest('base64');
  if (String(headers.upgrade).toLowerCase() !== 'websocket') return 'it switches to another protocol';
  if (!hasToken(String(headers.connection ?? ''), 'upgrade')) return 'it lacks Connection: Upgrade';
  if (headers['sec-websocket-accept'] !== accept) return 'its Sec-WebSocket-Accept is wrong';
  if (headers['transfer-encoding'] !== undefined) return 'it announces a body';
  if ((headers['content-length'] ?? '0') !== '0') return 'it announces a body';
  return undefined;
}

/** The request line and head of an upgrade, as it goes to an application server. */
export function upgradeRequest(target: string, headers: readonly string[]): string {
  let text = `GET ${target} HTTP/1.1\r\n`;
  for (let index = 0; index < headers.length; index += 2) {
    text += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  return `${text}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
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

const invalid = (why: string): UpstreamFailure =>
  new UpstreamFailure('INVALID_ANSWER', `the answer to an upgrade is invalid: ${why}`);
