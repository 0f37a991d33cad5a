import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { ResponseHead } from './response-parser.ts';

/** The phrase to send with a status: the server's own where it is one, else Node's. */
export function phraseFor(status: number, phrase: string | undefined): string | undefined {
  if (phrase === undefined || phrase === '' || phrase === STATUS_CODES[status]) return undefined;
  return /^[\t\x20-\x7e]*$/.test(phrase) ? phrase : undefined;
}

/**
 * What may stand in a `Link` (RFC 8288 section 3) that goes out early. Each character can be read in one way only: Node's own
 * pattern for it tries them all, and a hundred bytes that no pattern matches would keep the whole gateway busy for days.
 */
const hint = /^<[^<>]*>(?:[\t ]*;[\t ]*[^;="\s]+(?:=(?:"[^;"\s]*"|[^;="\s]*))?)*$/;

/** Relays 102 and 103 (RFC 2518 section 10.1, RFC 8297); a client of HTTP/1.0 would take them for the answer. */
export function relayInformation(response: ServerResponse, { status, fields }: ResponseHead): void {
  // Nothing says how many a server may send, and nothing holds it back: a client that doesn't read gets no more of them.
  if (response.req.httpVersionMinor < 1 || (response.socket?.writableNeedDrain ?? true)) return;
  if (status === 102) response.writeProcessing();
  if (status !== 103) return;
  const link = fields.filter(
    (value, index) => index % 2 === 1 && fields[index - 1]?.toLowerCase() === 'link' && hint.test(value),
  );
  if (link.length === 0) return;
  try {
    response.writeEarlyHints({ link });
  } catch {
    // Node checks the form of `Link`; hints that it refuses are only hints.
    return;
  }
}

/** `list` holds names and values in turn. */
export function addTrailers(response: ServerResponse, list: readonly string[]): void {
  if (list.length === 0) return;
  const pairs: [string, string][] = [];
  for (let index = 0; index < list.length; index += 2) pairs.push([list[index] ?? '', list[index + 1] ?? '']);
  response.addTrailers(pairs);
}
