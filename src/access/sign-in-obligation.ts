import type { DirectoryUser, Obligation } from '../accounts/index.ts';
import type { SignInParts } from './sign-in-parts.ts';

/** Administrators always need a second factor, and so does whoever comes with an owner ticket. */
export async function obligationOf(
  parts: SignInParts,
  user: DirectoryUser,
  becomesOwner: boolean,
): Promise<Obligation> {
  const { subscription } = parts;
  const administrator = becomesOwner || (await parts.roles.isAdministrator(user.key));
  return parts.obligations.of(subscription, user, administrator);
}
