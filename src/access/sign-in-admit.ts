import type { DirectoryUser } from '../accounts/index.ts';
import { GatewayError, type ProblemCode } from '../errors.ts';
import type { MethodId, OfferedMethod } from '../second-factors/index.ts';
import { isPasswordEnough } from './gate-user.ts';
import { expiryOf, type PendingSignIn } from './pending-sign-ins.ts';
import { enrolmentRefusal } from './sign-in-enrolment-policy.ts';
import { finish } from './sign-in-finish.ts';
import { obligationOf } from './sign-in-obligation.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import { originOf } from './sign-in-prove.ts';

export type Admission = {
  readonly mustChangePassword: boolean;
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
    enrolments: factors.apps.map((app) => app.id),
  };
  if (!obligation.required) {
    if (!isPasswordEnough(obligation, settings.unlistedUsers)) {
      throw refused(parts, user, visitor, 'not-enabled');
    }
    const begun = await parts.pendings.begin({
      ...pending,
      stage: 'change-password',
      proven: { amr: ['pwd'] },
    });
    if (!admission.mustChangePassword) return finish(parts, begun, { user, visitor });
    return { status: 'change-password', pending: await tokenFor(parts, begun) };
  }
  const offered = offeredMethods(parts, factors);
  if (offered.some((method) => method.id !== 'recovery' && method.id !== 'bypass')) {
    const begun = await parts.pendings.begin({ ...pending, stage: 'verify' });
    return {
      status: 'verify',
      pending: await tokenFor(parts, begun),
      methods: offered,
      default: preferred(offered, obligation.method),
    };
  }
  if (!settings.methods.includes('app')) throw refused(parts, user, visitor, 'method-not-available');
  if (admission.ownerTicket === undefined) {
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
    methods: [{ id: 'app', digits: settings.digits }],
    default: 'app',
  };
}

export function offeredMethods(
  parts: Pick<SignInParts, 'secondFactors'>,
  factors: Parameters<SignInParts['secondFactors'][number]['offer']>[0],
): OfferedMethod[] {
  return parts.secondFactors.flatMap((factor) => factor.offer(factors) ?? []);
}

const preferred = (methods: readonly OfferedMethod[], wanted: MethodId): MethodId =>
  methods.some((method) => method.id === wanted) ? wanted : (methods[0]?.id ?? 'app');

const tokenFor = (parts: SignInParts, pending: PendingSignIn) =>
  parts.tokens.issuePending({ id: pending.id, user: pending.user, expiresAt: expiryOf(pending) });

/** Says no to somebody whose password was right, and writes down why. */
export function refused(
  parts: SignInParts,
  user: DirectoryUser,
  visitor: Visitor,
  code: ProblemCode,
): GatewayError {
  parts.audit.record({
    type: 'sign-in.refused',
    user: user.key,
    name: user.name,
    reason: code,
    origin: originOf(visitor),
  });
  return new GatewayError(code);
}
