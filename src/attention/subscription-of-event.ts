import type { AuditEvent } from '../audit/index.ts';

/** Whose event it is; what names no subscription happens to the site, and counts for `default`. */
export const subscriptionOfEvent = (event: AuditEvent): string =>
  'subscription' in event && typeof event.subscription === 'string' ? event.subscription : 'default';
