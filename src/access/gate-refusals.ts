import { type ProblemCode, problems } from '../errors.ts';
import type { SessionUser } from '../sessions/index.ts';
import type { Refusal } from './gate.ts';

const refusal = (code: ProblemCode, more: { signIn?: boolean; retryAfter?: number } = {}): Refusal =>
  Object.freeze({
    kind: 'refusal',
    code,
    status: problems[code],
    signIn: more.signIn ?? false,
    ...(more.retryAfter === undefined ? {} : { retryAfter: more.retryAfter }),
  });

/** The refusals that say nothing of the person, made once. `retryAfter`: seconds. */
export const refusals = Object.freeze({
  signInRequired: refusal('sign-in-required', { signIn: true }),
  signInExpired: refusal('sign-in-expired', { signIn: true }),
  ambiguousCredentials: refusal('ambiguous-credentials'),
  crossOrigin: refusal('cross-origin'),
  storeUnavailable: refusal('store-unavailable', { retryAfter: 5 }),
  internal: refusal('internal'),
});

/** A verified user asked for what is not there, or not for them. */
export const refuseUser = (code: 'not-assigned' | 'not-found', user: SessionUser): Refusal =>
  Object.freeze({ kind: 'refusal', code, status: problems[code], signIn: false, user });
