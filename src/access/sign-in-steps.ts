import { type DirectoryUser, defaultSubscription, enrolmentsOf, subscriptionOf } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { isPasswordEnough } from './gate-user.ts';
import type { PendingDocument, PendingSignIn, PendingStage } from './pending-sign-ins.ts';
import { refused } from './sign-in-admit.ts';
import { obligationOf } from './sign-in-obligation.ts';
import type { SignInParts, Visitor } from './sign-in-parts.ts';

export type CurrentStep = { readonly pending: PendingDocument; readonly user: DirectoryUser };

/**
 * What every step after the password begins with: the token, the pending record, and the user as they are now.
 * Rejects with `sign-in-expired`, `wrong-step`, `account-disabled`, `not-enabled`.
 */
export async function resume(
  parts: SignInParts,
  token: string,
  stage: PendingStage,
  visitor: Visitor,
): Promise<CurrentStep> {
  const { subscription } = parts;
  const verdict = await parts.tokens.verifyPending(token);
  if (verdict.result !== 'valid') throw new GatewayError('sign-in-expired');
  const { subject, session } = verdict.claims;
  if (verdict.claims.subscription !== subscription) throw new GatewayError('sign-in-expired');
  const pending = await parts.pendings.find({ subscription, user: subject, id: session });
  if (pending === undefined) throw new GatewayError('sign-in-expired');
  const user = await parts.directories.find(pending.value.user);
  if (user === undefined || (user.disabled && pending.value.barred === undefined)) {
    await parts.pendings.consume(pending.value);
    if (user === undefined) throw new GatewayError('sign-in-expired');
    throw refused(parts, user, visitor, 'account-disabled');
  }
  if (!isAtHome(pending.value, user)) {
    await parts.pendings.consume(pending.value);
    throw new GatewayError('sign-in-expired');
  }
  if (pending.value.stage !== stage) throw new GatewayError('wrong-step');
  if (!(await stillAsked(parts, pending, user))) {
    await parts.pendings.consume(pending.value);
    throw new GatewayError('sign-in-expired');
  }
  return { pending, user };
}

/**
 * Whether the user still belongs where the sign-in began: what is enrolled there is worth nothing elsewhere. Owners of
 * the site belong to `default`, and whoever becomes one will.
 */
export const isAtHome = (
  { subscription, ownerTicket }: Pick<PendingSignIn, 'subscription' | 'ownerTicket'>,
  user: DirectoryUser,
): boolean =>
  subscriptionOf(user) === subscription ||
  (ownerTicket !== undefined && subscription === defaultSubscription);

/** Whether the procedure, if it began now, would stand where this one stands. */
async function stillAsked(
  parts: SignInParts,
  { value }: PendingDocument,
  user: DirectoryUser,
): Promise<boolean> {
  const obligation = await obligationOf(parts, user, value.ownerTicket !== undefined);
  const last = value.stage === 'change-password' || value.stage === 'terms';
  const passwordOnly = last && value.proven?.amr.length === 1;
  if (passwordOnly) {
    return isPasswordEnough(obligation, parts.settings.current(parts.subscription).unlistedUsers);
  }
  if (value.stage === 'enrol') return obligation.required;
  const { factors } = await parts.factorStore.read(parts.subscription, user.key);
  return enrolmentsOf(factors).some((id) => value.enrolments.includes(id));
}
