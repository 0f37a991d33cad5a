import type { Clock } from '../clock.ts';
import { parseEmailAddress, parsePhoneNumber } from '../delivery/index.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import { changeDocument, type Page, requireVersion, type Sealer, type Store } from '../storage/index.ts';
import type { DirectoryUser } from './account.ts';
import { foldName, foldTerm, isName, termsOf } from './fold-name.ts';
import type { LocalGroups, Membership } from './local-groups.ts';
import { LocalNames, nameTaken, namingTime } from './local-names.ts';
import { userKey } from './user-key.ts';

type StoredUser = {
  readonly name: string;
  readonly displayName: string;
  readonly email?: string;
  /** E.164, sealed and bound to this document: a copy of the store must not be a telephone book. */
  readonly sealedPhone?: string;
  readonly memberships: readonly Membership[];
  readonly disabled: boolean;
  readonly createdAt: number;
};

export type UserDetails = {
  readonly displayName?: string | undefined;
  readonly email?: string | undefined;
  /** In international format. */
  readonly phone?: string | undefined;
};

export type NewUser = UserDetails & { readonly name: string };

export type LocalUsersOptions = {
  store: Store;
  clock: Pick<Clock, 'now'>;
  random: Random;
  sealer: Sealer;
  groups: LocalGroups;
  /** Default `default`. */
  subscription?: string;
};

const collection = 'users';
export const localDirectory = 'local';

/** The users of the local directory. Their key is random, so a new name keeps everything, and a reused one inherits nothing. */
export class LocalUsers {
  readonly #store: Store;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #random: Random;
  readonly #sealer: Sealer;
  readonly #groups: LocalGroups;
  readonly #names: LocalNames;
  readonly #prefix: string;

  constructor(options: LocalUsersOptions) {
    const subscription = options.subscription ?? 'default';
    this.#store = options.store;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#sealer = options.sealer;
    this.#groups = options.groups;
    this.#prefix = `${subscription}/`;
    this.#names = new LocalNames({
      store: options.store,
      clock: options.clock,
      prefix: `${subscription}/${localDirectory}/`,
      holds: async (user, folded) => foldName((await this.#read(user))?.name ?? '') === folded,
    });
  }

  /**
   * A new user who can sign in to nothing yet. `prepare` (a password) is done before the user is there for good:
   * killed at any point, this leaves either the whole user or a name that is free again after a minute.
   * Rejects with `invalid-request`, `invalid-phone-number` or `invalid-address` for what cannot be a name or detail,
   * and `name-taken` {name}.
   */
  async create(user: NewUser, prepare?: (key: string) => Promise<void>): Promise<DirectoryUser> {
    const name = user.name.trim();
    if (!isName(name)) throw new GatewayError('invalid-request');
    const key = userKey(localDirectory, randomName(this.#random));
    const stored: StoredUser = {
      name,
      ...this.#details(key, name, await checked(user)),
      memberships: [],
      disabled: false,
      createdAt: this.#clock.now(),
    };
    const expiresAt = this.#clock.now() + namingTime;
    await this.#store.put(collection, this.#key(key), stored, { ifVersion: 'absent', expiresAt });
    if (!(await this.#names.take(foldName(name), key))) {
      await this.#store.delete(collection, this.#key(key));
      throw nameTaken(name);
    }
    await prepare?.(key);
    await this.#store.put(collection, this.#key(key), stored, {
      terms: termsOfUser(stored),
      announce: announcementOf(key),
    });
    return this.#present(key, stored);
  }

  async find(key: string): Promise<DirectoryUser | undefined> {
    const stored = await this.#read(key);
    return stored === undefined ? undefined : this.#present(key, stored);
  }

  /** The one user of this name, however it is spelled. */
  async lookUp(name: string): Promise<DirectoryUser | undefined> {
    // What is far too long for a name is not worth folding.
    const folded = name.length > 1_024 ? '' : foldName(name);
    const key = await this.#names.holder(folded);
    // A name that nobody has costs as many reads as one that somebody has.
    const stored = await this.#read(key ?? userKey(localDirectory, '~'));
    if (key === undefined || stored === undefined || foldName(stored.name) !== folded) return undefined;
    return this.#present(key, stored);
  }

  /** One page: by name in its order, or with `term` those of whom a word begins with it. */
  async list(query: {
    prefix?: string;
    term?: string;
    after?: string;
    limit: number;
  }): Promise<Page<DirectoryUser>> {
    const { limit, after } = query;
    const from = after === undefined ? { limit } : { limit, after };
    if (query.term !== undefined && foldTerm(query.term) !== '') {
      const page = await this.#store.list<StoredUser>(collection, {
        prefix: `${this.#prefix}${localDirectory}:`,
        term: foldTerm(query.term),
        ...from,
      });
      const items = page.items.map(({ key, value }) => this.#present(key.slice(this.#prefix.length), value));
      return { items: await Promise.all(items), ...(page.next === undefined ? {} : { next: page.next }) };
    }
    const page = await this.#names.list({ prefix: foldName(query.prefix ?? ''), ...from });
    const found = await this.#store.getMany<StoredUser>(
      collection,
      page.items.map((key) => this.#key(key)),
    );
    const items = page.items.flatMap((key, index) => {
      const stored = found[index]?.value;
      return stored === undefined ? [] : this.#present(key, stored);
    });
    return { items: await Promise.all(items), ...(page.next === undefined ? {} : { next: page.next }) };
  }

  /** Members of a group, a page at a time, in no useful order. */
  async members(group: string, query: { after?: string; limit: number }): Promise<Page<DirectoryUser>> {
    const found = await this.#groups.find(group);
    if (found === undefined) return { items: [] };
    const page = await this.#store.list<StoredUser>(collection, {
      prefix: this.#prefix,
      term: termOfGroup(found.id),
      limit: query.limit,
      ...(query.after === undefined ? {} : { after: query.after }),
    });
    const items = page.items.map(({ key, value }) => this.#present(key.slice(this.#prefix.length), value));
    return { items: await Promise.all(items), ...(page.next === undefined ? {} : { next: page.next }) };
  }

  /** The version of what is stored of a user, for a later `edit`; undefined when there is none. */
  async versionOf(key: string): Promise<number | undefined> {
    return (await this.#store.get(collection, this.#key(key)))?.version;
  }

  /** Another name for the same user. Rejects with `invalid-request`, `unknown-user`, `name-taken` {name}. */
  async rename(key: string, name: string): Promise<DirectoryUser> {
    return this.edit(key, { name });
  }

  /**
   * Replaces the details that are given; an empty text takes one away. Rejects with `unknown-user`,
   * `invalid-request`, `invalid-phone-number`, `invalid-address`.
   */
  async describe(key: string, details: UserDetails): Promise<DirectoryUser> {
    return this.edit(key, details);
  }

  /**
   * A new name and new details at once, or nothing of both. Rejects as `rename` and `describe` do, and with
   * `changed-meanwhile` when it is not at the version `seen` (as `versionTag` writes it) any more.
   */
  async edit(
    key: string,
    { name, ...details }: UserDetails & { readonly name?: string | undefined },
    seen?: string,
  ): Promise<DirectoryUser> {
    const wanted = name?.trim();
    if (wanted !== undefined && !isName(wanted)) throw new GatewayError('invalid-request');
    const given = await checked(details);
    const before = await this.#read(key);
    if (before === undefined) throw new GatewayError('unknown-user');
    const [was, is] = [foldName(before.name), foldName(wanted ?? before.name)];
    if (was !== is && !(await this.#names.take(is, key))) throw nameTaken(wanted ?? '');
    try {
      const after = await this.#change(
        key,
        (stored) => {
          const { email, sealedPhone, displayName, ...rest } = stored;
          const renamed = { ...rest, name: wanted ?? stored.name };
          const made = this.#details(key, renamed.name, { email, displayName, ...given });
          const kept = given.phone === undefined && sealedPhone !== undefined ? { sealedPhone } : {};
          return { ...renamed, ...made, ...kept };
        },
        seen,
      );
      if (was !== is) await this.#names.release(was, key);
      return after;
    } catch (error) {
      const gone = error instanceof GatewayError && error.code !== 'store-unavailable';
      if (was !== is && gone) await this.#names.release(is, key);
      throw error;
    }
  }

  /** Rejects with `unknown-user`. Ending the user's sessions is the caller's part. */
  async setDisabled(key: string, disabled: boolean): Promise<DirectoryUser> {
    return this.#change(key, (stored) => ({ ...stored, disabled }));
  }

  /** Puts the user into a group. Rejects with `unknown-user`, or `not-found` for an unknown group. */
  async join(key: string, group: string): Promise<DirectoryUser> {
    const found = await this.#groups.find(group);
    if (found === undefined) throw new GatewayError('not-found');
    const joined: Membership = { id: found.id, group: foldName(found.name) };
    return this.#change(key, (stored) => ({
      ...stored,
      memberships: [...stored.memberships.filter((each) => each.group !== joined.group), joined],
    }));
  }

  /** Takes the user out of a group. Rejects with `unknown-user`. */
  async leave(key: string, group: string): Promise<DirectoryUser> {
    const folded = foldName(group);
    return this.#change(key, (stored) => ({
      ...stored,
      memberships: stored.memberships.filter((each) => each.group !== folded),
    }));
  }

  /** Deletes the user for good. Resolves to whether there was one. */
  async delete(key: string): Promise<boolean> {
    const stored = await this.#read(key);
    if (stored === undefined) return false;
    // The user first: what is left when this is interrupted is a name that stands for nobody.
    await this.#store.delete(collection, this.#key(key), { announce: announcementOf(key) });
    await this.#names.release(foldName(stored.name), key);
    return true;
  }

  async #change(
    key: string,
    change: (stored: StoredUser) => StoredUser,
    seen?: string,
  ): Promise<DirectoryUser> {
    const stored = await changeDocument<StoredUser>(
      this.#store,
      { collection, key: this.#key(key) },
      (found, version) => {
        if (found === undefined) throw new GatewayError('unknown-user');
        requireVersion(version, seen);
        const value = change(found);
        return { value, options: { terms: termsOfUser(value), announce: announcementOf(key) } };
      },
    );
    if (stored === undefined) throw new GatewayError('unknown-user');
    return this.#present(key, stored);
  }

  async #read(key: string): Promise<StoredUser | undefined> {
    return (await this.#store.get<StoredUser>(collection, this.#key(key)))?.value;
  }

  async #present(key: string, stored: StoredUser): Promise<DirectoryUser> {
    const { memberships, sealedPhone, ...rest } = stored;
    const groups = await this.#groups.namesOf(memberships);
    const phone =
      sealedPhone === undefined ? {} : { phone: this.#sealer.open(this.#record(key), sealedPhone) };
    return { ...rest, ...phone, key, directory: localDirectory, groups, groupsComplete: true };
  }

  #details(key: string, name: string, { displayName, email = '', phone = '' }: UserDetails) {
    return {
      displayName: displayName?.trim() || name,
      ...(email === '' ? {} : { email }),
      ...(phone === '' ? {} : { sealedPhone: this.#sealer.seal(this.#record(key), 'phone-number', phone) }),
    };
  }

  #record(key: string) {
    return { collection, key: this.#key(key) };
  }

  #key(key: string): string {
    return `${this.#prefix}${key}`;
  }
}

const announcementOf = (user: string) => ({ topic: 'accounts', message: { user } });

/** Begins with a letter that no word of a name begins with, so that no search finds it. */
const termOfGroup = (id: string): string => `=${id}`;

const termsOfUser = ({ name, displayName, email, memberships }: StoredUser): string[] => [
  ...termsOf(name, displayName, email),
  ...memberships.map(({ id }) => termOfGroup(id)),
];

/** Rejects control characters and what is far too long; an empty text is none. The number comes back in E.164. */
async function checked(details: UserDetails): Promise<UserDetails> {
  for (const text of [details.displayName, details.email, details.phone]) {
    if (text === undefined) continue;
    if (text.length > 256 || !text.isWellFormed() || /\p{Cc}/u.test(text)) {
      throw new GatewayError('invalid-request');
    }
  }
  const { displayName, email, phone } = details;
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(email === undefined ? {} : { email: email.trim() === '' ? '' : parseEmailAddress(email) }),
    ...(phone === undefined ? {} : { phone: phone.trim() === '' ? '' : await parsePhoneNumber(phone) }),
  };
}
