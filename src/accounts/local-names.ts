import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { isConflict, type Store } from '../storage/index.ts';

/** Whose a name is. `at`: when it was taken, Unix milliseconds. */
type TakenName = { readonly user: string; readonly at: number };

export type LocalNamesOptions = {
  store: Store;
  clock: Pick<Clock, 'now'>;
  /** `<subscription>/local/`. */
  prefix: string;
  /** Whether this user exists and goes by this folded name. */
  holds(user: string, folded: string): Promise<boolean>;
};

const collection = 'user-names';

/** How long an unfinished creation or renaming may hold a name, in milliseconds; no write takes that long. */
export const namingTime = 60_000;

/**
 * Which local user has which folded name: each name is one document, so that of two who want it one gets it.
 * A name whose user is gone, or goes by another one (a creation or renaming that was killed half-way), is free
 * again after a minute.
 */
export class LocalNames {
  readonly #options: LocalNamesOptions;

  constructor(options: LocalNamesOptions) {
    this.#options = options;
  }

  /** The user key that the name stands for, right or stale; undefined when nobody has it. */
  async holder(folded: string): Promise<string | undefined> {
    return (await this.#get(folded))?.value.user;
  }

  /** Takes a free name. Resolves to whether it was free. */
  async take(folded: string, user: string): Promise<boolean> {
    const { store, clock, holds } = this.#options;
    const taken = await this.#get(folded);
    if (taken !== undefined && taken.value.user !== user) {
      const fresh = clock.now() - taken.value.at < namingTime;
      if (fresh || (await holds(taken.value.user, folded))) return false;
    }
    const value: TakenName = { user, at: clock.now() };
    try {
      await store.put(collection, this.#key(folded), value, { ifVersion: taken?.version ?? 'absent' });
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }

  /** Gives a name back, if it is still this user's. */
  async release(folded: string, user: string): Promise<void> {
    const taken = await this.#get(folded);
    if (taken?.value.user !== user) return;
    try {
      await this.#options.store.delete(collection, this.#key(folded), { ifVersion: taken.version });
    } catch (error) {
      // Somebody else has just taken it.
      if (!isConflict(error)) throw error;
    }
  }

  /** One page of user keys in the order of their folded names. */
  async list(query: { prefix: string; after?: string; limit: number }) {
    const page = await this.#options.store.list<TakenName>(collection, {
      prefix: this.#key(query.prefix),
      limit: query.limit,
      ...(query.after === undefined ? {} : { after: query.after }),
    });
    return {
      items: page.items.map(({ value }) => value.user),
      ...(page.next === undefined ? {} : { next: page.next }),
    };
  }

  #get(folded: string) {
    return this.#options.store.get<TakenName>(collection, this.#key(folded));
  }

  #key(folded: string): string {
    return `${this.#options.prefix}${folded}`;
  }
}

export function nameTaken(name: string): GatewayError {
  return new GatewayError('name-taken', { params: { name } });
}
