import { setImmediate } from 'node:timers/promises';
import type { ProblemCode } from '../errors.ts';
import type { DirectoryUser, EnabledEntry } from './account.ts';
import { needsConfirmation } from './administration-parts.ts';
import { usersLeavingWith } from './change-list.ts';
import { namesShown, type Warning, Warnings } from './collect-warnings.ts';
import { everyone, subjectOfUser } from './enabled-list.ts';
import { enrolmentsOf, isEnrolled } from './enrolments.ts';
import { localDirectory } from './local-users.ts';
import type { PeopleParts } from './people-parts.ts';
import { type Subject, subjectsOf } from './subjects.ts';
import { directoryOf } from './user-key.ts';

/** What a change would do, told before it is done. */
export type Preview = {
  readonly count: number;
  readonly names: readonly string[];
  readonly loses: Loss;
  /** The number that has to be typed. */
  readonly confirm?: number;
  readonly warnings: readonly Warning[];
  readonly failed: readonly Refused[];
};

/** What ends or goes with it. `users`: those who lose something that they enrolled; `names`: the first ten of them. */
export type Loss = {
  readonly sessions: number;
  readonly factors: number;
  readonly recoveryCodes: number;
  readonly users: number;
  readonly names: readonly string[];
};

/** For whom it would be refused. */
export type Refused = { readonly id: string; readonly name: string; readonly code: ProblemCode };

export type UserAction = 'reset' | 'unlock' | 'ticket' | 'forget-devices' | 'disable' | 'enable' | 'remove';
export type EntryChange = 'enable' | 'exempt' | 'remove';

/** Of which a user loses what they enrolled, and of which their sessions. */
const takesFactors: readonly UserAction[] = ['reset', 'remove'];
const endsSessions: readonly UserAction[] = ['reset', 'disable', 'remove'];
/** Of which more than ten at once ask for their number: what they take is not given back by another click. */
export const confirmedActions: readonly UserAction[] = ['reset', 'disable', 'remove'];
const onlyLocal: readonly UserAction[] = ['disable', 'enable', 'remove'];
/** What can still be done to somebody whom their directory has no more. */
const ofTheGone: readonly UserAction[] = ['reset', 'forget-devices', 'remove'];

const nothing: Loss = { sessions: 0, factors: 0, recoveryCodes: 0, users: 0, names: [] };

/** What an action on these users would do. `mayActOn`: whether whoever asks may change something about this one. */
export async function previewUsers(
  parts: PeopleParts,
  action: UserAction,
  keys: readonly string[],
  mayActOn: (user: string) => Promise<boolean>,
): Promise<Preview> {
  const warnings = new Warnings();
  const failed: Refused[] = [];
  const concerned: Pick<Subject, 'name' | 'id'>[] = [];
  for (const { id: key, name, user, state } of await subjectsOf(parts, keys.map(subjectOfUser))) {
    const refuse = (code: ProblemCode) => failed.push({ id: key, name, code });
    const local = directoryOf(key) === localDirectory;
    if (!(await mayActOn(key))) refuse('not-allowed');
    else if (user === undefined && (await parts.factors.read(parts.subscription, key)).version === 'absent') {
      refuse(state === 'gone' ? 'unknown-user' : 'directory-unavailable');
    } else if (state === 'gone' && !ofTheGone.includes(action)) refuse('unknown-user');
    else if (onlyLocal.includes(action) && !local && !(action === 'remove' && state === 'gone'))
      refuse('not-local');
    else if (action === 'ticket' && (await enrolled(parts, key))) refuse('already-enrolled');
    else {
      concerned.push({ id: key, name });
      if (state !== 'known') warnings.add(state === 'gone' ? 'gone' : 'directory-unavailable', name);
      if (action === 'reset' && !(await enrolled(parts, key))) warnings.add('not-enrolled', name);
      if (user !== undefined && action === 'ticket') await warnIfNotRequired(parts, warnings, user);
    }
  }
  const users = concerned.map(({ id }) => id);
  const loses = takesFactors.includes(action) ? await lossOf(parts, users) : nothing;
  const sessions = endsSessions.includes(action) ? await parts.liveSessions(new Set(users)) : 0;
  return {
    count: concerned.length,
    names: namesOf(concerned),
    loses: { ...loses, sessions },
    ...confirmationOf(confirmedActions.includes(action) ? keys.length : 0),
    warnings: warnings.all,
    failed,
  };
}

/** What a change of the list would do. */
export async function previewEntries(
  parts: PeopleParts,
  change: EntryChange,
  subjects: readonly string[],
  mayActOn: (user: string) => Promise<boolean>,
): Promise<Preview> {
  const { list, subscription } = parts;
  const warnings = new Warnings();
  const failed: Refused[] = [];
  const concerned: Subject[] = [];
  const entries = await list.many(subscription, subjects);
  for (const [index, subject] of (await subjectsOf(parts, subjects)).entries()) {
    const refuse = (code: ProblemCode) => failed.push({ id: subject.subject, name: subject.name, code });
    if (subject.kind === 'user' && !(await mayActOn(subject.id))) refuse('not-allowed');
    else if (change === 'remove' && entries[index] === undefined) refuse('not-found');
    else if (change === 'exempt' && subject.kind === 'everyone') refuse('invalid-request');
    else if (change !== 'remove' && subject.state === 'gone') refuse('unknown-user');
    else concerned.push(subject);
  }
  const names = namesOf(concerned);
  if (change !== 'remove') {
    for (const subject of concerned) await warnOfEntry(parts, warnings, subject, change);
    return { count: concerned.length, names, loses: nothing, warnings: warnings.all, failed };
  }
  const gone = concerned.map(({ subject }) => subject);
  const leaving = await usersLeavingWith(parts, ...gone);
  for (const [index, subject] of concerned.entries()) {
    await warnOfStaying(parts, warnings, subject, gone, entries[index]);
  }
  const loses = await lossOf(parts, leaving);
  const sessions = leaving.length === 0 ? 0 : await parts.liveSessions(new Set(leaving));
  return {
    count: concerned.length,
    names,
    loses: { ...loses, sessions },
    ...confirmationOf(Math.max(leaving.length, gone.length)),
    warnings: warnings.all,
    failed,
  };
}

/** Why a subject that was just put on the list, or exempted, is not treated as one may expect. */
export async function warnOfEntry(
  parts: PeopleParts,
  warnings: Warnings,
  { kind, name, user, state, subject }: Subject,
  change: 'enable' | 'exempt',
): Promise<void> {
  const { subscription, obligations, list } = parts;
  if (state === 'unknown') warnings.add('directory-unavailable', name);
  if (!parts.switchedOn()) warnings.add('switched-off', name);
  if (kind !== 'user' || user === undefined) return;
  const administrator = await parts.isAdministrator(user.key);
  if (change === 'exempt') {
    if (administrator) warnings.add('administrator', name);
    return;
  }
  const now = await obligations.listed(subscription, user, administrator, [subject]);
  if (now.rule !== 'exempt') return;
  const listing = await list.of(subscription, user);
  for (const entry of [listing.everyone, ...listing.groups]) {
    if (entry?.mode === 'exempt') warnings.add('exempt', name, groupNameOf(entry));
  }
}

/** Why leaving the list changes nothing for a subject. `gone`: what leaves together. */
async function warnOfStaying(
  parts: PeopleParts,
  warnings: Warnings,
  { kind, name, user, state }: Subject,
  gone: readonly string[],
  entry: EnabledEntry | undefined,
): Promise<void> {
  const { subscription, list, obligations } = parts;
  if (!parts.switchedOn()) warnings.add('switched-off', name);
  if (kind !== 'user') {
    const all = gone.includes(everyone) ? undefined : await list.get(subscription, everyone);
    if (kind === 'group' && all?.mode === 'enabled') warnings.add('everyone-still-listed', name);
    return;
  }
  if (state === 'unknown') warnings.add('directory-unavailable', name);
  if (user === undefined || entry?.mode === 'exempt') return;
  const administrator = await parts.isAdministrator(user.key);
  const then = await obligations.listed(subscription, user, administrator, gone);
  if (!then.required) return;
  if (then.rule === 'group') {
    const { groups } = await list.of(subscription, user);
    for (const each of groups) {
      if (!gone.includes(each.subject)) warnings.add('group-still-listed', name, groupNameOf(each));
    }
  } else if (then.rule === 'everyone') warnings.add('everyone-still-listed', name);
  else if (then.rule !== 'user') warnings.add(then.rule, name);
}

async function warnIfNotRequired(
  { subscription, obligations, isAdministrator }: PeopleParts,
  warnings: Warnings,
  user: DirectoryUser,
): Promise<void> {
  const { rule } = await obligations.of(subscription, user, await isAdministrator(user.key));
  if (rule === 'exempt' || rule === 'switched-off') warnings.add(rule, user.name);
}

async function enrolled({ factors, subscription }: PeopleParts, key: string): Promise<boolean> {
  return isEnrolled((await factors.read(subscription, key)).factors);
}

/** What these users have enrolled, all together; their sessions are counted apart. */
async function lossOf(parts: PeopleParts, keys: readonly string[]): Promise<Loss> {
  const losing: string[] = [];
  let [factors, recoveryCodes] = [0, 0];
  for (const [index, key] of keys.entries()) {
    const document = (await parts.factors.read(parts.subscription, key)).factors;
    const count = enrolmentsOf(document).length;
    if (count > 0) losing.push(key);
    factors += count;
    recoveryCodes += document.recovery.filter(({ usedAt }) => usedAt === undefined).length;
    if (index % 20 === 19) await setImmediate();
  }
  const shown = await subjectsOf(parts, losing.slice(0, namesShown).map(subjectOfUser));
  return { ...nothing, factors, recoveryCodes, users: losing.length, names: shown.map(({ name }) => name) };
}

/** Everyone has no name. */
const namesOf = (concerned: readonly { readonly name: string }[]): string[] =>
  concerned
    .map(({ name }) => name)
    .filter((name) => name !== '')
    .slice(0, namesShown);

const confirmationOf = (count: number): { confirm?: number } =>
  needsConfirmation(count) ? { confirm: count } : {};

/** `staff` of the local directory, `corp:staff` of others. */
const groupNameOf = ({ subject }: EnabledEntry): string =>
  subject === everyone ? '' : subject.replace(/^group:(?:local:)?/, '');
