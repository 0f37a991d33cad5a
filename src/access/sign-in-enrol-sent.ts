import type { DirectoryUser, SentEnrolment } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { randomName } from '../random.ts';
import {
  judgeSentCode,
  malformedSentCode,
  type SentMethod,
  withSentEnrolment,
} from '../second-factors/index.ts';
import type { UsableCode } from './sent-codes.ts';
import { enrolFirst, mayEnrol } from './sign-in-enrol.ts';
import { enrolmentDestinations } from './sign-in-methods.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import {
  countCode,
  originOf,
  type Prover,
  refuse,
  refuseMalformed,
  sentCodesFor,
  wentElsewhere,
} from './sign-in-prove.ts';
import { type CodeSent, carryOn, deliverCode } from './sign-in-send.ts';
import { resume } from './sign-in-steps.ts';
import type { CountedAttempt } from './throttle.ts';

/** What a number or address is sealed as, in the user's own document. */
const destinationLabel = { sms: 'phone-number', email: 'email-address' } as const;

/** Where a first code is to go: `phone` is what the user typed, only by SMS and only where nobody has set one. */
export type SentSetup = {
  readonly method: SentMethod;
  readonly phone?: string | undefined;
  readonly ticket?: string | undefined;
};

/**
 * Sends a code to the number or address that is to be enrolled, again where it was sent before. Nothing is enrolled
 * yet. Rejects as `beginApp` does, with `set-by-administrator`, `invalid-phone-number`, and as `deliverCode`.
 */
export async function beginSent(
  parts: SignInParts,
  token: string,
  { method, phone, ticket }: SentSetup,
  visitor: Visitor,
): Promise<CodeSent> {
  const step = await resume(parts, token, 'enrol', visitor);
  const { user, pending } = step;
  parts.pendings.requireSending(pending.value);
  const hash = await mayEnrol(parts, step, method, visitor, ticket);
  const to = await destination(parts, user, method, phone);
  if (hash !== undefined && hash !== pending.value.ticket) {
    await parts.pendings.update(pending, { ...pending.value, ticket: hash });
  }
  const enrolment = randomName(parts.random);
  const procedure = pending.value.id;
  const sent = await deliverCode(parts, { user, visitor, procedure, method, enrolment, to });
  parts.audit.record({
    type: 'enrolment.started',
    user: user.key,
    name: user.name,
    method,
    origin: originOf(visitor),
  });
  return carryOn(parts, pending.value, sent);
}

/** Proves the first number or address by the code that went there, saves it, and signs in. */
export async function confirmSent(
  parts: SignInParts,
  token: string,
  { method, code }: { readonly method: SentMethod; readonly code: string },
  visitor: Visitor,
): Promise<SignInStep> {
  const step = await resume(parts, token, 'enrol', visitor);
  const { user, pending } = step;
  await mayEnrol(parts, step, method, visitor);
  const prover = { user, visitor, candidates: [], afterPassword: false, procedure: pending.value.id };
  const { sent, attempt } = await proveNewSent(parts, prover, method, code);
  const enrolment = newSentEnrolment(parts, user, method, sent);
  return enrolFirst(parts, step, visitor, {
    method,
    enrolment: enrolment.id,
    save: (factors) => withSentEnrolment(factors, method, enrolment),
    attempt,
  });
}

/** Where the codes of a new enrolment go. A number that an administrator has set is not for the user to replace. */
export async function destination(
  parts: SignInParts,
  user: DirectoryUser,
  method: SentMethod,
  phone: string | undefined,
): Promise<string> {
  const set = (await enrolmentDestinations(parts, user))[method];
  if (set !== undefined) {
    // Also for the very same number: nobody should learn by trying which one it is.
    if (phone !== undefined) throw new GatewayError('set-by-administrator');
    return set;
  }
  if (method === 'email') throw new GatewayError('method-not-available');
  if (phone === undefined) throw new GatewayError('invalid-phone-number');
  return parts.parsePhoneNumber(phone);
}

/**
 * Counts, judges and claims the code that went to a number or address which is not enrolled yet. Rejects with
 * `code-expired`, `code-malformed`, `wrong-code`, `code-already-used`, `locked`, `too-many-requests`, and with
 * `wrong-step` when an administrator has set another destination meanwhile.
 */
export async function proveNewSent(
  parts: SignInParts,
  prover: Prover,
  method: SentMethod,
  code: string,
): Promise<{ readonly sent: UsableCode; readonly attempt: CountedAttempt }> {
  const { subscription } = parts;
  const user = prover.user.key;
  const codes = sentCodesFor(parts, prover, method);
  const waiting = await codes.find();
  if (waiting === undefined) throw new GatewayError('code-expired');
  if (await wentElsewhere(parts, prover.user, waiting)) throw new GatewayError('wrong-step');
  const malformed = malformedSentCode(code, waiting);
  if (malformed !== undefined) throw refuseMalformed(parts, prover, method, malformed.expected);
  const attempt = await countCode(parts, prover, method);
  const sent = await codes.countTry();
  // Another one may have been sent in between, to another number.
  if (sent === undefined || sent.id !== waiting.id) {
    await attempt.release();
    throw new GatewayError('code-expired');
  }
  const claimed = (claims: Parameters<typeof parts.claims.taken>[1]) =>
    parts.claims.taken({ subscription, user }, claims);
  const verdict = await judgeSentCode({ code, claimed }, sent);
  if (verdict.result === 'accepted' && (await parts.claims.take({ subscription, user }, verdict.claims))) {
    await codes.forget();
    return { sent, attempt };
  }
  const refused = verdict.result === 'accepted' ? ({ result: 'replayed', claims: [] } as const) : verdict;
  await refuse(parts, prover, method, attempt, refused);
  throw new GatewayError('internal');
}

/** What is stored of a proven number or address. */
export function newSentEnrolment(
  parts: SignInParts,
  user: DirectoryUser,
  method: SentMethod,
  { enrolment, to }: UsableCode,
): SentEnrolment {
  const record = parts.factorStore.record(parts.subscription, user.key);
  const now = parts.clock.now();
  const sealedTo = parts.sealer.seal(record, destinationLabel[method], to);
  return { id: enrolment, sealedTo, enrolledAt: now, lastUsedAt: now };
}
