import type { Clock } from '../clock.ts';
import type { Page, Store } from '../storage/index.ts';
import type { DirectoryUser } from './account.ts';
import { foldName, foldTerm, termsOf } from './fold-name.ts';
import { localDirectory } from './local-users.ts';

/** What a user was when they were last heard of. */
type SeenUser = {
  readonly profile?: Profile;
  /** Unix milliseconds: when the directory last said so. */
  readonly seenAt: number;
  /** Unix milliseconds. */
  readonly lastSignInAt?: number;
  /** Where the list has them, of other directories than the local one. */
  readonly listedAs?: string;
};
type Profile = Pick<
  DirectoryUser,
  'name' | 'displayName' | 'email' | 'groups' | 'groupsComplete' | 'disabled'
>;

/** A user whom this gateway has met, as their directory had them then. */
export type KnownUser = {
  readonly user: DirectoryUser;
  /** Unix milliseconds. */
  readonly seenAt: number;
  readonly lastSignInAt?: number;
};

const seenCollection = 'seen-users';
/** In the order of names: each points to a user. */
const listCollection = 'known-users';

/**
 * The users of other directories whom this gateway has met (they signed in, were listed or imported), by directory
 * and name, so that pages of them and searches through them need no directory (decision 0030). Of local users, only
 * when they signed in last. What stands here decides nothing: gate and sign-in ask the directory.
 */
export class KnownUsers {
  readonly #store: Store;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(parts: { store: Store; clock: Pick<Clock, 'now'> }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /** Writes down what a directory has just said of a user. */
  async note(subscription: string, user: DirectoryUser): Promise<void> {
    if (user.directory === localDirectory) return;
    await this.#write(subscription, user, {});
  }

  /** Also that they are just signing in. */
  async signedIn(subscription: string, user: DirectoryUser): Promise<void> {
    await this.#write(subscription, user, { lastSignInAt: this.#clock.now() });
  }

  /** Undefined for whoever was never met. */
  async find(subscription: string, key: string): Promise<KnownUser | undefined> {
    const found = await this.#store.get<SeenUser>(seenCollection, keyOf(subscription, key));
    return found === undefined ? undefined : knownOf(key, found.value);
  }

  /** When each of these signed in last, in their order. */
  async lastSignIns(subscription: string, keys: readonly string[]): Promise<(number | undefined)[]> {
    const found = await this.#store.getMany<SeenUser>(
      seenCollection,
      keys.map((key) => keyOf(subscription, key)),
    );
    return found.map((each) => each?.value.lastSignInAt);
  }

  /** One page of a directory's users, by name; with `term`, those of whom a word begins with it. */
  async list(
    subscription: string,
    query: { directory: string; term?: string | undefined; after?: string | undefined; limit: number },
  ): Promise<Page<KnownUser>> {
    const term = foldTerm(query.term ?? '');
    const page = await this.#store.list<{ user: string }>(listCollection, {
      prefix: `${subscription}/${query.directory}/`,
      limit: query.limit,
      ...(term === '' ? {} : { term }),
      ...(query.after === undefined ? {} : { after: query.after }),
    });
    const seen = await this.#store.getMany<SeenUser>(
      seenCollection,
      page.items.map(({ value }) => keyOf(subscription, value.user)),
    );
    const items = page.items.flatMap(({ key, value }, index) => {
      const found = seen[index]?.value;
      // Left over by a change of name that was interrupted.
      if (found?.listedAs !== key) return [];
      return knownOf(value.user, found) ?? [];
    });
    return { items, ...(page.next === undefined ? {} : { next: page.next }) };
  }

  async forget(subscription: string, key: string): Promise<void> {
    const found = await this.#store.get<SeenUser>(seenCollection, keyOf(subscription, key));
    if (found === undefined) return;
    await this.#store.delete(seenCollection, keyOf(subscription, key));
    if (found.value.listedAs !== undefined) await this.#store.delete(listCollection, found.value.listedAs);
  }

  async #write(
    subscription: string,
    user: DirectoryUser,
    more: Pick<SeenUser, 'lastSignInAt'>,
  ): Promise<void> {
    const key = keyOf(subscription, user.key);
    const before = (await this.#store.get<SeenUser>(seenCollection, key))?.value;
    const local = user.directory === localDirectory;
    const profile = profileOf(user, before?.profile);
    const listedAs = local ? undefined : placeOf(subscription, user);
    const terms = termsOf(profile.name, profile.displayName, profile.email);
    const was = before?.profile;
    const sameTerms =
      was !== undefined && termsOf(was.name, was.displayName, was.email).join('\n') === terms.join('\n');
    if (listedAs !== undefined && (listedAs !== before?.listedAs || !sameTerms)) {
      await this.#store.put(listCollection, listedAs, { user: user.key }, { terms });
    }
    const { lastSignInAt } = { ...before, ...more };
    const seen: SeenUser = {
      ...(local ? {} : { profile }),
      seenAt: this.#clock.now(),
      ...(lastSignInAt === undefined ? {} : { lastSignInAt }),
      ...(listedAs === undefined ? {} : { listedAs }),
    };
    await this.#store.put(seenCollection, key, seen);
    if (before?.listedAs !== undefined && before.listedAs !== listedAs) {
      await this.#store.delete(listCollection, before.listedAs);
    }
  }
}

const keyOf = (subscription: string, key: string): string => `${subscription}/${key}`;

/** The user key is in it, since two of one directory may be called alike for a while. */
const placeOf = (subscription: string, { directory, name, key }: DirectoryUser): string =>
  `${subscription}/${directory}/${foldName(name).replaceAll('/', ' ')}/${key}`;

/** Groups that were not looked up this time don't take the place of those that were. */
function profileOf(user: DirectoryUser, before: Profile | undefined): Profile {
  const { name, displayName, email, disabled } = user;
  const known = user.groupsComplete || user.groups.length > 0 || before === undefined ? user : before;
  return {
    name,
    displayName,
    ...(email === undefined ? {} : { email }),
    groups: [...known.groups],
    groupsComplete: known.groupsComplete,
    disabled,
  };
}

function knownOf(key: string, { profile, seenAt, lastSignInAt }: SeenUser): KnownUser | undefined {
  if (profile === undefined) return undefined;
  const directory = key.slice(0, key.indexOf(':'));
  return {
    user: { ...profile, key, directory },
    seenAt,
    ...(lastSignInAt === undefined ? {} : { lastSignInAt }),
  };
}
