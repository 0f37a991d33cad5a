import { foldName } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { commonPasswords, commonWords } from './common-passwords.ts';

/** Characters. NIST SP 800-63B section 3.1.1.2 asks for 8 where a second factor follows; password-only users exist. */
export const minimumPasswordLength = 10;

/** Bytes of UTF-8, so that nobody makes the gateway hash megabytes. */
const maximumPasswordBytes = 1_024;

/** Whether this can be a password at all, without judging it. */
export const isPasswordShaped = (password: string): boolean =>
  password.isWellFormed() && Buffer.byteLength(password, 'utf8') <= maximumPasswordBytes;

/**
 * Rejects what is guessed first (NIST SP 800-63B section 3.1.1.2): short ones, the commonest, repetitions and
 * sequences, and those made of the user's own names. No rules of composition, no expiry. `own`: names of the user
 * and of the service. Throws `password-too-weak` {minimum}, or `invalid-request` for what is too long.
 */
export function requireStrongPassword(password: string, own: readonly string[]): void {
  if (!isPasswordShaped(password)) throw new GatewayError('invalid-request');
  const long = [...password.normalize('NFKC')].length >= minimumPasswordLength;
  if (long && !isGuessable(foldName(password), own)) return;
  throw new GatewayError('password-too-weak', { params: { minimum: minimumPasswordLength } });
}

/** At least this many characters must be left once names, or the ends that everybody adds, are taken away. */
const enough = 6;

function isGuessable(folded: string, own: readonly string[]): boolean {
  const plain = withoutLeet(folded);
  if (commonPasswords.has(folded) || commonPasswords.has(plain)) return true;
  if (new Set(folded).size < 5 || isRepeated(folded) || isSequence(folded)) return true;
  const bare = folded.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (commonWords.has(bare) || commonWords.has(withoutLeet(bare))) return true;
  return own.some((name) => {
    const part = foldName(name);
    return [...part].length >= 3 && folded.includes(part) && [...folded.replaceAll(part, '')].length < enough;
  });
}

/** The letters behind the usual disguises: `p@ssw0rd` is `password`. */
function withoutLeet(text: string): string {
  const letters: Record<string, string> = {
    '0': 'o',
    '1': 'i',
    '3': 'e',
    '4': 'a',
    '5': 's',
    '7': 't',
    '@': 'a',
    $: 's',
    '!': 'i',
  };
  return text.replaceAll(/[0134577@$!]/g, (sign) => letters[sign] ?? sign);
}

/** `abcabcabcabc`: a short piece again and again. */
const isRepeated = (text: string): boolean => /^(.{1,5}?)\1+$/su.test(text);

/** `abcdefghij`, `9876543210`, and keys in a row. */
function isSequence(text: string): boolean {
  const rows = [
    '01234567890',
    'abcdefghijklmnopqrstuvwxyz',
    'qwertyuiop',
    'asdfghjkl',
    'zxcvbnm',
    'azertyuiop',
    'qwertzuiop',
  ];
  const both = rows.flatMap((row) => [row, [...row].reverse().join('')]);
  const pieces = text.match(/\d+|\p{L}+/gu) ?? [];
  return pieces.join('') === text && pieces.every((piece) => both.some((row) => row.includes(piece)));
}
