import type { IncomingHttpHeaders } from 'node:http';
import { isClaim, isOwnName, nominated } from './outbound-headers.ts';
import type { OwnCookies } from './own-cookies.ts';
import type { PublicOrigin } from './site.ts';

/** What an answer is measured against on its way to the client. */
export type InboundFacts = {
  readonly cookies: OwnCookies;
  readonly serverOrigin: string;
  readonly publicOrigin: PublicOrigin;
};

/**
 * Never from an application server: what is for its connection only, what would widen a service worker's reach,
 * and `Alt-Svc`, which would lead browsers around the gateway (RFC 7838).
 */
const dropped: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'service-worker-allowed',
  'alt-svc',
]);

/** Fields that must not arrive after the body (RFC 9110 section 6.5.1). */
const notInTrailers: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'host',
  'location',
  'content-location',
  'cache-control',
  'authorization',
  'www-authenticate',
  'set-cookie',
  'cookie',
  'vary',
  'age',
  'date',
  'expires',
  'retry-after',
  'clear-site-data',
]);

/** The header list that the client gets, names and values in turn. Names are in lower case, as undici gives them. */
export function inboundHeaders(headers: IncomingHttpHeaders, facts: InboundFacts): string[] {
  const list: string[] = [];
  const connection = headers.connection;
  const removed = connection === undefined ? undefined : nominated(connection);
  for (const name in headers) {
    if (dropped.has(name) || removed?.has(name) || isOwnName(name)) continue;
    const value: string | string[] | undefined = headers[name];
    if (name === 'set-cookie') {
      for (const cookie of typeof value === 'string' ? [value] : (value ?? [])) {
        if (!facts.cookies.isSetBy(cookie)) list.push(name, cookie);
      }
    } else if (typeof value === 'string') {
      const moves = name === 'location' || name === 'content-location';
      list.push(name, moves ? publicLocation(value, facts) : value);
    } else if (value !== undefined) {
      for (const item of value) list.push(name, item);
    }
  }
  return list;
}

/** The trailers that may be passed on, names and values in turn; never identity, framing, routing or cookies. */
export function inboundTrailers(trailers: IncomingHttpHeaders): string[] {
  const list: string[] = [];
  for (const name in trailers) {
    if (dropped.has(name) || notInTrailers.has(name) || isClaim(name)) continue;
    const value: string | string[] | undefined = trailers[name];
    for (const item of typeof value === 'string' ? [value] : (value ?? [])) list.push(name, item);
  }
  return list;
}

/**
 * An address within the server's own origin, said in terms of the public one; every other one stays as it is. The server
 * knows itself by its configured origin, or by the public host that it was sent as `Host` and its own scheme.
 */
function publicLocation(location: string, { serverOrigin, publicOrigin }: InboundFacts): string {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(location);
  if (absolute === null) return location;
  const [authority] = absolute;
  const origin = URL.parse(authority)?.origin;
  const asAddressed = `${serverOrigin.slice(0, serverOrigin.indexOf(':'))}://${publicOrigin.host}`;
  if (origin === undefined || (origin !== serverOrigin && origin !== asAddressed)) return location;
  return `${publicOrigin.scheme}://${publicOrigin.host}${location.slice(authority.length)}`;
}
