import { ownSessionAnswer } from './answers.ts';
import { type ApiCall, sessionCall } from './api-call.ts';
import type { PortalSessions } from './contracts.ts';
import type { DescribeSession } from './describe-session.ts';
import type { Renewal } from './renewal.ts';

type SessionCallOptions = {
  readonly sessions: PortalSessions;
  readonly describeSession: DescribeSession;
  readonly renewal: Renewal;
  /** `Set-Cookie` values that make a browser forget the session. */
  readonly forget: readonly string[];
};

/** The caller's own 2FA session. */
export function sessionCalls(options: SessionCallOptions): readonly ApiCall[] {
  const { sessions, describeSession, renewal, forget } = options;
  return [
    sessionCall({
      method: 'get',
      path: 'api/v1/session',
      summary: "The caller's 2FA session, the applications that it may open, and how it can be renewed.",
      answer: { status: 200, schema: ownSessionAnswer },
      problems: ['sign-in-required'],
      async handle({ session }) {
        return { body: await renewal.describe(session, describeSession(session)) };
      },
    }),
    sessionCall({
      method: 'delete',
      path: 'api/v1/session',
      summary: 'Signs out: the session is revoked and its remote sessions close.',
      answer: { status: 204 },
      problems: ['sign-in-required'],
      async handle({ session, deliver }) {
        await sessions.revoke(session, 'sign-out');
        return { cookies: deliver === 'cookie' ? forget : [] };
      },
    }),
  ];
}
