import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { isPasswordOnly, type SessionRecord } from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { OwnSessionAnswer, SessionAnswer } from './answers.ts';
import type { PortalRenewal, PortalSessions } from './contracts.ts';
import { moment } from './describe-session.ts';

/** An open page begins to tell so long before the end: a quarter of an hour, and of a short session the last quarter. */
const longestNotice = 900_000;

/** How long a session lasts, for whoever may keep it from ending. Seconds, by the gateway's clock. */
export type Remaining = {
  readonly remaining: number;
  /** How long before the end an open page begins to tell. */
  readonly notice: number;
  /** Whether remote sessions that are open then close. */
  readonly closes: boolean;
};

type RenewalOptions = {
  readonly renewal: Pick<PortalRenewal, 'methods'>;
  readonly sessions: Pick<PortalSessions, 'endsAt'>;
  readonly settings: SettingsReader;
  readonly clock: Clock;
};

export function createRenewal({ renewal, sessions, settings, clock }: RenewalOptions) {
  /** Undefined for a session that nothing can renew: its user signs in again. */
  function remaining(session: SessionRecord): Remaining | undefined {
    if (isPasswordOnly(session)) return undefined;
    return {
      remaining: Math.max(0, Math.floor((sessions.endsAt(session) - clock.now()) / 1000)),
      notice: Math.floor(noticeOf(session) / 1000),
      closes: settings.current(session.subscription).closeAtExpiry,
    };
  }

  function noticeOf(session: SessionRecord): number {
    const { state } = session;
    const since = state.name === 'active' ? state.firstSessionAt : session.verifiedAt;
    return Math.min(longestNotice, Math.max(0, sessions.endsAt(session) - since) / 4);
  }

  /** What a user is told of their session, and how they can renew it. */
  async function describe(session: SessionRecord, answer: SessionAnswer): Promise<OwnSessionAnswer> {
    const left = remaining(session);
    const methods = left === undefined ? [] : await renewal.methods(session);
    if (left === undefined || methods.length === 0) return answer;
    return {
      ...answer,
      renewal: {
        from: moment(sessions.endsAt(session) - noticeOf(session)),
        remaining: left.remaining,
        closesRemoteSessions: left.closes,
        methods: [...methods],
      },
    };
  }

  return { remaining, describe };
}

export type Renewal = ReturnType<typeof createRenewal>;

/** Tells sessions apart in an address, without naming them. */
export const markOf = ({ id }: Pick<SessionRecord, 'id'>): string =>
  createHash('sha256').update(`sallyport renewal\0${id}`).digest('base64url').slice(0, 16);
