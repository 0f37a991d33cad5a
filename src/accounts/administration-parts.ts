import type { Actor, Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { DirectoryUser } from './account.ts';
import type { EnabledList } from './enabled-list.ts';
import type { Newcomers } from './enabled-users.ts';
import type { FactorDocuments } from './factor-documents.ts';
import type { KnownUsers } from './known-users.ts';
import type { LocalUsers } from './local-users.ts';
import type { Obligations } from './obligations.ts';
import type { RemovedFactorsArchive } from './removed-factors.ts';

/** Ends sessions: everything of the user that is stored when it is called, everywhere. */
export interface SessionEnder {
  revokeAll(
    user: { subscription: string; user: string },
    revocation: { reason: string; actor: Actor },
  ): Promise<number>;
}

/** What is said of administrators; supplied by whoever knows the roles. */
export interface AdministratorRoles {
  /** Whatever they administer. */
  isAdministrator(user: string): Promise<boolean>;
  /** Does what ends a user's ownership of the site unless they are its last owner: rejects with `last-owner`. */
  sparingLastOwner<Result>(user: string, work: () => Promise<Result>): Promise<Result>;
}

export type AdministrationParts = {
  readonly subscription: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly audit: Audit;
  readonly users: LocalUsers;
  readonly list: EnabledList;
  readonly factors: FactorDocuments;
  readonly obligations: Obligations;
  readonly archive: RemovedFactorsArchive;
  readonly known: Pick<KnownUsers, 'note' | 'forget'>;
  readonly roles: AdministratorRoles;
  readonly newcomers?: Newcomers | undefined;
  readonly sessions: SessionEnder;
  /** The user as their directory has them now, of whatever directory; rejects when it cannot be asked. */
  findUser(key: string): Promise<DirectoryUser | undefined>;
  /** Voids what lets a user in more easily: known devices, sign-ins under way. */
  forgetDevices(owner: { subscription: string; user: string }): Promise<void>;
  /** Takes away what other rooms keep of a deleted account: password, roles, counters. */
  forgetAccount(owner: { subscription: string; user: string }): Promise<void>;
};

/** Whether so many users at once ask for a typed confirmation (product section 4). */
export const needsConfirmation = (count: number): boolean => count > 10;

/** Rejects with `confirmation-required` {count} when many are concerned and their number was not typed. */
export function requireConfirmation(count: number, typed: number | undefined): void {
  if (needsConfirmation(count) && typed !== count) {
    throw new GatewayError('confirmation-required', { params: { count } });
  }
}

/**
 * Ends the sessions of a user around a change: before it, so that a kill right after the change leaves none of
 * them; and after it, so that none granted meanwhile on the strength of what was changed survives.
 */
export async function shutAround(
  parts: Pick<AdministrationParts, 'sessions' | 'subscription'>,
  user: string,
  revocation: { reason: string; actor: Actor },
  change: () => Promise<void>,
): Promise<void> {
  const owner = { subscription: parts.subscription, user };
  await parts.sessions.revokeAll(owner, revocation);
  await change();
  await parts.sessions.revokeAll(owner, revocation);
}

/** What the user is called, for the audit log; the key when the directory cannot say. */
export async function nameOf(parts: Pick<AdministrationParts, 'findUser'>, user: string): Promise<string> {
  try {
    return (await parts.findUser(user))?.name ?? user;
  } catch {
    return user;
  }
}
