import { whyUser } from '../access/index.ts';
import { type AdminCall, auditCalls, whyCalls } from '../admin/index.ts';
import type { AdminCallParts } from './admin-calls.ts';
import { keyOfUser, nameOfActor } from './name-of-actor.ts';
import { whyParts } from './why-parts.ts';

/** What administrators have to know of each other and of what happened: the audit log, why, roles, API tokens. */
export function oversightCalls({
  rooms,
  applications,
}: Pick<AdminCallParts, 'rooms' | 'applications'>): readonly AdminCall[] {
  const nameOf = nameOfActor(rooms);
  const userKey = (text: string): Promise<string | undefined> => keyOfUser(rooms, text);
  const why = whyParts(rooms, () => applications.current);
  return [
    ...auditCalls({
      ...rooms,
      retention: rooms.auditRetention,
      nameOf,
      userKey,
      titleOf: (language, type) => rooms.catalogue.texts(language, ['audit'])[`audit.event.${type}`] ?? type,
    }),
    ...whyCalls({
      why: (user, subscription) => whyUser(why, user, subscription),
      userKey,
      isKnown: async (user, subscription) =>
        (await rooms.administration.factors.read(subscription, user)).version !== 'absent',
    }),
  ];
}
