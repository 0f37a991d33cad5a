import { type GateKeeper, watchDirectory } from '../access/index.ts';
import type { Clock } from '../clock.ts';
import type { LdapDirectory } from '../first-factors/index.ts';
import type { DirectorySet, RunningDirectory } from './directory-set.ts';
import type { Rooms } from './rooms.ts';

/**
 * Looks after who has sessions here and is no more, or no more the same, in their LDAP directory; at once, where a
 * directory itself has gone. Returns how to stop.
 */
export function watchDirectories(
  directories: Pick<DirectorySet, 'running' | 'onChange'>,
  { questions, store }: Pick<Rooms, 'questions' | 'store'>,
  gate: GateKeeper,
  clock: Clock,
): () => void {
  const watched = new Map<LdapDirectory, RunningDirectory & { readonly stop: () => void }>();
  const watch = ({ ldap, recheck, timeout }: RunningDirectory): (() => void) =>
    watchDirectory({
      directory: ldap.directory,
      // A round has to be over when its time is.
      interval: Math.max(recheck - timeout, recheck / 2) * 1000,
      clock,
      users: () => gate.users(),
      findUser: (key) => questions.findUser(key),
      changed: (user) => store.publish('accounts', { user }),
    });
  const follow = (): void => {
    const { running } = directories;
    for (const [ldap, { stop, recheck, timeout }] of watched) {
      const now = running.find((each) => each.ldap === ldap);
      if (now?.recheck === recheck && now.timeout === timeout) continue;
      stop();
      watched.delete(ldap);
    }
    for (const each of running) {
      if (!watched.has(each.ldap)) watched.set(each.ldap, { ...each, stop: watch(each) });
    }
  };
  follow();
  const stopFollowing = directories.onChange((gone) => {
    follow();
    // Everybody is looked at again: people of a directory that has gone are nobody.
    if (gone) store.publish('accounts', {}).catch(() => undefined);
  });
  return () => {
    stopFollowing();
    for (const { stop } of watched.values()) stop();
  };
}
