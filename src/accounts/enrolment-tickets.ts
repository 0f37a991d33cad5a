import { createHash } from 'node:crypto';
import type { Random } from '../random.ts';
import { newReadableCode, readableLetters } from './readable-code.ts';

/** 16 letters are 80 random bits. */
const letters = 16;

/** A one-time ticket like `7QH2-M0XV-9ERT-C4KD`, to be read out once, and what is stored of it. */
export function newTicket(random: Random): { ticket: string; hash: string } {
  const ticket = newReadableCode(random, letters);
  return { ticket, hash: ticketHash(ticket) };
}

/** What is stored of a ticket, however it is typed. A plain hash is enough for 80 random bits. */
export const ticketHash = (ticket: string): string =>
  createHash('sha256')
    .update(`sallyport enrolment ticket\0${readableLetters(ticket)}`)
    .digest('base64url');
