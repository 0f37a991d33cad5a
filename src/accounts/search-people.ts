import type { DirectoryUser } from './account.ts';
import { subjectOfGroup } from './enabled-list.ts';
import type { LocalGroups } from './local-groups.ts';
import { localDirectory } from './local-users.ts';
import type { PeopleParts } from './people-parts.ts';

/** A directory that can be searched as somebody types. */
export interface SearchedDirectory {
  readonly directory: string;
  /** People whose names begin so, perhaps without their groups. Rejects with `directory-unavailable`. */
  searchUsers(text: string, limit: number): Promise<readonly DirectoryUser[]>;
  searchGroups(text: string, limit: number): Promise<readonly string[]>;
}

export type SearchParts = {
  readonly people: PeopleParts;
  readonly groups: Pick<LocalGroups, 'list'>;
  /** All but the local one. */
  readonly elsewhere: readonly SearchedDirectory[];
};

export type SearchQuery = {
  readonly q: string;
  readonly directory?: string | undefined;
  readonly limit: number;
};

/** `unavailable`: the directories that could not be asked. */
export type SearchResult<Item> = { readonly items: readonly Item[]; readonly unavailable: readonly string[] };

export type FoundGroup = {
  /** As the list names it. */
  readonly subject: string;
  readonly directory: string;
  readonly name: string;
};

/** Users of a subscription, of all directories at once or of one, of whom a name begins with what was typed. */
export async function searchUsers(
  { people, elsewhere }: SearchParts,
  query: SearchQuery,
): Promise<SearchResult<DirectoryUser>> {
  const { items, unavailable } = await search(people, elsewhere, query, {
    local: (q, limit) => localUsers(people, q, limit),
    elsewhere: (directory, q, limit) => directory.searchUsers(q, limit),
  });
  const own = await Promise.all(items.map((user) => isOwn(people, user)));
  return { items: items.filter((_, index) => own[index]), unavailable };
}

/** Groups, in the same way: they are everybody's. */
export function searchGroups(
  { people, groups, elsewhere }: SearchParts,
  query: SearchQuery,
): Promise<SearchResult<FoundGroup>> {
  const group =
    (directory: string) =>
    (name: string): FoundGroup => ({ subject: subjectOfGroup(directory, name), directory, name });
  return search(people, elsewhere, query, {
    local: async (q, limit) =>
      (await groups.list({ prefix: q, limit })).items.map(({ name }) => group(localDirectory)(name)),
    elsewhere: async (directory, q, limit) =>
      (await directory.searchGroups(q, limit)).map(group(directory.directory)),
  });
}

/** All directories at once; one that doesn't answer is named and passed over. */
async function search<Item>(
  people: PeopleParts,
  others: readonly SearchedDirectory[],
  { q, directory, limit }: SearchQuery,
  ask: {
    local(q: string, limit: number): Promise<readonly Item[]>;
    elsewhere(directory: SearchedDirectory, q: string, limit: number): Promise<readonly Item[]>;
  },
): Promise<SearchResult<Item>> {
  const unavailable: string[] = [];
  const names = people.directories().filter((name) => directory === undefined || name === directory);
  const found = await Promise.all(
    names.map(async (name): Promise<readonly Item[]> => {
      if (name === localDirectory) return ask.local(q, limit);
      const other = others.find((each) => each.directory === name);
      if (other === undefined) return [];
      try {
        return await ask.elsewhere(other, q, limit);
      } catch {
        unavailable.push(name);
        return [];
      }
    }),
  );
  // The best of each directory before more of one.
  const longest = Math.max(0, ...found.map((each) => each.length));
  const items = Array.from({ length: longest }, (_, index) =>
    found.flatMap((each) => each[index] ?? []),
  ).flat();
  return { items: items.slice(0, limit), unavailable };
}

/** Exact names first. */
async function localUsers(
  { users }: PeopleParts,
  q: string,
  limit: number,
): Promise<readonly DirectoryUser[]> {
  const exact = await users.lookUp(q);
  const { items } = await users.list({ term: q, limit });
  return exact === undefined
    ? items
    : [exact, ...items.filter(({ key }) => key !== exact.key)].slice(0, limit);
}

/** Whoever was found without their groups is looked up where these say where they belong. */
async function isOwn(people: PeopleParts, user: DirectoryUser): Promise<boolean> {
  if (await people.belongs(user, people.subscription)) return true;
  if (user.groupsComplete) return false;
  return (await people.findUser(user.key).catch(() => undefined)) !== undefined;
}
