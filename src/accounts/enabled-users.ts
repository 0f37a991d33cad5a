import type { Store } from '../storage/index.ts';
import type { Factors } from './account.ts';
import { type EnabledList, subjectOfUser } from './enabled-list.ts';
import { isEnrolled } from './enrolments.ts';
import type { FactorDocuments } from './factor-documents.ts';

/** Whoever has a say in how many users are enabled; absent where nobody has. */
export interface Newcomers {
  /**
   * Asked before these subjects are enabled, or somebody enrols whom a group or *Everyone* enables. Those who are enabled
   * already need no leave. Rejects with `licence-expired` or `licence-exhausted` {limit}.
   */
  admit(subscription: string, subjects: readonly string[]): Promise<void>;
}

const pageSize = 200;

/** Whether a user counts as enabled by what they have, or had until they were reset. */
export const isSeated = (factors: Factors): boolean => isEnrolled(factors) || factors.seated === true;

/**
 * How many users are enabled, as a number that can be known: those who have enrolled, and those who are on the list by
 * name. Whom a group or *Everyone* means, a directory may know; they count from their enrolment on.
 */
export class EnabledUsers {
  readonly #store: Pick<Store, 'list'>;
  readonly #factors: Pick<FactorDocuments, 'read'>;
  readonly #list: Pick<EnabledList, 'get' | 'list'>;
  readonly #subscriptions: () => readonly string[];

  constructor(parts: {
    store: Pick<Store, 'list'>;
    factors: Pick<FactorDocuments, 'read'>;
    list: Pick<EnabledList, 'get' | 'list'>;
    subscriptions: () => readonly string[];
  }) {
    this.#store = parts.store;
    this.#factors = parts.factors;
    this.#list = parts.list;
    this.#subscriptions = parts.subscriptions;
  }

  /** In all subscriptions; counts no further than one beyond `upTo`. */
  async count(upTo: number): Promise<number> {
    const users = new Set<string>();
    for (const subscription of this.#subscriptions()) {
      for await (const key of this.#of(subscription)) {
        users.add(`${subscription}/${key}`);
        if (users.size > upTo) return users.size;
      }
    }
    return users.size;
  }

  /** Whether a user counts already. */
  async has(subscription: string, user: string): Promise<boolean> {
    if ((await this.#list.get(subscription, subjectOfUser(user)))?.mode === 'enabled') return true;
    return isSeated((await this.#factors.read(subscription, user)).factors);
  }

  async *#of(subscription: string): AsyncGenerator<string> {
    const prefix = `${subscription}/`;
    let after: string | undefined;
    do {
      const page = await this.#store.list<Factors>('factors', {
        prefix,
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
      });
      for (const { key, value } of page.items) if (counts(value)) yield key.slice(prefix.length);
      after = page.next;
    } while (after !== undefined);
    after = undefined;
    do {
      const page = await this.#list.list(subscription, {
        prefix: subjectOfUser(''),
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
      });
      for (const { subject, mode } of page.items) {
        if (mode === 'enabled') yield subject.slice(subjectOfUser('').length);
      }
      after = page.next;
    } while (after !== undefined);
  }
}

/** A document that cannot be read is somebody's who has enrolled. */
function counts(factors: Factors): boolean {
  try {
    return isSeated(factors);
  } catch {
    return true;
  }
}
