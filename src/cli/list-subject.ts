import {
  type DirectoryUser,
  everyone,
  isSubject,
  localDirectory,
  subjectOfGroup,
  subjectOfUser,
} from '../accounts/index.ts';
import type { CatalogueKey } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import type { Rooms } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import type { Context } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { administrationFor, findUser } from './find-users.ts';

/** Whom an entry of the list is about. */
export type ListSubject = {
  readonly kind: 'everyone' | 'user' | 'group';
  /** As the list has it. */
  readonly subject: string;
  /** As they are called; empty for everyone. */
  readonly name: string;
  /** Of a user whom their directory still knows. */
  readonly user?: DirectoryUser;
};

const labels = {
  everyone: 'cli.enabled.everyone',
  user: 'cli.enabled.user',
  group: 'cli.enabled.group',
} as const satisfies Record<ListSubject['kind'], CatalogueKey>;

/** What to call a subject in a sentence. */
export const labelOf = ({ text }: Context, { kind, name }: ListSubject): string =>
  text(labels[kind], { name });

/** How a subject is typed. */
export const wordsOf = ({ kind, name }: ListSubject): string => (name === '' ? kind : `${kind} ${name}`);

/**
 * The subject that was typed as `everyone`, `user NAME` or `group NAME`. Rejects with `unknown-user` {name}, or
 * `CommandFailure` for another word or an unknown group. `gone`: also those who are no more but may be on the list.
 */
export async function readSubject(
  rooms: Rooms,
  [kind, name]: readonly [string, string | undefined],
  { gone }: { gone: boolean },
): Promise<ListSubject> {
  if (kind === 'everyone' && name === undefined) return { kind, subject: everyone, name: '' };
  if (kind === 'user' && name !== undefined) return userSubject(rooms, name, gone);
  if (kind === 'group' && name !== undefined) return groupSubject(rooms, name, gone);
  throw new CommandFailure('cli.enabled.subject', {}, usageMistake);
}

/** The rooms with the administration of whoever is meant: a user's own subscription, and else the one that was named. */
export const inPlaceOf = (rooms: Rooms, { user }: ListSubject): Rooms =>
  user === undefined ? rooms : { ...rooms, administration: administrationFor(rooms, user) };

/** The subject of an entry that is on the list. */
export async function subjectOfEntry({ questions }: Rooms, subject: string): Promise<ListSubject> {
  if (subject === everyone) return { kind: 'everyone', subject, name: '' };
  const named = subject.slice(subject.indexOf(':') + 1);
  if (subject.startsWith('group:')) {
    const prefix = `${localDirectory}:`;
    return { kind: 'group', subject, name: named.startsWith(prefix) ? named.slice(prefix.length) : named };
  }
  // A directory that does not answer must not hide the list.
  const user = await questions.findUser(named).catch(() => undefined);
  return { kind: 'user', subject, name: user?.name ?? named, ...(user === undefined ? {} : { user }) };
}

async function userSubject(rooms: Rooms, name: string, gone: boolean): Promise<ListSubject> {
  try {
    const user = await findUser(rooms, name);
    return { kind: 'user', subject: subjectOfUser(user.key), name: user.name, user };
  } catch (error) {
    const unknown = error instanceof GatewayError && error.code === 'unknown-user';
    if (!unknown || !gone || !isSubject(subjectOfUser(name))) throw error;
    return { kind: 'user', subject: subjectOfUser(name), name };
  }
}

async function groupSubject(rooms: Rooms, typed: string, gone: boolean): Promise<ListSubject> {
  const name = typed.replace('\\', ':');
  const { groups } = rooms;
  const there = rooms.ldap.find(({ directory }) => name.startsWith(`${directory}:`));
  if (there !== undefined) {
    const group = name.slice(there.directory.length + 1);
    const known = await there.hasGroup(group);
    if (!known && !gone) throw new CommandFailure('cli.enabled.no-group', { group: typed });
    return { kind: 'group', subject: subjectOfGroup(there.directory, group), name };
  }
  const group = name.includes(':') ? undefined : await groups.find(name);
  if (group !== undefined) {
    return { kind: 'group', subject: subjectOfGroup(localDirectory, group.name), name: group.name };
  }
  const subject = name.includes(':') ? `group:${name}` : subjectOfGroup(localDirectory, name);
  if (!gone || !isSubject(subject)) throw new CommandFailure('cli.enabled.no-group', { group: name });
  return { kind: 'group', subject, name };
}
