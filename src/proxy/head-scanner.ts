import { UpstreamFailure } from './failure-table.ts';

/** How large a block of fields may be. */
export type HeadLimits = { readonly bytes: number; readonly fields: number };

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const HTAB = 0x09;
const colon = 0x3a;

/** RFC 9110 section 5.6.2: what a name is made of. */
const isToken = tableOf((code) => /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(code)));
/** RFC 9110 section 5.5: what a value is made of; a CR, a LF or a NUL is never part of one. */
const isContent = tableOf((code) => code === HTAB || (code >= SP && code !== 0x7f));

function tableOf(member: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (member(code) ? 1 : 0));
}

/** Which byte comes next. Up to `reason` they are those of the status line, `HTTP/1.x nnn phrase`. */
const states = {
  prefix: 0,
  minor: 1,
  space: 2,
  code: 3,
  afterCode: 4,
  reason: 5,
  reasonEnd: 6,
  lineStart: 7,
  name: 8,
  padding: 9,
  value: 10,
  valueEnd: 11,
  end: 12,
} as const;
type State = (typeof states)[keyof typeof states];

const prefix = Buffer.from('HTTP/1.');

/**
 * Reads a status line and the fields after it, or the fields of a trailer, byte by byte and as strictly as RFC 9112 sections
 * 2.2, 4 and 5 allow: lines end in CRLF and nothing else, nothing is folded, no space stands before a colon. What is
 * wrong is known at its first wrong byte, however the bytes are cut. Costs the same per byte in many pieces as in one.
 */
export class HeadScanner {
  status = 0;
  minor = 0;
  reason = '';
  /** Names and values in turn, as they were written, without the space around values. */
  fields: string[] = [];
  readonly #limits: HeadLimits;
  #state: State = states.prefix;
  /** What came in earlier pieces, and how many bytes that is. */
  #held: Buffer | undefined;
  #position = 0;
  #reasonStart = 0;
  #reasonEnd = 0;
  /** Where names and values begin and end, four numbers for each field. */
  readonly #marks: number[] = [];
  #marked = 0;

  constructor(limits: HeadLimits) {
    this.#limits = limits;
  }

  beginHead(): void {
    this.#begin(states.prefix);
  }

  beginTrailer(): void {
    this.#begin(states.lineStart);
  }

  /**
   * Looks at the bytes from `start` to `end`: the index after the block, or -1 while it isn't complete. Throws UpstreamFailure
   * `INVALID_ANSWER`. Nothing of `bytes` is kept, so that they may be overwritten afterwards.
   */
  scan(bytes: Buffer, start: number, end: number): number {
    if (this.#held === undefined) {
      const next = this.#read(bytes, start, start, Math.min(end, start + this.#limits.bytes));
      if (next !== -1) return next;
      this.#hold(bytes, start, end);
      return -1;
    }
    const before = this.#position;
    const held = this.#hold(bytes, start, end);
    const next = this.#read(held, 0, before, this.#position);
    if (next === -1) return -1;
    this.#held = undefined;
    return start + next - before;
  }

  #begin(state: State): void {
    this.#state = state;
    this.#position = 0;
    this.#held = undefined;
    this.#marked = 0;
    this.#reasonStart = 0;
    this.#reasonEnd = 0;
  }

  /** Copies as much of a piece as a block may have; `#read` throws when it is longer. */
  #hold(bytes: Buffer, start: number, end: number): Buffer {
    const wanted = Math.min(this.#position + end - start, this.#limits.bytes);
    if (this.#held === undefined || this.#held.length < wanted) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#limits.bytes, Math.max(1024, wanted * 2)));
      this.#held?.copy(larger, 0, 0, this.#position);
      this.#held = larger;
    }
    bytes.copy(this.#held, this.#position, start, start + wanted - this.#position);
    this.#position = wanted;
    return this.#held;
  }

  /** The block begins at `base`; looks at the bytes from `from` to `to`. */
  #read(bytes: Buffer, base: number, from: number, to: number): number {
    const marks = this.#marks;
    let marked = this.#marked;
    let state = this.#state;
    let at = from;
    while (at < to) {
      const byte = bytes[at] ?? 0;
      switch (state) {
        case states.name:
          while (at < to && isToken[bytes[at] ?? 0] === 1) at += 1;
          if (at === to) break;
          if (bytes[at] !== colon) throw invalid('the name of a field is malformed');
          marks[marked + 1] = at - base;
          at += 1;
          state = states.padding;
          break;
        case states.padding:
          if (byte === SP || byte === HTAB) {
            at += 1;
          } else {
            marks[marked + 2] = at - base;
            state = states.value;
          }
          break;
        case states.value:
          while (at < to && isContent[bytes[at] ?? 0] === 1) at += 1;
          if (at === to) break;
          if (bytes[at] !== CR) throw invalid('the value of a field is malformed');
          marks[marked + 3] = at - base;
          marked += 4;
          at += 1;
          state = states.valueEnd;
          break;
        case states.valueEnd:
          if (byte !== LF) throw invalid('a line ends in CR alone');
          at += 1;
          state = states.lineStart;
          break;
        case states.lineStart:
          if (byte === CR) {
            at += 1;
            state = states.end;
          } else {
            if (isToken[byte] !== 1) throw invalid('a line is folded or malformed');
            if (marked === this.#limits.fields * 4) throw invalid('it has too many fields');
            marks[marked] = at - base;
            state = states.name;
          }
          break;
        case states.end:
          if (byte !== LF) throw invalid('its head ends in CR alone');
          this.#marked = marked;
          this.#finish(bytes, base, at + 1);
          return at + 1;
        default:
          state = this.#readStatus(state, byte, at - base);
          at += 1;
      }
    }
    this.#state = state;
    this.#marked = marked;
    if (to - base >= this.#limits.bytes) throw invalid('its head is too long');
    return -1;
  }

  /** One byte of the status line (RFC 9112 section 4); the state after it. */
  #readStatus(state: State, byte: number, position: number): State {
    switch (state) {
      case states.prefix:
        if (byte !== prefix[position]) throw invalid('it is not HTTP/1');
        return position === prefix.length - 1 ? states.minor : state;
      case states.minor:
        if (byte !== 0x30 && byte !== 0x31) throw invalid('it is not HTTP/1.0 or HTTP/1.1');
        this.minor = byte - 0x30;
        this.status = 0;
        return states.space;
      case states.space:
        if (byte !== SP) throw invalid('its status line is malformed');
        return states.code;
      case states.code:
        if (byte < 0x30 || byte > 0x39) throw invalid('its status is malformed');
        this.status = this.status * 10 + byte - 0x30;
        if (position < 11) return state;
        if (this.status < 100 || this.status > 599) throw invalid('there is no such status');
        return states.afterCode;
      case states.afterCode:
        this.#reasonStart = position + 1;
        this.#reasonEnd = position;
        if (byte === SP) return states.reason;
        if (byte !== CR) throw invalid('its status line is malformed');
        return states.reasonEnd;
      case states.reason:
        if (isContent[byte] === 1) return state;
        if (byte !== CR) throw invalid('its status line is malformed');
        this.#reasonEnd = position;
        return states.reasonEnd;
      default:
        if (byte !== LF) throw invalid('its status line ends in CR alone');
        return states.lineStart;
    }
  }

  #finish(bytes: Buffer, base: number, end: number): void {
    const text = bytes.toString('latin1', base, end);
    this.reason = this.#reasonEnd > this.#reasonStart ? text.slice(this.#reasonStart, this.#reasonEnd) : '';
    const fields: string[] = [];
    for (let index = 0; index < this.#marked; index += 4) {
      const start = this.#marks[index + 2] ?? 0;
      let stop = this.#marks[index + 3] ?? 0;
      while (stop > start && isSpace(text.charCodeAt(stop - 1))) stop -= 1;
      fields.push(text.slice(this.#marks[index], this.#marks[index + 1]), text.slice(start, stop));
    }
    this.fields = fields;
  }
}

const isSpace = (code: number): boolean => code === SP || code === HTAB;

const invalid = (why: string): UpstreamFailure =>
  new UpstreamFailure('INVALID_ANSWER', `the answer is invalid: ${why}`);
