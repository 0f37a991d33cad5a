import { directoryOf, localDirectory } from '../accounts/index.ts';
import {
  type AdminCall,
  applicationsCalls,
  directoriesCalls,
  type Grant,
  sessionsCalls,
  tunnelsCalls,
} from '../admin/index.ts';
import type { AdminCallParts } from './admin-calls.ts';
import { testApplication } from './test-application.ts';
import { testDirectory } from './test-directory.ts';

/** The calls about sessions, applications and directories. */
export function siteCalls(parts: AdminCallParts): readonly AdminCall[] {
  const { config, rooms, liveTunnels, liveServers, clock } = parts;
  const running = (name: string) => rooms.ldap.find(({ directory }) => directory === name);
  return [
    ...sessionsCalls({ ...rooms, grantsOf: (user) => rooms.roles.rolesOf(user) }),
    ...tunnelsCalls({ tunnels: liveTunnels }),
    ...applicationsCalls({
      ...rooms,
      publicUrl: () => config().publicUrl,
      servers: () => liveServers.list(),
      testApplication,
    }),
    ...directoriesCalls({
      ...rooms,
      fileDirectories: () => config().directories,
      statesOf: (name) => running(name)?.servers ?? [],
      testDirectory: (directory) => testDirectory(directory, clock),
      // Of the local one there is nothing to try.
      async administratorsIn(name) {
        const found: { user: string; grants: readonly Grant[] }[] = [];
        for await (const { user, grants } of rooms.roles.everybody()) {
          if (directoryOf(user) === name) found.push({ user, grants });
        }
        return found;
      },
      async isOwnedFromElsewhere(name) {
        for await (const user of rooms.roles.owners()) {
          if (directoryOf(user) !== name && (await rooms.roles.isUsable(user))) return true;
        }
        return false;
      },
      testRunning: async (name) => (name === localDirectory ? [] : running(name)?.check()),
    }),
  ];
}
