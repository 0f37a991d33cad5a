import { renewedAnswer, sentAnswer } from './answers.ts';
import { type ApiCall, sessionCall } from './api-call.ts';
import { sendCodeBody, verifyBody } from './bodies.ts';
import { codeProblems } from './code-problems.ts';
import type { PortalRenewal } from './contracts.ts';
import type { SentDelivery } from './deliver-sent.ts';
import type { DescribeSession } from './describe-session.ts';
import type { Renewal } from './renewal.ts';
import type { SessionCookie } from './session-cookie.ts';

type RenewalCallOptions = {
  readonly renewals: PortalRenewal;
  readonly renewal: Renewal;
  readonly describeSession: DescribeSession;
  readonly deliverSent: SentDelivery;
  readonly sessionCookie: SessionCookie;
};

/** A code typed in the middle of a session, so that it goes on beyond its end. */
export function renewalCalls(options: RenewalCallOptions): readonly ApiCall[] {
  const { renewals, renewal, describeSession, deliverSent, sessionCookie } = options;
  return [
    sessionCall({
      method: 'post',
      path: 'api/v1/session/code',
      summary: 'Sends a code that can renew this session; the one before it is void.',
      body: sendCodeBody,
      answer: { status: 202, schema: sentAnswer },
      problems: [
        'method-not-available',
        'not-allowed',
        'not-enabled',
        'account-disabled',
        'sender-unavailable',
        'invalid-address',
        'invalid-phone-number',
        'country-not-allowed',
        'budget-exhausted',
        'code-just-sent',
        'too-many-codes',
        'locked',
      ],
      async handle({ body, session, visitor, deliver }) {
        return deliverSent(await renewals.sendCode(session, body.method, visitor), deliver);
      },
    }),
    sessionCall({
      method: 'post',
      path: 'api/v1/session/renew',
      summary:
        'Checks a code typed now, and begins both clocks of the session anew; what is open stays open. A session that has ended stays ended.',
      body: verifyBody,
      answer: { status: 200, schema: renewedAnswer },
      problems: [
        ...codeProblems,
        'locked',
        'method-not-available',
        'not-allowed',
        'not-enabled',
        'account-disabled',
      ],
      async handle({ body, session, visitor, deliver }) {
        const step = await renewals.renew(session, body, visitor);
        if (step.status === 'confirm-drift') return { body: step };
        const answer = {
          status: step.status,
          session: await renewal.describe(step.session, describeSession(step.session)),
          ...(step.clockOffset === undefined ? {} : { clockOffset: step.clockOffset }),
        };
        if (deliver === 'bearer') return { body: { ...answer, token: step.issued.token } };
        return { body: answer, cookies: [sessionCookie(step)] };
      },
    }),
  ];
}
