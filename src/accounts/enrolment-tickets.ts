import { createHash } from 'node:crypto';
import type { Random } from '../random.ts';

/** Crockford's alphabet: 5 bits a letter, without I, L, O and U, which people misread and mishear. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 16 letters are 80 random bits. */
const letters = 16;

/** A one-time ticket like `7QH2-M0XV-9ERT-C4KD`, to be read out once, and what is stored of it. */
export function newTicket(random: Random): { ticket: string; hash: string } {
  const text = Array.from(random.bytes(letters), (byte) => alphabet[byte & 31]).join('');
  return { ticket: text.replaceAll(/(.{4})(?=.)/g, '$1-'), hash: ticketHash(text) };
}

/**
 * What is stored of a ticket, however it is typed: hyphens and spaces are for reading, and I, L and O are what
 * people make of 1 and 0. A plain hash is enough for 80 random bits.
 */
export function ticketHash(ticket: string): string {
  const letters = ticket
    .slice(0, 256)
    .replaceAll(/[\s\-‐‑–]/g, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return createHash('sha256').update(`sallyport enrolment ticket\0${letters}`).digest('base64url');
}
