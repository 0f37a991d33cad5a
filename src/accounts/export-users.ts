import { setImmediate } from 'node:timers/promises';
import { addressHint, phoneHint } from '../delivery/index.ts';
import { listUsers } from './list-users.ts';
import type { PeopleParts } from './people-parts.ts';
import type { exportColumns } from './read-import.ts';
import { statesOf, type UserState } from './user-state.ts';

export type ExportColumn = (typeof exportColumns)[number];
export type ExportedUser = Readonly<Partial<Record<ExportColumn, string>>>;

/**
 * Everybody whom a page of users lists, and what it says of them, without any secret: texts by column, absent where
 * there is nothing to say; times as RFC 3339. `whole`: numbers and addresses that administrators have set, in full; they
 * are masked otherwise.
 */
export async function* exportUsers(
  parts: PeopleParts,
  { whole }: { readonly whole: boolean },
): AsyncGenerator<ExportedUser> {
  const pages = listUsers(parts, {});
  let after: string | undefined;
  do {
    const page = await pages({ limit: 100, after });
    for (const state of await statesOf(parts, page.items)) yield describe(parts, state, whole);
    after = page.next;
    // Others get their turn between pages.
    await setImmediate();
  } while (after !== undefined);
}

function describe({ list, subscription }: PeopleParts, state: UserState, whole: boolean): ExportedUser {
  const { user, entry, obligation, enrolledSince, methods, lastSignInAt, locks } = state;
  const { sms, email } = entry === undefined ? {} : list.open(subscription, entry);
  const told: Partial<Record<ExportColumn, string | undefined>> = {
    directory: user.directory,
    user: user.name,
    'display name': user.displayName,
    groups: user.groups.join('; '),
    state: entry?.mode,
    method: entry?.method,
    phone: sms === undefined || whole ? sms : phoneHint(sms),
    email: email === undefined || whole ? email : addressHint(email),
    reason: entry?.reason,
    until: timeOf(entry?.until),
    required: obligation.required ? 'yes' : 'no',
    rule: obligation.rule,
    'enrolled since': timeOf(enrolledSince),
    'enrolled methods': methods.join('; '),
    'last sign-in': timeOf(lastSignInAt),
    'locked until': lockOf(locks),
    disabled: user.disabled ? 'yes' : undefined,
  };
  return Object.fromEntries(
    Object.entries(told).filter(([, value]) => value !== undefined && value !== ''),
  ) as ExportedUser;
}

const timeOf = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

function lockOf({ codes = 0, password = 0 }: UserState['locks']): string | undefined {
  const until = Math.max(codes, password);
  if (until === 0) return undefined;
  return until === Number.POSITIVE_INFINITY ? 'unlocked' : timeOf(until);
}
