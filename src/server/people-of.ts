import { strongestRole } from '../access/index.ts';
import { type ImportParts, type PeopleParts, subscriptionOf } from '../accounts/index.ts';
import { decodeBase32, encodeBase32 } from '../second-factors/index.ts';
import type { Rooms } from './rooms.ts';

/** From so many users on, all sessions are gone through once instead of each user's. */
const many = 200;

/** What administrators' work on the users of one subscription needs. */
export function peopleOf(rooms: Rooms, subscription: string): PeopleParts {
  const { known, throttle, roles, settings, delivery, sessions, place } = rooms;
  const administration = rooms.administrationOf(subscription);
  const isLive = (record: Parameters<typeof sessions.stateOf>[0]): boolean =>
    ['granted', 'active'].includes(sessions.stateOf(record).name);
  return {
    ...administration,
    known,
    locks: (owner, user) => throttle.locks(owner, user),
    roleOf: (user, where) => roles.roleIn(user, where),
    isAdministrator: (user) => roles.isAdministrator(user),
    directories: () => rooms.directorySet.names,
    belongs: async (user, where) => subscriptionOf(await place(user, [])) === where,
    findAnywhere: (key) => rooms.directories.find(key),
    counted: (kind, query) => throttle.counted(kind, query),
    async administrators() {
      const found: string[] = [];
      for await (const { user, grants } of roles.everybody()) {
        if (strongestRole(grants, subscription) !== undefined) found.push(user);
      }
      return found;
    },
    switchedOn: () => settings.current(subscription).enabled,
    methodState(method) {
      if (!settings.current(subscription).methods.includes(method)) return 'method-off';
      return method === 'app' || delivery.configured(subscription, method) ? 'usable' : 'no-sender';
    },
    async liveSessions(users) {
      let live = 0;
      if (users.size < many) {
        for (const user of users)
          live += (await sessions.listOf({ subscription, user })).filter(isLive).length;
        return live;
      }
      let after: string | undefined;
      do {
        const query = { prefix: `${subscription}/`, limit: 200, ...(after === undefined ? {} : { after }) };
        const page = await sessions.list(query);
        live += page.items.filter((record) => users.has(record.user.key) && isLive(record)).length;
        after = page.next;
      } while (after !== undefined);
      return live;
    },
  };
}

/** What importing users needs besides. */
export function importingOf(
  rooms: Rooms,
  subscription: string,
): Omit<ImportParts, keyof PeopleParts | 'mayActOn'> {
  return {
    sealer: rooms.sealer,
    async lookUp(name, directory) {
      const typed = directory === undefined ? name : `${directory}\\${name}`;
      const found = await rooms.directories.lookUp(typed);
      if (found === undefined || !rooms.subscriptions.several) return found;
      const user = await rooms.directories.find(found.key);
      return user !== undefined && subscriptionOf(user) === subscription ? user : undefined;
    },
    readSecret(text) {
      try {
        const bytes = decodeBase32(text);
        return { secret: encodeBase32(bytes), bytes: bytes.length };
      } catch {
        return undefined;
      }
    },
    issuer: () => rooms.settings.current(subscription).issuer,
  };
}
