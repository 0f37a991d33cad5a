import { type AdminCall, auditCalls } from '../admin/index.ts';
import { keyOfUser, nameOfActor } from './name-of-actor.ts';
import type { Rooms } from './rooms.ts';

/** What administrators have to know of each other and of what happened: the audit log, why, roles, API tokens. */
export function oversightCalls(rooms: Rooms): readonly AdminCall[] {
  const nameOf = nameOfActor(rooms);
  return [
    ...auditCalls({
      ...rooms,
      retention: rooms.auditRetention,
      nameOf,
      userKey: (text) => keyOfUser(rooms, text),
      titleOf: (language, type) => rooms.catalogue.texts(language, ['audit'])[`audit.event.${type}`] ?? type,
    }),
  ];
}
