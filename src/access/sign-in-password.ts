import { GatewayError } from '../errors.ts';
import { changePasswordOf } from './change-password.ts';
import { conclude } from './sign-in-finish.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import { originOf } from './sign-in-prove.ts';
import { resume } from './sign-in-steps.ts';

/**
 * Replaces an initial or expired password, the last step. `current` where the directory asks for it again. Rejects
 * with `password-too-weak`, `password-unchanged`, `wrong-password`, `locked`.
 */
export async function changeInitialPassword(
  parts: SignInParts,
  token: string,
  password: string,
  visitor: Visitor,
  current?: string,
): Promise<SignInStep> {
  const { pending, user } = await resume(parts, token, 'change-password', visitor);
  if (pending.value.proven === undefined) throw new GatewayError('wrong-step');
  const owner = { subscription: parts.subscription, user: user.key };
  if (parts.directories.canReplacePassword(user.key))
    await parts.directories.replacePassword(user.key, password);
  else if (current === undefined) throw new GatewayError('wrong-password');
  else await changePasswordOf(parts, user, { current, next: password }, visitor);
  parts.audit.record({
    type: 'password.changed',
    user: user.key,
    name: user.name,
    actor: user.key,
    origin: originOf(visitor),
  });
  await parts.devices.forgetAll(owner);
  await parts.pendings.forgetAll(owner, pending.value.id);
  await parts.sessions.revokeAll(owner, { reason: 'password-changed', actor: user.key });
  return conclude(parts, pending.value, { user, visitor });
}
