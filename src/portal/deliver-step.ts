import type { CookieNames, SignInStep } from '../access/index.ts';
import type { Clock } from '../clock.ts';
import { type Delivery, dropCookie, setCookie } from '../http/index.ts';
import type { IssuedToken, SessionRecord } from '../sessions/index.ts';
import type { SessionAnswer, SignInAnswer, StepAnswer } from './answers.ts';
import type { CallResult } from './api-call.ts';
import type { SessionCookie } from './session-cookie.ts';

type DeliveryOptions = {
  readonly clock: Clock;
  readonly names: CookieNames;
  readonly secure: boolean;
  readonly sessionCookie: SessionCookie;
  readonly describeSession: (session: SessionRecord) => SessionAnswer;
};

/**
 * Turns a step into its answer: as cookies for a browser, or with the token in the body for a client that asked
 * for `bearer`, which gets no cookie at all.
 */
export function createStepDelivery(options: DeliveryOptions) {
  const { clock, names, secure, sessionCookie, describeSession } = options;
  const lasting = (name: string, { token, expiresAt }: IssuedToken): string =>
    setCookie(name, token, secure, (expiresAt - clock.now()) / 1000);
  const pendingCookie = (issued: IssuedToken): string => lasting(names.pending, issued);

  function cookiesOf(step: SignInStep): readonly string[] {
    if (step.status === 'confirm-drift') return [];
    if (step.status !== 'done') return step.pending === undefined ? [] : [pendingCookie(step.pending)];
    return [
      sessionCookie(step),
      dropCookie(names.pending, secure),
      // Nobody who comes after on a shared computer should profit from this device being known.
      ...(step.device === undefined || step.session.shared ? [] : [lasting(names.device, step.device)]),
    ];
  }

  function bodyOf(step: SignInStep, token: string | undefined): SignInAnswer | StepAnswer {
    const carried = token === undefined ? {} : { token };
    if (step.status === 'confirm-drift') return { status: 'confirm-drift' };
    if (step.status === 'change-password') {
      return { status: 'change-password', needsCurrent: step.needsCurrent, ...carried };
    }
    if (step.status === 'accept-terms') {
      return { status: 'accept-terms', version: step.version, text: step.text, ...carried };
    }
    if (step.status === 'enrol')
      return { status: 'enrol', methods: [...step.methods], default: step.default, ...carried };
    if (step.status === 'verify') {
      return { status: 'verify', methods: [...step.methods], default: step.default, ...carried };
    }
    return {
      status: 'done',
      session: describeSession(step.session),
      ...(step.returnTo === undefined ? {} : { returnTo: step.returnTo }),
      ...(step.recoveryCodes === undefined ? {} : { recoveryCodes: [...step.recoveryCodes] }),
      ...(step.clockOffset === undefined ? {} : { clockOffset: step.clockOffset }),
      ...carried,
    };
  }

  return (step: SignInStep, deliver: Delivery): CallResult => {
    if (deliver === 'cookie') return { body: bodyOf(step, undefined), cookies: cookiesOf(step) };
    const issued = step.status === 'done' ? step.issued : 'pending' in step ? step.pending : undefined;
    return { body: bodyOf(step, issued?.token) };
  };
}

export type StepDelivery = ReturnType<typeof createStepDelivery>;
