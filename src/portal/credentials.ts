import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../errors.ts';
import type { Delivery } from './api-call.ts';
import { type CookieNames, readCookie } from './cookies.ts';

/** A credential of ours and the way it came. */
export type Credential = { readonly token: string; readonly deliver: Delivery };

/** Longer than any token we sign; what exceeds it is not one. */
const longestToken = 4096;

/**
 * The credential that a call of `kind` goes by: the bearer token, or the cookie of that kind.
 * A bearer token beside a cookie of ours, two cookies of one name, or a second scheme in `Authorization` is
 * refused as `ambiguous-credentials`: the caller can't mean both.
 */
export function readCredential(
  headers: IncomingHttpHeaders,
  names: CookieNames,
  kind: 'pending' | 'session',
): Credential | undefined {
  const session = readCookie(headers.cookie, names.session);
  const pending = readCookie(headers.cookie, names.pending);
  const bearer = readBearer(headers.authorization);
  if (bearer !== undefined) {
    if (session !== undefined || pending !== undefined) throw new GatewayError('ambiguous-credentials');
    return { token: bearer, deliver: 'bearer' };
  }
  const token = kind === 'session' ? session : pending;
  return token === undefined || token.length > longestToken ? undefined : { token, deliver: 'cookie' };
}

/** RFC 6750 section 2.1. Another scheme is none of ours and counts as absent. */
function readBearer(authorization: string | undefined): string | undefined {
  const match = /^Bearer +([\w\-.~+/]+=*) *$/i.exec(authorization ?? '');
  const token = match?.[1];
  return token === undefined || token.length > longestToken ? undefined : token;
}
