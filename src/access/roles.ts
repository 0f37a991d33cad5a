import type { Store } from '../storage/index.ts';

/** Only one for now; the console brings more. */
export type Role = 'owner';

type StoredRoles = { readonly roles: readonly Role[]; readonly since: number };

const collection = 'roles';

/** Who administers Sallyport. Keyed `subscription/user key`. */
export class Roles {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async of(subscription: string, user: string): Promise<readonly Role[]> {
    const found = await this.#store.get<StoredRoles>(collection, `${subscription}/${user}`);
    return found?.value.roles ?? [];
  }

  async isAdministrator(subscription: string, user: string): Promise<boolean> {
    return (await this.of(subscription, user)).length > 0;
  }

  /** Until there is one, nobody else may sign in or enrol. */
  async ownerExists(subscription: string): Promise<boolean> {
    for await (const _ of this.owners(subscription)) return true;
    return false;
  }

  /** Whether this user is an owner and there is no other one: the last owner can't be removed. */
  async isOnlyOwner(subscription: string, user: string): Promise<boolean> {
    let is = false;
    for await (const owner of this.owners(subscription)) {
      if (owner !== user) return false;
      is = true;
    }
    return is;
  }

  /** Idempotent. `now` in Unix milliseconds. */
  async makeOwner(subscription: string, user: string, now: number): Promise<void> {
    const roles: StoredRoles = { roles: ['owner'], since: now };
    await this.#store.put(collection, `${subscription}/${user}`, roles, {
      announce: { topic: 'accounts', message: { user } },
    });
  }

  /** After a user was removed, so that a name given again inherits nothing. */
  async withdraw(subscription: string, user: string): Promise<void> {
    await this.#store.delete(collection, `${subscription}/${user}`, {
      announce: { topic: 'accounts', message: { user } },
    });
  }

  /** The keys of all owners. */
  async *owners(subscription: string): AsyncGenerator<string> {
    const prefix = `${subscription}/`;
    let after: string | undefined;
    do {
      const page = await this.#store.list<StoredRoles>(collection, {
        prefix,
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      for (const { key, value } of page.items) {
        if (value.roles.includes('owner')) yield key.slice(prefix.length);
      }
      after = page.next;
    } while (after !== undefined);
  }
}
