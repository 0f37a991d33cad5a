import { type AppEnrolment, type Factors, isEnrolled, ticketHash } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { randomName } from '../random.ts';
import { draftApp, isCodeShaped, otpauthUri, proveDraft } from '../second-factors/index.ts';
import type { SecondFactorMethod } from '../settings/index.ts';
import { isConflict } from '../storage/index.ts';
import type { SealedDraft } from './pending-sign-ins.ts';
import { enrolmentRefusal } from './sign-in-enrolment-policy.ts';
import { passOn } from './sign-in-finish.ts';
import { enrollableMethods } from './sign-in-methods.ts';
import { requireLeave } from './sign-in-newcomer.ts';
import { obligationOf } from './sign-in-obligation.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import {
  amrOf,
  countCode,
  farCodeOf,
  originOf,
  type Prover,
  refuse,
  refuseMalformed,
} from './sign-in-prove.ts';
import { type CurrentStep, resume } from './sign-in-steps.ts';
import type { CountedAttempt } from './throttle.ts';

/** A new app before a code has proven it; `secret` is Base32. */
export type AppSetup = {
  readonly uri: string;
  readonly secret: string;
  readonly digits: number;
};

/** The label of what a secret of an app is sealed as. */
export const secretLabel = 'totp-secret';

/**
 * Makes the key of the first app, or shows the same one again. Nothing is enrolled yet.
 * Rejects with `already-enrolled`, `ticket-required`, `invalid-ticket`, `enrolment-closed`.
 */
export async function beginApp(
  parts: SignInParts,
  token: string,
  visitor: Visitor,
  ticket?: string,
): Promise<AppSetup> {
  const step = await resume(parts, token, 'enrol', visitor);
  const { user, pending } = step;
  const hash = await mayEnrol(parts, step, 'app', visitor, ticket);
  const record = parts.pendings.record(pending.value);
  const shown = pending.value.draft;
  if (shown !== undefined) {
    const secret = parts.sealer.open(record, shown.sealedSecret);
    const { issuer, digits } = shown;
    return { uri: otpauthUri({ issuer, account: user.name, secret, digits }), secret, digits };
  }
  const settings = parts.settings.current(parts.subscription);
  const { uri, secret, ...draft } = draftApp(parts.random, randomName(parts.random), user.name, settings);
  await parts.pendings.update(pending, {
    ...pending.value,
    draft: { ...draft, sealedSecret: parts.sealer.seal(record, secretLabel, secret) },
    ...(hash === undefined ? {} : { ticket: hash }),
  });
  parts.audit.record({
    type: 'enrolment.started',
    user: user.key,
    name: user.name,
    method: 'app',
    origin: originOf(visitor),
  });
  return { uri, secret, digits: draft.digits };
}

/** Proves the first app by its code, saves it, and signs in. Saving requires that nothing is enrolled yet. */
export async function confirmApp(
  parts: SignInParts,
  token: string,
  proof: { readonly code: string; readonly label?: string },
  visitor: Visitor,
): Promise<SignInStep> {
  const step = await resume(parts, token, 'enrol', visitor);
  const { user, pending } = step;
  await mayEnrol(parts, step, 'app', visitor);
  const { draft, far } = pending.value;
  if (draft === undefined) throw new GatewayError('wrong-step');
  const prover = { user, visitor, candidates: far?.candidates ?? [], afterPassword: false };
  const secret = parts.sealer.open(parts.pendings.record(pending.value), draft.sealedSecret);
  const proven = await proveNewApp(parts, prover, { ...draft, secret }, proof.code);
  if (proven.result === 'far') {
    await parts.pendings.rememberFar(pending.value, farCodeOf(proven));
    return { status: 'confirm-drift' };
  }
  const app = newEnrolment(parts, user.key, { ...draft, secret }, proven.drift, proof.label);
  return enrolFirst(parts, step, visitor, {
    method: 'app',
    enrolment: draft.id,
    save: (factors) => ({ ...factors, apps: [app] }),
    attempt: proven.attempt,
    ...(proven.clockOffset === undefined ? {} : { clockOffset: proven.clockOffset }),
  });
}

/** A first factor that its code has just proven. */
export type FirstFactor = {
  readonly method: SecondFactorMethod;
  readonly enrolment: string;
  /** Pure: the factors with it. */
  save(factors: Factors): Factors;
  readonly attempt: CountedAttempt;
  /** Seconds the device is ahead, when a second code has just proven it. */
  readonly clockOffset?: number;
};

/** Saves it, which requires that nothing is enrolled yet, and signs in. */
export async function enrolFirst(
  parts: SignInParts,
  step: CurrentStep,
  visitor: Visitor,
  { method, enrolment, save, attempt, clockOffset }: FirstFactor,
): Promise<SignInStep> {
  const { user, pending } = step;
  await saveFirst(parts, step, save);
  parts.audit.record({
    type: 'enrolment.confirmed',
    user: user.key,
    name: user.name,
    method,
    origin: originOf(visitor),
  });
  const bound = { ...pending, value: { ...pending.value, enrolments: [enrolment] } };
  const sofar = {
    amr: ['pwd', amrOf[method]],
    enrolled: true,
    ...(clockOffset === undefined ? {} : { clockOffset }),
  };
  const next = await passOn(parts, bound, sofar, { user, visitor, method });
  await attempt.succeeded();
  return next;
}

/**
 * Rejects when an enrolment exists, the method is not there for this user, or the setting *Enrolment* forbids;
 * resolves to the ticket's hash, if any.
 */
export async function mayEnrol(
  parts: SignInParts,
  { pending, user }: CurrentStep,
  method: SecondFactorMethod,
  visitor: Visitor,
  ticket?: string,
): Promise<string | undefined> {
  const { subscription } = parts;
  const { factors } = await parts.factorStore.read(subscription, user.key);
  if (isEnrolled(factors)) throw new GatewayError('already-enrolled');
  const becomesOwner = pending.value.ownerTicket !== undefined;
  const enrollable = await enrollableMethods(parts, user, becomesOwner);
  if (!enrollable.some(({ id }) => id === method)) throw new GatewayError('method-not-available');
  if (becomesOwner) return undefined;
  const shown = ticket === undefined ? pending.value.ticket : ticketHash(ticket);
  const obligation = await obligationOf(parts, user, false);
  await requireLeave(parts, user, obligation);
  const policy = parts.settings.current(subscription).enrolment;
  const question = { policy, obligation, factors, ticket: shown, now: parts.clock.now() };
  const refusal = enrolmentRefusal(question);
  if (refusal === undefined) return shown;
  if (refusal !== 'ticket-required' || ticket === undefined) throw new GatewayError(refusal);
  // A wrong ticket is a guess like any other.
  const prover = { user, visitor, candidates: [], afterPassword: true };
  await (await countCode(parts, prover, method)).failed();
  throw new GatewayError('invalid-ticket');
}

type OpenDraft = Omit<SealedDraft, 'sealedSecret'> & { readonly secret: string };

/** Counts, judges and claims the code of an app that is not enrolled yet. */
export async function proveNewApp(parts: SignInParts, prover: Prover, draft: OpenDraft, code: string) {
  const { subscription } = parts;
  const user = prover.user.key;
  const typed = {
    code,
    now: parts.clock.now(),
    settings: parts.settings.current(subscription),
    candidates: prover.candidates,
    claimed: (claims: Parameters<typeof parts.claims.taken>[1]) =>
      parts.claims.taken({ subscription, user }, claims),
  };
  if (!isCodeShaped(code, draft.digits)) throw refuseMalformed(parts, prover, 'app', draft.digits);
  const attempt = await countCode(parts, prover, 'app');
  const verdict = await proveDraft(typed, draft);
  if (verdict.result === 'malformed') {
    await attempt.release();
    throw refuseMalformed(parts, prover, 'app', verdict.expected);
  }
  if (verdict.result !== 'accepted') return refuse(parts, prover, 'app', attempt, verdict);
  if (!(await parts.claims.take({ subscription, user }, verdict.claimed))) {
    return refuse(parts, prover, 'app', attempt, { result: 'replayed', claims: [] });
  }
  const { drift } = verdict.learned;
  return {
    result: 'accepted' as const,
    attempt,
    drift,
    ...(verdict.proven ? { clockOffset: drift * 30 } : {}),
  };
}

/** What is stored of a proven app: its secret sealed to the user's own document. */
export function newEnrolment(
  parts: SignInParts,
  user: string,
  draft: OpenDraft,
  drift: number,
  label: string | undefined,
): AppEnrolment {
  const record = parts.factorStore.record(parts.subscription, user);
  const now = parts.clock.now();
  return {
    id: draft.id,
    label: label?.trim() ?? '',
    sealedSecret: parts.sealer.seal(record, secretLabel, draft.secret),
    digits: draft.digits,
    issuer: draft.issuer,
    enrolledAt: now,
    lastUsedAt: now,
    drift,
  };
}

async function saveFirst(
  parts: SignInParts,
  { pending, user }: CurrentStep,
  save: (factors: Factors) => Factors,
): Promise<void> {
  const { factors, version } = await parts.factorStore.read(parts.subscription, user.key);
  if (isEnrolled(factors)) throw new GatewayError('already-enrolled');
  // Asked once more, of the very document that is replaced: a reset may have asked for a ticket meanwhile.
  const { ticket, ownerTicket } = pending.value;
  if (ownerTicket === undefined && factors.ticketHash !== undefined && factors.ticketHash !== ticket) {
    throw new GatewayError('ticket-required');
  }
  const { ticketHash: spent, ...kept } = factors;
  void spent;
  try {
    await parts.factorStore.save(parts.subscription, user.key, save(kept), version);
  } catch (error) {
    if (isConflict(error)) throw new GatewayError('already-enrolled', { cause: error });
    throw error;
  }
}
