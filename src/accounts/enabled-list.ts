import { GatewayError } from '../errors.ts';
import type { Page, SealedRecord, Sealer, Store } from '../storage/index.ts';
import type { DirectoryUser, EnabledEntry } from './account.ts';
import { foldName } from './fold-name.ts';
import { localDirectory } from './local-users.ts';
import type { Listing } from './obligation.ts';

/** Only *Everyone* leaves something behind when it leaves the list, since nothing stored means enabled. */
type StoredEntry = EnabledEntry | { readonly subject: 'everyone'; readonly mode: 'absent' };

export type EnabledListOptions = {
  store: Store;
  sealer: Sealer;
  /** When this installation began, Unix milliseconds: since when *Everyone* is enabled if nobody said otherwise. */
  installedAt: number;
};

/** `version`: of what is stored, for a change that must not overwrite another. */
export type VersionedEntry = {
  readonly entry: EnabledEntry | undefined;
  readonly version: number | 'absent';
};

/** Where codes go: a number in E.164, and an email address. */
export type Destinations = { readonly sms?: string; readonly email?: string };

const collection = 'enabled';
const topic = 'accounts';

export const everyone = 'everyone';
export const subjectOfUser = (key: string): string => `user:${key}`;
export const subjectOfGroup = (directory: string, name: string): string => `group:${directory}:${name}`;

/** Groups are compared by their folded names; user keys as they are. */
export const canonicalSubject = (subject: string): string =>
  subject.startsWith('group:') ? foldName(subject) : subject;
const keyOf = (subscription: string, subject: string): string =>
  `${subscription}/${canonicalSubject(subject)}`;

/** The record that the numbers and addresses of an entry are sealed to. */
export const entryRecord = (subscription: string, subject: string): SealedRecord => ({
  collection,
  key: keyOf(subscription, subject),
});

/** An entry as it is kept in another record. */
export function resealEntry(
  sealer: Sealer,
  entry: EnabledEntry,
  from: SealedRecord,
  to: SealedRecord,
): EnabledEntry {
  const { sealedPhone, sealedEmail } = entry;
  const moved = (label: string, sealed: string) => sealer.seal(to, label, sealer.open(from, sealed));
  return {
    ...entry,
    ...(sealedPhone === undefined ? {} : { sealedPhone: moved('phone-number', sealedPhone) }),
    ...(sealedEmail === undefined ? {} : { sealedEmail: moved('email-address', sealedEmail) }),
  };
}

export const isSameSubject = (one: string, other: string | undefined): boolean =>
  other !== undefined && canonicalSubject(one) === canonicalSubject(other);

/** Whether this names something that can be on the list. */
export const isSubject = (subject: string): boolean =>
  subject === everyone ||
  (/^user:[a-z0-9-]{1,32}:[^/\p{Cc}]{1,256}$/u.test(subject) && subject.isWellFormed()) ||
  (/^group:[a-z0-9-]{1,32}:[^/\p{Cc}]{1,256}$/u.test(subject) && subject.isWellFormed());

/**
 * The list of users and groups enabled for two factors. *Everyone* is on it until an administrator takes it off:
 * an installation that was interrupted, or lost this document, is shut and not open.
 */
export class EnabledList {
  readonly #store: Store;
  readonly #sealer: Sealer;
  readonly #installedAt: number;

  constructor(options: EnabledListOptions) {
    this.#store = options.store;
    this.#sealer = options.sealer;
    this.#installedAt = options.installedAt;
  }

  async get(subscription: string, subject: string): Promise<EnabledEntry | undefined> {
    return (await this.read(subscription, subject)).entry;
  }

  /** The same with the version of what is stored, which is also of *Everyone* when it is off the list. */
  async read(subscription: string, subject: string): Promise<VersionedEntry> {
    const found = await this.#store.get<StoredEntry>(collection, keyOf(subscription, subject));
    return { entry: this.#entry(subject, found?.value), version: found?.version ?? 'absent' };
  }

  /** The entries of these subjects, in their order. */
  async many(subscription: string, subjects: readonly string[]): Promise<(EnabledEntry | undefined)[]> {
    const found = await this.#store.getMany<StoredEntry>(
      collection,
      subjects.map((subject) => keyOf(subscription, subject)),
    );
    return subjects.map((subject, index) => this.#entry(subject, found[index]?.value));
  }

  /**
   * Where an administrator says that a user's codes go: the list, or else the local directory, which only
   * administrators write. Absent: whatever the user enrolled. Not so other directories: Active Directory lets people
   * change their own `mobile`, and who has the password would have the second factor with it (decision 0022).
   */
  async destinations(
    subscription: string,
    user: Pick<DirectoryUser, 'key' | 'directory' | 'phone' | 'email'>,
  ): Promise<Destinations> {
    const subject = subjectOfUser(user.key);
    const found = await this.get(subscription, subject);
    const set = found === undefined ? {} : this.open(subscription, found);
    const local = user.directory === localDirectory;
    const sms = set.sms ?? (local ? user.phone : undefined);
    const email = set.email ?? (local ? user.email : undefined);
    return { ...(sms === undefined ? {} : { sms }), ...(email === undefined ? {} : { email }) };
  }

  /** The number and the address of an entry, in clear. */
  open(subscription: string, { subject, sealedPhone, sealedEmail }: EnabledEntry): Destinations {
    const record = entryRecord(subscription, subject);
    return {
      ...(sealedPhone === undefined ? {} : { sms: this.#sealer.open(record, sealedPhone) }),
      ...(sealedEmail === undefined ? {} : { email: this.#sealer.open(record, sealedEmail) }),
    };
  }

  /** The number (E.164) and the address as they stand in an entry. */
  seal(
    subscription: string,
    subject: string,
    { sms, email }: Destinations,
  ): Pick<EnabledEntry, 'sealedPhone' | 'sealedEmail'> {
    const record = entryRecord(subscription, subject);
    return {
      ...(sms === undefined ? {} : { sealedPhone: this.#sealer.seal(record, 'phone-number', sms) }),
      ...(email === undefined ? {} : { sealedEmail: this.#sealer.seal(record, 'email-address', email) }),
    };
  }

  /** What the list says of a user and of their groups. */
  async of(
    subscription: string,
    user: Pick<DirectoryUser, 'key' | 'directory' | 'groups'>,
  ): Promise<Listing> {
    const subjects = [
      everyone,
      subjectOfUser(user.key),
      ...user.groups.map((group) => subjectOfGroup(user.directory, group)),
    ];
    const found = await this.#store.getMany<StoredEntry>(
      collection,
      subjects.map((subject) => keyOf(subscription, subject)),
    );
    const [all, own, ...groups] = subjects.map((subject, index) => this.#entry(subject, found[index]?.value));
    return { everyone: all, user: own, groups: groups.filter((entry) => entry !== undefined) };
  }

  /** One page, ordered by subject; *Everyone* comes first when it is on the list. `exempt`: only exemptions, those that have ended included. */
  async list(
    subscription: string,
    query: { prefix?: string; exempt?: true; after?: string; limit: number },
  ): Promise<Page<EnabledEntry>> {
    const prefix = `${subscription}/${query.prefix ?? ''}`;
    const page = await this.#store.list<StoredEntry>(collection, {
      prefix,
      limit: query.limit,
      ...(query.exempt === true ? { term: 'exempt' } : {}),
      ...(query.after === undefined ? {} : { after: query.after }),
    });
    const items = page.items.flatMap(({ value }) => this.#entry(value.subject, value) ?? []);
    const implicit =
      query.after === undefined &&
      query.exempt !== true &&
      everyone.startsWith(query.prefix ?? '') &&
      (await this.#store.get(collection, keyOf(subscription, everyone))) === undefined;
    const first = implicit ? (this.#entry(everyone, undefined) ?? []) : [];
    return { items: [first, items].flat(), ...(page.next === undefined ? {} : { next: page.next }) };
  }

  /**
   * Puts a subject on the list or changes its entry; announced. Rejects with `invalid-request`, and with `conflict`
   * when it is not at `version` any more.
   */
  async put(subscription: string, entry: EnabledEntry, version?: VersionedEntry['version']): Promise<void> {
    if (!isSubject(entry.subject)) throw new GatewayError('invalid-request');
    await this.#store.put(collection, keyOf(subscription, entry.subject), entry, {
      ...(version === undefined ? {} : { ifVersion: version }),
      ...(entry.mode === 'exempt' ? { terms: ['exempt'] } : {}),
      announce: { topic, message: messageOf(entry.subject) },
    });
  }

  /** Takes a subject off the list; announced. */
  async remove(subscription: string, subject: string): Promise<void> {
    const announce = { topic, message: messageOf(subject) };
    const key = keyOf(subscription, subject);
    if (subject === everyone) {
      await this.#store.put(collection, key, { subject, mode: 'absent' }, { announce });
    } else {
      await this.#store.delete(collection, key, { announce });
    }
  }

  /** Exemptions of all subscriptions, those that have ended included. */
  async exemptions(): Promise<EnabledEntry[]> {
    const entries: EnabledEntry[] = [];
    let after: string | undefined;
    do {
      const page = await this.#store.list<StoredEntry>(collection, {
        term: 'exempt',
        limit: 200,
        ...(after === undefined ? {} : { after }),
      });
      for (const { value } of page.items) if (value.mode === 'exempt') entries.push(value);
      after = page.next;
    } while (after !== undefined);
    return entries;
  }

  #entry(subject: string, stored: StoredEntry | undefined): EnabledEntry | undefined {
    if (stored === undefined) {
      return subject === everyone ? { subject, mode: 'enabled', since: this.#installedAt } : undefined;
    }
    if (stored.mode === 'absent') return undefined;
    // Whatever else stands there was put on the list once: read as enabled, never as nothing.
    return stored.mode === 'exempt'
      ? stored
      : { ...stored, mode: 'enabled', since: Number(stored.since) || 0 };
  }
}

/** What tells the other processes whom a change concerns. */
function messageOf(subject: string) {
  if (subject.startsWith('user:')) return { user: subject.slice('user:'.length) };
  if (subject.startsWith('group:')) return { group: subject.slice('group:'.length) };
  return { everyone: true };
}
