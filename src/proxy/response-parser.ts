import { ChunkReader } from './chunk-reader.ts';
import { UpstreamFailure } from './failure-table.ts';
import { HeadScanner } from './head-scanner.ts';
import { Framing, framings } from './message-framing.ts';

/** Single sign-on pages send heads of more than 16 KiB. */
const head = { bytes: 64 * 1024, fields: 1_000 };
const trailer = { bytes: 16 * 1024, fields: 100 };

/** A head as it was read; `fields` holds names and values in turn, as they were written. */
export type ResponseHead = {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly string[];
  /** What `Content-Length` says; -1 when it says nothing. */
  readonly length: number;
};

/** Whoever is told what a response says, piece by piece, in its order. */
export interface ResponseSink {
  /** An interim answer (RFC 9110 section 15.2); any number of them, never a 101. */
  onInformation(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  /** A piece of the body; `bytes` will be overwritten as soon as this returns. */
  onBytes(bytes: Buffer, start: number, end: number): void;
  /** The response is complete. `trailers` holds names and values in turn. */
  onEnd(trailers: readonly string[]): void;
}

const phases = { head: 0, length: 1, chunks: 2, trailer: 3, untilClose: 4, over: 5 } as const;
type Phase = (typeof phases)[keyof typeof phases];

const nothing: readonly string[] = [];

/**
 * Reads responses to requests that were sent one after the other on one connection (RFC 9112): a pure state machine over
 * bytes, which ends every response at the one place where it can end, and throws UpstreamFailure `INVALID_ANSWER` where
 * two readers might disagree. After that it must not be used again.
 */
export class ResponseParser implements ResponseHead {
  /** A byte of the present response has arrived. */
  begun = false;
  status = 0;
  reason = '';
  fields: readonly string[] = nothing;
  length = -1;
  readonly #framing = new Framing();
  readonly #head = new HeadScanner(head);
  #trailer: HeadScanner | undefined;
  readonly #chunks = new ChunkReader();
  #phase: Phase = phases.over;
  #toHead = false;
  /** Bytes of the body that are still to come, where their number is known. */
  #left = 0;

  /** A request has been sent; `toHead`: by HEAD, so that its answer has no body. */
  begin(toHead: boolean): void {
    this.#toHead = toHead;
    this.#phase = phases.head;
    this.begun = false;
    this.#head.beginHead();
  }

  get over(): boolean {
    return this.#phase === phases.over;
  }

  /** Of a complete response: whether its connection may carry another request. */
  get persistent(): boolean {
    return this.#framing.persistent;
  }

  /** Seconds that the server says it keeps an idle connection; -1 when it doesn't. */
  get keepAlive(): number {
    return this.#framing.keepAlive;
  }

  /** Reads on, up to the end of the response at most; the index after what was read. */
  read(bytes: Buffer, start: number, end: number, sink: ResponseSink): number {
    let at = start;
    if (at < end) this.begun = true;
    while (at < end && this.#phase !== phases.over) {
      switch (this.#phase) {
        case phases.head: {
          const next = this.#head.scan(bytes, at, end);
          if (next === -1) return end;
          at = next;
          this.#onHead(sink);
          break;
        }
        case phases.length: {
          const stop = Math.min(end, at + this.#left);
          this.#left -= stop - at;
          sink.onBytes(bytes, at, stop);
          at = stop;
          if (this.#left === 0) this.#finish(sink, nothing);
          break;
        }
        case phases.chunks:
          at = this.#readChunk(bytes, at, end, sink);
          break;
        case phases.trailer: {
          const next = this.#trailer?.scan(bytes, at, end) ?? -1;
          if (next === -1) return end;
          at = next;
          this.#finish(sink, this.#trailer?.fields ?? nothing);
          break;
        }
        case phases.untilClose:
          sink.onBytes(bytes, at, end);
          at = end;
          break;
      }
    }
    return at;
  }

  /** The server has closed its side: that completes a response without a length, and breaks every other one. */
  close(sink: ResponseSink): void {
    if (this.#phase === phases.over) return;
    if (this.#phase !== phases.untilClose) {
      throw new UpstreamFailure('CLOSED_EARLY', 'closed in the middle of its answer');
    }
    this.#finish(sink, nothing);
  }

  #onHead(sink: ResponseSink): void {
    const { status } = this.#head;
    if (status === 101) throw new UpstreamFailure('INVALID_ANSWER', 'it switches protocols unasked');
    this.#framing.read(this.#head, this.#toHead);
    this.status = status;
    this.reason = this.#head.reason;
    this.fields = this.#head.fields;
    this.length = this.#framing.length;
    if (status < 200) {
      this.#head.beginHead();
      sink.onInformation(this);
      return;
    }
    const { body } = this.#framing;
    if (body === framings.chunked) {
      this.#chunks.begin();
      this.#phase = phases.chunks;
    } else if (body === framings.untilClose) {
      this.#phase = phases.untilClose;
    } else {
      this.#left = body;
      this.#phase = phases.length;
    }
    sink.onHead(this);
    if (body === 0) this.#finish(sink, nothing);
  }

  #readChunk(bytes: Buffer, start: number, end: number, sink: ResponseSink): number {
    const chunks = this.#chunks;
    const at = chunks.read(bytes, start, end);
    if (chunks.over) {
      this.#trailer ??= new HeadScanner(trailer);
      this.#trailer.beginTrailer();
      this.#phase = phases.trailer;
      return at;
    }
    if (!chunks.inData || at === end) return at;
    const stop = Math.min(end, at + chunks.left);
    chunks.take(stop - at);
    sink.onBytes(bytes, at, stop);
    return stop;
  }

  #finish(sink: ResponseSink, trailers: readonly string[]): void {
    this.#phase = phases.over;
    sink.onEnd(trailers);
  }
}
