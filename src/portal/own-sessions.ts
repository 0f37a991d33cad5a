import { referenceTo, type SessionRecord, type Sessions, type Tokens } from '../sessions/index.ts';
import type { OwnSessions } from './contracts.ts';

/** How a user's own sessions are read and ended. `forgetDevices` voids all known devices of that user. */
export function createOwnSessions(
  sessions: Sessions,
  tokens: Tokens,
  forgetDevices: (session: SessionRecord) => Promise<void>,
): OwnSessions {
  const isLive = (session: SessionRecord): boolean => {
    const { name } = sessions.stateOf(session);
    return name === 'granted' || name === 'active';
  };
  const subscription = 'default';

  return {
    async find(token, audience) {
      const verdict = await tokens.verifySession(token, audience);
      if (verdict.result !== 'valid') return undefined;
      const { subject, session: id } = verdict.claims;
      const session = await sessions.find({ subscription, user: subject, id });
      return session !== undefined && isLive(session) ? session : undefined;
    },
    async list(session) {
      const all = await sessions.listOf({ subscription: session.subscription, user: session.user.key });
      return all.filter(isLive).sort((one, other) => other.verifiedAt - one.verifiedAt);
    },
    async revoke(session, reason) {
      await sessions.revoke(referenceTo(session), { reason, actor: session.user.key });
    },
    async revokeAll(session) {
      const { subscription, user } = session;
      await forgetDevices(session);
      await sessions.revokeAll(
        { subscription, user: user.key },
        { reason: 'sign-out-everywhere', actor: user.key },
      );
    },
    endsAt: (session) => sessions.endsAt(session),
  };
}
