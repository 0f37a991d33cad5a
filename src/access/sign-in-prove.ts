import type { DirectoryUser, Factors } from '../accounts/index.ts';
import type { AuditEvent } from '../audit/index.ts';
import { GatewayError } from '../errors.ts';
import {
  type DriftCandidate,
  type MethodId,
  type SentMethod,
  sentEnrolment,
  type Verdict,
} from '../second-factors/index.ts';
import { isConflict } from '../storage/index.ts';
import type { UsableCode } from './sent-codes.ts';
import { knownDevice } from './sign-in-device.ts';
import { isSent, offeredMethods } from './sign-in-methods.ts';
import type { SignInParts, Visitor } from './sign-in-parts.ts';
import type { AddressTry, CountedAttempt } from './throttle.ts';

/** What RFC 8176 calls a method, and what it does not know. */
export const amrOf: Record<MethodId, string> = {
  app: 'otp',
  sms: 'sms',
  email: 'email',
  recovery: 'recovery',
  bypass: 'bypass',
};

/** With each fifth wrong code after a right password somebody is told: that password is known. */
const suspiciousFailures = 5;

/** Somebody whose code is to be checked. */
export type Prover = {
  readonly user: DirectoryUser;
  readonly visitor: Visitor;
  /** Of this very sign-in. */
  readonly candidates: readonly DriftCandidate[];
  /** Whether wrong codes follow a right password, and nothing else yet. */
  readonly afterPassword: boolean;
  /** For what codes were sent to them; without it no sent code proves anything. */
  readonly procedure?: string;
};

export type Proven = {
  readonly result: 'accepted';
  readonly amr: string;
  /** Seconds the device is ahead, when a second code has just proven it. */
  readonly clockOffset?: number;
  /** Still counted as a failure: end it with `succeeded()` once the proof has been used. */
  readonly attempt: CountedAttempt;
};

export type FarAway = {
  readonly result: 'far';
  readonly candidates: readonly DriftCandidate[];
  readonly attempt: CountedAttempt;
};

/** What is told of a code that did not prove anything. */
type Refused = Exclude<Verdict, { result: 'accepted' | 'malformed' | 'void' }>;

/**
 * Checks one typed code of an enrolled factor: counted before it is verified, every matching step claimed, what
 * it changes saved. By the time it resolves the code can never be accepted again.
 * Rejects with `method-not-available`, `code-malformed`, `wrong-code`, `code-already-used`, `code-expired`, `locked`,
 * `too-many-requests`.
 */
export async function proveCode(
  parts: SignInParts,
  prover: Prover,
  proof: { readonly method: MethodId; readonly code: string },
): Promise<Proven | FarAway> {
  const { subscription, factorStore } = parts;
  const user = prover.user.key;
  const { factors } = await factorStore.read(subscription, user);
  const factor = parts.secondFactors.find((each) => each.method === proof.method);
  const offered = await offeredMethods(parts, prover.user, factors);
  if (factor === undefined || !offered.some(({ id }) => id === proof.method)) {
    throw new GatewayError('method-not-available');
  }
  const codes = isSent(proof.method) ? sentCodesFor(parts, prover, proof.method) : undefined;
  // Without a code there is nothing to guess at, so nothing is counted.
  const waiting = await codes?.find();
  if (codes !== undefined && waiting === undefined) throw new GatewayError('code-expired');
  if (waiting !== undefined) {
    // Who holds the old number may be why an administrator has set another one, or taken it away.
    const now = await placeOf(parts, prover.user, factors, waiting.method);
    if (now !== waiting.to) throw new GatewayError('code-expired');
  }
  const malformed = factor.malformed(proof.code, factors, waiting);
  if (malformed !== undefined) throw refuseMalformed(parts, prover, proof.method, malformed.expected);

  const attempt = await countCode(parts, prover, proof.method);
  const counted = await codes?.countTry();
  const verdict = await factor.verify({
    subscription,
    user,
    factors,
    code: proof.code,
    now: parts.clock.now(),
    settings: parts.settings.current(subscription),
    candidates: prover.candidates,
    // Another one may have been sent in between, to another number.
    sent: counted?.id === waiting?.id ? counted : undefined,
    claimed: (claims) => parts.claims.taken({ subscription, user }, claims),
  });
  if (verdict.result === 'void') {
    await attempt.release();
    throw new GatewayError('code-expired');
  }
  if (verdict.result === 'malformed') {
    await attempt.release();
    throw refuseMalformed(parts, prover, proof.method, verdict.expected);
  }
  if (verdict.result !== 'accepted') return refuse(parts, prover, proof.method, attempt, verdict);
  const first = await parts.claims.take({ subscription, user }, verdict.claims);
  if (!first || !(await applyToFactors(parts, user, (current) => verdict.apply(current)))) {
    return refuse(parts, prover, proof.method, attempt, { result: 'replayed', claims: [] });
  }
  await codes?.forget();
  return {
    result: 'accepted',
    amr: amrOf[proof.method],
    attempt,
    ...(verdict.learnedDrift === undefined ? {} : { clockOffset: verdict.learnedDrift * 30 }),
  };
}

/** Where codes by an enrolled method go now: an administrator's word counts before what was enrolled. */
export async function placeOf(
  { subscription, destinations, factorStore, sealer }: SignInParts,
  user: DirectoryUser,
  factors: Factors,
  method: SentMethod,
): Promise<string | undefined> {
  const set = (await destinations.of(subscription, user))[method];
  const enrolment = sentEnrolment(factors, method);
  if (set !== undefined || enrolment === undefined) return set;
  return sealer.open(factorStore.record(subscription, user.key), enrolment.sealedTo);
}

/** Whether an administrator has named another number or address since: who holds the old one may be why. */
export async function wentElsewhere(
  parts: Pick<SignInParts, 'subscription' | 'destinations'>,
  user: DirectoryUser,
  { method, to }: UsableCode,
): Promise<boolean> {
  const set = (await parts.destinations.of(parts.subscription, user))[method];
  return set !== undefined && set !== to;
}

/** The code by this method that was sent for what this person is about. */
export function sentCodesFor(parts: SignInParts, prover: Prover, method: SentMethod) {
  if (prover.procedure === undefined) throw new GatewayError('method-not-available');
  const { subscription, sentCodes } = parts;
  const procedure = { subscription, user: prover.user.key, procedure: prover.procedure };
  return {
    find: () => sentCodes.find(procedure, method),
    countTry: () => sentCodes.countTry(procedure, method),
    forget: () => sentCodes.forget(procedure, method),
  };
}

/** Counts a code before it is looked at. Rejects with `locked` or `too-many-requests`, and records it. */
export async function countCode(
  parts: SignInParts,
  prover: Prover,
  method: MethodId,
): Promise<CountedAttempt> {
  const { subscription } = parts;
  const { user, visitor } = prover;
  const device = await knownDevice(parts, user.key, visitor);
  try {
    return await parts.throttle.countCode({
      subscription,
      subject: user.key,
      origin: originOf(visitor),
      device,
    });
  } catch (error) {
    if (error instanceof GatewayError && error.status === 429) record(parts, prover, method, 'locked');
    throw error;
  }
}

/** Ends a counted try that proved nothing: resolves for a far code, throws for everything else. */
export async function refuse(
  parts: SignInParts,
  prover: Prover,
  method: MethodId,
  attempt: CountedAttempt,
  verdict: Refused,
): Promise<FarAway> {
  const holder = { subscription: parts.subscription, user: prover.user.key };
  const claimed = verdict.result === 'wrong' || (await parts.claims.take(holder, verdict.claims));
  const far = verdict.result === 'far' && claimed;
  const replayed = !far && verdict.result !== 'wrong';
  record(parts, prover, method, far ? 'drift' : replayed ? 'replayed' : 'wrong');
  await attempt.failed();
  if (prover.afterPassword && attempt.failures % suspiciousFailures === 0) {
    const { key, name } = prover.user;
    parts.audit.record({ type: 'compromised-password', user: key, name, origin: originOf(prover.visitor) });
  }
  if (far) return { result: 'far', candidates: verdict.candidates, attempt };
  if (!replayed) throw wrongCode(attempt);
  const nextIn = verdict.result === 'replayed' ? verdict.nextIn : undefined;
  throw new GatewayError('code-already-used', nextIn === undefined ? {} : { params: { nextIn } });
}

/** Says how many tries are left, and when the next one is possible if a wait begins now. */
export const wrongCode = ({ triesLeft, retryAfter }: CountedAttempt): GatewayError =>
  new GatewayError('wrong-code', {
    params: { triesLeft },
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });

/** Not a guess, so not counted (product section 3.1). */
export function refuseMalformed(
  parts: SignInParts,
  prover: Prover,
  method: MethodId,
  expected: number,
): GatewayError {
  record(parts, prover, method, 'malformed');
  return new GatewayError('code-malformed', { params: { expected } });
}

/** Applies a pure change to the user's factors, however many others change them. False when it applies no more. */
export async function applyToFactors(
  parts: SignInParts,
  user: string,
  change: (factors: Factors) => Factors | undefined,
): Promise<boolean> {
  for (;;) {
    const { factors, version } = await parts.factorStore.read(parts.subscription, user);
    const changed = change(factors);
    if (changed === undefined) return false;
    try {
      await parts.factorStore.save(parts.subscription, user, changed, version);
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

type FactorResult = Extract<AuditEvent, { type: 'sign-in.factor' }>['result'];

export function record(
  parts: SignInParts,
  { user, visitor }: Pick<Prover, 'user' | 'visitor'>,
  method: MethodId,
  result: FactorResult,
): void {
  const { key, name } = user;
  parts.audit.record({
    type: 'sign-in.factor',
    result,
    user: key,
    name,
    method,
    origin: originOf(visitor),
  });
}

/** For the audit log: without the cookie. */
export const originOf = ({ address, browser }: Visitor): { address: string; browser?: string } =>
  browser === undefined ? { address } : { address, browser };

/** What the pending record keeps of a far code. */
export const farCodeOf = (far: FarAway): { candidates: readonly DriftCandidate[]; address?: AddressTry } => ({
  candidates: far.candidates,
  ...(far.attempt.address === undefined ? {} : { address: far.attempt.address }),
});
