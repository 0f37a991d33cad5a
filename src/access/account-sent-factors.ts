import { type DirectoryUser, type Factors, isEnrolled } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { randomName } from '../random.ts';
import {
  destinationHint,
  type OfferedMethod,
  type SentMethod,
  sentEnrolment,
  withSentEnrolment,
} from '../second-factors/index.ts';
import type { SessionRecord } from '../sessions/index.ts';
import { ownerOf, type Proof, proveOwner } from './account-proof.ts';
import type { AccountDrafts } from './pending-account-changes.ts';
import { destination, newSentEnrolment, proveNewSent } from './sign-in-enrol-sent.ts';
import { enrollableMethods, enrolmentDestinations, isSent } from './sign-in-methods.ts';
import type { SignInParts, Visitor } from './sign-in-parts.ts';
import { applyToFactors, originOf } from './sign-in-prove.ts';
import { type CodeSent, deliverCode } from './sign-in-send.ts';

/** A number or address that codes go to, as its own user sees it. */
export type OwnDestination = {
  readonly id: string;
  /** Masked. */
  readonly hint: string;
  /** Unix milliseconds. */
  readonly enrolledAt: number;
  readonly lastUsedAt?: number;
  /** Then the user can't put another in its place. */
  readonly setByAdministrator: boolean;
};

/** What a user wants to add: `phone` only where nobody has set one. */
export type SentWish = { readonly method: SentMethod; readonly phone?: string | undefined };

/** Adding numbers and addresses belongs to one session, and its codes prove nothing else. */
const procedureOf = (session: SessionRecord): string => `adding-${session.id}`;

/** What a user has for this method. */
export async function ownDestination(
  parts: SignInParts,
  user: DirectoryUser,
  factors: Factors,
  method: SentMethod,
): Promise<OwnDestination | undefined> {
  const { subscription, sealer, factorStore } = parts;
  const enrolment = sentEnrolment(factors, method);
  if (enrolment === undefined) return undefined;
  const set = (await parts.destinations.of(subscription, user))[method];
  const to = set ?? sealer.open(factorStore.record(subscription, user.key), enrolment.sealedTo);
  const { id, enrolledAt, lastUsedAt } = enrolment;
  return {
    id,
    hint: destinationHint(method, to),
    enrolledAt,
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    setByAdministrator: set !== undefined,
  };
}

/** What can be enrolled, and is not where its codes would go already. */
export async function addableMethods(
  parts: SignInParts,
  user: DirectoryUser,
  factors: Factors,
): Promise<OfferedMethod[]> {
  const { subscription, sealer, factorStore } = parts;
  const to = await enrolmentDestinations(parts, user);
  const set = await parts.destinations.of(subscription, user);
  return (await enrollableMethods(parts, user)).filter(({ id }) => {
    if (!isSent(id)) return true;
    const enrolment = sentEnrolment(factors, id);
    if (enrolment === undefined) return true;
    // What an administrator has set is where codes go anyway.
    if (set[id] !== undefined) return false;
    return sealer.open(factorStore.record(subscription, user.key), enrolment.sealedTo) !== to[id];
  });
}

/**
 * Sends a code to a further number or address, or to one that takes the place of what there is, for a code of
 * something enrolled. Rejects with `method-not-available`, `set-by-administrator`, `invalid-phone-number`, and as
 * `proveOwner` and `deliverCode`; after the proof `resend` is enough.
 */
export async function addSent(
  parts: SignInParts,
  drafts: AccountDrafts,
  session: SessionRecord,
  { method, phone }: SentWish,
  proof: Proof,
  visitor: Visitor,
): Promise<CodeSent> {
  const known = await ownerOf(parts, session);
  const enrollable = await enrollableMethods(parts, known);
  if (!enrollable.some(({ id }) => id === method)) throw new GatewayError('method-not-available');
  const to = await destination(parts, known, method, phone);
  const user = await proveOwner(parts, session, proof, visitor);
  const enrolment = randomName(parts.random);
  await drafts.putSent(session, { method, enrolment, to });
  parts.audit.record({ type: 'enrolment.started', method, ...whoOf(user, visitor) });
  return deliverCode(parts, { user, visitor, procedure: procedureOf(session), method, enrolment, to });
}

/** Another code to the place that was named when the change was proven. Rejects with `wrong-step`, and as `deliverCode`. */
export async function resendSent(
  parts: SignInParts,
  drafts: AccountDrafts,
  session: SessionRecord,
  method: SentMethod,
  visitor: Visitor,
): Promise<CodeSent> {
  const user = await ownerOf(parts, session);
  const draft = await drafts.findSent(session, method);
  if (draft === undefined) throw new GatewayError('wrong-step');
  return deliverCode(parts, { user, visitor, procedure: procedureOf(session), ...draft });
}

/** Adds the number or address that its code proves. Rejects with `wrong-step`, and as `proveNewSent`. */
export async function confirmAddedSent(
  parts: SignInParts,
  drafts: AccountDrafts,
  session: SessionRecord,
  { method, code }: { readonly method: SentMethod; readonly code: string },
  visitor: Visitor,
): Promise<{ readonly status: 'added'; readonly id: string }> {
  const user = await ownerOf(parts, session);
  if ((await drafts.findSent(session, method)) === undefined) throw new GatewayError('wrong-step');
  const prover = { user, visitor, candidates: [], afterPassword: false, procedure: procedureOf(session) };
  const { sent, attempt } = await proveNewSent(parts, prover, method, code);
  if (!(await drafts.consumeSent(session, method))) throw new GatewayError('wrong-step');
  const enrolment = newSentEnrolment(parts, user, method, sent);
  let replaced = false;
  // Without anything else left the user was reset meanwhile: then enrolling is a matter of signing in.
  const added = await applyToFactors(parts, user.key, (factors) => {
    replaced = sentEnrolment(factors, method) !== undefined;
    return isEnrolled(factors) ? withSentEnrolment(factors, method, enrolment) : undefined;
  });
  if (!added) throw new GatewayError('wrong-step');
  // Only this try is taken back: a code to a place that the user has just named proves nothing about them.
  await attempt.release();
  const who = whoOf(user, visitor);
  parts.audit.record({ type: 'enrolment.confirmed', method, ...who });
  if (replaced) parts.audit.record({ type: 'factor.removed', method, actor: user.key, ...who });
  return { status: 'added', id: enrolment.id };
}

const whoOf = (user: DirectoryUser, visitor: Visitor) => ({
  user: user.key,
  name: user.name,
  origin: originOf(visitor),
});
