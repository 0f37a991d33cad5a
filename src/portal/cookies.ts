import { GatewayError } from '../errors.ts';

/** The cookies of the portal's origin and of application hosts. */
export type CookieNames = {
  readonly session: string;
  readonly pending: string;
  readonly device: string;
  readonly handOff: string;
};

/** With HTTPS the `__Host-` prefix keeps other hosts of the domain from setting them (RFC 6265bis section 4.1.3.2). */
export function cookieNames(secure: boolean): CookieNames {
  const start = secure ? '__Host-sallyport-' : 'sallyport-';
  return {
    session: `${start}session`,
    pending: `${start}pending`,
    device: `${start}device`,
    handOff: `${start}handoff`,
  };
}

/** `Max-Age` in seconds; absent: until the browser ends. The value must be free of `;` and control characters. */
export function setCookie(name: string, value: string, secure: boolean, maxAge?: number): string {
  return [
    `${name}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    ...(secure ? ['Secure'] : []),
    ...(maxAge === undefined ? [] : [`Max-Age=${Math.max(0, Math.floor(maxAge))}`]),
  ].join('; ');
}

/** Makes the browser forget a cookie that `setCookie` made. */
export const dropCookie = (name: string, secure: boolean): string => setCookie(name, '', secure, 0);

/**
 * The value of one cookie in a `Cookie` header, or undefined. The same name twice is refused as `ambiguous-credentials`:
 * which of them a server takes is a guess, and guesses are how cookies get tossed.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  let found: string | undefined;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0 || part.slice(0, equals).trim() !== name) continue;
    if (found !== undefined) throw new GatewayError('ambiguous-credentials');
    found = part.slice(equals + 1).trim();
  }
  return found === '' ? undefined : found;
}
