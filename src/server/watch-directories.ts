import { type GateKeeper, watchDirectory } from '../access/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { Rooms } from './rooms.ts';

/** Looks after who has sessions here and is no more, or no more the same, in their LDAP directory. Returns how to stop. */
export function watchDirectories(
  config: Pick<Config, 'directories'>,
  { ldap, questions, store }: Pick<Rooms, 'ldap' | 'questions' | 'store'>,
  gate: GateKeeper,
  clock: Clock,
): () => void {
  const stops = config.directories.flatMap((directory) => {
    if (directory.type !== 'ldap' || !ldap.some((each) => each.directory === directory.name)) return [];
    // A round has to be over when its time is.
    const interval = Math.max(directory.recheck - directory.timeout, directory.recheck / 2) * 1000;
    return [
      watchDirectory({
        directory: directory.name,
        interval,
        clock,
        users: () => gate.users(),
        findUser: (key) => questions.findUser(key),
        changed: (user) => store.publish('accounts', { user }),
      }),
    ];
  });
  return () => {
    for (const stop of stops) stop();
  };
}
