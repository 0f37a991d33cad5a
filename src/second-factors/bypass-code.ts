import { timingSafeEqual } from 'node:crypto';
import { bypassHash, bypassLetters, type Factors, isReadableCode } from '../accounts/index.ts';
import type { SecondFactor, Verdict } from './second-factor.ts';

/**
 * The helpdesk's code, one use within a time. The claim is its `usedAt` in the user's one document, taken by
 * compare-and-set; so a reset, a removal or a newer code voids it by itself.
 *
 * Always offered, whether there is one or not: a code is issued while its user is waiting at the code page, and
 * nobody but the user should learn that one is out.
 */
export const bypassFactor: SecondFactor = {
  method: 'bypass',

  offer: () => ({ id: 'bypass' }),

  malformed: (code) => (isReadableCode(code, bypassLetters) ? undefined : { expected: bypassLetters }),

  async verify({ user, factors, code, now }): Promise<Verdict> {
    const { bypass } = factors;
    const hash = bypassHash(user, code);
    if (bypass === undefined || !sameHash(bypass.hash, hash) || now >= bypass.expiresAt) {
      return { result: 'wrong' };
    }
    if (bypass.usedAt !== undefined) return { result: 'replayed', claims: [] };
    return {
      result: 'accepted',
      enrolment: 'bypass',
      claims: [],
      apply: (current) => used(current, hash, now),
    };
  },
};

function used(factors: Factors, hash: string, now: number): Factors | undefined {
  const { bypass } = factors;
  if (bypass?.hash !== hash || bypass.usedAt !== undefined) return undefined;
  return { ...factors, bypass: { ...bypass, usedAt: now } };
}

const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
