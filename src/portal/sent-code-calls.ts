import type { z } from 'zod';
import { GatewayError, type ProblemCode } from '../errors.ts';
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

const sendingProblems = [
  'method-not-available',
  'sender-unavailable',
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
  'set-by-administrator',
] as const satisfies readonly ProblemCode[];
const proofProblems = [
  'code-malformed',
  'wrong-code',
  'code-already-used',
  'code-expired',
  'locked',
  'too-many-requests',
] as const satisfies readonly ProblemCode[];

/** Codes by SMS and email: sending them, for signing in, for enrolling, and for changes of the own account. */
export const sentCodeCalls: readonly ApiCall[] = [
  duringSignIn('sign-in/code', 'Sends a code to an enrolled number or address; the one before it is void.', {
    body: sendCodeBody,
    problems: [...sendingProblems, 'country-not-allowed', 'wrong-step'],
  }),
  duringSignIn('enrol/sms', 'Sends a code to a number that is to be enrolled; again after `resendAfter`.', {
    body: enrolSmsBody,
    problems: [...enrolmentProblems, ...numberProblems],
  }),
  duringSignIn('enrol/email', 'Sends a code to the address of the account; again after `resendAfter`.', {
    body: enrolEmailBody,
    problems: enrolmentProblems,
  }),
  ofAccount('account/code', 'Sends a code that can prove a change of the account.', {
    body: sendCodeBody,
    problems: [...sendingProblems, 'country-not-allowed'],
  }),
  ofAccount('account/sms', 'Sends a code to a number that is to be added, for a code typed now.', {
    body: addSmsBody,
    problems: [...sendingProblems, ...proofProblems, ...numberProblems],
  }),
  ofAccount('account/email', 'Sends a code to the address of the account, for a code typed now.', {
    body: verifyBody,
    problems: [...sendingProblems, ...proofProblems],
  }),
  ...(['sms', 'email'] as const).flatMap((method) => [
    ofAccount(`account/${method}/resend`, 'Sends another code to the same place.', {
      body: emptyBody,
      problems: [...sendingProblems, 'country-not-allowed', 'wrong-step'],
    }),
    added(method),
  ]),
];

type Sending = { readonly body: z.ZodType; readonly problems: readonly ProblemCode[] };

function duringSignIn(path: string, summary: string, sending: Sending): ApiCall {
  return pendingCall({
    method: 'post',
    path: `api/v1/${path}`,
    summary,
    ...sending,
    answer: { status: 202, schema: sentAnswer },
    async handle() {
      throw new GatewayError('method-not-available');
    },
  });
}

function ofAccount(path: string, summary: string, sending: Sending): ApiCall {
  return sessionCall({
    method: 'post',
    path: `api/v1/${path}`,
    summary,
    ...sending,
    answer: { status: 202, schema: sentAnswer },
    async handle() {
      throw new GatewayError('method-not-available');
    },
  });
}

function added(method: 'sms' | 'email'): ApiCall {
  return sessionCall({
    method: 'post',
    path: `api/v1/account/${method}/verify`,
    summary: 'Proves the number or address by the code that went there, and adds it.',
    body: addedSentBody,
    answer: { status: 200, schema: addedFactorAnswer },
    problems: [...proofProblems, 'wrong-step'],
    async handle() {
      throw new GatewayError('method-not-available');
    },
  });
}
