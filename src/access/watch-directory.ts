import { type DirectoryUser, directoryOf } from '../accounts/index.ts';
import type { Clock } from '../clock.ts';
import type { SessionUser } from '../sessions/index.ts';

export type WatchDirectoryOptions = {
  readonly directory: string;
  /** Milliseconds between the beginnings of two rounds; one that takes longer delays the next. */
  readonly interval: number;
  readonly clock: Clock;
  /** Whose sessions this process knows. */
  users(): Iterable<SessionUser>;
  /** The user as the directory has them now; undefined when gone. */
  findUser(userKey: string): Promise<DirectoryUser | undefined>;
  /** Has the user's sessions judged afresh, on every replica. */
  changed(userKey: string): Promise<void>;
};

/** Users asked for at the same time. */
const parallelQuestions = 8;

/**
 * A directory says nothing by itself when somebody is removed, disabled or moved to other groups. So those who have
 * sessions here are looked up again and again, and their sessions judged afresh when something changed. One that
 * can't be asked leaves everything as it was, and makes nobody wait. Returns how to stop.
 */
export function watchDirectory(options: WatchDirectoryOptions): () => void {
  let asking = false;
  const timer = options.clock.every(options.interval, () => {
    if (asking) return;
    asking = true;
    askForAll(options).then(
      () => {
        asking = false;
      },
      () => {
        asking = false;
      },
    );
  });
  return () => timer.cancel();
}

/** Rejects with the first failure: a directory that is down is not asked for everybody in turn. */
async function askForAll({ directory, users, findUser, changed }: WatchDirectoryOptions): Promise<void> {
  const waiting = new Map<string, SessionUser>();
  for (const user of users()) if (directoryOf(user.key) === directory) waiting.set(user.key, user);
  const remaining = waiting.values();
  const asker = async (): Promise<void> => {
    for (const user of remaining) {
      if (hasChanged(user, await findUser(user.key))) await changed(user.key);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallelQuestions, waiting.size) }, asker));
}

function hasChanged(user: SessionUser, found: DirectoryUser | undefined): boolean {
  if (found === undefined || found.disabled || found.name !== user.name) return true;
  if (!found.groupsComplete) return false;
  return (
    found.groups.length !== user.groups.length || found.groups.some((group) => !user.groups.includes(group))
  );
}
