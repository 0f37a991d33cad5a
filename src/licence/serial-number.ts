import { createHash } from 'node:crypto';

/** Crockford's alphabet: no letter that could be read as another one or as a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 12;

/**
 * What an installation is called in its licence: 60 bits of its id's hash and a check digit, in four groups. It can be
 * read out on the telephone, and tells nothing of the id.
 */
export function serialNumber(installation: string): string {
  const hash = createHash('sha256').update(`sallyport serial number\0${installation}`).digest();
  const digits = Array.from({ length }, (_, index) => digitAt(hash, index));
  return grouped([...digits, checkDigit(digits)].map((digit) => alphabet.charAt(digit)).join(''));
}

/** The serial number as it is written, of whatever somebody typed; undefined where the check digit says that it is none. */
export function readSerialNumber(typed: string): string | undefined {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const digits = [...text].map((letter) => alphabet.indexOf(letter));
  if (digits.length !== length + 1 || digits.includes(-1)) return undefined;
  return checkDigit(digits.slice(0, -1)) === digits.at(-1) ? grouped(text) : undefined;
}

/** Five bits of a hash. */
function digitAt(hash: Buffer, index: number): number {
  const bit = index * 5;
  const two = hash.readUInt16BE(Math.floor(bit / 8));
  return (two >> (11 - (bit % 8))) & 31;
}

/** Luhn's algorithm modulo 32: any one wrong digit shows, and nearly any two that change places. */
function checkDigit(digits: readonly number[]): number {
  const sum = digits.toReversed().reduce((total, digit, index) => {
    const weighted = index % 2 === 0 ? digit * 2 : digit;
    return total + Math.floor(weighted / alphabet.length) + (weighted % alphabet.length);
  }, 0);
  return (alphabet.length - (sum % alphabet.length)) % alphabet.length;
}

const grouped = (text: string): string =>
  `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8, 12)}-${text.slice(12)}`;
