import { z } from 'zod';
import { GatewayError } from '../errors.ts';
import type { Json, Page, Store } from '../storage/index.ts';
import type { Factors } from './account.ts';

export type FactorsDocument = { readonly factors: Factors; readonly version: number | 'absent' };

const collection = 'factors';

/** Nothing enrolled. */
export const noFactors: Factors = { apps: [], recovery: [] };

/** Only what must hold for the document to be trusted; keys of a newer version pass through. */
const shape = z.looseObject({
  apps: z.array(
    z.looseObject({
      id: z.string(),
      sealedSecret: z.string(),
      digits: z.int(),
      drift: z.int(),
    }),
  ),
  recovery: z.array(z.looseObject({ hash: z.string() })),
  phone: z.looseObject({ id: z.string(), sealedTo: z.string() }).optional(),
  email: z.looseObject({ id: z.string(), sealedTo: z.string() }).optional(),
  bypass: z.looseObject({ hash: z.string(), expiresAt: z.number() }).optional(),
  ticketHash: z.string().optional(),
});

const keyOf = (subscription: string, user: string): string => `${subscription}/${user}`;

/** What each user has enrolled: one document per user, so that enrolment and reset are atomic. */
export class FactorDocuments {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Rejects with `internal` when what is stored cannot be read: a user with a damaged document must not look like
   * one who has nothing enrolled, and be let in to enrol.
   */
  async read(subscription: string, user: string): Promise<FactorsDocument> {
    const found = await this.#store.get<Json>(collection, keyOf(subscription, user));
    if (found === undefined) return { factors: noFactors, version: 'absent' };
    return { factors: checked(found.value), version: found.version };
  }

  /** Rejects with `conflict` when the document is not at `version` any more. */
  async save(
    subscription: string,
    user: string,
    factors: Factors,
    version: number | 'absent',
  ): Promise<void> {
    await this.#store.put(collection, keyOf(subscription, user), factors, { ifVersion: version });
  }

  /** Replaces whatever is there, damaged or not, and tells every process. */
  async replace(subscription: string, user: string, factors: Factors): Promise<void> {
    await this.#store.put(collection, keyOf(subscription, user), factors, {
      announce: { topic: 'accounts', message: { user } },
    });
  }

  /** Deletes the document, if it is still at `version`, and tells every process. */
  async delete(subscription: string, user: string, version?: number): Promise<boolean> {
    return this.#store.delete(collection, keyOf(subscription, user), {
      ...(version === undefined ? {} : { ifVersion: version }),
      announce: { topic: 'accounts', message: { user } },
    });
  }

  /** One page of the keys of users who have a document, in their order. */
  async list(
    subscription: string,
    query: { after?: string | undefined; limit: number },
  ): Promise<Page<string>> {
    const prefix = `${subscription}/`;
    const { limit, after } = query;
    const page = await this.#store.list(collection, {
      prefix,
      limit,
      ...(after === undefined ? {} : { after }),
    });
    return { ...page, items: page.items.map(({ key }) => key.slice(prefix.length)) };
  }

  /** The keys of all users who have a document, a page at a time; with `beginning`, of those whose key begins so. */
  async *users(subscription: string, beginning = ''): AsyncGenerator<string> {
    const prefix = `${subscription}/${beginning}`;
    let after: string | undefined;
    do {
      const page = await this.#store.list<Json>(collection, {
        prefix,
        limit: 200,
        ...(after === undefined ? {} : { after }),
      });
      for (const { key } of page.items) yield key.slice(subscription.length + 1);
      after = page.next;
    } while (after !== undefined);
  }

  /** What each user has enrolled, in short, a page at a time; a document that cannot be read counts as enrolled. */
  async *methods(
    subscription: string,
  ): AsyncGenerator<{ readonly user: string; readonly methods: readonly string[] }> {
    const prefix = `${subscription}/`;
    let after: string | undefined;
    do {
      const page = await this.#store.list<Json>(collection, {
        prefix,
        limit: 200,
        ...(after === undefined ? {} : { after }),
      });
      for (const { key, value } of page.items) {
        const parsed = shape.safeParse(value);
        const { apps, phone, email } = parsed.success ? parsed.data : { apps: [value] };
        const methods = [
          ...(apps.length > 0 ? ['app'] : []),
          ...(phone === undefined ? [] : ['sms']),
          ...(email === undefined ? [] : ['email']),
        ];
        yield { user: key.slice(prefix.length), methods };
      }
      after = page.next;
    } while (after !== undefined);
  }

  /** The record that secrets within the document are sealed to. */
  record(subscription: string, user: string): { collection: string; key: string } {
    return { collection, key: keyOf(subscription, user) };
  }
}

function checked(value: Json): Factors {
  const parsed = shape.safeParse(value);
  if (!parsed.success) {
    throw new GatewayError('internal', { cause: new Error('a document of enrolled factors cannot be read') });
  }
  return value as Factors;
}
