import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import { isConflict, type Page, type Store } from '../storage/index.ts';
import { foldName, isName, termsOf } from './fold-name.ts';
import { nameTaken } from './local-names.ts';

export type LocalGroup = { readonly id: string; readonly name: string; readonly createdAt: number };

/** How a user's document names a group: by id too, so that a group of the same name made later has no members. */
export type Membership = { readonly id: string; readonly group: string };

const collection = 'groups';
const directory = 'local';

/** The groups of the local directory. Who is in one stands in the documents of its users. */
export class LocalGroups {
  readonly #store: Store;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #random: Random;
  readonly #prefix: string;

  constructor(options: { store: Store; clock: Pick<Clock, 'now'>; random: Random; subscription?: string }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#prefix = `${options.subscription ?? 'default'}/${directory}/`;
  }

  /** Rejects with `invalid-request` for what cannot be a name, and `name-taken` {name}. */
  async create(name: string): Promise<LocalGroup> {
    if (!isName(name)) throw new GatewayError('invalid-request');
    const group: LocalGroup = { id: randomName(this.#random), name, createdAt: this.#clock.now() };
    try {
      await this.#store.put(collection, this.#key(name), group, {
        ifVersion: 'absent',
        terms: termsOf(name),
        announce: this.#announce(name),
      });
    } catch (error) {
      throw isConflict(error) ? nameTaken(name) : error;
    }
    return group;
  }

  async find(name: string): Promise<LocalGroup | undefined> {
    return (await this.#store.get<LocalGroup>(collection, this.#key(name)))?.value;
  }

  /** Its members are members no more from then on. Resolves to whether there was one. */
  async delete(name: string): Promise<boolean> {
    return this.#store.delete(collection, this.#key(name), { announce: this.#announce(name) });
  }

  /** One page, ordered by folded name. */
  async list(query: { prefix?: string; after?: string; limit: number }): Promise<Page<LocalGroup>> {
    const page = await this.#store.list<LocalGroup>(collection, {
      prefix: `${this.#prefix}${foldName(query.prefix ?? '')}`,
      limit: query.limit,
      ...(query.after === undefined ? {} : { after: query.after }),
    });
    return {
      items: page.items.map(({ value }) => value),
      ...(page.next === undefined ? {} : { next: page.next }),
    };
  }

  /** The names of those groups that still are what they were when the user joined. */
  async namesOf(memberships: readonly Membership[]): Promise<string[]> {
    if (memberships.length === 0) return [];
    const found = await this.#store.getMany<LocalGroup>(
      collection,
      memberships.map(({ group }) => this.#key(group)),
    );
    return memberships.flatMap(({ id }, index) => {
      const group = found[index]?.value;
      return group?.id === id ? [group.name] : [];
    });
  }

  #key(name: string): string {
    return `${this.#prefix}${foldName(name)}`;
  }

  #announce(name: string) {
    return { topic: 'accounts', message: { group: `${directory}:${name}` } };
  }
}
