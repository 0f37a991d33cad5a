/** Pages that would only lead in a circle, or sign out whoever just signed in. */
const pointless = /^\/\.sallyport\/(sign-in|sign-out|owner)(?=[/?#]|$)/i;
const longest = 4096;

/**
 * Where to go after sign-in, or undefined when the wish is not safe to follow (threat 14). Allowed is a path of
 * the portal's own origin, answered as a path, or an address of one of `applicationOrigins`
 * (`scheme://host[:port]`), answered absolutely. What browsers and URL parsers read differently is refused
 * rather than repaired: control characters, white space, backslashes, credentials.
 */
export function safeReturnTo(
  wish: string,
  portalOrigin: string,
  applicationOrigins: ReadonlySet<string>,
): string | undefined {
  if (wish.length === 0 || wish.length > longest) return undefined;
  if (!/^[\x21-\x7e]+$/.test(wish) || wish.includes('\\')) return undefined;
  if (!wish.startsWith('/') && !/^https?:\/\/[^/]/i.test(wish)) return undefined;
  if (wish.startsWith('//')) return undefined;
  let target: URL;
  try {
    target = new URL(wish, portalOrigin);
  } catch {
    return undefined;
  }
  if (target.username !== '' || target.password !== '') return undefined;
  const path = `${target.pathname}${target.search}${target.hash}`;
  // `/.//evil.example` is normalised to `//evil.example`, which a browser takes for a host.
  if (!path.startsWith('/') || path.startsWith('//')) return undefined;
  if (target.origin === new URL(portalOrigin).origin) return pointless.test(path) ? undefined : path;
  return applicationOrigins.has(target.origin) ? target.origin + path : undefined;
}
