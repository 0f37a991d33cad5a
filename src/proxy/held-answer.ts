import { copyOf } from './relayed-answer.ts';
import type { ResponseHead } from './response-parser.ts';

/** The beginning of an answer that may not be relayed yet: its head, and what came along with it in one read. */
export class HeldAnswer {
  readonly head: ResponseHead;
  readonly pieces: Buffer[] = [];
  /** Present when the answer is complete. */
  trailers: readonly string[] | undefined;

  /** The head is copied, since whoever reads it reuses the object. */
  constructor({ status, reason, fields, length }: ResponseHead) {
    this.head = { status, reason, fields, length };
  }

  add(bytes: Buffer, start: number, end: number): void {
    this.pieces.push(copyOf(bytes, start, end));
  }
}
