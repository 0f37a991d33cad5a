import type { Clock, Timer } from '../clock.ts';
import { isConflict, type Json, type Store } from '../storage/index.ts';
import type { Concern, ConcernView } from './concern.ts';

type Stored = Concern & { readonly since: number };

export type StandingConcernsOptions = {
  readonly store: Pick<Store, 'get' | 'put' | 'delete' | 'list'>;
  readonly clock: Clock;
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
};

/** Told by exactly one replica for each concern that begins or ends, as far as the store can tell. */
export interface ConcernListener {
  raised(subscription: string, concern: Concern): void;
  cleared(subscription: string, concern: Concern): void;
}

const collection = 'concerns';
/** Milliseconds. What a replica sees to go on is said again in time; when it dies, what it alone saw is forgotten. */
const refreshEach = 5 * 60_000;
const refreshedFor = 15 * 60_000;

/**
 * What has happened and still stands, in the store and so once for all replicas: whoever puts a concern there first, or
 * takes it away, tells the listener.
 */
export class StandingConcerns {
  readonly #options: StandingConcernsOptions;
  readonly #listeners = new Set<ConcernListener>();
  /** What this replica sees to go on. */
  readonly #held = new Map<string, { subscription: string; concern: Concern }>();
  #timer: Timer | undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(options: StandingConcernsOptions) {
    this.#options = options;
  }

  listen(listener: ConcernListener): void {
    this.#listeners.add(listener);
  }

  /**
   * Something needs somebody. `lasts`: milliseconds until it is forgotten by itself; absent: until it is cleared, or
   * this process is gone. Never throws; what can't be stored is in the log.
   */
  raise(subscription: string, concern: Concern, lasts?: number): void {
    if (lasts === undefined) {
      this.#held.set(keyOf(subscription, concern), { subscription, concern });
      this.#timer ??= this.#options.clock.every(refreshEach, () => this.#refresh());
    }
    this.#inTurn(() => this.#put(subscription, concern, lasts ?? refreshedFor));
  }

  /** It is over. */
  clear(subscription: string, concern: Pick<Concern, 'kind' | 'subject'>): void {
    const key = keyOf(subscription, concern);
    this.#held.delete(key);
    this.#inTurn(async () => {
      const found = await this.#options.store.get<Json>(collection, key);
      if (found === undefined || !(await this.#options.store.delete(collection, key))) return;
      for (const listener of this.#listeners) listener.cleared(subscription, concernIn(found.value));
    });
  }

  /** What stands now. Rejects with `store-unavailable`. */
  async list(subscription: string): Promise<ConcernView[]> {
    const page = await this.#options.store.list<Json>(collection, {
      prefix: `${subscription}/`,
      limit: 200,
    });
    return page.items.map(({ value }) => value as Stored);
  }

  /** Resolves when everything said so far is in the store, or was given up. */
  settled(): Promise<void> {
    return this.#queue;
  }

  close(): Promise<void> {
    this.#timer?.cancel();
    return this.#queue;
  }

  #refresh(): void {
    for (const { subscription, concern } of this.#held.values()) {
      this.#inTurn(() => this.#put(subscription, concern, refreshedFor));
    }
  }

  async #put(subscription: string, concern: Concern, lasts: number): Promise<void> {
    const { store, clock } = this.#options;
    const key = keyOf(subscription, concern);
    const now = clock.now();
    const options = { expiresAt: now + lasts };
    try {
      await store.put(collection, key, { ...concern, since: now }, { ...options, ifVersion: 'absent' });
    } catch (error) {
      if (!isConflict(error)) throw error;
      const found = await store.get<Json>(collection, key);
      const since = found === undefined ? now : (found.value as Stored).since;
      await store.put(collection, key, { ...concern, since }, options);
      return;
    }
    for (const listener of this.#listeners) listener.raised(subscription, concern);
  }

  #inTurn(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).catch((error: unknown) => {
      this.#options.log.warn({ error }, 'what needs attention could not be stored');
    });
  }
}

const keyOf = (subscription: string, { kind, subject }: Pick<Concern, 'kind' | 'subject'>): string =>
  `${subscription}/${kind}/${subject}`;

function concernIn(value: Json): Concern {
  const { kind, subject, serious, params } = value as Stored;
  return { kind, subject, serious, params };
}
