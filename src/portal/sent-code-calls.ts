import type { ProblemCode } from '../errors.ts';
import { addedFactorAnswer, sentAnswer } from './answers.ts';
import { type ApiCall, pendingCall, sessionCall } from './api-call.ts';
import {
  addedSentBody,
  addSmsBody,
  emptyBody,
  enrolEmailBody,
  enrolSmsBody,
  sendCodeBody,
  verifyBody,
} from './bodies.ts';
import { codeProblems } from './code-problems.ts';
import type { PortalAccount, PortalSignIn } from './contracts.ts';
import type { SentDelivery } from './deliver-sent.ts';

const sendingProblems = [
  'method-not-available',
  'sender-unavailable',
  'invalid-address',
  'locked',
  'budget-exhausted',
  'code-just-sent',
  'too-many-codes',
] as const satisfies readonly ProblemCode[];
const enrolmentProblems = [
  ...sendingProblems,
  'wrong-step',
  'already-enrolled',
  'enrolment-closed',
  'ticket-required',
  'invalid-ticket',
] as const satisfies readonly ProblemCode[];
const numberProblems = [
  'invalid-phone-number',
  'country-not-allowed',
] as const satisfies readonly ProblemCode[];

const sent = { status: 202, schema: sentAnswer } as const;

/** Codes by SMS and email, between password and session: sending them to sign in and to enrol. */
export function sentCodeCalls(signIn: PortalSignIn, deliverSent: SentDelivery): readonly ApiCall[] {
  return [
    pendingCall({
      method: 'post',
      path: 'api/v1/sign-in/code',
      summary: 'Sends a code to an enrolled number or address; the one before it is void.',
      body: sendCodeBody,
      answer: sent,
      problems: [...sendingProblems, ...numberProblems, 'wrong-step'],
      async handle({ body, pending, visitor, deliver }) {
        return deliverSent(await signIn.sendCode(pending, body.method, visitor), deliver);
      },
    }),
    pendingCall({
      method: 'post',
      path: 'api/v1/enrol/sms',
      summary: 'Sends a code to a number that is to be enrolled; again after `resendAfter`.',
      body: enrolSmsBody,
      answer: sent,
      problems: [...enrolmentProblems, ...numberProblems, 'set-by-administrator'],
      async handle({ body, pending, visitor, deliver }) {
        const sending = await signIn.beginSent(pending, { method: 'sms', ...body }, visitor);
        return deliverSent(sending, deliver);
      },
    }),
    pendingCall({
      method: 'post',
      path: 'api/v1/enrol/email',
      summary: 'Sends a code to the address of the account; again after `resendAfter`.',
      body: enrolEmailBody,
      answer: sent,
      problems: enrolmentProblems,
      async handle({ body, pending, visitor, deliver }) {
        const sending = await signIn.beginSent(pending, { method: 'email', ...body }, visitor);
        return deliverSent(sending, deliver);
      },
    }),
  ];
}

/** Codes by SMS and email of somebody signed in: to prove a change, and to add a number or address. */
export function accountCodeCalls(account: PortalAccount, deliverSent: SentDelivery): readonly ApiCall[] {
  return [
    sessionCall({
      method: 'post',
      path: 'api/v1/account/code',
      summary: 'Sends a code that can prove a change of the account.',
      body: sendCodeBody,
      answer: sent,
      problems: [...sendingProblems, ...numberProblems],
      async handle({ body, session, visitor, deliver }) {
        return deliverSent(await account.sendCode(session, body.method, visitor), deliver);
      },
    }),
    sessionCall({
      method: 'post',
      path: 'api/v1/account/sms',
      summary:
        'Sends a code to a number to add, or to put in the place of the one there is, for a code typed now.',
      body: addSmsBody,
      answer: sent,
      problems: [...sendingProblems, ...codeProblems, ...numberProblems, 'set-by-administrator'],
      async handle({ body: { method, code, phone }, session, visitor, deliver }) {
        const wish = { method: 'sms', phone } as const;
        return deliverSent(await account.beginSent(session, wish, { method, code }, visitor), deliver);
      },
    }),
    sessionCall({
      method: 'post',
      path: 'api/v1/account/email',
      summary: 'Sends a code to the address of the account, to add it, for a code typed now.',
      body: verifyBody,
      answer: sent,
      problems: [...sendingProblems, ...codeProblems],
      async handle({ body, session, visitor, deliver }) {
        return deliverSent(await account.beginSent(session, { method: 'email' }, body, visitor), deliver);
      },
    }),
    ...(['sms', 'email'] as const).flatMap((method) => addingCalls(method, account, deliverSent)),
  ];
}

function addingCalls(
  method: 'sms' | 'email',
  account: PortalAccount,
  deliverSent: SentDelivery,
): readonly ApiCall[] {
  return [
    sessionCall({
      method: 'post',
      path: `api/v1/account/${method}/resend`,
      summary: 'Sends another code to the place that was named; no new proof is needed.',
      body: emptyBody,
      answer: sent,
      problems: [...sendingProblems, ...numberProblems, 'wrong-step'],
      async handle({ session, visitor, deliver }) {
        return deliverSent(await account.resendSent(session, method, visitor), deliver);
      },
    }),
    sessionCall({
      method: 'post',
      path: `api/v1/account/${method}/verify`,
      summary: 'Proves the number or address by the code that went there, and adds it.',
      body: addedSentBody,
      answer: { status: 200, schema: addedFactorAnswer },
      problems: [...codeProblems, 'locked', 'wrong-step'],
      async handle({ body: { code }, session, visitor }) {
        return { body: await account.confirmSent(session, { method, code }, visitor) };
      },
    }),
  ];
}
