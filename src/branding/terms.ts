import type { Clock } from '../clock.ts';
import type { Store } from '../storage/index.ts';

/** What users agree to before they get in. */
export type Terms = {
  /** Changes with every letter of the text. */
  readonly version: string;
  readonly text: string;
  /** Unix milliseconds. */
  readonly since: number;
};

type Acceptance = { readonly version: string; readonly at: number };

const collection = 'terms-acceptances';

/** Who accepted which version when. Keyed `subscription/user key`: the latest one; the audit log has all of them. */
export class TermsAcceptances {
  readonly #parts: {
    readonly store: Pick<Store, 'get' | 'put' | 'delete'>;
    readonly clock: Pick<Clock, 'now'>;
    readonly terms: (subscription: string) => Terms | undefined;
  };

  constructor(parts: {
    store: Pick<Store, 'get' | 'put' | 'delete'>;
    clock: Pick<Clock, 'now'>;
    terms: (subscription: string) => Terms | undefined;
  }) {
    this.#parts = parts;
  }

  /** What this user has still to accept; undefined: nothing. Rejects with `store-unavailable`. */
  async owed(subscription: string, user: string): Promise<Terms | undefined> {
    const terms = this.#parts.terms(subscription);
    if (terms === undefined) return undefined;
    const found = await this.#parts.store.get<Acceptance>(collection, `${subscription}/${user}`);
    return found?.value.version === terms.version ? undefined : terms;
  }

  async accept(subscription: string, user: string, version: string): Promise<void> {
    const acceptance: Acceptance = { version, at: this.#parts.clock.now() };
    await this.#parts.store.put(collection, `${subscription}/${user}`, acceptance);
  }

  /** When a user accepted what is in force. */
  async accepted(subscription: string, user: string): Promise<Acceptance | undefined> {
    return (await this.#parts.store.get<Acceptance>(collection, `${subscription}/${user}`))?.value;
  }

  /** Of a deleted user. */
  async forget(subscription: string, user: string): Promise<void> {
    await this.#parts.store.delete(collection, `${subscription}/${user}`);
  }
}
