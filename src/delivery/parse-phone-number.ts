import { GatewayError } from '../errors.ts';

/** E.164 has 15 digits; people add spaces, dots and brackets. Longer is not a number, and not worth reading. */
const longest = 40;

/** A number as people write it, in international format: E.164, and what is known of it. */
export type PhoneNumber = {
  /** `+` and digits. */
  readonly e164: string;
  /** ISO 3166-1 alpha-2; absent of numbers that belong to no country, such as satellite phones. */
  readonly country?: string;
  /** False of numbers that only cost: premium rate, shared cost, voicemail, pagers. */
  readonly reachable: boolean;
};

const dear: ReadonlySet<string> = new Set(['PREMIUM_RATE', 'SHARED_COST', 'VOICEMAIL', 'PAGER', 'UAN']);

/**
 * The number in E.164 (`+14155552671`). Must be written in international format: there is no default country.
 * Rejects with `invalid-phone-number` for anything that the numbering plan of its country does not have.
 */
export async function parsePhoneNumber(text: string): Promise<string> {
  const { e164, reachable } = await readPhoneNumber(text);
  if (!reachable) throw new GatewayError('invalid-phone-number');
  return e164;
}

/** As `parsePhoneNumber`, with the country. */
export async function readPhoneNumber(text: string): Promise<PhoneNumber> {
  // 100 KB of metadata: loaded with the first number.
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/max');
  const written = text.length > longest ? undefined : text.trim().replace(/^00(?=[1-9])/, '+');
  const number = written?.startsWith('+')
    ? parsePhoneNumberFromString(written, { extract: false })
    : undefined;
  // An extension is dialled by a person, not by SMS.
  if (number === undefined || !number.isValid() || number.ext !== undefined) {
    throw new GatewayError('invalid-phone-number');
  }
  const { country } = number;
  const reachable = !dear.has(number.getType() ?? '');
  return { e164: number.number, reachable, ...(country === undefined ? {} : { country }) };
}
