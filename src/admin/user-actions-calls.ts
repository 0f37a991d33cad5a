import type { z } from 'zod';
import { forgetDevicesOf, mayActOn, resetUsers, type Throttle, unlockUser } from '../access/index.ts';
import {
  confirmedActions,
  deleteAccount,
  disableAccount,
  enableAccount,
  forgetGoneAccount,
  issueBypass,
  issueTicket,
  localDirectory,
  type PeopleParts,
  previewUsers,
  type Subject,
  type UserAction,
  withdrawBypass,
} from '../accounts/index.ts';
import { GatewayError, type ProblemCode } from '../errors.ts';
import type { Store } from '../storage/index.ts';
import { type AdminCall, type AdminInput, adminCall } from './admin-call.ts';
import type { Permission } from './authorise.ts';
import { describePreview } from './describe-preview.ts';
import {
  confirmed,
  forEach,
  keyIn,
  momentOf,
  type PeopleCallParts,
  personOf,
  requireMayChange,
} from './people.ts';
import { previewAnswer } from './people-shapes.ts';
import {
  bypassAnswer,
  bypassBody,
  previewUsersBody,
  resetUsersBody,
  type UsersActionAnswer,
  usersActionAnswer,
  usersActionBody,
} from './users-shapes.ts';

export type UserActionsParts = PeopleCallParts & {
  readonly throttle: Pick<Throttle, 'unlock'>;
  readonly store: Pick<Store, 'put' | 'delete'>;
};

type Done = UsersActionAnswer['done'][number];
type ManyUsers = { readonly users: readonly string[]; readonly confirm?: number | undefined };

const minute = 60_000;
const problemsOfAll: readonly ProblemCode[] = [
  'invalid-request',
  'confirmation-required',
  'unknown-user',
  'not-allowed',
  'directory-unavailable',
];

/** What is done to one user or to many: reset, unlock, tickets, bypass codes, devices, and local accounts as a whole. */
export function userActionsCalls(parts: UserActionsParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'post',
      path: 'api/v1/admin/users/preview',
      summary:
        'Says what an action on users would take from them, and for whom it would be refused; does nothing.',
      may: 'see',
      scope: 'subscription',
      body: previewUsersBody,
      fresh: false,
      answer: { status: 200, schema: previewAnswer },
      problems: ['invalid-request', 'directory-unavailable'],
      async handle({ subscription, caller, body, language }) {
        const may = async (user: string) => mayActOn(caller, await parts.grantsOf(user));
        const preview = await previewUsers(
          parts.people(subscription),
          body.action,
          [...new Set(body.users)],
          may,
        );
        return { body: describePreview(preview, { ...parts, language }) };
      },
    }),
    action(parts, {
      path: 'reset',
      summary: 'Empties what users have enrolled: their next sign-in enrols afresh. Their sessions end.',
      may: 'help',
      body: resetUsersBody,
      problems: [],
      work: async (people, { id }, { caller, body }) => {
        const [done] = await resetUsers({ ...people, throttle: parts.throttle }, [id], caller.actor, {
          ticket: body.ticket,
        });
        if (done === undefined) throw new GatewayError('internal');
        return { changed: true, ...(done.ticket === undefined ? {} : { ticket: done.ticket }) };
      },
    }),
    action(parts, {
      path: 'unlock',
      summary: 'Lifts what wrong codes and passwords have locked; nothing else changes.',
      may: 'help',
      body: usersActionBody,
      problems: [],
      work: async (people, { id, name, state }, { caller }) => {
        // What is counted is counted everywhere: somebody who belongs elsewhere by now is not ours to unlock.
        if (state === 'gone') throw new GatewayError('unknown-user');
        const throttled = { ...people, throttle: parts.throttle };
        return { changed: await unlockUser(throttled, { key: id, name }, caller.actor) };
      },
    }),
    action(parts, {
      path: 'ticket',
      summary: 'Makes one-time tickets with which users who have nothing enrolled may enrol.',
      may: 'help',
      body: usersActionBody,
      problems: ['already-enrolled'],
      work: async (people, { id }, { caller }) => ({
        changed: true,
        ticket: await issueTicket(people, id, caller.actor),
      }),
    }),
    action(parts, {
      path: 'forget-devices',
      summary: 'Makes strangers of the browsers that users are known by.',
      may: 'help',
      body: usersActionBody,
      problems: [],
      work: async (people, { id, name }, { caller }) => {
        await forgetDevicesOf(people, { key: id, name }, caller.actor);
        return { changed: true };
      },
    }),
    action(parts, {
      path: 'disable',
      summary: 'Switches local accounts off; their sessions end, and everything they have is kept.',
      may: 'administer',
      body: usersActionBody,
      problems: ['not-local', 'last-owner', 'conflict'],
      work: async (people, subject, { caller }) => {
        const { id, user } = requireLocal(subject);
        if (user?.disabled === true) return { changed: false };
        await disableAccount(people, id, caller.actor);
        return { changed: true };
      },
    }),
    action(parts, {
      path: 'enable',
      summary: 'Switches local accounts on again.',
      may: 'administer',
      body: usersActionBody,
      problems: ['not-local'],
      work: async (people, subject, { caller }) => {
        const { id, user } = requireLocal(subject);
        if (user?.disabled === false) return { changed: false };
        await enableAccount(people, id, caller.actor);
        return { changed: true };
      },
    }),
    action(parts, {
      path: 'remove',
      summary:
        'Deletes local accounts, and what is left of users whom their directory has no more. It cannot be undone.',
      may: 'administer',
      body: usersActionBody,
      problems: ['not-local', 'last-owner', 'conflict'],
      work: async (people, subject, { caller }) => {
        const { id, name, state, directory } = subject;
        if (directory !== localDirectory && state === 'gone') {
          await forgetGoneAccount(people, { key: id, name }, caller.actor);
        } else await deleteAccount(people, requireLocal(subject).id, caller.actor);
        return { changed: true };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/users/:user/bypass',
      summary: 'Makes a code that stands in for the second factor of a user once; it voids the one before.',
      may: 'help',
      scope: 'subscription',
      body: bypassBody,
      answer: { status: 200, schema: bypassAnswer },
      problems: [
        'invalid-request',
        'unknown-user',
        'account-disabled',
        'not-allowed',
        'nothing-enrolled',
        'directory-unavailable',
      ],
      async handle({ subscription, caller, params, body }) {
        const people = parts.people(subscription);
        const user = keyIn(params);
        await requireMayChange(parts, caller, user);
        const wish = { lifetime: body.minutes * minute, reason: body.reason, forAdministrators: true };
        const issued = await issueBypass({ ...people, store: parts.store }, user, wish, caller.actor);
        return { body: { code: issued.code, until: momentOf(issued.until) } };
      },
    }),
    adminCall({
      method: 'delete',
      path: 'api/v1/admin/users/:user/bypass',
      summary: "Voids a user's bypass code; nothing happens where there is none.",
      may: 'help',
      scope: 'subscription',
      answer: { status: 204 },
      problems: ['unknown-user', 'not-allowed', 'directory-unavailable'],
      async handle({ subscription, caller, params }) {
        const people = parts.people(subscription);
        const { id } = await personOf(people, keyIn(params));
        await requireMayChange(parts, caller, id);
        await withdrawBypass({ ...people, store: parts.store }, id, caller.actor);
        return {};
      },
    }),
  ];
}

/** One action on one user after the other; where it takes something, more than ten ask for their number. */
function action<Wish extends ManyUsers>(
  parts: UserActionsParts,
  call: {
    path: UserAction;
    summary: string;
    may: Permission;
    body: z.ZodType<Wish>;
    problems: readonly ProblemCode[];
    work(
      people: PeopleParts,
      subject: Subject,
      input: Pick<AdminInput<unknown, Wish>, 'caller' | 'body'>,
    ): Promise<Omit<Done, 'user' | 'name'>>;
  },
): AdminCall {
  return adminCall({
    method: 'post',
    path: `api/v1/admin/users/${call.path}`,
    summary: call.summary,
    may: call.may,
    scope: 'subscription',
    body: call.body,
    answer: { status: 200, schema: usersActionAnswer },
    problems: [...problemsOfAll, ...call.problems],
    async handle({ subscription, caller, language, body: wish }) {
      const people = parts.people(subscription);
      const { users, confirm } = wish;
      const one = async (key: string): Promise<Done> => {
        const subject = await personOf(people, key);
        await requireMayChange(parts, caller, key);
        const done = await call.work(people, subject, { caller, body: wish });
        return { user: key, name: subject.name, ...done };
      };
      const nameOf = async (key: string) => (await personOf(people, key).catch(() => undefined))?.name ?? key;
      const body: UsersActionAnswer = await forEach(
        confirmedActions.includes(call.path) ? confirmed(users, confirm) : [...new Set(users)],
        { ...parts, language },
        one,
        nameOf,
      );
      return { body };
    },
  });
}

function requireLocal(subject: Subject): Subject {
  if (subject.directory !== localDirectory) throw new GatewayError('not-local');
  // Kept here and gone from here, or another subscription's.
  if (subject.state !== 'known') throw new GatewayError('unknown-user');
  return subject;
}
