import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type Factors,
  isReadableCode,
  newReadableCode,
  type RecoveryCode,
  readableLetters,
} from '../accounts/index.ts';
import type { Random } from '../random.ts';
import type { SecondFactor, Verdict } from './second-factor.ts';

/** 16 letters are 80 random bits. */
const letters = 16;
const count = 10;

/** Ten codes like `7QH2-M0XV-9ERT-C4KD`, to be shown once, and what is stored of them. */
export function newRecoveryCodes(random: Random, user: string): { codes: string[]; stored: RecoveryCode[] } {
  const codes = Array.from({ length: count }, () => newReadableCode(random, letters));
  return { codes, stored: codes.map((code) => ({ hash: recoveryHash(user, code) })) };
}

/** How many codes are left. */
export const recoveryCodesLeft = (factors: Factors): number =>
  factors.recovery.filter((code) => code.usedAt === undefined).length;

/** Single-use codes on paper. The claim is the `usedAt` in the user's one document, taken by compare-and-set. */
export const recoveryFactor: SecondFactor = {
  method: 'recovery',

  offer: (factors) => (recoveryCodesLeft(factors) > 0 ? { id: 'recovery' } : undefined),

  malformed: (code) => (isReadableCode(code, letters) ? undefined : { expected: letters }),

  async verify({ user, factors, code, now }): Promise<Verdict> {
    const hash = recoveryHash(user, code);
    // Looks at all of them, so that the position of a code cannot be timed.
    const found = factors.recovery.filter((stored) => sameHash(stored.hash, hash));
    const fresh = found.find((stored) => stored.usedAt === undefined);
    if (found.length === 0) return { result: 'wrong' };
    if (fresh === undefined) return { result: 'replayed', claims: [] };
    return {
      result: 'accepted',
      enrolment: 'recovery',
      claims: [],
      apply: (current) => used(current, hash, now),
    };
  },
};

function used(factors: Factors, hash: string, now: number): Factors | undefined {
  const unused = factors.recovery.some((code) => code.hash === hash && code.usedAt === undefined);
  if (!unused) return undefined;
  return {
    ...factors,
    recovery: factors.recovery.map((code) => (code.hash === hash ? { ...code, usedAt: now } : code)),
  };
}

/**
 * A fast hash is right here, unlike for passwords: 80 random bits leave nothing to guess (at 10¹² hashes a
 * second one code takes some 19,000 years), so a slow hash would only make ten comparisons slow, and a keyed one
 * could not be re-keyed when the master key is rotated. The user key is mixed in so that equal codes of two
 * users would not show, and a copied document is worth nothing to another user.
 */
const recoveryHash = (user: string, code: string): string =>
  createHash('sha256')
    .update(`sallyport recovery code\0${user}\0${readableLetters(code)}`)
    .digest('base64url');

const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
