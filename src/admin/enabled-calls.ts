import { mayActOn } from '../access/index.ts';
import {
  confirmTakingOff,
  type EnabledEntry,
  type EnableWish,
  enable,
  exempt,
  isSubject,
  knownSubjectsOf,
  listEntries,
  type PeopleParts,
  previewEntries,
  type Subject,
  subjectsOf,
  takeOffList,
  undoTakeOff,
  Warnings,
  warnOfEntry,
} from '../accounts/index.ts';
import { addressHint, phoneHint } from '../delivery/index.ts';
import { GatewayError } from '../errors.ts';
import { versionTag } from '../storage/index.ts';
import { type AdminCall, type AdminInput, adminCall } from './admin-call.ts';
import type { Caller } from './authorise.ts';
import { describePreview } from './describe-preview.ts';
import { describeOwnEntry } from './describe-user.ts';
import {
  type AddEntriesBody,
  addEntriesBody,
  addedEntriesAnswer,
  type ChangeEntryBody,
  changeEntryBody,
  type EntryAnswer,
  type EntryRow,
  enabledAnswer,
  enabledQuery,
  entryAnswer,
  previewEntriesBody,
  removedAnswer,
  removedEntriesAnswer,
  removedQuery,
  removeEntriesBody,
  undoEntriesBody,
  undoneEntriesAnswer,
} from './enabled-shapes.ts';
import {
  describeWarning,
  forEach,
  momentOf,
  type PeopleCallParts,
  requireMayChange,
  userNow,
} from './people.ts';
import { previewAnswer } from './people-shapes.ts';

export type EnabledParts = PeopleCallParts & {
  /** Whether a directory has a group of this name. Rejects with `directory-unavailable`. */
  groupExists(directory: string, name: string): Promise<boolean>;
};

/** Seven days, in milliseconds: as long as a removal can be undone. */
const undoable = 7 * 86_400_000;
const changeProblems = [
  'invalid-request',
  'invalid-phone-number',
  'invalid-address',
  'unknown-user',
  'not-found',
  'not-allowed',
  'directory-unavailable',
  'licence-exhausted',
  'licence-expired',
] as const;

/** The list of users and groups of whom two factors are asked, and the exemptions on it. */
export function enabledCalls(parts: EnabledParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/enabled',
      summary: 'Who is on the list of whom two factors are asked, and who is exempt, why and until when.',
      may: 'see',
      scope: 'subscription',
      query: enabledQuery,
      answer: { status: 200, schema: enabledAnswer },
      problems: ['invalid-request'],
      async handle({ subscription, query }) {
        const people = parts.people(subscription);
        const { limit, after, ...wanted } = query;
        const page = await listEntries(people, wanted)({ limit, after });
        const subjects = await knownSubjectsOf(
          people,
          page.items.map(({ subject }) => subject),
        );
        return {
          body: {
            ...page,
            items: zip(page.items, subjects).map(([entry, who]) => rowOf(people, entry, who)),
          },
        };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/enabled/:subject',
      summary: 'One entry of the list, and why it has less effect than one may expect.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: entryAnswer },
      problems: ['invalid-request', 'not-found'],
      handle: (input) => entryOf(parts, input, input.params.subject ?? ''),
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/enabled',
      summary: 'Puts users, groups or everyone on the list, or exempts them from it.',
      may: 'administer',
      scope: 'subscription',
      body: addEntriesBody,
      answer: { status: 200, schema: addedEntriesAnswer },
      problems: changeProblems,
      async handle({ subscription, caller, body, language }) {
        const people = parts.people(subscription);
        const subjects = [...new Set(body.subjects)];
        const warnings = new Warnings();
        const one = async (subject: string): Promise<EntryRow> => {
          const who = await known(parts, people, caller, subject);
          const entry = await write(people, subject, body, caller);
          await warnOf(people, warnings, who, entry);
          return rowOf(people, entry, who);
        };
        if (subjects.length > 1 && body.mode === 'enabled' && (body.phone || body.email)) {
          throw new GatewayError('invalid-request');
        }
        const { done, failed } = await forEach(subjects, { ...parts, language }, one, nameIn(people));
        return { body: { done, failed, warnings: warnings.all.map(describeWarning) } };
      },
    }),
    adminCall({
      method: 'put',
      path: 'api/v1/admin/enabled/:subject',
      summary: 'Changes an entry of the list: enabled or exempt, by which method, and where codes go.',
      may: 'administer',
      scope: 'subscription',
      body: changeEntryBody,
      conditional: true,
      answer: { status: 200, schema: entryAnswer },
      problems: [...changeProblems, 'changed-meanwhile'],
      async handle(input) {
        const { subscription, caller, params, body, ifMatch } = input;
        const people = parts.people(subscription);
        const subject = params.subject ?? '';
        if (!isSubject(subject)) throw new GatewayError('invalid-request');
        await known(parts, people, caller, subject, { listed: true });
        await write(people, subject, body, caller, ifMatch);
        return entryOf(parts, input, subject);
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/enabled/preview',
      summary:
        'Says what a change of the list would take from whom, and where it has no effect; does nothing.',
      may: 'see',
      scope: 'subscription',
      body: previewEntriesBody,
      fresh: false,
      answer: { status: 200, schema: previewAnswer },
      problems: ['invalid-request'],
      async handle({ subscription, caller, body, language }) {
        const people = parts.people(subscription);
        const may = async (user: string) => mayActOn(caller, await parts.grantsOf(user));
        const preview = await previewEntries(people, body.change, [...new Set(body.subjects)], may);
        const answer = describePreview(preview, { ...parts, language });
        const undoUntil = momentOf(people.clock.now() + undoable);
        return { body: body.change === 'remove' ? { ...answer, undoUntil } : answer };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/enabled/remove',
      summary: 'Takes subjects off the list; what users lose by that is kept for seven days.',
      may: 'administer',
      scope: 'subscription',
      body: removeEntriesBody,
      answer: { status: 200, schema: removedEntriesAnswer },
      problems: ['invalid-request', 'confirmation-required', 'not-found', 'not-allowed'],
      async handle({ subscription, caller, body, language }) {
        const people = parts.people(subscription);
        const subjects = [...new Set(body.subjects)];
        const single = subjects.length === 1;
        if (!single) await confirmTakingOff(people, subjects, body.confirm);
        const one = async (subject: string) => {
          if (subject.startsWith('user:'))
            await requireMayChange(parts, caller, subject.slice('user:'.length));
          const name = await nameIn(people)(subject);
          const options = single ? { confirm: body.confirm } : ({ confirmed: true } as const);
          const left = await takeOffList(people, subject, caller.actor, options);
          return { subject, name, left: left.length };
        };
        const { done, failed } = await forEach(subjects, { ...parts, language }, one, nameIn(people));
        return { body: { done, failed, undoUntil: momentOf(people.clock.now() + undoable) } };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/enabled/undo',
      summary:
        'Puts back on the list what left it within the last seven days, with what its users had enrolled.',
      may: 'administer',
      scope: 'subscription',
      body: undoEntriesBody,
      answer: { status: 200, schema: undoneEntriesAnswer },
      problems: ['invalid-request', 'not-found', 'not-allowed'],
      async handle({ subscription, caller, body, language }) {
        const people = parts.people(subscription);
        const one = async (subject: string) => {
          if (subject.startsWith('user:'))
            await requireMayChange(parts, caller, subject.slice('user:'.length));
          const restored = await undoTakeOff(people, subject, caller.actor);
          return { subject, name: await nameIn(people)(subject), restored: restored.length };
        };
        const subjects = [...new Set(body.subjects)];
        return { body: await forEach(subjects, { ...parts, language }, one, nameIn(people)) };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/enabled-removed',
      summary: 'What left the list and can be put back, and until when.',
      may: 'see',
      scope: 'subscription',
      query: removedQuery,
      answer: { status: 200, schema: removedAnswer },
      problems: ['invalid-request'],
      async handle({ subscription, query }) {
        const people = parts.people(subscription);
        const page = await people.archive.entries(subscription, query);
        const subjects = await knownSubjectsOf(
          people,
          page.items.map(({ entry }) => entry.subject),
        );
        const items = zip(page.items, subjects).map(([{ entry, until }, { kind, name }]) => ({
          ...{ subject: entry.subject, kind, name, mode: entry.mode },
          undoUntil: momentOf(until),
        }));
        return { body: { ...page, items } };
      },
    }),
  ];
}

/**
 * Who a subject is, if whoever calls may change something about it. `listed`: also one who is no more, as long as it
 * is on the list. Rejects with `unknown-user`, `not-found`, `not-allowed`, `directory-unavailable`.
 */
async function known(
  parts: EnabledParts,
  people: PeopleParts,
  caller: Caller,
  subject: string,
  { listed = false }: { listed?: boolean } = {},
): Promise<Subject> {
  const [who] = await subjectsOf(people, [subject]);
  if (who === undefined) throw new GatewayError('internal');
  if (who.kind === 'user') await requireMayChange(parts, caller, who.id);
  if (listed && (await people.list.get(people.subscription, subject)) !== undefined) return who;
  if (who.kind === 'user' && who.state !== 'known') await userNow(people, who.id);
  if (who.kind === 'group' && !(await parts.groupExists(who.directory ?? '', who.name))) {
    throw new GatewayError('not-found');
  }
  return who;
}

/** The wish without what it leaves out. */
function write(
  people: PeopleParts,
  subject: string,
  body: ChangeEntryBody | AddEntriesBody,
  { actor }: Caller,
  seen?: string,
): Promise<EnabledEntry> {
  if (body.mode === 'exempt') {
    return exempt(people, subject, actor, { reason: body.reason, until: Date.parse(body.until) }, seen);
  }
  const { method, phone, email } = body;
  const wish: EnableWish = {
    ...(method === undefined ? {} : { method }),
    ...(phone === undefined ? {} : { phone }),
    ...(email === undefined ? {} : { email }),
  };
  return enable(people, subject, actor, wish, seen);
}

async function warnOf(
  people: PeopleParts,
  warnings: Warnings,
  who: Subject,
  entry: EnabledEntry,
): Promise<void> {
  await warnOfEntry(people, warnings, who, entry.mode === 'exempt' ? 'exempt' : 'enable');
  const { method } = entry;
  if (method === undefined || entry.mode === 'exempt') return;
  const state = people.methodState(method);
  if (state !== 'usable') warnings.add(state, who.name, method);
  if (method === 'app' || who.user === undefined) return;
  const destinations = await people.list.destinations(people.subscription, who.user);
  if (destinations[method] === undefined) warnings.add('no-destination', who.name, method);
}

async function entryOf(
  parts: EnabledParts,
  { subscription, caller }: Pick<AdminInput<unknown, unknown>, 'subscription' | 'caller'>,
  subject: string,
): Promise<{ body: EntryAnswer; etag: string }> {
  const people = parts.people(subscription);
  if (!isSubject(subject)) throw new GatewayError('invalid-request');
  const { entry, version } = await people.list.read(subscription, subject);
  if (entry === undefined) throw new GatewayError('not-found');
  const [who] = await subjectsOf(people, [subject]);
  if (who === undefined) throw new GatewayError('internal');
  const warnings = new Warnings();
  await warnOf(people, warnings, who, entry);
  const mayChange =
    (caller.role === 'owner' || caller.role === 'administrator') &&
    (who.kind !== 'user' || mayActOn(caller, await parts.grantsOf(who.id)));
  const { sms, email } = mayChange ? people.list.open(subscription, entry) : {};
  return {
    body: {
      ...rowOf(people, entry, who),
      ...(sms === undefined ? {} : { phone: sms }),
      ...(email === undefined ? {} : { email }),
      warnings: warnings.all.map(describeWarning),
    },
    etag: versionTag(version === 'absent' ? undefined : version),
  };
}

function rowOf(people: PeopleParts, entry: EnabledEntry, who: Subject): EntryRow {
  const { kind, id, directory, name, displayName } = who;
  const { sms, email } = people.list.open(people.subscription, entry);
  return {
    subject: entry.subject,
    kind,
    ...(kind === 'user' ? { user: id } : {}),
    ...(directory === undefined ? {} : { directory }),
    name,
    ...(displayName === undefined ? {} : { displayName }),
    ...describeOwnEntry(entry),
    ...(sms === undefined ? {} : { phoneHint: phoneHint(sms) }),
    ...(email === undefined ? {} : { emailHint: addressHint(email) }),
    over: entry.mode === 'exempt' && (entry.until ?? 0) <= people.clock.now(),
  };
}

const nameIn =
  (people: PeopleParts) =>
  async (subject: string): Promise<string> => {
    const [who] = await knownSubjectsOf(people, [subject]);
    return who?.name ?? subject;
  };

const zip = <One, Other>(ones: readonly One[], others: readonly Other[]): [One, Other][] =>
  ones.flatMap((one, index) => {
    const other = others[index];
    return other === undefined ? [] : [[one, other] as [One, Other]];
  });
