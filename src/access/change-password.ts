import type { DirectoryUser } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { ShownPassword } from './directory-lockout.ts';
import { knownDevice } from './sign-in-device.ts';
import type { SignInParts, Visitor } from './sign-in-parts.ts';
import { originOf } from './sign-in-prove.ts';

/**
 * Replaces a password by one who types the old one, which is counted like any other try, here and where the directory
 * locks accounts. Rejects with `wrong-password`, `password-too-weak`, `password-unchanged`, `locked`, and
 * `method-not-available` where passwords are changed elsewhere.
 */
export async function changePasswordOf(
  parts: SignInParts,
  user: DirectoryUser,
  { current, next }: { readonly current: string; readonly next: string },
  visitor: Visitor,
): Promise<void> {
  const { subscription, directories, throttle } = parts;
  if (!directories.canChangePassword(user.key)) throw new GatewayError('method-not-available');
  const device = await knownDevice(parts, user.key, visitor);
  const who = { subscription, subject: user.key };
  const attempt = await throttle.countPassword({ ...who, origin: originOf(visitor), device });
  let shown: ShownPassword | undefined;
  try {
    const policy = await directories.lockoutOfUser(user.key);
    shown = policy && (await parts.directoryLockout.count({ ...who, known: device !== undefined }, policy));
    await directories.changePassword(user.key, current, next);
  } catch (error) {
    const wrong = error instanceof GatewayError && error.code === 'wrong-password';
    await (wrong ? attempt.failed() : attempt.release());
    if (!wrong) await shown?.release();
    throw error;
  }
  await attempt.succeeded();
  await shown?.succeeded();
}
