import { UpstreamFailure } from './failure-table.ts';
import type { HeadScanner } from './head-scanner.ts';

/** Where the body of an answer ends. A number of bytes, or one of these. */
export const framings = { chunked: -1, untilClose: -2 } as const;

/** How an answer is read, and what becomes of its connection. */
export class Framing {
  /** Bytes of the body, or one of `framings`; 0 where there is none. */
  body = 0;
  /** What `Content-Length` says, whether or not a body follows; -1 when it says nothing. */
  length = -1;
  /** The connection may carry another request when this one is over. */
  persistent = false;
  /** Seconds that the server keeps an idle connection; -1 when it doesn't say. */
  keepAlive = -1;

  /**
   * Follows RFC 9112 section 6.3 where it says one thing only, and throws UpstreamFailure `INVALID_ANSWER` where two readers
   * could read two things: a length and a coding, two lengths, a coding besides one `chunked`, chunks in HTTP/1.0, a
   * body where none may be. `toHead`: the request was a HEAD.
   */
  read({ status, minor, fields }: Pick<HeadScanner, 'status' | 'minor' | 'fields'>, toHead: boolean): void {
    this.length = -1;
    this.keepAlive = -1;
    this.persistent = minor === 1;
    let chunked = false;
    for (let index = 0; index < fields.length; index += 2) {
      const name = fields[index] ?? '';
      const value = fields[index + 1] ?? '';
      switch (name.length) {
        case 14:
          if (!isNamed(name, 'Content-Length', 'content-length')) break;
          if (this.length !== -1) throw invalid('it has two lengths');
          this.length = lengthOf(value);
          break;
        case 17:
          if (!isNamed(name, 'Transfer-Encoding', 'transfer-encoding')) break;
          if (chunked || value.toLowerCase() !== 'chunked')
            throw invalid('its transfer coding is not chunked');
          chunked = true;
          break;
        case 10:
          if (isNamed(name, 'Connection', 'connection')) {
            if (value !== 'keep-alive' && closing.test(value)) this.persistent = false;
          } else if (isNamed(name, 'Keep-Alive', 'keep-alive')) {
            this.keepAlive = Number(announced.exec(value)?.[1] ?? -1);
          }
          break;
      }
    }
    if (chunked && this.length !== -1) throw invalid('it has a length and a coding');
    if (chunked && minor === 0) throw invalid('it has chunks, in HTTP/1.0');
    if (status < 200 || status === 204) {
      if (chunked || this.length > 0) throw invalid('it announces a body where none may be');
      this.body = 0;
    } else if (toHead || status === 304) {
      this.body = 0;
      // Some servers send that body all the same, perhaps a moment later: to whoever is next it would be an answer, and
      // what it says may have been written by a user. undici keeps no connection after a HEAD either (its issue 258).
      if (chunked || this.length > 0 || (toHead && this.length !== 0)) this.persistent = false;
    } else if (chunked) {
      this.body = framings.chunked;
    } else if (this.length !== -1) {
      this.body = this.length;
    } else {
      this.body = framings.untilClose;
      this.persistent = false;
    }
  }
}

const isNamed = (name: string, usual: string, lower: string): boolean =>
  name === usual || name === lower || name.toLowerCase() === lower;

const closing = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i;
const announced = /(?:^|[,;])[ \t]*timeout[ \t]*=[ \t]*(\d{1,6})/i;

/** A number of bytes (RFC 9110 section 8.6), no larger than can be counted. */
function lengthOf(value: string): number {
  const length = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(length)) throw invalid('its length is none');
  return length;
}

const invalid = (why: string): UpstreamFailure =>
  new UpstreamFailure('INVALID_ANSWER', `the answer is invalid: ${why}`);
