import { type IncomingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import { UpstreamFailure } from './failure-table.ts';

/** Throws UpstreamFailure `INVALID_ANSWER` for a body that can't be re-framed: any transfer coding besides one `chunked`. */
export function requirePlainFraming(headers: IncomingHttpHeaders): void {
  const coding = headers['transfer-encoding'];
  if (coding === undefined || String(coding).toLowerCase() === 'chunked') return;
  throw new UpstreamFailure('INVALID_ANSWER', `transfer coding ${coding}`);
}

/** The phrase to send with a status: the server's own where it is one, else Node's. */
export function phraseFor(status: number, phrase: string | undefined): string | undefined {
  if (phrase === undefined || phrase === '' || phrase === STATUS_CODES[status]) return undefined;
  return /^[\t\x20-\x7e]*$/.test(phrase) ? phrase : undefined;
}

/** Relays 102 and 103 (RFC 2518 section 10.1, RFC 8297); a client of HTTP/1.0 would take them for the answer. */
export function relayInformation(
  response: ServerResponse,
  status: number,
  headers: IncomingHttpHeaders,
): void {
  if (response.req.httpVersionMinor < 1) return;
  if (status === 102) response.writeProcessing();
  if (status !== 103 || headers.link === undefined) return;
  try {
    response.writeEarlyHints({ link: headers.link });
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
