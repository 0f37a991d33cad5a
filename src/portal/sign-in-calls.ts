import { GatewayError } from '../errors.ts';
import { signInAnswer, stepAnswer } from './answers.ts';
import { type ApiCall, openCall, pendingCall } from './api-call.ts';
import { newPasswordBody, ownerBody, signInBody, termsBody, verifyBody } from './bodies.ts';
import { codeProblems } from './code-problems.ts';
import type { PortalOwner, PortalSignIn } from './contracts.ts';
import type { StepDelivery } from './deliver-step.ts';
import type { Site } from './site.ts';

type SignInCallOptions = {
  readonly signIn: PortalSignIn;
  readonly owner: PortalOwner;
  readonly deliverStep: StepDelivery;
  readonly site: Site;
};

/** From name and password to a 2FA session, and the owner's first step. */
export function signInCalls({ signIn, owner, deliverStep, site }: SignInCallOptions): readonly ApiCall[] {
  return [
    openCall({
      method: 'post',
      path: 'api/v1/sign-in',
      summary: 'Checks name and password, and says what comes next.',
      body: signInBody,
      answer: { status: 200, schema: signInAnswer },
      problems: [
        'invalid-credentials',
        'locked',
        'too-many-requests',
        'no-owner-yet',
        'not-enabled',
        'account-disabled',
        'enrolment-closed',
        'ticket-required',
        'invalid-ticket',
      ],
      async handle({ body, visitor }) {
        const { username, password, shared = false, deliver = 'cookie', invitation } = body;
        const returnTo = site.safeReturn(body.returnTo);
        if (body.returnTo !== undefined && returnTo === undefined) throw new GatewayError('invalid-request');
        const wish = {
          ...(returnTo === undefined ? {} : { returnTo }),
          ...(invitation === undefined ? {} : { invitation }),
        };
        const step = await signIn.begin({ username, password, shared, ...wish }, visitor);
        return deliverStep(step, deliver);
      },
    }),
    pendingCall({
      method: 'post',
      path: 'api/v1/sign-in/verify',
      summary: 'Checks a code of an enrolled second factor, or a recovery code.',
      body: verifyBody,
      answer: { status: 200, schema: stepAnswer },
      problems: [...codeProblems, 'locked', 'wrong-step', 'method-not-available'],
      async handle({ body, pending, visitor, deliver }) {
        return deliverStep(await signIn.verify(pending, body, visitor), deliver);
      },
    }),
    pendingCall({
      method: 'post',
      path: 'api/v1/sign-in/password',
      summary: 'Replaces an initial or expired password, after `change-password`.',
      body: newPasswordBody,
      answer: { status: 200, schema: stepAnswer },
      problems: ['password-too-weak', 'password-unchanged', 'wrong-password', 'locked', 'wrong-step'],
      async handle({ body: { password, current }, pending, visitor, deliver }) {
        return deliverStep(await signIn.changePassword(pending, password, visitor, current), deliver);
      },
    }),
    pendingCall({
      method: 'post',
      path: 'api/v1/sign-in/terms',
      summary:
        'Accepts the terms that were shown, after `accept-terms`; others are shown if they changed meanwhile.',
      body: termsBody,
      answer: { status: 200, schema: stepAnswer },
      problems: ['wrong-step'],
      async handle({ body: { version }, pending, visitor, deliver }) {
        return deliverStep(await signIn.acceptTerms(pending, version, visitor), deliver);
      },
    }),
    openCall({
      method: 'post',
      path: 'api/v1/owner',
      summary:
        'Creates the owner, or sets the password of a recovered user, with a printed ticket; enrolment comes next.',
      body: ownerBody,
      answer: { status: 200, schema: signInAnswer },
      problems: ['invalid-ticket', 'name-taken', 'password-too-weak'],
      async handle({ body, visitor }) {
        return deliverStep(await owner.create(body, visitor), 'cookie');
      },
    }),
  ];
}
