import { type DirectoryUser, subscriptionOf } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { MethodId, OfferedMethod, SentMethod } from '../second-factors/index.ts';
import type { SessionRecord } from '../sessions/index.ts';
import { offeredMethods } from './sign-in-methods.ts';
import type { SignInParts, Visitor } from './sign-in-parts.ts';
import { proveCode, wrongCode } from './sign-in-prove.ts';
import { type CodeSent, deliverCode, enrolledWish } from './sign-in-send.ts';

/** A code typed now: what a change to factors costs, since application pages may share the portal's origin. */
export type Proof = { readonly method: MethodId; readonly code: string };

/** The helpdesk's code lets its user in, and nobody make a factor of their own out of it (decision 0025). */
const provesChanges = (method: MethodId): boolean => method !== 'bypass';

/** For what the codes are good that somebody signed in has sent to prove themselves once more. */
const procedureOf = (session: SessionRecord): string => `account-${session.id}`;

/** Whose session it is, as their directory has them now. Rejects with `account-disabled`. */
export async function ownerOf(parts: SignInParts, session: SessionRecord): Promise<DirectoryUser> {
  const user = await parts.directories.find(session.user.key);
  if (user === undefined || user.disabled) throw new GatewayError('account-disabled');
  if (subscriptionOf(user) !== session.subscription) throw new GatewayError('sign-in-expired');
  return user;
}

/** By what a change can be proven now. */
export async function provingMethods(parts: SignInParts, user: DirectoryUser): Promise<OfferedMethod[]> {
  const { factors } = await parts.factorStore.read(parts.subscription, user.key);
  return (await offeredMethods(parts, user, factors)).filter(({ id }) => provesChanges(id));
}

/** Sends a code that can prove a change. Rejects with `method-not-available`, and as `deliverCode`. */
export async function sendProvingCode(
  parts: SignInParts,
  session: SessionRecord,
  method: SentMethod,
  visitor: Visitor,
): Promise<CodeSent> {
  const wish = await enrolledWish(parts, await ownerOf(parts, session), method);
  return deliverCode(parts, { ...wish, visitor, procedure: procedureOf(session) });
}

/**
 * Proves that the user is there now. A far code is just wrong here: whoever signed in has shown their clock already.
 * Rejects as `proveCode` does.
 */
export async function proveOwner(
  parts: SignInParts,
  session: SessionRecord,
  proof: Proof,
  visitor: Visitor,
): Promise<DirectoryUser> {
  if (!provesChanges(proof.method)) throw new GatewayError('method-not-available');
  const user = await ownerOf(parts, session);
  const prover = { user, visitor, candidates: [], afterPassword: false, procedure: procedureOf(session) };
  const proven = await proveCode(parts, prover, proof);
  if (proven.result === 'far') throw wrongCode(proven.attempt);
  await proven.attempt.succeeded();
  return user;
}
