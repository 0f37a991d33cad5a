import { isCanonical, lenientPath } from './inspect-target.ts';

/** Where something answers: a host (absent: every host that nobody names) and a path prefix. */
export type Routed = { readonly host?: string; readonly path: string };

type Entry<Target> = { readonly prefix: string; readonly folded: string; readonly target: Target };

/** The same bytes lead to one target, but a lenient server could read them as a path of another. */
export const ambiguous = Symbol('ambiguous');

/** Finds who answers a request; compiled once per reload, and without allocation where one target has the host to itself. */
export class RouteTable<Target extends Routed> {
  readonly #hosts = new Map<string, Entry<Target>[]>();
  readonly #others: Entry<Target>[] = [];
  /** No prefix has a capital letter, which a canonical path could match in folded form alone. */
  readonly #isLowerCase: boolean;

  constructor(targets: Iterable<Target>) {
    let isLowerCase = true;
    for (const target of targets) {
      const prefix = target.path.replace(/\/+$/, '');
      const entry = { prefix, folded: prefix.toLowerCase(), target };
      isLowerCase &&= entry.folded === prefix;
      if (target.host === undefined) this.#others.push(entry);
      else this.#entriesOf(target.host.toLowerCase()).push(entry);
    }
    this.#isLowerCase = isLowerCase;
    for (const entries of [this.#others, ...this.#hosts.values()]) {
      entries.sort((a, b) => b.prefix.length - a.prefix.length);
    }
  }

  /**
   * The target with the longest matching prefix, `undefined` when none matches. `authority` is a host with or
   * without a port, `path` a request target in origin form, as it will be forwarded.
   */
  find(authority: string, path: string): Target | undefined | typeof ambiguous {
    const entries = this.#hosts.size === 0 ? this.#others : this.#onHost(authority);
    const found = longest(entries, path, false);
    if (entries.length <= 1 && found !== undefined) return found;
    if (this.#isLowerCase && isCanonical(path)) return found;
    return longest(entries, lenientPath(path), true) === found ? found : ambiguous;
  }

  #onHost(authority: string): Entry<Target>[] {
    return this.#hosts.get(authority) ?? this.#hosts.get(hostOf(authority)) ?? this.#others;
  }

  #entriesOf(host: string): Entry<Target>[] {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const made: Entry<Target>[] = [];
    this.#hosts.set(host, made);
    return made;
  }
}

/** The host of `host:port` in lower case, without the dot that may end a fully qualified name. */
export function hostOf(authority: string): string {
  const port = /:\d+$/.exec(authority);
  const host = (port === null ? authority : authority.slice(0, port.index)).toLowerCase();
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

function longest<Target>(
  entries: readonly Entry<Target>[],
  path: string,
  folded: boolean,
): Target | undefined {
  for (const entry of entries) {
    const prefix = folded ? entry.folded : entry.prefix;
    if (!path.startsWith(prefix)) continue;
    if (isBoundary(path.charCodeAt(prefix.length))) return entry.target;
  }
  return undefined;
}

/** The end, `/` or `?`. */
const isBoundary = (code: number): boolean => Number.isNaN(code) || code === 0x2f || code === 0x3f;
