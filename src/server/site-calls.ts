import {
  type AdminCall,
  applicationsCalls,
  directoriesCalls,
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
      testRunning: async (name) => (name === 'local' ? [] : running(name)?.check()),
    }),
  ];
}
