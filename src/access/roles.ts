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
    let after: string | undefined;
    do {
      const page = await this.#store.list<StoredRoles>(collection, {
        prefix: `${subscription}/`,
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      if (page.items.some(({ value }) => value.roles.includes('owner'))) return true;
      after = page.next;
    } while (after !== undefined);
    return false;
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
}
