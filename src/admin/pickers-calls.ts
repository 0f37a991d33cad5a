import {
  type DirectoryUser,
  type LocalGroups,
  localDirectory,
  type PeopleParts,
  subjectOfGroup,
  subjectOfUser,
} from '../accounts/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import type { PeopleCallParts } from './people.ts';
import { directoriesAnswer, pickedGroupsAnswer, pickedUsersAnswer, pickersQuery } from './users-shapes.ts';

/** A directory that can be searched as somebody types. */
export interface SearchedDirectory {
  readonly directory: string;
  /** People whose names begin so, perhaps without their groups. Rejects with `directory-unavailable`. */
  searchUsers(text: string, limit: number): Promise<readonly DirectoryUser[]>;
  searchGroups(text: string, limit: number): Promise<readonly string[]>;
}

export type PickersParts = Pick<PeopleCallParts, 'people'> & {
  readonly groups: Pick<LocalGroups, 'list'>;
  /** All but the local one. */
  elsewhere(): readonly SearchedDirectory[];
};

/** Search as you type over the users and groups of all directories, to pick some of them. */
export function pickersCalls(parts: PickersParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/pickers/users',
      summary: 'Users of all directories, or one, of whom a name begins with what was typed.',
      may: 'see',
      scope: 'subscription',
      query: pickersQuery,
      answer: { status: 200, schema: pickedUsersAnswer },
      problems: ['invalid-request'],
      async handle({ subscription, query }) {
        const people = parts.people(subscription);
        const { items, unavailable } = await search(parts, people, query, {
          local: (q, limit) => localUsers(people, q, limit),
          elsewhere: (directory, q, limit) => directory.searchUsers(q, limit),
        });
        const users = (await Promise.all(items.map((user) => ownUser(people, user)))).filter(
          (user) => user !== undefined,
        );
        const entries = await people.list.many(
          subscription,
          users.map(({ key }) => subjectOfUser(key)),
        );
        const body = users.map(({ key, directory, name, displayName, email, disabled }, index) => ({
          ...{ key, directory, name, displayName, disabled },
          ...(email === undefined ? {} : { email }),
          ...listedAs(entries[index]?.mode),
        }));
        return { body: { items: body, unavailable } };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/pickers/groups',
      summary: 'Groups of all directories, or one, whose name begins with what was typed.',
      may: 'see',
      scope: 'subscription',
      query: pickersQuery,
      answer: { status: 200, schema: pickedGroupsAnswer },
      problems: ['invalid-request'],
      async handle({ subscription, query }) {
        const people = parts.people(subscription);
        const group = (directory: string) => (name: string) => ({
          subject: subjectOfGroup(directory, name),
          directory,
          name,
        });
        const { items, unavailable } = await search(parts, people, query, {
          local: async (q, limit) =>
            (await parts.groups.list({ prefix: q, limit })).items.map(({ name }) =>
              group(localDirectory)(name),
            ),
          elsewhere: async (directory, q, limit) =>
            (await directory.searchGroups(q, limit)).map(group(directory.directory)),
        });
        const entries = await people.list.many(
          subscription,
          items.map(({ subject }) => subject),
        );
        const body = items.map((item, index) => ({ ...item, ...listedAs(entries[index]?.mode) }));
        return { body: { items: body, unavailable } };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/pickers/directories',
      summary: 'The directories that users and groups can be picked from.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: directoriesAnswer },
      problems: [],
      async handle({ subscription }) {
        const names = parts.people(subscription).directories();
        return { body: { items: names.map((name) => ({ name, local: name === localDirectory })) } };
      },
    }),
  ];
}

type Query = { readonly q: string; readonly directory?: string | undefined; readonly limit: number };

/** All directories at once; one that doesn't answer is named and passed over. */
async function search<Item>(
  { elsewhere }: PickersParts,
  people: PeopleParts,
  { q, directory, limit }: Query,
  ask: {
    local(q: string, limit: number): Promise<readonly Item[]>;
    elsewhere(directory: SearchedDirectory, q: string, limit: number): Promise<readonly Item[]>;
  },
): Promise<{ items: Item[]; unavailable: string[] }> {
  const unavailable: string[] = [];
  const others = elsewhere();
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

/** Undefined for whoever belongs to another subscription. */
async function ownUser(people: PeopleParts, user: DirectoryUser): Promise<DirectoryUser | undefined> {
  return (await people.belongs(user, people.subscription)) ? user : undefined;
}

const listedAs = (mode: 'enabled' | 'exempt' | undefined) => (mode === undefined ? {} : { listed: mode });
