/** A half-open range of keys in the order of their UTF-8 bytes, as SQLite and Redis compare them. */
export type KeyRange = {
  /** The first key that can be in it. */
  readonly from: string;
  /** The first key after it; the bytes 0xFF come after every text. */
  readonly to: string | Uint8Array;
};

/** Everything that begins with `prefix` and comes after the cursor `after`. Keys never contain NUL. */
export function keyRange(prefix: string, after?: string): KeyRange {
  const to = endOfPrefix(prefix) ?? Uint8Array.of(0xff);
  if (after === undefined || Buffer.compare(Buffer.from(after), Buffer.from(prefix)) < 0) {
    return { from: prefix, to };
  }
  return { from: `${after}\0`, to };
}

/** The smallest string after all strings that begin with `prefix`; undefined when nothing comes after them. */
function endOfPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    // Surrogates (U+D800 to U+DFFF) have no UTF-8 form, so their range is stepped over.
    if (last < 0x10ffff) return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}
