import type { z } from 'zod';
import { GatewayError } from '../errors.ts';
import { sentAnswer } from './answers.ts';
import { type ApiCall, pendingCall } from './api-call.ts';
import { emptyBody, phoneBody, sendCodeBody } from './bodies.ts';

/** Codes by SMS and email. No sender can be configured yet, so every call says that the method isn't there. */
export const sentCodeCalls: readonly ApiCall[] = [
  unavailable('sign-in/code', 'Sends a code by SMS or email.', sendCodeBody),
  unavailable('enrol/sms', 'Sends a code to a phone number.', phoneBody),
  unavailable('enrol/email', 'Sends a code to the email address of the account.', emptyBody),
];

function unavailable(path: string, summary: string, body: z.ZodType): ApiCall {
  return pendingCall({
    method: 'post',
    path: `api/v1/${path}`,
    summary,
    body,
    answer: { status: 202, schema: sentAnswer },
    problems: ['method-not-available'],
    async handle() {
      throw new GatewayError('method-not-available');
    },
  });
}
