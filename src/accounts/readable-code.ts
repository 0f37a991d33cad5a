import type { Random } from '../random.ts';

/** Crockford's alphabet: 5 bits a letter, without I, L, O and U, which people misread and mishear. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A random code to be read by people, in groups of four: `7QH2-M0XV-9ERT`. Each letter is worth 5 bits. */
export function newReadableCode(random: Random, letters: number): string {
  const text = Array.from(random.bytes(letters), (byte) => alphabet[byte & 31]).join('');
  return text.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/**
 * The letters of a code however it is typed: hyphens and spaces are for reading, and I, L and O are what people make
 * of 1 and 0.
 */
export const readableLetters = (typed: string): string =>
  typed
    .slice(0, 256)
    .replaceAll(/[\s\-‐‑–]/g, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');

/** Whether a typed text can be a code of so many letters. */
export function isReadableCode(typed: string, letters: number): boolean {
  const text = readableLetters(typed);
  return text.length === letters && [...text].every((letter) => alphabet.includes(letter));
}
