import { localDirectory } from '../accounts/index.ts';
import { importingOf, peopleOf } from './people-of.ts';
import type { Rooms } from './rooms.ts';

/** What the administrators' calls about people work with. */
export function peopleCallParts(rooms: Rooms) {
  return {
    people: (subscription: string) => peopleOf(rooms, subscription),
    grantsOf: (user: string) => rooms.roles.rolesOf(user),
    wouldBelong: (person: { readonly name: string; readonly groups: readonly string[] }) =>
      rooms.subscriptions.of({ ...person, directory: localDirectory, groupsComplete: true }),
    catalogue: rooms.catalogue,
    sealer: rooms.sealer,
    sessions: rooms.sessions,
    throttle: rooms.throttle,
    local: rooms.local,
    groups: rooms.groups,
    store: rooms.store,
    rdpWhitelist: rooms.rdpWhitelist,
    directories: rooms.directories,
    importing: (subscription: string) => importingOf(rooms, subscription),
    elsewhere: () => rooms.ldap,
    canHold: (subscription: string, directory: string) =>
      rooms.subscriptions.canHold(subscription, directory),
    subscriptions: () => rooms.subscriptions.all().map(({ id }) => id),
    async groupExists(directory: string, name: string): Promise<boolean> {
      if (directory === localDirectory) return (await rooms.groups.find(name)) !== undefined;
      const other = rooms.ldap.find((each) => each.directory === directory);
      return other !== undefined && (await other.hasGroup(name));
    },
  };
}
