import { setImmediate } from 'node:timers/promises';
import type { Actor } from '../audit/index.ts';
import { parseEmailAddress, parsePhoneNumber } from '../delivery/index.ts';
import { GatewayError } from '../errors.ts';
import { randomName } from '../random.ts';
import type { SecondFactorMethod } from '../settings/index.ts';
import type { Sealer } from '../storage/index.ts';
import type { AppEnrolment, DirectoryUser, Factors } from './account.ts';
import { needsConfirmation } from './administration-parts.ts';
import { type EnableWish, enable } from './change-list.ts';
import { type Warning, Warnings } from './collect-warnings.ts';
import { subjectOfUser } from './enabled-list.ts';
import { isEnrolled } from './enrolments.ts';
import type { PeopleParts } from './people-parts.ts';
import { warnOfEntry } from './preview-changes.ts';
import {
  type ImportColumn,
  type ImportProblem,
  type ImportProblemCode,
  type ImportRow,
  readImport,
  shown,
} from './read-import.ts';

export type ImportParts = PeopleParts & {
  readonly sealer: Sealer;
  /** The one user of this name, of one directory or of the first that has it. Rejects with `directory-unavailable`. */
  lookUp(name: string, directory: string | undefined): Promise<DirectoryUser | undefined>;
  /** A Base32 text as it is stored, and its length in bytes; undefined for what is none. */
  readSecret(text: string): { readonly secret: string; readonly bytes: number } | undefined;
  /** The label that new authenticator entries have. */
  issuer(): string;
  /** Whether whoever imports may change something about this user. */
  mayActOn(user: string): Promise<boolean>;
};

/** What a line comes to. */
export type ImportChange = {
  readonly line: number;
  readonly user: string;
  readonly name: string;
  readonly entry: 'added' | 'changed' | 'same';
  readonly method?: SecondFactorMethod;
  readonly wish: EnableWish;
  /** An authenticator key to take over. */
  readonly app?: { readonly secret: string; readonly digits: number; readonly issuer: string };
};

export type ImportPlan = {
  readonly lines: number;
  readonly changes: readonly ImportChange[];
  readonly problems: readonly ImportProblem[];
  readonly warnings: readonly Warning[];
  /** The number of entries that change, where it has to be typed. */
  readonly confirm?: number;
};

export type ImportResult = ImportPlan & {
  readonly applied: boolean;
  /** Applied up to this line, when something failed in between; the same file can be imported again. */
  readonly stoppedAt?: number;
};

const methods = ['app', 'sms', 'email', 'default'] as const;
/** Bytes: RFC 4226 asks for 16, but many authenticators were set up with 10. */
const shortestSecret = 10;
const usualDigits = 6;
/** So many lines are looked at together: a directory is not asked more than it can bear. */
const atOnce = 8;
/** What is sealed as the secret of an app. */
const secretLabel = 'totp-secret';

/** What a file of users would change; changes nothing. Rejects with what `Newcomers.admit` rejects with. */
export async function planImport(parts: ImportParts, text: string): Promise<ImportPlan> {
  const { rows, problems: found } = readImport(text);
  const problems = [...found];
  const changes: ImportChange[] = [];
  const warnings = new Warnings();
  const seen = new Map<string, number>();
  for (let from = 0; from < rows.length; from += atOnce) {
    const some = rows.slice(from, from + atOnce);
    const judged = await Promise.all(some.map((row) => judge(parts, row, warnings)));
    for (const { change, problems: wrong } of judged) {
      problems.push(...wrong);
      if (change === undefined) continue;
      if (seen.has(change.user)) {
        problems.push({
          line: change.line,
          column: 'user',
          code: 'repeated-user',
          value: shown(change.name),
        });
      }
      seen.set(change.user, change.line);
      changes.push(change);
    }
    await setImmediate();
  }
  problems.sort((one, other) => one.line - other.line);
  // All of them together: a file that goes beyond the licence changes nothing.
  if (problems.length === 0) await parts.newcomers?.admit(parts.subscription, newcomersOf(changes));
  const changed = changes.filter(({ entry }) => entry === 'changed').length;
  return {
    lines: rows.length,
    changes,
    problems,
    warnings: warnings.all,
    ...(needsConfirmation(changed) ? { confirm: changed } : {}),
  };
}

/**
 * Puts the users of a file on the list, with where their codes go and the authenticator keys they have: all of them, or
 * with a problem in any line nobody. Rejects with `confirmation-required` {count}. A failure in between leaves the lines
 * before it done, and says where it stopped.
 */
export async function importUsers(
  parts: ImportParts,
  text: string,
  actor: Actor,
  options: { readonly confirm?: number | undefined } = {},
): Promise<ImportResult> {
  const plan = await planImport(parts, text);
  if (plan.problems.length > 0) return { ...plan, applied: false };
  if (plan.confirm !== undefined && plan.confirm !== options.confirm) {
    throw new GatewayError('confirmation-required', { params: { count: plan.confirm } });
  }
  const done = { added: 0, changed: 0, secrets: 0 };
  const tell = () => parts.audit.record({ type: 'users.imported', ...done, actor });
  for (const [index, change] of plan.changes.entries()) {
    try {
      // First, so that nobody who is enabled by this can enrol with a password alone in between.
      if (change.app !== undefined) {
        await takeOver(parts, change, change.app, actor);
        done.secrets += 1;
      }
      if (change.entry !== 'same') {
        await enable(parts, subjectOfUser(change.user), actor, change.wish);
        done[change.entry] += 1;
      }
    } catch (error) {
      tell();
      if (index === 0) throw error;
      return { ...plan, applied: true, stoppedAt: plan.changes[index - 1]?.line ?? change.line };
    }
    if (index % atOnce === 0) await setImmediate();
  }
  tell();
  return { ...plan, applied: true };
}

const newcomersOf = (changes: readonly ImportChange[]): string[] =>
  changes
    .filter(({ entry, app }) => entry === 'added' || app !== undefined)
    .map(({ user }) => subjectOfUser(user));

type Judged = { readonly change?: ImportChange; readonly problems: readonly ImportProblem[] };

async function judge(parts: ImportParts, row: ImportRow, warnings: Warnings): Promise<Judged> {
  const problems: ImportProblem[] = [];
  const wrong = (column: ImportColumn, code: ImportProblemCode, value = row[column]): void => {
    const telling = column === 'secret' || value === undefined ? {} : { value: shown(value) };
    problems.push({ line: row.line, column, code, ...telling });
  };
  const wish = await wishOf(row, wrong);
  const app = appOf(parts, row, wrong);
  const user = await personOf(parts, row, wrong);
  if (user === undefined) return { problems };
  if (!(await parts.mayActOn(user.key))) wrong('user', 'not-allowed');
  const { list, subscription } = parts;
  const subject = subjectOfUser(user.key);
  const before = await list.get(subscription, subject);
  // Importing somebody must not end an exemption that nobody thought of.
  if (before?.mode === 'exempt' && (before.until ?? 0) > parts.clock.now()) wrong('user', 'exempt');
  const taken = app && (await comparedWith(parts, user.key, app.secret));
  if (taken === 'another') wrong('secret', 'already-enrolled');
  if (problems.length > 0) return { problems };
  const method = wish.method === 'default' ? undefined : (wish.method ?? before?.method);
  await warn(parts, warnings, user, method, wish);
  const open = before === undefined ? {} : list.open(subscription, before);
  const same =
    before?.mode === 'enabled' &&
    before.method === method &&
    (wish.phone === undefined || wish.phone === open.sms) &&
    (wish.email === undefined || wish.email === open.email);
  return {
    problems,
    change: {
      line: row.line,
      user: user.key,
      name: user.name,
      entry: same ? 'same' : before === undefined ? 'added' : 'changed',
      ...(method === undefined ? {} : { method }),
      wish,
      ...(app === undefined || taken === 'same' ? {} : { app }),
    },
  };
}

type Wrong = (column: ImportColumn, code: ImportProblemCode, value?: string) => void;

/** Number and address as they are stored; an empty cell leaves what is there. */
async function wishOf({ method: typed, phone, email }: ImportRow, wrong: Wrong): Promise<EnableWish> {
  const method = methods.find((each) => each === typed?.toLowerCase());
  if (typed !== undefined && method === undefined) wrong('method', 'unknown-method');
  const wish: { method?: EnableWish['method'] & string; phone?: string; email?: string } = {};
  if (method !== undefined) wish.method = method;
  if (phone !== undefined) {
    try {
      wish.phone = await parsePhoneNumber(phone);
    } catch {
      wrong('phone', 'invalid-phone-number');
    }
  }
  if (email !== undefined) {
    try {
      wish.email = parseEmailAddress(email);
    } catch {
      wrong('email', 'invalid-address');
    }
  }
  return wish;
}

function appOf(parts: ImportParts, { secret, digits, issuer }: ImportRow, wrong: Wrong): ImportChange['app'] {
  if (secret === undefined) {
    if (digits !== undefined) wrong('digits', 'secret-needed');
    if (issuer !== undefined) wrong('issuer', 'secret-needed');
    return undefined;
  }
  const read = parts.readSecret(secret);
  if (read === undefined) wrong('secret', 'invalid-secret');
  else if (read.bytes < shortestSecret) wrong('secret', 'short-secret');
  if (digits !== undefined && !/^(?:[4-9]|1[0-2])$/.test(digits)) wrong('digits', 'invalid-digits');
  const label = issuer ?? parts.issuer();
  if ([...label].length > 64 || /[:\p{Cc}]/u.test(label)) wrong('issuer', 'invalid-issuer');
  if (read === undefined) return undefined;
  return { secret: read.secret, digits: digits === undefined ? usualDigits : Number(digits), issuer: label };
}

async function personOf(
  parts: ImportParts,
  { user: typed, directory }: ImportRow,
  wrong: Wrong,
): Promise<DirectoryUser | undefined> {
  if (directory !== undefined && !parts.directories().includes(directory)) {
    wrong('directory', 'unknown-directory');
    return undefined;
  }
  try {
    // No name holds a colon.
    const key = typed.includes(':') ? typed : (await parts.lookUp(typed, directory))?.key;
    const user = key === undefined ? undefined : await parts.findUser(key);
    if (user === undefined) wrong('user', 'unknown-user');
    return user;
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'store-unavailable') throw error;
    wrong('user', 'directory-unavailable');
    return undefined;
  }
}

/** Whether a user has enrolled nothing, just this key, or something else. */
async function comparedWith(
  { factors: documents, sealer, subscription }: ImportParts,
  user: string,
  secret: string,
): Promise<'nothing' | 'same' | 'another'> {
  const { factors } = await documents.read(subscription, user);
  if (!isEnrolled(factors)) return 'nothing';
  const record = documents.record(subscription, user);
  const same = factors.apps.some(({ sealedSecret }) => sealer.open(record, sealedSecret) === secret);
  return same ? 'same' : 'another';
}

async function warn(
  parts: ImportParts,
  warnings: Warnings,
  user: DirectoryUser,
  method: SecondFactorMethod | undefined,
  wish: EnableWish,
): Promise<void> {
  const { key, directory, name, displayName } = user;
  const subject = {
    subject: subjectOfUser(key),
    kind: 'user',
    id: key,
    directory,
    name,
    displayName,
  } as const;
  await warnOfEntry(parts, warnings, { ...subject, user, state: 'known' }, 'enable');
  if (method === undefined) return;
  const state = parts.methodState(method);
  if (state !== 'usable') warnings.add(state, name, method);
  if (method === 'app' || (method === 'sms' ? wish.phone : wish.email) !== undefined) return;
  const destinations = await parts.list.destinations(parts.subscription, user);
  if (destinations[method] === undefined) warnings.add('no-destination', name, method);
}

/** An authenticator entry that is on the user's phone already. Rejects with `already-enrolled`. */
async function takeOver(
  { factors: documents, sealer, subscription, random, clock, audit, newcomers }: ImportParts,
  { user, name }: ImportChange,
  { secret, digits, issuer }: NonNullable<ImportChange['app']>,
  actor: Actor,
): Promise<void> {
  const { factors, version } = await documents.read(subscription, user);
  if (isEnrolled(factors)) throw new GatewayError('already-enrolled');
  await newcomers?.admit(subscription, [subjectOfUser(user)]);
  const app: AppEnrolment = {
    id: randomName(random),
    label: '',
    sealedSecret: sealer.seal(documents.record(subscription, user), secretLabel, secret),
    digits,
    issuer,
    enrolledAt: clock.now(),
    drift: 0,
  };
  const { ticketHash: spent, ...kept }: Factors = factors;
  void spent;
  await documents.save(subscription, user, { ...kept, apps: [app] }, version);
  audit.record({ type: 'user.changed', user, name, actor, reason: 'authenticator-imported' });
}
