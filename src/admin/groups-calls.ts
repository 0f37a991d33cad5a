import {
  changeMembership,
  createGroup,
  type DirectoryUser,
  deleteGroup,
  directoryOf,
  type EnabledEntry,
  filterPages,
  foldName,
  joinPages,
  type LocalGroup,
  type LocalGroups,
  listEntries,
  localDirectory,
  type Pages,
  type PeopleParts,
  subjectOfGroup,
} from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { describeOwnEntry } from './describe-user.ts';
import {
  changedMembersAnswer,
  changeMembersBody,
  type GroupAnswer,
  type GroupRow,
  groupAnswer,
  groupsAnswer,
  groupsQuery,
  membersAnswer,
  membersQuery,
  newGroupBody,
} from './groups-shapes.ts';
import {
  forEach,
  momentOf,
  type PeopleCallParts,
  requireMayChange,
  requireStays,
  userNow,
} from './people.ts';

export type GroupsParts = PeopleCallParts & {
  readonly groups: LocalGroups;
  /** Whether a directory has a group of this name. Rejects with `directory-unavailable`. */
  groupExists(directory: string, name: string): Promise<boolean>;
  /** Ids of all subscriptions: local groups are everybody's. */
  subscriptions(): readonly string[];
};

/** Members counted at most. */
const mostCounted = 1_000;
const mostLookedAt = 2_000;

/** Groups: the local ones with their members, and those of other directories that are on the list. */
export function groupsCalls(parts: GroupsParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/groups',
      summary: 'Local groups by name, then those of other directories that are on the list.',
      may: 'see',
      scope: 'subscription',
      query: groupsQuery,
      answer: { status: 200, schema: groupsAnswer },
      problems: ['invalid-request'],
      async handle({ subscription, query: { limit, after, q, directory } }) {
        const people = parts.people(subscription);
        const lists: Pages<GroupRow>[] = [];
        if (directory === undefined || directory === localDirectory)
          lists.push(localGroups(parts, people, q));
        if (directory !== localDirectory) lists.push(otherGroups(people, q, directory));
        return { body: await joinPages(lists)({ limit, after }) };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/groups',
      summary: 'Makes a local group.',
      may: 'administer',
      scope: 'subscription',
      body: newGroupBody,
      answer: { status: 201, schema: groupAnswer },
      problems: ['invalid-request', 'name-taken'],
      async handle({ subscription, caller, body }) {
        const people = parts.people(subscription);
        const group = await createGroup({ ...people, groups: parts.groups }, body.name, caller.actor);
        return { status: 201, body: await answerOf(people, await localRow(people, group)) };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/groups/:group',
      summary: 'One group, named as `directory:name`.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: groupAnswer },
      problems: ['not-found', 'directory-unavailable'],
      async handle({ subscription, params }) {
        const people = parts.people(subscription);
        return { body: await answerOf(people, await groupOf(parts, people, params.group ?? '')) };
      },
    }),
    adminCall({
      method: 'delete',
      path: 'api/v1/admin/groups/:group',
      summary: 'Deletes a local group that is not on the list; its members stay what they are otherwise.',
      may: 'administer',
      scope: 'subscription',
      answer: { status: 204 },
      problems: ['not-found', 'not-local', 'group-listed'],
      async handle({ subscription, caller, params }) {
        const people = parts.people(subscription);
        const { name } = await localGroup(parts, params.group ?? '');
        // Its members may be others', or belong to others then.
        requireStays(parts, caller, subscription, { name: '', groups: [name] });
        for (const each of parts.subscriptions()) {
          const entry = await people.list.get(each, subjectOfGroup(localDirectory, name));
          if (entry !== undefined) throw new GatewayError('group-listed');
        }
        await deleteGroup({ ...people, groups: parts.groups }, name, caller.actor);
        return {};
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/groups/:group/members',
      summary: 'The members of a local group, in no useful order.',
      may: 'see',
      scope: 'subscription',
      query: membersQuery,
      answer: { status: 200, schema: membersAnswer },
      problems: ['invalid-request', 'not-found', 'not-local'],
      async handle({ subscription, params, query }) {
        const people = parts.people(subscription);
        const { name } = await localGroup(parts, params.group ?? '');
        const page = await membersOf(people, name)(query);
        const items = page.items.map((user) => ({
          ...{ key: user.key, name: user.name, displayName: user.displayName, disabled: user.disabled },
        }));
        return { body: { ...page, items } };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/groups/:group/members',
      summary: 'Puts local users into a local group, and takes others out of it.',
      may: 'administer',
      scope: 'subscription',
      body: changeMembersBody,
      answer: { status: 200, schema: changedMembersAnswer },
      problems: ['invalid-request', 'not-found', 'not-local', 'unknown-user', 'not-allowed'],
      async handle({ subscription, caller, params, body, language }) {
        const people = parts.people(subscription);
        const group = await localGroup(parts, params.group ?? '');
        const one = (member: boolean) => async (key: string) => {
          const before = await userNow(people, key);
          if (before.directory !== localDirectory) throw new GatewayError('not-local');
          await requireMayChange(parts, caller, key);
          const groups = [...without(before.groups, [group.name]), ...(member ? [group.name] : [])];
          requireStays(parts, caller, subscription, { name: before.name, groups });
          const after = await changeMembership(people, key, group.name, member, caller.actor);
          return { user: key, name: after.name, member, ...(await difference(people, before, after)) };
        };
        const nameOf = async (key: string) =>
          (await people.findUser(key).catch(() => undefined))?.name ?? key;
        const told = { ...parts, language };
        const removed = await forEach(without(body.remove, body.add), told, one(false), nameOf);
        const added = await forEach([...new Set(body.add)], told, one(true), nameOf);
        return {
          body: { done: [...added.done, ...removed.done], failed: [...added.failed, ...removed.failed] },
        };
      },
    }),
  ];
}

const without = (keys: readonly string[], others: readonly string[]): string[] =>
  [...new Set(keys)].filter((key) => !others.includes(key));

/** Whether two factors are asked of them now, where the group made the difference. */
async function difference(
  { obligations, subscription, isAdministrator }: PeopleParts,
  before: DirectoryUser,
  after: DirectoryUser,
): Promise<{ required?: boolean }> {
  const administrator = await isAdministrator(after.key);
  const [was, is] = await Promise.all(
    [before, after].map((user) => obligations.of(subscription, user, administrator)),
  );
  return is === undefined || was?.required === is.required ? {} : { required: is.required };
}

function membersOf({ users, belongs, subscription }: PeopleParts, group: string): Pages<DirectoryUser> {
  return filterPages(
    ({ after, limit }) => users.members(group, { limit, ...(after === undefined ? {} : { after }) }),
    async (items) => {
      const here = await Promise.all(items.map((user) => belongs(user, subscription)));
      return items.filter((_, index) => here[index]);
    },
    mostLookedAt,
  );
}

function localGroups({ groups }: GroupsParts, people: PeopleParts, q: string | undefined): Pages<GroupRow> {
  return async ({ after, limit }) => {
    const page = await groups.list({
      limit,
      ...(q === undefined ? {} : { prefix: q }),
      ...(after === undefined ? {} : { after }),
    });
    return { ...page, items: await Promise.all(page.items.map((group) => localRow(people, group))) };
  };
}

function otherGroups(
  people: PeopleParts,
  q: string | undefined,
  directory: string | undefined,
): Pages<GroupRow> {
  const beginning = foldName(q ?? '');
  return filterPages(
    listEntries(people, { kind: 'group' }),
    async (entries) =>
      entries
        .map((entry) => rowOf(entry.subject.slice('group:'.length), entry))
        .filter(
          (row) =>
            !row.local &&
            (directory === undefined || row.directory === directory) &&
            foldName(row.name).startsWith(beginning),
        ),
    mostLookedAt,
  );
}

/** Also one that the directory has no more, as long as it is on the list. */
async function groupOf(parts: GroupsParts, people: PeopleParts, key: string): Promise<GroupRow> {
  const directory = directoryOf(key);
  const name = key.slice(directory.length + 1);
  if (directory === localDirectory) return localRow(people, await localGroup(parts, key));
  if (/[/\p{Cc}]/u.test(key)) throw new GatewayError('not-found');
  const entry = await people.list.get(people.subscription, subjectOfGroup(directory, name));
  if (entry === undefined && (name === '' || !(await parts.groupExists(directory, name)))) {
    throw new GatewayError('not-found');
  }
  return rowOf(key, entry);
}

async function localGroup({ groups }: GroupsParts, key: string): Promise<LocalGroup> {
  const prefix = `${localDirectory}:`;
  if (!key.startsWith(prefix)) throw new GatewayError('not-local');
  if (/\p{Cc}/u.test(key)) throw new GatewayError('not-found');
  const group = await groups.find(key.slice(prefix.length, 300));
  if (group === undefined) throw new GatewayError('not-found');
  return group;
}

async function localRow({ list, subscription }: PeopleParts, group: LocalGroup): Promise<GroupRow> {
  const entry = await list.get(subscription, subjectOfGroup(localDirectory, group.name));
  return { ...rowOf(`${localDirectory}:${group.name}`, entry), createdAt: momentOf(group.createdAt) };
}

function rowOf(key: string, entry: EnabledEntry | undefined): GroupRow {
  const directory = directoryOf(key);
  const name = key.slice(directory.length + 1);
  return {
    ...{ key, subject: subjectOfGroup(directory, name), directory, name },
    local: directory === localDirectory,
    ...(entry === undefined ? {} : { entry: describeOwnEntry(entry) }),
  };
}

async function answerOf(people: PeopleParts, row: GroupRow): Promise<GroupAnswer> {
  if (!row.local) return row;
  let members = 0;
  let after: string | undefined;
  do {
    const page = await membersOf(people, row.name)({ limit: 200, after });
    members += page.items.length;
    after = page.next;
  } while (after !== undefined && members < mostCounted);
  return { ...row, members, moreMembers: after !== undefined };
}
