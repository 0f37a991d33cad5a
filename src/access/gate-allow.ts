import { defaultSubscription } from '../accounts/index.ts';
import type { SessionUser } from '../sessions/index.ts';
import type { GatedApplication } from './gate.ts';

/** `directory:rest`; directories are named in [a-z0-9-]. */
const qualified = /^([a-z0-9-]{1,32}):(.*)$/s;

/**
 * Whether a user may use an application. Without `allow`: every verified user. `subscriptions` narrows; then `users`
 * and `groups`, if either is named, must name the user by key, by name, or by a group. A name may carry its
 * directory (`corp:staff`); without one it means that name in any directory. Names are compared without case.
 * An `allow` that names nobody allows nobody. Users of other subscriptions than `default` are allowed nowhere that
 * doesn't name theirs: a group of theirs may be called what one of somebody else's is.
 */
export function isAllowed(
  allow: GatedApplication['allow'],
  subscription: string,
  user: SessionUser,
): boolean {
  const home = subscription === defaultSubscription;
  if (allow === undefined) return home;
  const { users, groups, subscriptions } = allow;
  if (subscriptions === undefined ? !home : !subscriptions.includes(subscription)) return false;
  if (users === undefined && groups === undefined) return subscriptions !== undefined;
  if (users?.some((entry) => entry === user.key || names(entry, user.directory, user.name))) return true;
  return groups?.some((entry) => user.groups.some((group) => names(entry, user.directory, group))) ?? false;
}

function names(entry: string, directory: string, name: string): boolean {
  const match = qualified.exec(entry);
  if (match === null) return fold(entry) === fold(name);
  return match[1] === directory && fold(match[2] ?? '') === fold(name);
}

const fold = (name: string): string => name.toLowerCase();
