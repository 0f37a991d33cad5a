import { isClaim, isOwnName, nominated, nominatedIn } from './outbound-headers.ts';
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

type Rule = 'keep' | 'drop' | 'cookie' | 'location' | 'connection';

const common = [
  ['Accept-Ranges', 'Age', 'Cache-Control', 'Content-Disposition', 'Content-Encoding', 'Content-Language'],
  ['Content-Length', 'Content-Security-Policy', 'Content-Type', 'Date', 'ETag', 'Expires', 'Last-Modified'],
  ['Link', 'Pragma', 'Referrer-Policy', 'Server', 'Strict-Transport-Security', 'Vary'],
  ['X-Content-Type-Options', 'X-Frame-Options', 'X-Powered-By'],
].flat();

/** What nearly every answer holds, so that a look-up is enough for it. */
const known: ReadonlyMap<string, Rule> = new Map(
  [...common, 'Connection', 'Keep-Alive', 'Transfer-Encoding', 'Set-Cookie', 'Location'].flatMap((name) => {
    const rule = judge(name);
    return [[name, rule] as const, [name.toLowerCase(), rule] as const];
  }),
);

function judge(name: string): Rule {
  const lower = name.toLowerCase();
  if (lower === 'connection') return lower;
  if (dropped.has(lower) || isOwnName(lower)) return 'drop';
  if (lower === 'set-cookie') return 'cookie';
  return lower === 'location' || lower === 'content-location' ? 'location' : 'keep';
}

/** The header list that the client gets, from what the server sent: names, as they were written, and values in turn. */
export function inboundHeaders(fields: readonly string[], facts: InboundFacts): string[] {
  return relayed(fields, facts, undefined);
}

function relayed(
  fields: readonly string[],
  facts: InboundFacts,
  removed: ReadonlySet<string> | undefined,
): string[] {
  const list: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? '';
    const value = fields[index + 1] ?? '';
    const rule = known.get(name) ?? judge(name);
    if (rule === 'drop' || removed?.has(name.toLowerCase())) continue;
    switch (rule) {
      case 'keep':
        list.push(name, value);
        break;
      case 'cookie':
        if (!facts.cookies.isSetBy(value)) list.push(name, value);
        break;
      case 'location':
        list.push(name, publicLocation(value, facts));
        break;
      case 'connection':
        if (removed === undefined && nominated(value).size > 0) {
          return relayed(fields, facts, nominatedIn(fields));
        }
        break;
    }
  }
  return list;
}

/** The trailers that may be passed on, names and values in turn; never identity, framing, routing or cookies. */
export function inboundTrailers(fields: readonly string[]): string[] {
  const list: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? '';
    const lower = name.toLowerCase();
    if (dropped.has(lower) || notInTrailers.has(lower) || isClaim(lower)) continue;
    list.push(name, fields[index + 1] ?? '');
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
