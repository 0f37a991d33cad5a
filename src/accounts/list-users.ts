import type { DirectoryUser } from './account.ts';
import type { KnownUser, KnownUsers } from './known-users.ts';
import { type LocalUsers, localDirectory } from './local-users.ts';
import { filterPages, joinPages, type Pages } from './page-through.ts';

export type ListUsersParts = {
  readonly subscription: string;
  readonly users: Pick<LocalUsers, 'list'>;
  readonly known: Pick<KnownUsers, 'list'>;
  /** Names of all directories, in their order. */
  directories(): readonly string[];
  /** Whether a local user is one of this subscription's. */
  belongs(user: DirectoryUser, subscription: string): Promise<boolean>;
};

/** Of `user`: their own local account, or what was last heard of them. */
export type ListedUser = { readonly user: DirectoryUser; readonly seenAt?: number };

/** How many are looked at for one page: some tenths of a second of work at most. */
const mostLookedAt = 2_000;

/**
 * Everybody whom a page of users can show, a directory behind the other and each by name (with `q`, those of whom a
 * word begins with it): local accounts, and the users of other directories whom this gateway has met. From the store
 * alone.
 */
export function listUsers(
  parts: ListUsersParts,
  { q, directory }: { readonly q?: string | undefined; readonly directory?: string | undefined },
): Pages<ListedUser> {
  const names = parts.directories().filter((name) => directory === undefined || name === directory);
  return joinPages(
    names.map((name) => (name === localDirectory ? local(parts, q) : elsewhere(parts, name, q))),
  );
}

function local(
  { users, belongs, subscription }: ListUsersParts,
  term: string | undefined,
): Pages<ListedUser> {
  const all: Pages<DirectoryUser> = ({ after, limit }) =>
    users.list({
      limit,
      ...(term === undefined ? {} : { term }),
      ...(after === undefined ? {} : { after }),
    });
  const mine = async (items: readonly DirectoryUser[]): Promise<ListedUser[]> => {
    const here = await Promise.all(items.map((user) => belongs(user, subscription)));
    return items.filter((_, index) => here[index]).map((user) => ({ user }));
  };
  return filterPages(all, mine, mostLookedAt);
}

const elsewhere =
  ({ known, subscription }: ListUsersParts, directory: string, term: string | undefined): Pages<KnownUser> =>
  ({ after, limit }) =>
    known.list(subscription, { directory, term, after, limit });
