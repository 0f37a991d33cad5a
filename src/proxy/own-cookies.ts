const securityPrefix = /^__(?:host|secure)-/;

/**
 * The gateway's own cookies, which no application server may read or set. Names are compared in lower case and
 * without `__Host-` or `__Secure-`, since a lenient server or browser might take one for the other.
 */
export class OwnCookies {
  readonly #names: ReadonlySet<string>;
  /** What is shorter than this can't be one of ours. */
  readonly #shortest: number;

  constructor(names: Iterable<string>) {
    this.#names = new Set([...names].map(bare));
    this.#shortest = Math.min(...[...this.#names].map((name) => name.length));
  }

  /** A `Cookie` value without ours; the others keep every byte. Empty when nothing is left. */
  without(header: string): string {
    let kept = '';
    let removed = false;
    let start = 0;
    let equals = -1;
    while (start <= header.length) {
      // Searched onwards only, so that a header full of pairs without `=` costs no more than its length.
      if (equals < start) equals = indexOrEnd(header, '=', start);
      const semicolon = header.indexOf(';', start);
      const end = semicolon === -1 ? header.length : semicolon;
      if (this.#isOwn(header, start, Math.min(equals, end))) removed = true;
      else kept += kept === '' ? header.slice(start, end) : `;${header.slice(start, end)}`;
      start = end + 1;
    }
    return removed ? kept.trimStart() : header;
  }

  /**
   * Whether a `Set-Cookie` value would give a browser one of ours: by name, or without a name (`=name=value`),
   * which browsers send back as `name=value` (RFC 6265bis section 5.7).
   */
  isSetBy(header: string): boolean {
    const semicolon = header.indexOf(';');
    const end = semicolon === -1 ? header.length : semicolon;
    let start = 0;
    while (start < end && /[\s=]/.test(header.charAt(start))) start += 1;
    return this.#isOwn(header, start, Math.min(indexOrEnd(header, '=', start), end));
  }

  /** Whether the name that stands from `start` to `end` is one of ours. */
  #isOwn(header: string, start: number, end: number): boolean {
    return end - start >= this.#shortest && this.#names.has(bare(header.slice(start, end)));
  }
}

const indexOrEnd = (text: string, searched: string, from: number): number => {
  const index = text.indexOf(searched, from);
  return index === -1 ? text.length : index;
};

const bare = (name: string): string => name.trim().toLowerCase().replace(securityPrefix, '');
