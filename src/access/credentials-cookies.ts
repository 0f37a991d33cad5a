/** The names of the gateway's own cookies on one kind of origin. */
export type CookieNames = {
  readonly session: string;
  readonly pending: string;
  readonly device: string;
  readonly handOff: string;
};

/** With HTTPS the `__Host-` prefix binds a cookie to its host and path (RFC 6265bis section 4.1.3.2). */
export function cookieNames(secure: boolean, at: 'portal' | 'console' = 'portal'): CookieNames {
  // Cookies don't know ports: the console, on another port of the same host, needs names of its own.
  const prefix = `${secure ? '__Host-' : ''}sallyport-${at === 'console' ? 'console-' : ''}`;
  return {
    session: `${prefix}session`,
    pending: `${prefix}pending`,
    device: `${prefix}device`,
    handOff: `${prefix}handoff`,
  };
}
