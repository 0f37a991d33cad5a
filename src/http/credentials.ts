import type { IncomingMessage } from 'node:http';
import { type CookieNames, readCredentials } from '../access/index.ts';
import { GatewayError } from '../errors.ts';

/** How tokens travel: in HttpOnly cookies for browsers, in the answer for other clients. */
export type Delivery = 'cookie' | 'bearer';

/** A credential of ours and the way it came. */
export type Credential = { readonly token: string; readonly deliver: Delivery };

/**
 * The credential that a call of `kind` goes by: the bearer token, or the cookie of that kind. A browser may hold a
 * session and the pending token of a new sign-in at once; anything else that comes twice is refused as
 * `ambiguous-credentials`.
 */
export function readCredential(
  { rawHeaders }: IncomingMessage,
  names: CookieNames,
  kind: 'pending' | 'session',
): Credential | undefined {
  const session = readCredentials(rawHeaders, names.session);
  const pending = readCredentials(rawHeaders, names.pending);
  if (session.verdict === 'ambiguous' || pending.verdict === 'ambiguous') {
    throw new GatewayError('ambiguous-credentials');
  }
  const { verdict, token, via } = kind === 'session' ? session : pending;
  return verdict === 'token' ? { token, deliver: via } : undefined;
}

/**
 * The value of a cookie that is no credential by itself: a known device, a nonce. Whoever sends it twice has none
 * that could be relied on.
 */
export function readPlainCookie({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  const { verdict, token, via } = readCredentials(cookiesOf(rawHeaders), name);
  return verdict === 'token' && via === 'cookie' ? token : undefined;
}

/** Only the `Cookie` headers, so that a bearer token beside them doesn't matter. */
function cookiesOf(rawHeaders: readonly string[]): string[] {
  const cookies: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.toLowerCase() === 'cookie') cookies.push(name, rawHeaders[index + 1] ?? '');
  }
  return cookies;
}
