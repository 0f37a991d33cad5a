import { type DirectoryUser, enrolmentsOf, subscriptionOf } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { type MethodId, newRecoveryCodes } from '../second-factors/index.ts';
import type { IssuedToken, SessionRecord } from '../sessions/index.ts';
import { isPasswordEnough } from './gate-user.ts';
import type { PendingDocument, PendingSignIn, ProvenSoFar } from './pending-sign-ins.ts';
import { obligationOf } from './sign-in-obligation.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import { applyToFactors, originOf, record } from './sign-in-prove.ts';

/** Who ends the procedure, and by which method they have just proven themselves, if by one. */
export type Ending = { readonly user: DirectoryUser; readonly visitor: Visitor; readonly method?: MethodId };

/** After a proof: on to the forced password change where there is one, otherwise to the end. */
export async function passOn(
  parts: SignInParts,
  pending: PendingDocument,
  proven: ProvenSoFar,
  ending: Ending & { readonly method: MethodId },
): Promise<SignInStep> {
  const { far, draft, ...kept } = pending.value;
  const value: PendingSignIn = { ...kept, proven };
  if (!value.mustChangePassword) return conclude(parts, value, ending);
  const found = await parts.pendings.find(value);
  if (found === undefined) throw new GatewayError('sign-in-expired');
  if (found.value.stage !== pending.value.stage) throw new GatewayError('wrong-step');
  await parts.pendings.update(found, { ...value, stage: 'change-password' });
  record(parts, ending, ending.method, 'accepted');
  return { status: 'change-password', needsCurrent: !parts.directories.canReplacePassword(value.user) };
}

/**
 * After everything was proven: on to the terms where there are some that this user has not accepted, otherwise to the
 * session. Nobody is shown them before they have proven who they are, and nobody gets in without.
 */
export async function conclude(
  parts: SignInParts,
  pending: PendingSignIn,
  ending: Ending,
): Promise<SignInStep> {
  const owed = await parts.terms?.owed(parts.subscription, ending.user.key);
  if (owed === undefined) return finish(parts, pending, ending);
  const found = await parts.pendings.find(pending);
  if (found === undefined) throw new GatewayError('sign-in-expired');
  if (found.value.stage !== pending.stage) throw new GatewayError('wrong-step');
  await parts.pendings.update(found, { ...pending, stage: 'terms' });
  if (ending.method !== undefined) record(parts, ending, ending.method, 'accepted');
  return { status: 'accept-terms', version: owed.version, text: owed.text };
}

/**
 * Consumes the pending sign-in and grants the session: of two simultaneous successes one gets it, the other is
 * told `sign-in-expired`.
 */
export async function finish(
  parts: SignInParts,
  pending: PendingSignIn,
  { user, visitor, method }: Ending,
): Promise<SignInStep> {
  const { subscription, audit } = parts;
  const amr = pending.proven?.amr;
  if (amr === undefined || pending.barred !== undefined) throw new GatewayError('internal');
  if (pending.ownerTicket !== undefined) {
    await parts.ownerTickets.complete(pending.ownerTicket, user, originOf(visitor));
  }
  if (!(await parts.pendings.consume(pending))) throw new GatewayError('sign-in-expired');
  const session = await parts.sessions.grant({
    subscription,
    user: {
      key: user.key,
      name: user.name,
      displayName: user.displayName,
      directory: user.directory,
      groups: user.groups,
    },
    amr,
    shared: pending.shared,
    address: visitor.address,
    browser: visitor.browser ?? '',
  });
  await recheck(parts, pending, session);
  await arrive(parts, user);
  await parts.known.signedIn(parts.subscription, user);
  const recoveryCodes =
    pending.proven?.enrolled === true ? await firstRecoveryCodes(parts, user.key) : undefined;
  // A code that was read out proves nothing about this device: whoever has it may not be its user.
  const mayRemember = amr.length > 1 && !amr.includes('bypass') && !pending.shared;
  const before = amr.length > 1 ? await devicesOf(parts, user.key, visitor) : undefined;
  const device =
    mayRemember && before !== undefined ? await rememberDevice(parts, before, visitor) : undefined;
  // Whoever has just enrolled is told of that.
  const newDevice = before?.device === undefined && amr.length > 1 && pending.proven?.enrolled !== true;
  const issued = await parts.tokens.issueSession(session, parts.origin());
  const who = { user: user.key, name: user.name, session: session.id, origin: originOf(visitor) };
  if (method !== undefined) audit.record({ type: 'sign-in.factor', result: 'accepted', method, ...who });
  audit.record({
    type: 'sign-in.done',
    amr,
    ...(newDevice ? { newDevice } : {}),
    ...(visitor.language === undefined ? {} : { language: visitor.language }),
    ...who,
  });
  return {
    status: 'done',
    session,
    issued,
    ...(device === undefined ? {} : { device }),
    ...(pending.returnTo === undefined ? {} : { returnTo: pending.returnTo }),
    ...(recoveryCodes === undefined ? {} : { recoveryCodes }),
    ...(pending.proven?.clockOffset === undefined ? {} : { clockOffset: pending.proven.clockOffset }),
  };
}

/**
 * A reset or removal ends the sessions that it finds; one that happened between the last check and the grant
 * would have missed this one. So the user is looked at once more, now that the session can be found.
 */
async function recheck(parts: SignInParts, pending: PendingSignIn, session: SessionRecord): Promise<void> {
  const { subscription } = parts;
  const user = await parts.directories.find(pending.user);
  const stays = user !== undefined && !user.disabled && subscriptionOf(user) === subscription;
  if (stays && (await stillProven(parts, pending, user))) return;
  await parts.sessions.revoke(
    { subscription, user: pending.user, id: session.id },
    { reason: 'reset', actor: 'system' },
  );
  throw new GatewayError('sign-in-expired');
}

/** Whoever was in another subscription the last time has nothing there any more. */
async function arrive(parts: SignInParts, user: DirectoryUser): Promise<void> {
  const from = await parts.subscriptions?.arrived(user);
  if (from === undefined) return;
  const owner = { subscription: from, user: user.key };
  await parts.devices.forgetAll(owner);
  await parts.pendings.forgetAll(owner);
  await parts.known.forget(from, user.key);
  await parts.sessions.revokeAll(owner, { reason: 'moved', actor: 'system' });
  parts.audit.record({ type: 'user.moved', user: user.key, name: user.name, from, to: parts.subscription });
}

async function stillProven(
  parts: SignInParts,
  pending: PendingSignIn,
  user: DirectoryUser,
): Promise<boolean> {
  if (pending.proven?.amr.length === 1) {
    const obligation = await obligationOf(parts, user, pending.ownerTicket !== undefined);
    return isPasswordEnough(obligation, parts.settings.current(parts.subscription).unlistedUsers);
  }
  const { factors } = await parts.factorStore.read(parts.subscription, user.key);
  return enrolmentsOf(factors).some((id) => pending.enrolments.includes(id));
}

/** Made with the last step, so that they are shown however many steps came between. */
async function firstRecoveryCodes(parts: SignInParts, user: string): Promise<readonly string[]> {
  const { codes, stored } = newRecoveryCodes(parts.random, user);
  await applyToFactors(parts, user, (factors) => ({ ...factors, recovery: stored }));
  return codes;
}

/** The device in hand, if it is one of this user's, and what they have enrolled. */
async function devicesOf(parts: SignInParts, user: string, visitor: Visitor) {
  const owner = { subscription: parts.subscription, user };
  const { factors } = await parts.factorStore.read(parts.subscription, user);
  const enrolments = enrolmentsOf(factors);
  return { owner, enrolments, device: await parts.devices.recognise(owner, visitor.device, enrolments) };
}

async function rememberDevice(
  parts: SignInParts,
  { owner, enrolments, device }: Awaited<ReturnType<typeof devicesOf>>,
  visitor: Visitor,
): Promise<IssuedToken> {
  const cookie = visitor.device;
  const known = device === undefined || cookie === undefined ? undefined : { device, cookie };
  return parts.devices.remember(owner, enrolments, known);
}
