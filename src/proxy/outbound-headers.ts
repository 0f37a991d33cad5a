import type { PublicOrigin } from './site.ts';

/** Who the application server is told about, ready to stand in headers. */
export type Identity = { readonly user: string; readonly groups: string; readonly assertion: string };

/** What the gateway knows about a request and says in its own headers. */
export type OutboundFacts = {
  /** What the client asked for: by its host was routed, and that is what the server gets as `Host`. */
  readonly origin: PublicOrigin;
  readonly address: string;
  /** What is left of a `Cookie` without ours; empty when nothing is. */
  readonly othersIn: (cookie: string) => string;
  /** Whether a bearer token is one of the gateway's; others belong to the application. */
  readonly isOwnToken: (token: string) => boolean;
  /** Absent: the application isn't told. */
  readonly identity?: Identity | undefined;
};

type Rule = 'keep' | 'drop' | 'cookie' | 'authorization' | 'connection';

/** Names that mean this connection only, or that the gateway says itself (RFC 9110 sections 7.6.1 and 10.1.1). */
const rules: Readonly<Record<string, Rule>> = {
  connection: 'connection',
  cookie: 'cookie',
  authorization: 'authorization',
  host: 'drop',
  'keep-alive': 'drop',
  'proxy-connection': 'drop',
  'proxy-authenticate': 'drop',
  'proxy-authorization': 'drop',
  te: 'drop',
  trailer: 'drop',
  'transfer-encoding': 'drop',
  upgrade: 'drop',
  expect: 'drop',
  forwarded: 'drop',
  'x-real-ip': 'drop',
};

/** What every browser sends, so that a look-up is enough for it. */
const common = [
  ['Accept', 'Accept-Encoding', 'Accept-Language', 'Cache-Control', 'Content-Length', 'Content-Type', 'DNT'],
  ['If-Modified-Since', 'If-None-Match', 'Origin', 'Pragma', 'Priority', 'Range', 'Referer', 'User-Agent'],
  ['sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform', 'Sec-Fetch-Dest', 'Sec-Fetch-Mode'],
  ['Sec-Fetch-Site', 'Sec-Fetch-User', 'Upgrade-Insecure-Requests', 'Sec-WebSocket-Key'],
  ['Sec-WebSocket-Version', 'Sec-WebSocket-Extensions', 'Sec-WebSocket-Protocol', 'X-Requested-With'],
].flat();

const titled = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** A name that is known, as it goes out: always the same string, which undici then recognises without hashing. */
type Known = { readonly name: string; readonly rule: Rule };

const known: ReadonlyMap<string, Known> = new Map(
  [
    ...common.map((name): Known => ({ name, rule: 'keep' })),
    ...Object.entries(rules).map(([name, rule]): Known => ({ name: titled(name), rule })),
  ].flatMap((entry): [string, Known][] => [
    [entry.name, entry],
    [entry.name.toLowerCase(), entry],
  ]),
);

/** A name as the most lenient server reads it: without case, and any separator alike (CGI turns `-` into `_`). */
const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '-');

/** Headers by which a server is told about the client: from outside nobody is believed. */
const claims = /^(?:x-forwarded|forwarded$|x-real-ip$|x-original-|x-rewrite-|x-sallyport-)/;

function judge(name: string): Known {
  const rule = rules[name.toLowerCase()] ?? (claims.test(fold(name)) ? 'drop' : 'keep');
  return { name, rule };
}

/**
 * Whether a header, whatever its spelling, is one that only the gateway may say to a server or a client; trailers
 * that carry one are not forwarded either.
 */
export const isClaim = (name: string): boolean => claims.test(fold(name));

/** Whether a header, whatever its spelling, is one of the gateway's own, `X-Sallyport-*`. */
export const isOwnName = (name: string): boolean =>
  name.length > 12 && (name.charCodeAt(0) | 0x20) === 0x78 && fold(name).startsWith('x-sallyport-');

/** The names that a `Connection` value takes out; nothing for the values that browsers send. */
export function nominated(connection: string): ReadonlySet<string> {
  if (connection === 'keep-alive' || connection === 'close' || connection === 'Upgrade') return none;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}

const none: ReadonlySet<string> = new Set();
const bearer = /^bearer +([^ ]+) *$/i;

/**
 * The header list that an application server gets, names and values in turn: what is for this connection only goes out,
 * our own cookies and token go out, everything from outside that claims to know the client goes out, and then what
 * the gateway knows comes in. `rawHeaders` is Node's flat list and stays untouched.
 */
export function outboundHeaders(rawHeaders: readonly string[], facts: OutboundFacts): string[] {
  const { scheme, host } = facts.origin;
  const headers: string[] = ['Host', host];
  let removed = none;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const { name, rule } = known.get(given) ?? judge(given);
    switch (rule) {
      case 'keep':
        headers.push(name, value);
        break;
      case 'cookie': {
        const others = facts.othersIn(value);
        if (others !== '') headers.push(name, others);
        break;
      }
      case 'authorization': {
        const token = bearer.exec(value)?.[1];
        if (token === undefined || !facts.isOwnToken(token)) headers.push(name, value);
        break;
      }
      case 'connection': {
        const names = nominated(value);
        if (names.size > 0) removed = removed === none ? names : removed.union(names);
        break;
      }
      case 'drop':
        break;
    }
  }
  const outbound = removed === none ? headers : withoutNames(headers, removed);
  outbound.push('X-Forwarded-For', facts.address, 'X-Forwarded-Proto', scheme, 'X-Forwarded-Host', host);
  if (facts.identity !== undefined) {
    outbound.push('X-Sallyport-User', facts.identity.user, 'X-Sallyport-Groups', facts.identity.groups);
    outbound.push('X-Sallyport-Assertion', facts.identity.assertion);
  }
  return outbound;
}

function withoutNames(headers: readonly string[], names: ReadonlySet<string>): string[] {
  const kept = headers.slice(0, 2);
  for (let index = 2; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (!names.has(name.toLowerCase())) kept.push(name, headers[index + 1] ?? '');
  }
  return kept;
}
