import { whyUser } from '../access/index.ts';
import { defaultSubscription, subscriptionOf } from '../accounts/index.ts';
import { type AdminCall, administratorsCalls, auditCalls, tokensCalls, whyCalls } from '../admin/index.ts';
import type { AuditEventType } from '../audit/index.ts';
import type { Language } from '../catalogue/index.ts';
import type { AdminCallParts } from './admin-calls.ts';
import { invitationLink } from './invitation-link.ts';
import { keyOfUser, nameOfActor } from './name-of-actor.ts';
import { whyParts } from './why-parts.ts';

/** What administrators have to know of each other and of what happened: the audit log, why, roles, API tokens. */
export function oversightCalls({
  rooms,
  applications,
  config,
}: Pick<AdminCallParts, 'rooms' | 'applications' | 'config'>): readonly AdminCall[] {
  const nameOf = nameOfActor(rooms);
  const userKey = (text: string): Promise<string | undefined> => keyOfUser(rooms, text);
  const titleOf = (language: Language, type: AuditEventType): string =>
    rooms.catalogue.texts(language, ['audit'])[`audit.event.${type}`] ?? type;
  const reasonOf = (language: Language, type: AuditEventType, reason: string): string | undefined =>
    type === 'logon.checked' ? rooms.catalogue.texts(language, ['logon'])[`logon.${reason}`] : undefined;
  const why = whyParts(rooms, () => applications.current);
  return [
    ...auditCalls({
      ...rooms,
      retention: rooms.auditRetention,
      nameOf,
      userKey,
      titleOf,
    }),
    ...administratorsCalls({
      administrators: rooms.administrators,
      findUser: (user) => rooms.directories.find(user),
      factorsOf: async (user) => {
        const found = await rooms.directories.find(user).catch(() => undefined);
        const home = found === undefined ? defaultSubscription : subscriptionOf(found);
        return (await rooms.administration.factors.read(home, user)).factors;
      },
      nameOf,
      linkOf: (ticket, name, newAccount) =>
        invitationLink(config().console.publicUrl, ticket, name, newAccount),
    }),
    ...tokensCalls({ tokens: rooms.apiTokens, nameOf }),
    ...whyCalls({
      why: (user, subscription) => whyUser(why, user, subscription),
      userKey,
      titleOf,
      reasonOf,
      isKnown: async (user, subscription) =>
        (await rooms.administration.factors.read(subscription, user)).version !== 'absent',
    }),
  ];
}
