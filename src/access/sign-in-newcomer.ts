import { type DirectoryUser, type Obligation, subjectOfUser } from '../accounts/index.ts';
import type { SignInParts } from './sign-in-parts.ts';

/**
 * Whether somebody may enrol who has nothing yet. Rejects with `licence-expired` or `licence-exhausted`; never for
 * administrators, or nobody could come and mend it.
 */
export async function requireLeave(
  { newcomers, subscription }: Pick<SignInParts, 'newcomers' | 'subscription'>,
  user: DirectoryUser,
  obligation: Obligation,
): Promise<void> {
  if (obligation.required && obligation.rule === 'administrator') return;
  await newcomers?.admit(subscription, [subjectOfUser(user.key)]);
}
