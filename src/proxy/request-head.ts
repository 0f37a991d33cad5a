import type { RequestForm } from './request-form.ts';

/**
 * A request line and its header block as they are sent, to be written as latin1. `lines` are those that may be forwarded, each
 * with its CRLF; the framing is written from `form`, so that it is said once and by us (RFC 9112 section 6).
 */
export function requestHead(method: string, target: string, lines: string, form: RequestForm): string {
  let framing = '';
  if (form.chunked) framing = 'Transfer-Encoding: chunked\r\n';
  // Without leading zeros, which some read as octal.
  else if (form.length !== undefined) framing = `Content-Length: ${form.length.replace(/^0+(?=\d)/, '')}\r\n`;
  // Some servers want to be told even that there is nothing (RFC 9110 section 8.6).
  else if (payloads.has(method)) framing = 'Content-Length: 0\r\n';
  return `${method} ${target} HTTP/1.1\r\n${lines}${framing}\r\n`;
}

const payloads: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** The head of an upgrade (RFC 6455 section 4.1). */
export const upgradeRequest = (target: string, lines: string): string =>
  `GET ${target} HTTP/1.1\r\n${lines}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
