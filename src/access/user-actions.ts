import { type AdministrationParts, type ResetUser, resetFactors } from '../accounts/index.ts';
import type { Actor } from '../audit/index.ts';
import type { Throttle } from './throttle.ts';

type ActionParts = AdministrationParts & { readonly throttle: Pick<Throttle, 'unlock'> };

/** As `resetFactors`; what wrong tries have locked is open again besides, or the new enrolment would wait for it. */
export async function resetUsers(
  parts: ActionParts,
  users: readonly string[],
  actor: Actor,
  options: { ticket?: boolean; confirm?: number } = {},
): Promise<ResetUser[]> {
  const done = await resetFactors(parts, users, actor, options);
  for (const { user, name } of done) await unlockUser(parts, { key: user, name }, actor);
  return done;
}

/** Lifts what wrong codes and passwords have locked. Resolves to whether anything was counted. */
export async function unlockUser(
  { throttle, audit, subscription }: Pick<ActionParts, 'throttle' | 'audit' | 'subscription'>,
  { key, name }: { readonly key: string; readonly name: string },
  actor: Actor,
): Promise<boolean> {
  const counted = await throttle.unlock(subscription, key);
  if (counted) audit.record({ type: 'user.unlocked', user: key, name, actor });
  return counted;
}

/** Makes strangers of a user's browsers; sign-ins under way begin anew. */
export async function forgetDevicesOf(
  { forgetDevices, audit, subscription }: AdministrationParts,
  { key, name }: { readonly key: string; readonly name: string },
  actor: Actor,
): Promise<void> {
  await forgetDevices({ subscription, user: key });
  audit.record({ type: 'user.changed', user: key, name, actor, reason: 'devices-forgotten' });
}
