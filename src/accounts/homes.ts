import type { Store } from '../storage/index.ts';
import type { DirectoryUser } from './account.ts';
import { subscriptionOf } from './place-user.ts';
import { defaultSubscription } from './subscription.ts';
import type { Subscriptions } from './subscriptions.ts';

type Home = { readonly subscription: string };

const collection = 'homes';
const keyOf = (user: string): string => `${defaultSubscription}/${user}`;

/**
 * In which subscription each user last signed in: read before anything else of them is known, and how one notices
 * that they have moved. While there is one subscription, nothing is written or read.
 */
export class Homes {
  readonly #store: Pick<Store, 'get' | 'put' | 'delete' | 'list'>;
  readonly #subscriptions: Pick<Subscriptions, 'several'>;

  constructor(
    store: Pick<Store, 'get' | 'put' | 'delete' | 'list'>,
    subscriptions: Pick<Subscriptions, 'several'>,
  ) {
    this.#store = store;
    this.#subscriptions = subscriptions;
  }

  /** `user`: a key, or anybody's, who costs as much. */
  async lastOf(user: string): Promise<string> {
    if (!this.#subscriptions.several) return defaultSubscription;
    return (await this.#store.get<Home>(collection, keyOf(user)))?.value.subscription ?? defaultSubscription;
  }

  /** Writes down where they are now. Resolves to where they were before when that was elsewhere. */
  async arrived(user: DirectoryUser): Promise<string | undefined> {
    if (!this.#subscriptions.several) return undefined;
    const found = await this.#store.get<Home>(collection, keyOf(user.key));
    const now = subscriptionOf(user);
    if (found?.value.subscription === now) return undefined;
    await this.#store.put(collection, keyOf(user.key), { subscription: now }, { terms: [now] });
    return found?.value.subscription;
  }

  async forget(user: string): Promise<void> {
    await this.#store.delete(collection, keyOf(user));
  }
}
