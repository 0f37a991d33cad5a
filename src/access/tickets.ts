import { createHash } from 'node:crypto';

/** What is stored of a ticket. It has at least 80 random bits, so a plain hash tells nothing of it. */
export const ticketHash = (ticket: string): string =>
  createHash('sha256').update(ticket.trim()).digest('base64url');
