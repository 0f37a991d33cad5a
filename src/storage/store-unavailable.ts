import { GatewayError } from '../errors.ts';

/** Seconds. Long enough for a lock to go or an administrator's restart, short enough for somebody who waits. */
const retryAfter = 5;

/** The store can't do it now, and when to try again; `cause` stays in the log. */
export const storeUnavailable = (cause: unknown): GatewayError =>
  new GatewayError('store-unavailable', { retryAfter, cause });
