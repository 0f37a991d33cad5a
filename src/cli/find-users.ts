import { type AdministrationParts, type DirectoryUser, subscriptionOf } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { Rooms } from '../server/index.ts';

/**
 * The users of these names (also as `directory:name`, as the configuration has them) or user keys (`directory:id`),
 * each once. Rejects with `unknown-user` {name} for the first unknown.
 */
export async function findUsers(
  { directories, questions }: Rooms,
  names: readonly string[],
): Promise<DirectoryUser[]> {
  const found = new Map<string, DirectoryUser>();
  for (const name of names) {
    // No name holds a colon. With `DIRECTORY\` before it a name means that directory.
    const byKey = name.includes(':') ? await questions.findUser(name) : undefined;
    const key = byKey?.key ?? (await directories.lookUp(name.replace(':', '\\')))?.key;
    const user = byKey ?? (key === undefined ? undefined : await questions.findUser(key));
    if (user === undefined) throw new GatewayError('unknown-user', { params: { name } });
    found.set(user.key, user);
  }
  return [...found.values()];
}

/** The one user of this name or user key. Rejects with `unknown-user` {name}. */
export async function findUser(rooms: Rooms, name: string): Promise<DirectoryUser> {
  const [user] = await findUsers(rooms, [name]);
  if (user === undefined) throw new GatewayError('unknown-user', { params: { name } });
  return user;
}

/** What administers this user, wherever they belong. */
export const administrationFor = (
  rooms: Pick<Rooms, 'administrationOf'>,
  user: Pick<DirectoryUser, 'subscription'>,
): AdministrationParts => rooms.administrationOf(subscriptionOf(user));

/** The keys of users, by where they belong. */
export function bySubscription(users: readonly DirectoryUser[]): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const user of users) {
    const id = subscriptionOf(user);
    keys.set(id, [...(keys.get(id) ?? []), user.key]);
  }
  return keys;
}
