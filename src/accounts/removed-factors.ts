import type { Json, Page, Sealer, Store } from '../storage/index.ts';
import type { EnabledEntry, Factors } from './account.ts';
import { canonicalSubject, entryRecord, resealEntry } from './enabled-list.ts';
import type { FactorDocuments } from './factor-documents.ts';

/** What is kept of a user whose factors went because they left the list. */
type RemovedFactors = { readonly subject: string; readonly sealed: string };
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
    // Each secret in clear, behind what it was sealed as; only ever inside the sealed string.
    const open = mapSecrets(factors, (secret) => `${labelOf(secret)}:${this.#sealer.open(from, secret)}`);
    const sealed = this.#sealer.seal({ collection, key }, label, JSON.stringify(open));
    const value: RemovedFactors = { subject: removal.subject, sealed };
    await this.#store.put(collection, key, value, {
      terms: [termOf(removal.subject)],
      expiresAt: removal.now + kept,
    });
  }

  async keepEntry(subscription: string, entry: EnabledEntry, now: number): Promise<void> {
    const key = keyOfEntry(subscription, entry.subject);
    const from = entryRecord(subscription, entry.subject);
    const value: RemovedEntry = { entry: resealEntry(this.#sealer, entry, from, { collection, key }) };
    await this.#store.put(collection, key, value, { expiresAt: now + kept });
  }

  async entry(subscription: string, subject: string): Promise<EnabledEntry | undefined> {
    const key = keyOfEntry(subscription, subject);
    const found = await this.#store.get<RemovedEntry>(collection, key);
    if (found === undefined) return undefined;
    const to = entryRecord(subscription, subject);
    return resealEntry(this.#sealer, found.value.entry, { collection, key }, to);
  }

  /** Until when a subject's removal can be undone, Unix milliseconds; undefined when it can't. */
  async until(subscription: string, subject: string): Promise<number | undefined> {
    return (await this.#store.get(collection, keyOfEntry(subscription, subject)))?.expiresAt;
  }

  /** One page of the entries whose removal can be undone, in the order of their subjects. */
  async entries(
    subscription: string,
    query: { after?: string | undefined; limit: number },
  ): Promise<Page<{ readonly entry: EnabledEntry; readonly until: number }>> {
    const { limit, after } = query;
    const page = await this.#store.list<RemovedEntry>(collection, {
      prefix: keyOfEntry(subscription, ''),
      limit,
      ...(after === undefined ? {} : { after }),
    });
    return {
      ...page,
      items: page.items.map(({ value, expiresAt = 0 }) => ({ entry: value.entry, until: expiresAt })),
    };
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
    const open: Factors = JSON.parse(this.#sealer.open({ collection, key }, found.value.sealed));
    const to = this.#factors.record(subscription, user);
    return mapSecrets(open, (secret) => {
      const end = secret.indexOf(':');
      return this.#sealer.seal(to, secret.slice(0, end), secret.slice(end + 1));
    });
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

/** The same with every sealed string in it replaced by what `change` makes of it. */
function mapSecrets(factors: Factors, change: (secret: string) => string): Factors {
  const { phone, email } = factors;
  return {
    ...factors,
    apps: factors.apps.map((app) => ({ ...app, sealedSecret: change(app.sealedSecret) })),
    ...(phone === undefined ? {} : { phone: { ...phone, sealedTo: change(phone.sealedTo) } }),
    ...(email === undefined ? {} : { email: { ...email, sealedTo: change(email.sealedTo) } }),
  };
}

/** A sealed string says what it was sealed as: `sealed:1:<key id>:<label>:…`. */
const labelOf = (sealed: string): string => sealed.split(':')[3] ?? '';
