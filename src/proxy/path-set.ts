import { lenientPath } from './inspect-target.ts';

/** Paths named in the configuration: exact ones, and beginnings that end in `*`. */
export class PathSet {
  readonly #exact = new Set<string>();
  readonly #beginnings: string[] = [];

  constructor(patterns: readonly string[] = []) {
    for (const pattern of patterns) {
      const folded = pattern.toLowerCase();
      if (folded.endsWith('*')) this.#beginnings.push(folded.slice(0, -1));
      else this.#exact.add(folded);
    }
  }

  /** Whether a request target, its query aside and in whatever spelling a server may accept, is one of them. */
  has(target: string): boolean {
    if (this.#exact.size === 0 && this.#beginnings.length === 0) return false;
    const path = lenientPath(target);
    return this.#exact.has(path) || this.#beginnings.some((beginning) => path.startsWith(beginning));
  }
}
