import { GatewayError } from '../errors.ts';
import { finish } from './sign-in-finish.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import { originOf } from './sign-in-prove.ts';
import { resume } from './sign-in-steps.ts';

/**
 * Accepts the terms of this version, the last step. Where they have been changed meanwhile, the new ones are shown.
 * Rejects as every step does.
 */
export async function acceptTerms(
  parts: SignInParts,
  token: string,
  version: string,
  visitor: Visitor,
): Promise<SignInStep> {
  const { pending, user } = await resume(parts, token, 'terms', visitor);
  if (pending.value.proven === undefined) throw new GatewayError('wrong-step');
  const owed = await parts.terms?.owed(parts.subscription, user.key);
  if (owed !== undefined) {
    if (owed.version !== version) {
      return { status: 'accept-terms', version: owed.version, text: owed.text };
    }
    await parts.terms?.accept(parts.subscription, user.key, version);
    parts.audit.record({
      type: 'terms.accepted',
      user: user.key,
      name: user.name,
      version,
      origin: originOf(visitor),
    });
  }
  return finish(parts, pending.value, { user, visitor });
}
