import { type DirectoryUser, enrolmentsOf, isEnrolled } from '../accounts/index.ts';
import { GatewayError, type ProblemCode } from '../errors.ts';
import { isPasswordEnough } from './gate-user.ts';
import { expiryOf, type PendingSignIn } from './pending-sign-ins.ts';
import { enrolmentRefusal } from './sign-in-enrolment-policy.ts';
import { conclude } from './sign-in-finish.ts';
import { enrollableMethods, offeredMethods, preferred } from './sign-in-methods.ts';
import { requireLeave } from './sign-in-newcomer.ts';
import { obligationOf } from './sign-in-obligation.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import { originOf } from './sign-in-prove.ts';

export type Admission = {
  readonly mustChangePassword: boolean;
  /** Why the account may not sign in, right password or not. */
  readonly barred?: ProblemCode;
  readonly shared: boolean;
  readonly visitor: Visitor;
  readonly returnTo?: string;
  /** Hash of the owner or recovery ticket that stands in for the password. */
  readonly ownerTicket?: string;
};

/** What comes after the right password, or after an owner ticket. */
export async function admit(
  parts: SignInParts,
  user: DirectoryUser,
  admission: Admission,
): Promise<SignInStep> {
  const { subscription } = parts;
  const settings = parts.settings.current(subscription);
  const obligation = await obligationOf(parts, user, admission.ownerTicket !== undefined);
  const { factors } = await parts.factorStore.read(subscription, user.key);
  const { visitor, ...rest } = admission;
  const pending = {
    ...rest,
    subscription,
    user: user.key,
    enrolments: enrolmentsOf(factors),
  };
  if (admission.barred !== undefined && !(obligation.required && isEnrolled(factors))) {
    throw refused(parts, user, visitor, admission.barred);
  }
  if (!obligation.required) {
    if (!isPasswordEnough(obligation, settings.unlistedUsers)) {
      throw refused(parts, user, visitor, 'not-enabled');
    }
    const begun = await parts.pendings.begin({
      ...pending,
      stage: 'change-password',
      proven: { amr: ['pwd'] },
    });
    if (!admission.mustChangePassword) {
      const step = await conclude(parts, begun, { user, visitor });
      return step.status === 'accept-terms' ? { ...step, pending: await tokenFor(parts, begun) } : step;
    }
    const needsCurrent = !parts.directories.canReplacePassword(user.key);
    return { status: 'change-password', pending: await tokenFor(parts, begun), needsCurrent };
  }
  // Whatever is enrolled: without a way that works now there are the recovery codes and the helpdesk, never a new key.
  if (isEnrolled(factors)) {
    const methods = await offeredMethods(parts, user, factors);
    const begun = await parts.pendings.begin({ ...pending, stage: 'verify' });
    return {
      status: 'verify',
      pending: await tokenFor(parts, begun),
      methods,
      default: preferred(methods, obligation.method),
    };
  }
  const methods = await enrollableMethods(parts, user, admission.ownerTicket !== undefined);
  if (methods.length === 0) throw refused(parts, user, visitor, 'method-not-available');
  if (admission.ownerTicket === undefined) {
    await requireLeave(parts, user, obligation).catch((error: unknown) => {
      const no = error instanceof GatewayError && error.status === 403;
      throw no ? refused(parts, user, visitor, error.code, error.params) : error;
    });
    const question = {
      policy: settings.enrolment,
      obligation,
      factors,
      ticket: undefined,
      now: parts.clock.now(),
    };
    const refusal = enrolmentRefusal(question);
    // A ticket can still be shown with the next step.
    if (refusal === 'enrolment-closed') throw refused(parts, user, visitor, refusal);
  }
  const begun = await parts.pendings.begin({ ...pending, stage: 'enrol' });
  return {
    status: 'enrol',
    pending: await tokenFor(parts, begun),
    methods,
    default: preferred(methods, obligation.method),
  };
}

/** The token that carries on a sign-in, good as long as it is. */
export const tokenFor = (parts: SignInParts, pending: PendingSignIn) =>
  parts.tokens.issuePending({
    id: pending.id,
    user: pending.user,
    subscription: pending.subscription,
    expiresAt: expiryOf(pending),
  });

/** Says no to somebody whose password was right, and writes down why. */
export function refused(
  parts: SignInParts,
  user: DirectoryUser,
  visitor: Visitor,
  code: ProblemCode,
  params: GatewayError['params'] = {},
): GatewayError {
  parts.audit.record({
    type: 'sign-in.refused',
    user: user.key,
    name: user.name,
    reason: code,
    origin: originOf(visitor),
  });
  return new GatewayError(code, { params });
}
