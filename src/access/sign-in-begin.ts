import { createHash } from 'node:crypto';
import type { DirectoryUser, Obligation } from '../accounts/index.ts';
import { GatewayError, type ProblemCode } from '../errors.ts';
import type { MethodId, OfferedMethod } from '../second-factors/index.ts';
import type { PendingSignIn } from './pending-sign-ins.ts';
import { expiryOf } from './pending-sign-ins.ts';
import { enrolmentRefusal } from './sign-in-enrolment-policy.ts';
import { finish } from './sign-in-finish.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import { originOf } from './sign-in-prove.ts';

export type NameAndPassword = {
  readonly username: string;
  readonly password: string;
  /** Already checked by `safeReturnTo`. */
  readonly returnTo?: string;
  /** *This is a shared computer*. */
  readonly shared?: boolean;
};

/** Name and password. Nothing tells an unknown name from a wrong password: wording, time, counting. */
export async function begin(
  parts: SignInParts,
  credentials: NameAndPassword,
  visitor: Visitor,
): Promise<SignInStep> {
  if (!(await parts.roles.ownerExists(parts.subscription))) throw new GatewayError('no-owner-yet');
  const { user, mustChangePassword } = await checkPassword(parts, credentials, visitor);
  return admit(parts, user, {
    mustChangePassword,
    shared: credentials.shared ?? false,
    visitor,
    ...(credentials.returnTo === undefined ? {} : { returnTo: credentials.returnTo }),
  });
}

async function checkPassword(
  parts: SignInParts,
  { username, password }: NameAndPassword,
  visitor: Visitor,
): Promise<{ user: DirectoryUser; mustChangePassword: boolean }> {
  const { subscription, directories, audit } = parts;
  const origin = originOf(visitor);
  const meant = await directories.lookUp(username);
  const device = meant === undefined ? undefined : await knownDevice(parts, meant.key, visitor);
  const subject = meant?.key ?? nobody(username);
  const said = { type: 'sign-in.password', name: username, origin } as const;
  const who = meant === undefined ? {} : { user: meant.key };
  const attempt = await parts.throttle
    .countPassword({ subscription, subject, origin, device })
    .catch((error: unknown) => {
      if (error instanceof GatewayError && error.status === 429) {
        audit.record({ ...said, ...who, result: 'locked' });
      }
      throw error;
    });
  const verdict = await directories.verify(username, password).catch(async (error: unknown) => {
    await attempt.release();
    throw error;
  });
  if (verdict.result === 'refused') {
    audit.record({ ...said, ...who, result: 'refused' });
    await attempt.failed();
    throw new GatewayError('invalid-credentials');
  }
  await attempt.succeeded();
  const { user } = verdict;
  if (verdict.result === 'disabled' || user.disabled) {
    audit.record({ ...said, user: user.key, result: 'refused', reason: 'account-disabled' });
    throw new GatewayError('account-disabled');
  }
  audit.record({ ...said, user: user.key, result: 'accepted' });
  return { user, mustChangePassword: verdict.mustChangePassword };
}

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
    if (obligation.rule === 'not-listed' && settings.unlistedUsers === 'deny') {
      throw refused(parts, user, visitor, 'not-enabled');
    }
    const begun = await parts.pendings.begin({
      ...pending,
      stage: 'change-password',
      proven: { amr: ['pwd'] },
    });
    if (!admission.mustChangePassword) return finish(parts, begun, user, visitor);
    return { status: 'change-password', pending: await tokenFor(parts, begun) };
  }
  const offered = offeredMethods(parts, factors);
  if (offered.some((method) => method.id !== 'recovery')) {
    const begun = await parts.pendings.begin({ ...pending, stage: 'verify' });
    const methods = offered;
    return {
      status: 'verify',
      pending: await tokenFor(parts, begun),
      methods,
      default: preferred(methods, obligation.method),
    };
  }
  if (!settings.methods.includes('app')) throw refused(parts, user, visitor, 'method-not-available');
  const { now } = { now: parts.clock.now() };
  if (admission.ownerTicket === undefined) {
    const question = { policy: settings.enrolment, obligation, factors, ticket: undefined, now };
    const refusal = enrolmentRefusal(question);
    // A ticket can still be shown with the next step.
    if (refusal === 'enrolment-closed') throw refused(parts, user, visitor, refusal);
  }
  const begun = await parts.pendings.begin({ ...pending, stage: 'enrol' });
  return {
    status: 'enrol',
    pending: await tokenFor(parts, begun),
    methods: [{ id: 'app', digits: settings.digits }],
  };
}

/** Administrators always need a second factor, and so does whoever comes with an owner ticket. */
export async function obligationOf(
  parts: SignInParts,
  user: DirectoryUser,
  becomesOwner: boolean,
): Promise<Obligation> {
  const { subscription } = parts;
  const administrator = becomesOwner || (await parts.roles.isAdministrator(subscription, user.key));
  return parts.obligations.of(subscription, user, administrator);
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

async function knownDevice(parts: SignInParts, user: string, visitor: Visitor) {
  if (visitor.device === undefined) return undefined;
  const { subscription } = parts;
  const { factors } = await parts.factorStore.read(subscription, user);
  const ids = factors.apps.map((app) => app.id);
  return parts.devices.recognise({ subscription, user }, visitor.device, ids);
}

/** A name that nobody has is counted like one that somebody has, without keeping what was typed. */
const nobody = (name: string): string =>
  `~${createHash('sha256').update(name.normalize('NFKC').trim().toLowerCase()).digest('base64url')}`;
