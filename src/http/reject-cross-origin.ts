import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../errors.ts';

/**
 * Refuses with `cross-origin` what another site's page may have sent (architecture, Credentials in a request).
 * A foreign `Origin`, `null` included, is always refused. A missing one is refused where the browser would add
 * the credential by itself: for changes that go by cookie, and for sign-in that sets cookies (login CSRF).
 */
export function rejectCrossOrigin(headers: IncomingHttpHeaders, own: string, needsOrigin: boolean): void {
  const origin = headers.origin;
  if (origin === undefined ? needsOrigin : origin.toLowerCase() !== own) {
    throw new GatewayError('cross-origin');
  }
}
