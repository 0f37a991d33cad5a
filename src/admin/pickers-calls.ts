import {
  type LocalGroups,
  localDirectory,
  type SearchedDirectory,
  searchGroups,
  searchUsers,
  subjectOfUser,
} from '../accounts/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import type { Caller } from './authorise.ts';
import type { PeopleCallParts } from './people.ts';
import { directoriesAnswer, pickedGroupsAnswer, pickedUsersAnswer, pickersQuery } from './users-shapes.ts';

export type PickersParts = Pick<PeopleCallParts, 'people'> & {
  readonly groups: Pick<LocalGroups, 'list'>;
  /** All but the local one. */
  elsewhere(): readonly SearchedDirectory[];
  /** Whether people of a directory can belong to a subscription. */
  canHold(subscription: string, directory: string): boolean;
};

/** Search as you type over the users and groups of all directories, to pick some of them. */
export function pickersCalls(parts: PickersParts): readonly AdminCall[] {
  /** What others have is nothing that administrators of one subscription should see. */
  const concerns =
    ({ grants }: Caller, subscription: string) =>
    (directory: string): boolean =>
      directory === localDirectory ||
      grants.some((grant) => grant.subscription === undefined) ||
      parts.canHold(subscription, directory);
  const searching = (caller: Caller, subscription: string) => ({
    people: parts.people(subscription),
    groups: parts.groups,
    elsewhere: parts.elsewhere().filter(({ directory }) => concerns(caller, subscription)(directory)),
  });
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
      async handle({ caller, subscription, query }) {
        const search = searching(caller, subscription);
        const { items, unavailable } = await searchUsers(search, query);
        const entries = await search.people.list.many(
          subscription,
          items.map(({ key }) => subjectOfUser(key)),
        );
        const picked = items.map(({ key, directory, name, displayName, email, disabled }, index) => ({
          ...{ key, directory, name, displayName, disabled },
          ...(email === undefined ? {} : { email }),
          ...listedAs(entries[index]?.mode),
        }));
        return { body: { items: picked, unavailable } };
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
      async handle({ caller, subscription, query }) {
        const search = searching(caller, subscription);
        const { items, unavailable } = await searchGroups(search, query);
        const entries = await search.people.list.many(
          subscription,
          items.map(({ subject }) => subject),
        );
        const picked = items.map((item, index) => ({ ...item, ...listedAs(entries[index]?.mode) }));
        return { body: { items: picked, unavailable } };
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
      async handle({ caller, subscription }) {
        const names = parts.people(subscription).directories().filter(concerns(caller, subscription));
        return { body: { items: names.map((name) => ({ name, local: name === localDirectory })) } };
      },
    }),
  ];
}

const listedAs = (mode: 'enabled' | 'exempt' | undefined) => (mode === undefined ? {} : { listed: mode });
