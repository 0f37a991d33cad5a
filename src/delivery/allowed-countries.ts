import { GatewayError } from '../errors.ts';
import type { PhoneNumber } from './parse-phone-number.ts';

/** `+33`, `+1415`: a dialling prefix. */
const prefixPattern = /^\+[1-9]\d{0,6}$/;
/** `FR`: ISO 3166-1 alpha-2. */
const countryPattern = /^[A-Z]{2}$/;

/** Whether this can stand in the list of allowed countries. */
export const isCountryRule = (rule: string): boolean => prefixPattern.test(rule) || countryPattern.test(rule);

/**
 * Throws `country-not-allowed` unless the number begins with one of the prefixes or is of one of the countries;
 * an empty list allows all. Countries and prefixes are both needed: `+1` are 25 countries, some of them dear, and
 * `US` is one of them; numbers that belong to no country (satellite phones) are reached by their prefix alone.
 */
export function requireAllowedCountry(number: PhoneNumber, allowed: readonly string[]): void {
  const matches = (rule: string): boolean =>
    rule.startsWith('+') ? number.e164.startsWith(rule) : rule === number.country;
  if (allowed.length > 0 && !allowed.some(matches)) throw new GatewayError('country-not-allowed');
}
