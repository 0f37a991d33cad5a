import type { CookieNames } from '../access/index.ts';
import type { Clock } from '../clock.ts';
import { setCookie } from '../http/index.ts';
import type { IssuedToken, SessionRecord } from '../sessions/index.ts';

/** A session and its token for one origin. */
export type IssuedSession = { readonly session: SessionRecord; readonly issued: IssuedToken };

/** Makes the session's cookie: it dies with the browser on a shared computer. */
export function createSessionCookie({
  clock,
  names,
  secure,
}: {
  readonly clock: Clock;
  readonly names: CookieNames;
  readonly secure: boolean;
}) {
  return ({ session, issued }: IssuedSession): string => {
    const maxAge = session.shared ? undefined : (issued.expiresAt - clock.now()) / 1000;
    return setCookie(names.session, issued.token, secure, maxAge);
  };
}

export type SessionCookie = ReturnType<typeof createSessionCookie>;
