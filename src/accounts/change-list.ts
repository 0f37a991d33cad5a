import { setImmediate } from 'node:timers/promises';
import type { Actor } from '../audit/index.ts';
import { parseEmailAddress, parsePhoneNumber } from '../delivery/index.ts';
import { GatewayError } from '../errors.ts';
import type { SecondFactorMethod } from '../settings/index.ts';
import { isConflict, requireVersion } from '../storage/index.ts';
import type { DirectoryUser, EnabledEntry } from './account.ts';
import { type AdministrationParts, nameOf, requireConfirmation } from './administration-parts.ts';
import { withoutBypass } from './bypass-codes.ts';
import { everyone, isSubject, subjectOfUser, type VersionedEntry } from './enabled-list.ts';
import { directoryOf } from './user-key.ts';

/** Users looked at, or changed, in one go: others get their turn in between. */
const atOnce = 8;

/** What an administrator asks for with an entry. Left out: as it was. */
export type EnableWish = {
  /** `default`: none of their own any more. */
  readonly method?: SecondFactorMethod | 'default';
  /** In international format, only of a user; empty: none any more. */
  readonly phone?: string;
  /** Only of a user; empty: none any more. */
  readonly email?: string;
};

/**
 * Puts a user, a group or everyone on the list. `seen`: the version of the entry (as `versionTag` writes it) that the
 * wish is a change of. Rejects with `invalid-request`, `invalid-phone-number`, `invalid-address`, `changed-meanwhile`,
 * and with what `Newcomers.admit` rejects with.
 */
export async function enable(
  parts: AdministrationParts,
  subject: string,
  actor: Actor,
  wish: EnableWish = {},
  seen?: string,
): Promise<EnabledEntry> {
  const { entry: before, version } = await known(parts, subject, seen);
  if (before?.mode !== 'enabled') await parts.newcomers?.admit(parts.subscription, [subject]);
  const since = before?.mode === 'enabled' ? before.since : parts.clock.now();
  const entry: EnabledEntry = {
    subject,
    mode: 'enabled',
    since,
    ...methodOf(before, wish.method),
    ...(await destinationsOf(parts, subject, before, wish)),
  };
  await put(parts, entry, seen === undefined ? undefined : version);
  record(parts, before, entry, subject, actor);
  return entry;
}

const methodOf = (before: EnabledEntry | undefined, wish: EnableWish['method']) => {
  const method = wish === 'default' ? undefined : (wish ?? before?.method);
  return method === undefined ? {} : { method };
};

async function destinationsOf(
  { list, subscription }: AdministrationParts,
  subject: string,
  before: EnabledEntry | undefined,
  { phone, email }: EnableWish,
): Promise<Pick<EnabledEntry, 'sealedPhone' | 'sealedEmail'>> {
  const given = [phone, email].some((each) => each !== undefined && each !== '');
  // One number for a whole group would be one person's second factor for everybody.
  if (given && !subject.startsWith('user:')) throw new GatewayError('invalid-request');
  const { sealedPhone, sealedEmail } = before ?? {};
  return {
    ...(phone === undefined && sealedPhone !== undefined ? { sealedPhone } : {}),
    ...(email === undefined && sealedEmail !== undefined ? { sealedEmail } : {}),
    ...list.seal(subscription, subject, {
      ...(phone ? { sms: await parsePhoneNumber(phone) } : {}),
      ...(email ? { email: parseEmailAddress(email) } : {}),
    }),
  };
}

/**
 * Spares a user or a group the second factor, for a reason and until a time; afterwards they count as enabled.
 * Rejects with `invalid-request` without either, for a time that is over, and for everyone.
 */
export async function exempt(
  parts: AdministrationParts,
  subject: string,
  actor: Actor,
  why: { reason: string; until: number },
  seen?: string,
): Promise<EnabledEntry> {
  const reason = why.reason.trim();
  const now = parts.clock.now();
  const valid = reason !== '' && reason.length <= 200 && !/\p{Cc}/u.test(reason) && why.until > now;
  if (!valid || !Number.isSafeInteger(why.until) || subject === everyone) {
    throw new GatewayError('invalid-request');
  }
  const { entry: before, version } = await known(parts, subject, seen);
  // How their codes come, and where they go, holds again when the exemption is over.
  const entry: EnabledEntry = {
    subject,
    mode: 'exempt',
    since: now,
    ...methodOf(before, undefined),
    ...(await destinationsOf(parts, subject, before, {})),
    reason,
    until: why.until,
  };
  await put(parts, entry, seen === undefined ? undefined : version);
  record(parts, before, entry, subject, actor);
  return entry;
}

/**
 * Takes a subject off the list. Users whom nothing else enables lose what they enrolled, which is kept sealed for
 * seven days, and their sessions. Whoever's groups are not fully known, or whose directory does not answer, loses
 * nothing. Resolves to the users concerned. Rejects with `not-found`, or `confirmation-required` {count} before
 * anything is changed.
 *
 * The order leaves the door as the administrator wants it, or shut, wherever it is interrupted: copies first, then
 * the entry, and the factors only of users whom nothing enables any more. Never an enabled user without their
 * factors, whom a password alone would let enrol.
 */
export async function takeOffList(
  parts: AdministrationParts,
  subject: string,
  actor: Actor,
  options: { confirm?: number | undefined; confirmed?: true } = {},
): Promise<string[]> {
  const { subscription, clock } = parts;
  const { entry } = await known(parts, subject);
  if (entry === undefined) throw new GatewayError('not-found');
  const leaving = await usersLeavingWith(parts, subject);
  if (options.confirmed !== true) requireConfirmation(leaving.length, options.confirm);
  await parts.archive.keepEntry(subscription, entry, clock.now());
  await parts.list.remove(subscription, subject);
  record(parts, entry, undefined, subject, actor);
  for (let from = 0; from < leaving.length; from += atOnce) {
    const some = leaving.slice(from, from + atOnce);
    await Promise.all(some.map((user) => takeFactors(parts, user, subject, actor)));
    await setImmediate();
  }
  return leaving;
}

/**
 * Asks for the number of those who lose what they enrolled when these subjects leave the list together, or of the
 * subjects where these are more: once for all of them, before any of them goes. Rejects with `confirmation-required`.
 */
export async function confirmTakingOff(
  parts: AdministrationParts,
  subjects: readonly string[],
  typed: number | undefined,
): Promise<void> {
  const leaving = await usersLeavingWith(parts, ...subjects);
  requireConfirmation(Math.max(leaving.length, subjects.length), typed);
}

/** The keys of the users who would lose what they enrolled if these subjects left the list now; changes nothing. */
export async function usersLeavingWith(
  parts: AdministrationParts,
  ...subjects: readonly string[]
): Promise<string[]> {
  const leaving = new Set<string>();
  let looked = 0;
  for (const subject of subjects) {
    for await (const user of enrolledUsers(parts, subject)) {
      if ((await staysEnabledWithout(parts, user, subjects)) === false) leaving.add(user);
      looked += 1;
      // With *Everyone* these are all there are.
      if (looked % atOnce === 0) await setImmediate();
    }
  }
  return [...leaving];
}

/**
 * Puts back what `takeOffList` took within the last seven days: factors first, then the entry. Whoever has enrolled
 * anew keeps that. Resolves to the users who got theirs back. Rejects with `not-found`.
 */
export async function undoTakeOff(
  parts: AdministrationParts,
  subject: string,
  actor: Actor,
): Promise<string[]> {
  const { subscription, archive, factors, list } = parts;
  const entry = await archive.entry(subscription, subject);
  if (entry === undefined) throw new GatewayError('not-found');
  const restored: string[] = [];
  const returning = await archive.users(subscription, subject);
  const users = returning.map(subjectOfUser).filter((each) => each !== subject);
  await parts.newcomers?.admit(subscription, [...users, ...(entry.mode === 'enabled' ? [subject] : [])]);
  for (const user of returning) {
    const kept = await archive.read(subscription, user);
    const { version } = await factors.read(subscription, user);
    if (kept !== undefined && version === 'absent') {
      await factors.save(subscription, user, kept, 'absent');
      restored.push(user);
    }
    await archive.forget(subscription, user);
    await setImmediate();
  }
  if ((await list.get(subscription, subject)) === undefined) await list.put(subscription, entry);
  await archive.forgetEntry(subscription, subject);
  parts.audit.record({ type: 'list.undone', subject, actor });
  return restored;
}

/** What is there. Rejects with `changed-meanwhile` when that is not what somebody has `seen`. */
async function known(
  { list, subscription }: AdministrationParts,
  subject: string,
  seen?: string,
): Promise<VersionedEntry> {
  if (!isSubject(subject)) throw new GatewayError('invalid-request');
  const found = await list.read(subscription, subject);
  requireVersion(found.version === 'absent' ? undefined : found.version, seen);
  return found;
}

/** Writes an entry, and down who it is about: a page of users must not have to ask their directory. */
async function put(
  parts: AdministrationParts,
  entry: EnabledEntry,
  version: VersionedEntry['version'] | undefined,
): Promise<void> {
  const { list, subscription, known: met } = parts;
  if (entry.subject.startsWith('user:')) {
    const user = await parts.findUser(entry.subject.slice('user:'.length)).catch(() => undefined);
    if (user !== undefined) await met.note(subscription, user);
  }
  try {
    await list.put(subscription, entry, version);
  } catch (error) {
    throw isConflict(error) ? new GatewayError('changed-meanwhile', { cause: error }) : error;
  }
}

/** Those whom a subject can concern; of groups and everyone, who has enrolled something. */
async function* enrolledUsers(parts: AdministrationParts, subject: string): AsyncGenerator<string> {
  if (subject.startsWith('user:')) yield subject.slice('user:'.length);
  else if (subject === everyone) yield* parts.factors.users(parts.subscription);
  // Only people of the group's own directory are in it.
  else yield* parts.factors.users(parts.subscription, `${directoryOf(subject.slice('group:'.length))}:`);
}

/** True also when it cannot be told: then nothing is deleted. */
async function staysEnabledWithout(
  parts: AdministrationParts,
  key: string,
  subjects: readonly string[] | undefined,
): Promise<boolean> {
  const { subscription, roles, obligations } = parts;
  let user: DirectoryUser | undefined;
  try {
    user = await parts.findUser(key);
  } catch {
    return true;
  }
  if (user === undefined || !user.groupsComplete) return true;
  const administrator = await roles.isAdministrator(key);
  const now = await obligations.listed(subscription, user, administrator);
  // Exempt users keep what they have: their exemption ends.
  if (subjects === undefined) return now.required || now.rule === 'exempt';
  if (!now.required) return true;
  return (await obligations.listed(subscription, user, administrator, subjects)).required;
}

async function takeFactors(
  parts: AdministrationParts,
  user: string,
  subject: string,
  actor: Actor,
): Promise<void> {
  const { subscription, factors, archive, sessions, clock } = parts;
  // The list may have changed since it was looked at: whoever is enabled again keeps everything.
  if (await staysEnabledWithout(parts, user, undefined)) return;
  const revocation = { reason: 'no-longer-enabled', actor };
  for (;;) {
    const document = await factors.read(subscription, user);
    if (document.version !== 'absent') {
      // A code for today must not come back with an undo.
      const kept = withoutBypass(document.factors) ?? document.factors;
      await archive.keep({ subscription, user }, kept, { subject, now: clock.now() });
    }
    await sessions.revokeAll({ subscription, user }, revocation);
    if (document.version === 'absent') break;
    try {
      await factors.delete(subscription, user, document.version);
      break;
    } catch (error) {
      // A code was accepted meanwhile: the copy has to be made again.
      if (!isConflict(error)) throw error;
    }
  }
  await parts.forgetDevices({ subscription, user });
  await sessions.revokeAll({ subscription, user }, revocation);
  const name = await nameOf(parts, user);
  parts.audit.record({ type: 'user.changed', user, name, actor, reason: 'no-longer-enabled' });
}

function record(
  parts: AdministrationParts,
  before: EnabledEntry | undefined,
  after: EnabledEntry | undefined,
  subject: string,
  actor: Actor,
): void {
  parts.audit.record({
    type: 'list.changed',
    subject,
    from: before?.mode ?? 'absent',
    to: after?.mode ?? 'absent',
    ...(after?.reason === undefined ? {} : { reason: after.reason }),
    ...(after?.until === undefined ? {} : { until: after.until }),
    actor,
  });
}
