import type { Actor } from '../audit/index.ts';
import { GatewayError } from '../errors.ts';
import type { DirectoryUser } from './account.ts';
import { type AdministrationParts, shutAround } from './administration-parts.ts';
import { subjectOfUser } from './enabled-list.ts';
import type { UserDetails } from './local-users.ts';

/** Another name for the same user: everything else stays. Rejects with `unknown-user`, `name-taken`, `invalid-request`. */
export async function renameAccount(
  parts: AdministrationParts,
  key: string,
  name: string,
  actor: Actor,
): Promise<DirectoryUser> {
  const user = await parts.users.rename(key, name);
  changed(parts, user, actor, 'renamed');
  return user;
}

/** Rejects with `unknown-user`, `invalid-request`. */
export async function describeAccount(
  parts: AdministrationParts,
  key: string,
  details: UserDetails,
  actor: Actor,
): Promise<DirectoryUser> {
  const user = await parts.users.describe(key, details);
  changed(parts, user, actor, 'details');
  return user;
}

/**
 * A new name and new details at once, or nothing of both. `seen`: the version that somebody has looked at. Rejects as
 * `renameAccount` and `describeAccount` do, and with `changed-meanwhile`.
 */
export async function editAccount(
  parts: AdministrationParts,
  key: string,
  wish: UserDetails & { readonly name?: string | undefined },
  actor: Actor,
  seen?: string,
): Promise<DirectoryUser> {
  const user = await parts.users.edit(key, wish, seen);
  changed(parts, user, actor, wish.name === undefined ? 'details' : 'renamed');
  return user;
}

/** Puts a local user into a group or takes them out. Rejects with `unknown-user`, `not-found`. */
export async function changeMembership(
  parts: AdministrationParts,
  key: string,
  group: string,
  member: boolean,
  actor: Actor,
): Promise<DirectoryUser> {
  const user = member ? await parts.users.join(key, group) : await parts.users.leave(key, group);
  changed(parts, user, actor, member ? `joined ${group}` : `left ${group}`);
  return user;
}

/** Switches an account off, and ends its sessions. Rejects with `unknown-user`, `last-owner`. */
export async function disableAccount(parts: AdministrationParts, key: string, actor: Actor): Promise<void> {
  const user = await existing(parts, key);
  await parts.roles.sparingLastOwner(key, () =>
    shutAround(parts, key, { reason: 'user-disabled', actor }, async () => {
      await parts.users.setDisabled(key, true);
      await parts.forgetDevices({ subscription: parts.subscription, user: key });
    }),
  );
  parts.audit.record({ type: 'user.disabled', user: key, name: user.name, actor });
}

/** Rejects with `unknown-user`. */
export async function enableAccount(parts: AdministrationParts, key: string, actor: Actor): Promise<void> {
  const user = await parts.users.setDisabled(key, false);
  parts.audit.record({ type: 'user.enabled', user: key, name: user.name, actor });
}

/**
 * Deletes a local account with everything that is known of it; whoever gets the name later is somebody else.
 * Switched off first, so that an interruption leaves an account that nobody can use. Rejects with `unknown-user`,
 * `last-owner`.
 */
export async function deleteAccount(parts: AdministrationParts, key: string, actor: Actor): Promise<void> {
  const { subscription, users, factors, list, archive } = parts;
  const user = await existing(parts, key);
  const owner = { subscription, user: key };
  await parts.roles.sparingLastOwner(key, () =>
    shutAround(parts, key, { reason: 'user-removed', actor }, async () => {
      await users.setDisabled(key, true);
      await parts.forgetDevices(owner);
      await parts.forgetAccount(owner);
      await factors.delete(subscription, key);
      await archive.forget(subscription, key);
      await list.remove(subscription, subjectOfUser(key));
      await parts.known.forget(subscription, key);
      await users.delete(key);
    }),
  );
  parts.audit.record({ type: 'user.removed', user: key, name: user.name, actor });
}

/**
 * Forgets everything of a user whom their directory has no more: what they enrolled, their entry, their place on pages.
 * Of somebody who belongs to another subscription by now, only what is left here. Rejects with `not-local` while the
 * directory has them, and with `directory-unavailable` when it can't be asked.
 */
export async function forgetGoneAccount(
  parts: AdministrationParts & { findAnywhere(key: string): Promise<DirectoryUser | undefined> },
  { key, name }: Pick<DirectoryUser, 'key' | 'name'>,
  actor: Actor,
): Promise<void> {
  const { subscription, factors, list, archive } = parts;
  if ((await parts.findUser(key)) !== undefined) throw new GatewayError('not-local');
  const elsewhere = await parts.findAnywhere(key);
  const owner = { subscription, user: key };
  await parts.roles.sparingLastOwner(key, () =>
    shutAround(parts, key, { reason: 'user-removed', actor }, async () => {
      await parts.forgetDevices(owner);
      if (elsewhere === undefined) await parts.forgetAccount(owner);
      await factors.delete(subscription, key);
      await archive.forget(subscription, key);
      await list.remove(subscription, subjectOfUser(key));
      await parts.known.forget(subscription, key);
    }),
  );
  parts.audit.record({ type: 'user.removed', user: key, name, actor });
}

async function existing({ users }: AdministrationParts, key: string): Promise<DirectoryUser> {
  const user = await users.find(key);
  if (user === undefined) throw new GatewayError('unknown-user');
  return user;
}

function changed(parts: AdministrationParts, user: DirectoryUser, actor: Actor, reason: string): void {
  parts.audit.record({ type: 'user.changed', user: user.key, name: user.name, actor, reason });
}
