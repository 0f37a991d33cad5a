import { qrSvg } from '../second-factors/index.ts';
import { appSetupAnswer, stepAnswer } from './answers.ts';
import { type ApiCall, pendingCall } from './api-call.ts';
import { enrolAppBody, enrolVerifyBody } from './bodies.ts';
import { codeProblems } from './code-problems.ts';
import type { PortalSignIn } from './contracts.ts';
import type { StepDelivery } from './deliver-step.ts';

/** Binding a first second factor, at the sign-in that asks for it. */
export function enrolmentCalls(signIn: PortalSignIn, deliverStep: StepDelivery): readonly ApiCall[] {
  return [
    pendingCall({
      method: 'post',
      path: 'api/v1/enrol/app',
      summary: 'Makes the key of a new authenticator app; nothing is enrolled before a code proves it.',
      body: enrolAppBody,
      answer: { status: 200, schema: appSetupAnswer },
      problems: [
        'wrong-step',
        'already-enrolled',
        'enrolment-closed',
        'ticket-required',
        'invalid-ticket',
        'method-not-available',
      ],
      async handle({ body, pending, visitor }) {
        const setup = await signIn.beginApp(pending, visitor, body.ticket);
        return { body: { ...setup, qrSvg: qrSvg(setup.uri) } };
      },
    }),
    pendingCall({
      method: 'post',
      path: 'api/v1/enrol/verify',
      summary: 'Proves the new factor by a code, enrols it and signs in.',
      body: enrolVerifyBody,
      answer: { status: 200, schema: stepAnswer },
      problems: [...codeProblems, 'locked', 'wrong-step', 'already-enrolled', 'method-not-available'],
      async handle({ body: { method, code, label }, pending, visitor, deliver }) {
        if (method !== 'app') {
          return deliverStep(await signIn.confirmSent(pending, { method, code }, visitor), deliver);
        }
        const proof = label === undefined ? { code } : { code, label };
        return deliverStep(await signIn.confirmApp(pending, proof, visitor), deliver);
      },
    }),
  ];
}
