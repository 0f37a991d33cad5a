import type { Json, Sealer, Store } from '../storage/index.ts';
import type { AppEnrolment, EnabledEntry, Factors } from './account.ts';
import { canonicalSubject } from './enabled-list.ts';
import type { FactorDocuments } from './factor-documents.ts';

/** What is kept of a user whose factors went because they left the list. */
type RemovedFactors = { readonly subject: string; readonly sealed: string };
/** Secrets in clear, each with what it was sealed as; only ever inside a sealed string. */
type OpenFactors = Omit<Factors, 'apps'> & { readonly apps: readonly OpenApp[] };
type OpenApp = AppEnrolment & { readonly sealedAs: string };
type RemovedEntry = { readonly entry: EnabledEntry };

const collection = 'undo';
const label = 'removed-factors';
/** Seven days, in milliseconds (product section 4). */
const kept = 7 * 86_400_000;

export type RemovedFactorsOptions = {
  store: Store;
  sealer: Sealer;
  factors: FactorDocuments;
};

/**
 * Keeps what a removal from the list took away, sealed, for seven days. Secrets are sealed to the record they stand
 * in, so they are opened and sealed anew on the way here and back; a rotation of the master key finds one string.
 */
export class RemovedFactorsArchive {
  readonly #store: Store;
  readonly #sealer: Sealer;
  readonly #factors: FactorDocuments;

  constructor(options: RemovedFactorsOptions) {
    this.#store = options.store;
    this.#sealer = options.sealer;
    this.#factors = options.factors;
  }

  /** Resolves when the copy is stored. Rejects when a secret cannot be opened: then nothing may be deleted. */
  async keep(
    { subscription, user }: { subscription: string; user: string },
    factors: Factors,
    removal: { subject: string; now: number },
  ): Promise<void> {
    const key = keyOfUser(subscription, user);
    const from = this.#factors.record(subscription, user);
    const open: OpenFactors = {
      ...factors,
      apps: factors.apps.map((app) => ({
        ...app,
        sealedSecret: this.#sealer.open(from, app.sealedSecret),
        sealedAs: labelOf(app.sealedSecret),
      })),
    };
    const sealed = this.#sealer.seal({ collection, key }, label, JSON.stringify(open));
    const value: RemovedFactors = { subject: removal.subject, sealed };
    await this.#store.put(collection, key, value, {
      terms: [termOf(removal.subject)],
      expiresAt: removal.now + kept,
    });
  }

  async keepEntry(subscription: string, entry: EnabledEntry, now: number): Promise<void> {
    const value: RemovedEntry = { entry };
    const expiresAt = now + kept;
    await this.#store.put(collection, keyOfEntry(subscription, entry.subject), value, { expiresAt });
  }

  async entry(subscription: string, subject: string): Promise<EnabledEntry | undefined> {
    const found = await this.#store.get<RemovedEntry>(collection, keyOfEntry(subscription, subject));
    return found?.value.entry;
  }

  /** The users whose factors went with this subject. */
  async users(subscription: string, subject: string): Promise<string[]> {
    const prefix = keyOfUser(subscription, '');
    const users: string[] = [];
    let after: string | undefined;
    do {
      const page = await this.#store.list<Json>(collection, {
        prefix,
        term: termOf(subject),
        limit: 200,
        ...(after === undefined ? {} : { after }),
      });
      users.push(...page.items.map(({ key }) => key.slice(prefix.length)));
      after = page.next;
    } while (after !== undefined);
    return users;
  }

  /** What was kept, its secrets sealed to the user's own document again; undefined when its time is over. */
  async read(subscription: string, user: string): Promise<Factors | undefined> {
    const key = keyOfUser(subscription, user);
    const found = await this.#store.get<RemovedFactors>(collection, key);
    if (found === undefined) return undefined;
    const open: OpenFactors = JSON.parse(this.#sealer.open({ collection, key }, found.value.sealed));
    const to = this.#factors.record(subscription, user);
    return {
      ...open,
      apps: open.apps.map(({ sealedAs, ...app }) => ({
        ...app,
        sealedSecret: this.#sealer.seal(to, sealedAs, app.sealedSecret),
      })),
    };
  }

  async forget(subscription: string, user: string): Promise<void> {
    await this.#store.delete(collection, keyOfUser(subscription, user));
  }

  async forgetEntry(subscription: string, subject: string): Promise<void> {
    await this.#store.delete(collection, keyOfEntry(subscription, subject));
  }
}

const keyOfUser = (subscription: string, user: string): string => `${subscription}/factors/${user}`;
const keyOfEntry = (subscription: string, subject: string): string =>
  `${subscription}/entry/${canonicalSubject(subject)}`;
const termOf = (subject: string): string => `=${canonicalSubject(subject)}=`;

/** A sealed string says what it was sealed as: `sealed:1:<key id>:<label>:…`. */
const labelOf = (sealed: string): string => sealed.split(':')[3] ?? '';
