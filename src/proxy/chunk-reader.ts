import { UpstreamFailure } from './failure-table.ts';

/** Hexadecimal digits of a chunk's size: 2^52 bytes, which can be counted exactly. */
const maxDigits = 13;
/** Bytes of the extensions of one chunk, which nobody needs. */
const maxExtensions = 1024;

const CR = 0x0d;
const LF = 0x0a;

const states = { size: 0, extensions: 1, sizeEnd: 2, data: 3, dataEnd: 4, dataLF: 5, over: 6 } as const;
type State = (typeof states)[keyof typeof states];

/**
 * Reads a chunked body up to its last chunk, byte by byte and as strictly as RFC 9112 section 7.1 allows: hexadecimal sizes
 * without sign, prefix or space, lines that end in CRLF, extensions skipped. The trailer comes after it.
 */
export class ChunkReader {
  /** Bytes of the present chunk that are still to come. */
  left = 0;
  #state: State = states.size;
  #digits = 0;
  #extensions = 0;

  begin(): void {
    this.#state = states.size;
    this.left = 0;
    this.#digits = 0;
  }

  /** The last chunk has been read, so that the trailer begins. */
  get over(): boolean {
    return this.#state === states.over;
  }

  /** The present bytes are data: as many as `left`. Whoever takes them says so by `take`. */
  get inData(): boolean {
    return this.#state === states.data;
  }

  take(bytes: number): void {
    this.left -= bytes;
    if (this.left === 0) this.#state = states.dataEnd;
  }

  /**
   * Reads from `start` on what isn't data, up to the next data, the trailer, or `end`; the index there. Throws UpstreamFailure
   * `INVALID_ANSWER`.
   */
  read(bytes: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && this.#state !== states.data && this.#state !== states.over) {
      this.#state = this.#next(bytes[at] ?? 0);
      at += 1;
    }
    return at;
  }

  #next(byte: number): State {
    switch (this.#state) {
      case states.size:
        return this.#size(byte);
      case states.extensions:
        if (byte === CR) return states.sizeEnd;
        if (byte !== 0x09 && (byte < 0x20 || byte === 0x7f)) throw invalid('an extension is malformed');
        this.#extensions += 1;
        if (this.#extensions > maxExtensions) throw invalid('its extensions are too long');
        return states.extensions;
      case states.sizeEnd:
        if (byte !== LF) throw invalid('the size of a chunk ends in CR alone');
        this.#digits = 0;
        return this.left === 0 ? states.over : states.data;
      case states.dataEnd:
        if (byte !== CR) throw invalid('a chunk is longer than it says');
        return states.dataLF;
      default:
        if (byte !== LF) throw invalid('a chunk ends in CR alone');
        return states.size;
    }
  }

  #size(byte: number): State {
    const digit = digitOf(byte);
    if (digit !== -1) {
      this.#digits += 1;
      if (this.#digits > maxDigits) throw invalid('a chunk is too large');
      this.left = this.left * 16 + digit;
      return states.size;
    }
    if (this.#digits === 0) throw invalid('a chunk has no size');
    if (byte === CR) return states.sizeEnd;
    if (byte !== 0x3b) throw invalid('the size of a chunk is malformed');
    this.#extensions = 0;
    return states.extensions;
  }
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const invalid = (why: string): UpstreamFailure =>
  new UpstreamFailure('INVALID_ANSWER', `the body of the answer is invalid: ${why}`);
