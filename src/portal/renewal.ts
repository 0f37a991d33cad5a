import type { Clock } from '../clock.ts';
import { isPasswordOnly, type SessionRecord } from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { OwnSessionAnswer, SessionAnswer } from './answers.ts';
import type { PortalRenewal, PortalSessions } from './contracts.ts';
import { moment } from './describe-session.ts';

/** An open page begins to tell so long before the end. Seconds. */
export const renewalNotice = 900;

/** How long a session lasts, for whoever may keep it from ending. Seconds, by the gateway's clock. */
export type Remaining = {
  readonly remaining: number;
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
      closes: settings.current(session.subscription).closeAtExpiry,
    };
  }

  /** What a user is told of their session, and how they can renew it. */
  async function describe(session: SessionRecord, answer: SessionAnswer): Promise<OwnSessionAnswer> {
    const left = remaining(session);
    const methods = left === undefined ? [] : await renewal.methods(session);
    if (left === undefined || methods.length === 0) return answer;
    const from = Math.max(session.verifiedAt, sessions.endsAt(session) - renewalNotice * 1000);
    return {
      ...answer,
      renewal: {
        from: moment(from),
        remaining: left.remaining,
        closesRemoteSessions: left.closes,
        methods: [...methods],
      },
    };
  }

  return { remaining, describe };
}

export type Renewal = ReturnType<typeof createRenewal>;
