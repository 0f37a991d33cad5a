import type { MethodId } from '../second-factors/index.ts';
import { refused } from './sign-in-admit.ts';
import { passOn } from './sign-in-finish.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import { farCodeOf, proveCode } from './sign-in-prove.ts';
import { resume } from './sign-in-steps.ts';

/** A code of an enrolled factor, or a recovery code. */
export async function verify(
  parts: SignInParts,
  token: string,
  proof: { readonly method: MethodId; readonly code: string },
  visitor: Visitor,
): Promise<SignInStep> {
  const { pending, user } = await resume(parts, token, 'verify', visitor);
  const { far } = pending.value;
  const candidates = far?.candidates ?? [];
  const prover = { user, visitor, candidates, afterPassword: true, procedure: pending.value.id };
  const proven = await proveCode(parts, prover, proof);
  if (proven.result === 'far') {
    await parts.pendings.rememberFar(pending.value, farCodeOf(proven));
    return { status: 'confirm-drift' };
  }
  const { barred } = pending.value;
  if (barred !== undefined) {
    await parts.pendings.consume(pending.value);
    await proven.attempt.succeeded();
    throw refused(parts, user, visitor, barred);
  }
  const sofar = {
    amr: ['pwd', proven.amr],
    ...(proven.clockOffset === undefined ? {} : { clockOffset: proven.clockOffset }),
  };
  const step = await passOn(parts, pending, sofar, { user, visitor, method: proof.method });
  await proven.attempt.succeeded();
  if (proven.clockOffset !== undefined && far?.address !== undefined)
    await parts.throttle.takeBack(far.address);
  return step;
}
