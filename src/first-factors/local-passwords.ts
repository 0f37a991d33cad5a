import type { Store } from '../storage/index.ts';

/** `hash` in the PHC format; `mustChange`: set by an administrator, to be replaced at the next sign-in. */
export type StoredPassword = {
  readonly hash: string;
  readonly mustChange: boolean;
  readonly changedAt: number;
};

const collection = 'local-passwords';

/** The passwords of local users, as hashes, keyed `subscription/user key`. */
export class LocalPasswords {
  readonly #store: Store;
  readonly #prefix: string;

  constructor(store: Store, subscription = 'default') {
    this.#store = store;
    this.#prefix = `${subscription}/`;
  }

  async read(user: string) {
    return this.#store.get<StoredPassword>(collection, `${this.#prefix}${user}`);
  }

  /** Rejects with `conflict` when it is not at `version` any more. Without one, replaces what is there. */
  async save(user: string, password: StoredPassword, version?: number): Promise<void> {
    const ifVersion = version === undefined ? {} : { ifVersion: version };
    await this.#store.put(collection, `${this.#prefix}${user}`, password, ifVersion);
  }

  async delete(user: string): Promise<void> {
    await this.#store.delete(collection, `${this.#prefix}${user}`);
  }
}
