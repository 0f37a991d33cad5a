import { type DirectoryUser, type Obligation, subscriptionOf } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { isPasswordOnly, type SessionRecord, type SessionUser } from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';

/** What the gate asks about the person behind a session. */
export interface UserQuestions {
  /** The user as the directory has them now; undefined when they are gone. */
  findUser(userKey: string): Promise<DirectoryUser | undefined>;
  /** Whether two factors apply to them now. */
  obligationOf(user: DirectoryUser): Promise<Obligation>;
}

export type UserVerdict =
  | { readonly result: 'stays'; readonly user: SessionUser }
  | {
      readonly result: 'goes';
      readonly reason: 'user-removed' | 'user-disabled' | 'moved' | 'second-factor-required';
    };

/**
 * Whether the person behind a session may keep it, and who they are now. A directory that can't be asked leaves a
 * verified session as it was; a password-only one is not let in on a guess. Rejects with `store-unavailable`.
 */
export async function judgeUser(
  session: Pick<SessionRecord, 'user' | 'amr' | 'subscription'>,
  questions: UserQuestions,
  settings: SettingsReader,
): Promise<UserVerdict> {
  let user: DirectoryUser | undefined;
  try {
    user = await questions.findUser(session.user.key);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'store-unavailable') throw error;
    if (isPasswordOnly(session)) throw new GatewayError('store-unavailable', { retryAfter: 5, cause: error });
    return { result: 'stays', user: session.user };
  }
  if (user === undefined) return { result: 'goes', reason: 'user-removed' };
  if (user.disabled) return { result: 'goes', reason: 'user-disabled' };
  if (subscriptionOf(user) !== session.subscription) return { result: 'goes', reason: 'moved' };
  if (isPasswordOnly(session)) {
    const { unlistedUsers } = settings.current(session.subscription);
    if (!isPasswordEnough(await questions.obligationOf(user), unlistedUsers)) {
      return { result: 'goes', reason: 'second-factor-required' };
    }
  }
  const { key, name, displayName, directory } = user;
  const groups = user.groupsComplete ? user.groups : session.user.groups;
  return { result: 'stays', user: { key, name, displayName, directory, groups } };
}

/** Whether the password alone opens anything for a user with this obligation. */
export const isPasswordEnough = (obligation: Obligation, unlistedUsers: 'allow' | 'deny'): boolean =>
  !obligation.required && (obligation.rule !== 'not-listed' || unlistedUsers === 'allow');
