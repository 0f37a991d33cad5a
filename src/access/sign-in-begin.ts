import { createHash } from 'node:crypto';
import { type DirectoryUser, foldName, subscriptionOf } from '../accounts/index.ts';
import { GatewayError, type ProblemCode } from '../errors.ts';
import type { PasswordVerdict } from '../first-factors/index.ts';
import type { ShownPassword } from './directory-lockout.ts';
import { inSubscription, partsOf } from './in-subscription.ts';
import { becomesSites } from './owner-setup.ts';
import { ownerTicketHash } from './owner-tickets.ts';
import { admit } from './sign-in-admit.ts';
import { knownDevice } from './sign-in-device.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import { originOf } from './sign-in-prove.ts';

export type NameAndPassword = {
  readonly username: string;
  readonly password: string;
  /** Already checked by `safeReturnTo`. */
  readonly returnTo?: string;
  /** *This is a shared computer*. */
  readonly shared?: boolean;
  /** The ticket of an invitation to a role, which is given at the end. */
  readonly invitation?: string;
};

/** Name and password. Nothing tells an unknown name from a wrong password: wording, time, counting. */
export async function begin(
  parts: SignInParts,
  credentials: NameAndPassword,
  visitor: Visitor,
): Promise<SignInStep> {
  if (!(await parts.roles.ownerExists())) throw new GatewayError('no-owner-yet');
  const { user, ...checked } = await checkPassword(parts, credentials, visitor);
  if (credentials.invitation !== undefined) {
    const { hash, at } = await invitedBy(parts, credentials.invitation, user);
    return admit(at, user, { ...checked, shared: false, visitor, ownerTicket: hash });
  }
  // Somebody else's sign-in page: told only to who has the second factor as well, where there is one.
  const place = parts.subscriptions?.ofPlace(credentials.returnTo);
  const foreign = place !== undefined && place !== subscriptionOf(user);
  return admit(partsOf(parts, user), user, {
    ...checked,
    ...(foreign && checked.barred === undefined ? { barred: 'foreign-subscription' } : {}),
    shared: credentials.shared ?? false,
    visitor,
    ...(credentials.returnTo === undefined ? {} : { returnTo: credentials.returnTo }),
  });
}

/** Rejects with `invalid-ticket` for an invitation that is over, or somebody else's. */
async function invitedBy(
  parts: SignInParts,
  ticket: string,
  user: DirectoryUser,
): Promise<{ hash: string; at: SignInParts }> {
  const hash = ownerTicketHash(ticket);
  const found = await parts.ownerTickets.find(hash);
  if (found?.purpose !== 'invitation' || found.existing !== true || found.user !== user.key) {
    throw new GatewayError('invalid-ticket');
  }
  return { hash, at: becomesSites(found) ? parts : partsOf(parts, user) };
}

async function checkPassword(
  parts: SignInParts,
  { username, password }: NameAndPassword,
  visitor: Visitor,
): Promise<{ user: DirectoryUser; mustChangePassword: boolean; barred?: ProblemCode }> {
  const { subscription, directories } = parts;
  const origin = originOf(visitor);
  const meant = await directories.lookUp(username);
  const subject = meant?.key ?? nobody(directories.bareName(username));
  // Asked for names nobody has as well, so that a made-up cookie takes the same time.
  const last = inSubscription(parts, (await parts.subscriptions?.lastOf(subject)) ?? subscription);
  const { audit } = last;
  const device = await knownDevice(last, subject, visitor);
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
  const shown = await showToDirectory(parts, { username, subject, known: device !== undefined }).catch(
    async (error: unknown) => {
      await attempt.release();
      if (error instanceof GatewayError && error.code === 'locked') {
        audit.record({ ...said, ...who, result: 'locked' });
      }
      throw error;
    },
  );
  const verdict = await directories.verify(username, password).catch(async (error: unknown) => {
    await attempt.release();
    await shown?.release();
    throw error;
  });
  if (verdict.result === 'refused') {
    audit.record({ ...said, ...who, result: 'refused' });
    await attempt.failed();
    throw new GatewayError('invalid-credentials');
  }
  await attempt.succeeded();
  const { user } = verdict;
  const barred = barredBy(verdict);
  // A domain forgets wrong passwords at a logon, and this is none: it was not wrong, but the others still count there.
  const loggedOn = verdict.result === 'accepted' && !verdict.mustChangePassword;
  await (loggedOn ? shown?.succeeded() : shown?.release());
  if (barred === undefined) {
    audit.record({ ...said, user: user.key, result: 'accepted' });
    return { user, mustChangePassword: verdict.result === 'accepted' && verdict.mustChangePassword };
  }
  audit.record({ ...said, user: user.key, result: 'refused', reason: barred });
  return { user, mustChangePassword: false, barred };
}

/** Told only to who has the second factor as well, where there is one. */
function barredBy(verdict: Exclude<PasswordVerdict, { result: 'refused' }>): ProblemCode | undefined {
  if (verdict.result === 'accepted') return verdict.user.disabled ? 'account-disabled' : undefined;
  const reasons = {
    expired: 'account-expired',
    'logon-hours': 'outside-logon-hours',
    workstation: 'logon-restricted',
  } as const;
  return verdict.because === undefined ? 'account-disabled' : reasons[verdict.because];
}

/** Nobody's account is locked in its directory by what is typed here. Names that nobody has count alike. */
async function showToDirectory(
  { subscription, directories, directoryLockout }: SignInParts,
  { username, ...who }: { username: string; subject: string; known: boolean },
): Promise<ShownPassword | undefined> {
  const policy = await directories.lockoutOf(username);
  return policy && directoryLockout.count({ subscription, ...who }, policy);
}

/** A name that nobody has is counted like one that somebody has, without keeping what was typed. */
const nobody = (name: string): string =>
  `~${createHash('sha256').update(foldName(name)).digest('base64url')}`;
