import { enrolmentsOf } from '../accounts/index.ts';
import type { KnownDevice } from './known-devices.ts';
import type { SignInParts, Visitor } from './sign-in-parts.ts';

/** The device that somebody comes with, if this user has passed a second factor on it. `user`: a key, or anybody's. */
export async function knownDevice(
  parts: Pick<SignInParts, 'subscription' | 'factorStore' | 'devices'>,
  user: string,
  visitor: Visitor,
): Promise<KnownDevice | undefined> {
  if (visitor.device === undefined) return undefined;
  const { subscription } = parts;
  const { factors } = await parts.factorStore.read(subscription, user);
  const ids = enrolmentsOf(factors);
  return parts.devices.recognise({ subscription, user }, visitor.device, ids);
}
