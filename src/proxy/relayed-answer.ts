import type { ServerResponse } from 'node:http';
import { addTrailers, phraseFor } from './answer.ts';
import { inboundTrailers } from './inbound-headers.ts';
import type { TurnEnd, Waiting } from './turn-end.ts';

/**
 * Bytes up to which the last piece of a body is written as text: Node then sends head and body as one string, which costs less
 * than a buffer of its own.
 */
const asText = 4 * 1024;

/**
 * The server's answer on its way to the client: in as few writes as it came in reads, and in one, at the end of the turn, when
 * all of it came at once.
 */
export class RelayedAnswer implements Waiting {
  /** Bytes of its body. */
  received = 0;
  readonly #response: ServerResponse;
  readonly #turn: TurnEnd;
  /** Bytes of the body after which it is complete; -1 when only its end will tell. */
  #expected = -1;
  /** Nothing of it has been written. */
  #headWaits = false;
  /** All of its body, which waits with the head. */
  #whole: string | Buffer | undefined;
  #ended = false;

  constructor(response: ServerResponse, turn: TurnEnd) {
    this.#response = response;
    this.#turn = turn;
  }

  /**
   * `list` holds the names and values of the fields in turn. `length`: bytes of the body that will come, and after which
   * nothing else has to be waited for; -1 when that isn't known.
   */
  begin(status: number, phrase: string, list: string[], length: number): void {
    this.#expected = length;
    this.#response.writeHead(status, phraseFor(status, phrase), list);
    this.#headWaits = true;
    this.#turn.add(this);
  }

  /** A piece of the body, copied; false when the client is to be waited for. */
  write(bytes: Buffer, start: number, end: number): boolean {
    this.received += end - start;
    if (this.received !== this.#expected) {
      this.#headWaits = false;
      return this.#response.write(copyOf(bytes, start, end));
    }
    const short = end - start <= asText;
    const last = short ? bytes.toString('latin1', start, end) : copyOf(bytes, start, end);
    this.#ended = true;
    if (this.#headWaits) this.#whole = last;
    else this.#response.end(last, 'latin1');
    return true;
  }

  /** An answer whose body isn't there yet must not wait for it: event streams, long polls. */
  flush(): void {
    if (!this.#headWaits) return;
    this.#headWaits = false;
    if (!this.#ended) this.#response.flushHeaders();
    else if (this.#whole === undefined) this.#response.end();
    else this.#response.end(this.#whole, 'latin1');
  }

  /** Before `end`. */
  addTrailers(fields: readonly string[]): void {
    if (fields.length > 0) addTrailers(this.#response, inboundTrailers(fields));
  }

  /** It is complete. Idempotent. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#headWaits) this.#response.end();
  }
}

/** A copy of its own, for bytes that will be overwritten. */
export function copyOf(bytes: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  bytes.copy(copy, 0, start, end);
  return copy;
}
