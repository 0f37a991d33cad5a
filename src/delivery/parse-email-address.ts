import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { GatewayError } from '../errors.ts';

/** RFC 5321 section 4.5.3.1: octets of the local part, and of a path without its angle brackets. */
const longestLocal = 64;
const longest = 254;

/** Dot-atom of RFC 5322 section 3.2.3 with the characters beyond ASCII of RFC 6531 section 3.3; no quoted strings. */
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * The one address that was typed, without spaces around it, its domain in ASCII (RFC 5891). Internationalised
 * addresses are fine; names, several addresses, quoted local parts and IP literals are not.
 * Throws `invalid-address`.
 */
export function parseEmailAddress(text: string): string {
  const typed = text.length > longest * 2 ? '' : text.trim().normalize('NFC');
  const at = typed.lastIndexOf('@');
  const local = typed.slice(0, Math.max(0, at));
  const domain = domainToASCII(typed.slice(at + 1)).toLowerCase();
  const labels = domain.split('.');
  const plausible =
    localPart.test(local) &&
    Buffer.byteLength(local) <= longestLocal &&
    isIP(domain) === 0 &&
    labels.every((each) => label.test(each)) &&
    /[a-z]/.test(labels.at(-1) ?? '');
  const address = `${local}@${domain}`;
  if (!plausible || Buffer.byteLength(address) > longest) throw new GatewayError('invalid-address');
  return address;
}
