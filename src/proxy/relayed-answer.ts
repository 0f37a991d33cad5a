import type { ServerResponse } from 'node:http';
import { addTrailers, phraseFor } from './answer.ts';
import { inboundTrailers } from './inbound-headers.ts';

/**
 * Bytes up to which the last piece of a body is written as text: Node then sends head and body as one string, which costs less
 * than a buffer of its own.
 */
const asText = 4 * 1024;

/** The server's answer on its way to the client: in as few writes as it came in reads. */
export class RelayedAnswer {
  /** Bytes of its body. */
  received = 0;
  readonly #response: ServerResponse;
  /** Bytes of the body after which it is complete; -1 when only its end will tell. */
  #expected = -1;
  /** Its head waits to be written together with the first bytes of the body. */
  #headWaits = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /**
   * `list` holds the names and values of the fields in turn. `length`: bytes of the body that will come, and after which
   * nothing else has to be waited for; -1 when that isn't known.
   */
  begin(status: number, phrase: string, list: string[], length: number): void {
    this.#expected = length;
    this.#response.writeHead(status, phraseFor(status, phrase), list);
    this.#headWaits = true;
  }

  /** A piece of the body, copied; false when the client is to be waited for. */
  write(bytes: Buffer, start: number, end: number): boolean {
    const size = end - start;
    this.received += size;
    this.#headWaits = false;
    if (this.received !== this.#expected) return this.#response.write(copyOf(bytes, start, end));
    if (size <= asText) this.#response.end(bytes.toString('latin1', start, end), 'latin1');
    else this.#response.end(copyOf(bytes, start, end));
    return true;
  }

  /** An answer whose body isn't there yet must not wait for it: event streams, long polls. */
  flush(): void {
    if (!this.#headWaits) return;
    this.#headWaits = false;
    this.#response.flushHeaders();
  }

  /** It is complete, save for `end`. */
  addTrailers(fields: readonly string[]): void {
    if (fields.length > 0) addTrailers(this.#response, inboundTrailers(fields));
  }

  end(): void {
    this.#headWaits = false;
    if (!this.#response.writableEnded) this.#response.end();
  }
}

/** A copy of its own, for bytes that will be overwritten. */
export function copyOf(bytes: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  bytes.copy(copy, 0, start, end);
  return copy;
}
