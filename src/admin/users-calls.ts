import { mayActOn } from '../access/index.ts';
import {
  changeMembership,
  createGroup,
  editAccount,
  type LocalGroups,
  listStates,
  localDirectory,
  type PeopleParts,
} from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { LocalDirectory } from '../first-factors/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { type Sealer, versionTag } from '../storage/index.ts';
import { type AdminCall, type AdminInput, adminCall } from './admin-call.ts';
import { describeRow, describeUser } from './describe-user.ts';
import { keyIn, type PeopleCallParts, personOf, requireMayChange, requireStays, userNow } from './people.ts';
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
  readonly local: Pick<LocalDirectory, 'create' | 'setPassword'>;
  readonly groups: LocalGroups;
};

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
        const page = await listStates(people, { q, directory, state })({ limit, after });
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
        requireStays(parts, input.caller, input.subscription, { name: wish.name, groups: groups ?? [] });
        const created = await parts.local.create(wish, input.caller.actor, people.audit);
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
        const { key, groups } = await localUser(people, keyIn(params));
        await requireMayChange(parts, caller, key);
        if (body.name !== undefined) requireStays(parts, caller, subscription, { name: body.name, groups });
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
    mayActOn(caller, await parts.grantsOf(key));
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
