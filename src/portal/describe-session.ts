import type { SessionRecord } from '../sessions/index.ts';
import type { SessionAnswer } from './answers.ts';
import type { PortalApplication, PortalDesktops, PortalSessions } from './contracts.ts';

/** Unix milliseconds as the API writes times. */
export const moment = (at: number): string => new Date(at).toISOString();

/** The part of an answer that tells how far a live session is. */
export function describeState(session: SessionRecord, sessions: PortalSessions) {
  const { state } = session;
  return {
    state: state.name === 'active' ? ('active' as const) : ('granted' as const),
    verifiedAt: moment(session.verifiedAt),
    ...(state.name === 'active' ? { firstSessionAt: moment(state.firstSessionAt) } : {}),
    expiresAt: moment(sessions.endsAt(session)),
  };
}

/** Makes the answer that tells a user of their own session. */
export function createDescribeSession(
  sessions: PortalSessions,
  applicationsFor: (session: SessionRecord) => readonly PortalApplication[],
  desktopsFor: PortalDesktops['of'] = () => [],
) {
  return (session: SessionRecord): SessionAnswer => ({
    user: { name: session.user.name, displayName: session.user.displayName },
    ...describeState(session, sessions),
    amr: [...session.amr],
    applications: applicationsFor(session).map(({ title, url }) => ({ name: title, url })),
    ...describeDesktops(desktopsFor(session)),
  });
}

const describeDesktops = (cards: ReturnType<PortalDesktops['of']>): Pick<SessionAnswer, 'desktops'> =>
  cards.length === 0 ? {} : { desktops: [...cards] };

export type DescribeSession = ReturnType<typeof createDescribeSession>;
