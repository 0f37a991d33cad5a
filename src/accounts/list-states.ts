import { subjectOfUser } from './enabled-list.ts';
import { type ListedUser, listUsers } from './list-users.ts';
import { localDirectory } from './local-users.ts';
import { filterPages, joinPages, type Pages } from './page-through.ts';
import type { PeopleParts } from './people-parts.ts';
import { statesOf, type UserState } from './user-state.ts';

export const listedStates = [
  'enrolled',
  'not-enrolled',
  'locked',
  'exempt',
  'disabled',
  'administrators',
] as const;
/** `not-enrolled`: although a second factor is asked of them. */
export type ListedState = (typeof listedStates)[number];

export type StatesQuery = {
  readonly q?: string | undefined;
  readonly directory?: string | undefined;
  readonly state?: ListedState | undefined;
};

/** How many are looked at for one page. */
const mostLookedAt = 1_000;

/**
 * As `listUsers`, each with their state, or those of one state alone. Where those are fewer than all, their own list is
 * gone through and not everybody.
 */
export function listStates(parts: PeopleParts, { q, directory, state }: StatesQuery): Pages<UserState> {
  const everybody = listUsers(parts, { q, directory });
  if (state === undefined) {
    return async (query) => {
      const page = await everybody(query);
      return { ...page, items: await statesOf(parts, page.items) };
    };
  }
  const searched = q !== undefined && q.trim() !== '';
  const fits = async (items: readonly ListedUser[]): Promise<UserState[]> => {
    const here = items.filter(
      ({ user }) =>
        (directory === undefined || user.directory === directory) &&
        // What needs no reading is not read for.
        (state !== 'disabled' || user.disabled),
    );
    return (await statesOf(parts, here)).filter((each) => isIn(each, state, parts.clock.now()));
  };
  return async (query) => {
    const some = searched ? everybody : ((await shorterList(parts, state)) ?? everybody);
    return filterPages(some, fits, mostLookedAt)(query);
  };
}

async function shorterList(parts: PeopleParts, state: ListedState): Promise<Pages<ListedUser> | undefined> {
  const { factors, list, subscription } = parts;
  const keys = (pages: Pages<string>): Pages<ListedUser> =>
    filterPages(pages, (some) => met(parts, some), mostLookedAt);
  switch (state) {
    case 'enrolled':
      return keys((query) => factors.list(subscription, query));
    case 'locked':
      return joinPages([
        keys((query) => parts.counted('codes', query)),
        // Whoever is locked by both has been there already.
        filterPages(
          keys((query) => parts.counted('password', query)),
          (some) => withoutCodeLock(parts, some),
          mostLookedAt,
        ),
      ]);
    case 'exempt': {
      const groups = await list.list(subscription, { prefix: 'group:', exempt: true, limit: 1 });
      // Then whoever is in one of them is meant too.
      if (groups.items.length > 0) return undefined;
      return keys(async ({ after, limit }) => {
        const query = { prefix: subjectOfUser(''), exempt: true, limit } as const;
        const page = await list.list(subscription, { ...query, ...(after === undefined ? {} : { after }) });
        return { ...page, items: page.items.map(({ subject }) => subject.slice(subjectOfUser('').length)) };
      });
    }
    case 'administrators':
      return keys(async () => ({ items: await parts.administrators() }));
    default:
      return undefined;
  }
}

async function withoutCodeLock(
  { locks, subscription }: PeopleParts,
  users: readonly ListedUser[],
): Promise<ListedUser[]> {
  const held = await Promise.all(users.map(({ user }) => locks(subscription, user.key)));
  return users.filter((_, index) => held[index]?.codes === undefined);
}

/** Those of these keys who are local users of this subscription, or have been met. */
async function met(
  { users, known, belongs, subscription }: PeopleParts,
  keys: readonly string[],
): Promise<ListedUser[]> {
  const found = await Promise.all(
    [...new Set(keys)].map(async (key): Promise<ListedUser | undefined> => {
      if (!key.startsWith(`${localDirectory}:`)) return known.find(subscription, key);
      const user = await users.find(key);
      return user !== undefined && (await belongs(user, subscription)) ? { user } : undefined;
    }),
  );
  return found.filter((each) => each !== undefined);
}

function isIn(
  { user, role, enrolledSince, locks, obligation }: UserState,
  state: ListedState,
  now: number,
): boolean {
  switch (state) {
    case 'enrolled':
      return enrolledSince !== undefined;
    case 'not-enrolled':
      return enrolledSince === undefined && obligation.required;
    case 'locked':
      return [locks.codes, locks.password].some((until = 0) => until > now);
    case 'exempt':
      return obligation.rule === 'exempt';
    case 'disabled':
      return user.disabled;
    case 'administrators':
      return role !== undefined;
  }
}
