import { mayActOn, type Throttle } from '../access/index.ts';
import {
  changeMembership,
  createGroup,
  editAccount,
  filterPages,
  joinPages,
  type ListedUser,
  type LocalGroups,
  listUsers,
  localDirectory,
  type Pages,
  type PeopleParts,
  statesOf,
  subjectOfUser,
  type UserState,
} from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { LocalDirectory } from '../first-factors/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { type Sealer, versionTag } from '../storage/index.ts';
import { type AdminCall, type AdminInput, adminCall } from './admin-call.ts';
import { describeRow, describeUser } from './describe-user.ts';
import { keyIn, type PeopleCallParts, personOf, requireMayChange, userNow } from './people.ts';
import {
  changeUserBody,
  newUserBody,
  setPasswordBody,
  type UserAnswer,
  userAnswer,
  usersAnswer,
  usersQuery,
} from './users-shapes.ts';

export type UsersParts = PeopleCallParts & {
  readonly sealer: Pick<Sealer, 'open'>;
  readonly sessions: Pick<Sessions, 'listOf' | 'stateOf' | 'endsAt'>;
  readonly throttle: Pick<Throttle, 'counted'>;
  /** Keys of everybody who administers something of a subscription. */
  administrators(subscription: string): Promise<readonly string[]>;
  readonly local: Pick<LocalDirectory, 'create' | 'setPassword'>;
  readonly groups: LocalGroups;
};

type State = NonNullable<ReturnType<typeof usersQuery.parse>['state']>;

/** How many users of a kind that has no list of its own are looked at for one page. */
const mostLookedAt = 2_000;

/** Users of all directories: pages of them, each in detail, and the local accounts. */
export function usersCalls(parts: UsersParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/users',
      summary:
        'Local users, and those of other directories whom the gateway has met; a directory behind the other, by name.',
      may: 'see',
      scope: 'subscription',
      query: usersQuery,
      answer: { status: 200, schema: usersAnswer },
      problems: ['invalid-request'],
      async handle({ subscription, query }) {
        const people = parts.people(subscription);
        const { limit, after, q, directory, state } = query;
        const page = await pagesOf(parts, people, { q, directory, state })({ limit, after });
        return { body: { ...page, items: page.items.map(describeRow) } };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/users',
      summary: 'Makes a local account, and the groups that it names where there are none.',
      may: 'administer',
      scope: 'subscription',
      body: newUserBody,
      answer: { status: 201, schema: userAnswer },
      problems: [
        'invalid-request',
        'name-taken',
        'password-too-weak',
        'invalid-phone-number',
        'invalid-address',
      ],
      async handle(input) {
        const people = parts.people(input.subscription);
        const { groups, ...wish } = input.body;
        const created = await parts.local.create(wish, input.caller.actor);
        for (const group of new Set(groups)) {
          const found =
            (await parts.groups.find(group)) ??
            (await createGroup({ ...people, groups: parts.groups }, group, input.caller.actor));
          await changeMembership(people, created.key, found.name, true, input.caller.actor);
        }
        return { ...(await answerOf(parts, input, created.key)), status: 201 };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/users/:user',
      summary: 'Everything that may be known of one user, and no secret; their directory is asked.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: userAnswer },
      problems: ['unknown-user', 'directory-unavailable'],
      handle: async (input) => answerOf(parts, input, keyIn(input.params)),
    }),
    adminCall({
      method: 'patch',
      path: 'api/v1/admin/users/:user',
      summary: 'Changes name and details of a local account: all of what is given, or nothing.',
      may: 'administer',
      scope: 'subscription',
      body: changeUserBody,
      conditional: true,
      answer: { status: 200, schema: userAnswer },
      problems: [
        'invalid-request',
        'unknown-user',
        'not-local',
        'not-allowed',
        'name-taken',
        'invalid-phone-number',
        'invalid-address',
        'changed-meanwhile',
      ],
      async handle(input) {
        const { caller, subscription, params, body, ifMatch } = input;
        const people = parts.people(subscription);
        const { key } = await localUser(people, keyIn(params));
        await requireMayChange(parts, caller, key);
        await editAccount(people, key, body, caller.actor, ifMatch);
        return answerOf(parts, input, key);
      },
    }),
    adminCall({
      method: 'put',
      path: 'api/v1/admin/users/:user/password',
      summary: 'Sets the password of a local account; its sessions end, and its known devices are forgotten.',
      may: 'administer',
      scope: 'subscription',
      body: setPasswordBody,
      answer: { status: 204 },
      problems: ['unknown-user', 'not-local', 'not-allowed', 'password-too-weak'],
      async handle({ caller, subscription, params, body }) {
        const people = parts.people(subscription);
        const { key, name } = await localUser(people, keyIn(params));
        await requireMayChange(parts, caller, key);
        const { password, mustChange } = body;
        await parts.local.setPassword(key, password, { mustChange });
        const owner = { subscription, user: key };
        await people.forgetDevices(owner);
        await people.sessions.revokeAll(owner, { reason: 'password-changed', actor: caller.actor });
        people.audit.record({ type: 'password.changed', user: key, name, actor: caller.actor });
        return {};
      },
    }),
  ];
}

async function answerOf(
  parts: UsersParts,
  { caller, subscription }: Pick<AdminInput<unknown, unknown>, 'caller' | 'subscription'>,
  key: string,
): Promise<{ body: UserAnswer; etag?: string }> {
  const people = parts.people(subscription);
  // Before it is read: whoever changes it in between is noticed.
  const version = await people.users.versionOf(key);
  const subject = await personOf(people, key);
  const changeable =
    (caller.role === 'owner' || caller.role === 'administrator') &&
    mayActOn(caller.role, await parts.roleAnywhere(key));
  const { sealer, sessions } = parts;
  const undoUntil = (wanted: string) => people.archive.until(subscription, wanted);
  const body = await describeUser({ people, sealer, sessions, undoUntil }, subject, changeable);
  return { body, ...(version === undefined ? {} : { etag: versionTag(version) }) };
}

async function localUser(people: PeopleParts, key: string) {
  const user = await userNow(people, key);
  if (user.directory !== localDirectory) throw new GatewayError('not-local');
  return user;
}

type Wanted = { q: string | undefined; directory: string | undefined; state: State | undefined };

/** Where those of a state are fewer than all, their own list is gone through and not everybody. */
function pagesOf(parts: UsersParts, people: PeopleParts, { q, directory, state }: Wanted): Pages<UserState> {
  const everybody = listUsers(people, { q, directory });
  if (state === undefined) return describing(people, everybody);
  const searched = q !== undefined && q.trim() !== '';
  const some = searched ? everybody : (shorterList(parts, people, state) ?? everybody);
  const fits = async (items: readonly ListedUser[]): Promise<UserState[]> => {
    const here = items.filter(({ user }) => directory === undefined || user.directory === directory);
    return (await statesOf(people, here)).filter((each) => isIn(each, state, people.clock.now()));
  };
  return filterPages(some, fits, mostLookedAt);
}

const describing =
  (people: PeopleParts, list: Pages<ListedUser>): Pages<UserState> =>
  async (query) => {
    const page = await list(query);
    return { ...page, items: await statesOf(people, page.items) };
  };

function shorterList(
  { throttle, administrators }: UsersParts,
  people: PeopleParts,
  state: State,
): Pages<ListedUser> | undefined {
  const { factors, list, subscription } = people;
  const keys = (pages: Pages<string>): Pages<ListedUser> =>
    filterPages(pages, (some) => met(people, some), mostLookedAt);
  switch (state) {
    case 'enrolled':
      return keys((query) => factors.list(subscription, query));
    case 'locked':
      return joinPages([
        keys((query) => throttle.counted('codes', query)),
        keys((query) => throttle.counted('password', query)),
      ]);
    case 'exempt':
      return keys(async ({ after, limit }) => {
        const query = { prefix: subjectOfUser(''), exempt: true, limit } as const;
        const page = await list.list(subscription, { ...query, ...(after === undefined ? {} : { after }) });
        return { ...page, items: page.items.map(({ subject }) => subject.slice(subjectOfUser('').length)) };
      });
    case 'administrators':
      return keys(async () => ({ items: await administrators(subscription) }));
    default:
      return undefined;
  }
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
  state: State,
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
