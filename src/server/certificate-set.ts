import type { SecureContext } from 'node:tls';
import type { Certificate } from './certificates.ts';

/**
 * The certificates of a listener, and which of them a client is shown. The first of the list stands in where the
 * client names no host, or one that none is for: a client that expects another will say so better than we could.
 */
export class CertificateSet {
  #list: readonly Certificate[];
  #exact = new Map<string, SecureContext>();
  /** By what follows the `*.`. */
  #wildcard = new Map<string, SecureContext>();

  constructor(list: readonly [Certificate, ...Certificate[]]) {
    this.#list = list;
    this.#index();
  }

  get list(): readonly Certificate[] {
    return this.#list;
  }

  get standard(): Certificate {
    const [first] = this.#list;
    if (first === undefined) throw new Error('a listener without certificates');
    return first;
  }

  /** The certificate for a host (RFC 6066 section 3): its own name before a wildcard, earlier ones before later ones. */
  contextFor(host: string): SecureContext | undefined {
    const name = host.toLowerCase();
    const dot = name.indexOf('.');
    return this.#exact.get(name) ?? (dot > 0 ? this.#wildcard.get(name.slice(dot + 1)) : undefined);
  }

  /** Takes `renewed` in the place of `old`. */
  replace(old: Certificate, renewed: Certificate): void {
    this.#list = this.#list.map((each) => (each === old ? renewed : each));
    this.#index();
  }

  #index(): void {
    this.#exact = new Map();
    this.#wildcard = new Map();
    for (const { names, context } of this.#list) {
      for (const name of names) {
        const isWildcard = name.startsWith('*.');
        const map = isWildcard ? this.#wildcard : this.#exact;
        const key = isWildcard ? name.slice(2) : name;
        if (!map.has(key)) map.set(key, context);
      }
    }
  }
}
