import type { Identity } from './identities.ts';
import type { PublicOrigin } from './site.ts';

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
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>(
  Object.entries({
    connection: 'connection',
    cookie: 'cookie',
    authorization: 'authorization',
    host: 'drop',
    // The framing is written anew, from what the request says of its body.
    'content-length': 'drop',
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
  }),
);

/** What every browser sends, so that a look-up is enough for it. */
const common = [
  ['Accept', 'Accept-Encoding', 'Accept-Language', 'Cache-Control', 'Content-Type', 'DNT'],
  ['If-Modified-Since', 'If-None-Match', 'Origin', 'Pragma', 'Priority', 'Range', 'Referer', 'User-Agent'],
  ['sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform', 'Sec-Fetch-Dest', 'Sec-Fetch-Mode'],
  ['Sec-Fetch-Site', 'Sec-Fetch-User', 'Upgrade-Insecure-Requests', 'Sec-WebSocket-Key'],
  ['Sec-WebSocket-Version', 'Sec-WebSocket-Extensions', 'Sec-WebSocket-Protocol', 'X-Requested-With'],
].flat();

const titled = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** A name that is known, as it goes out. */
type Known = { readonly name: string; readonly rule: Rule };

const known: ReadonlyMap<string, Known> = new Map(
  [
    ...common.map((name): Known => ({ name, rule: 'keep' })),
    ...[...rules].map(([name, rule]): Known => ({ name: titled(name), rule })),
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
  const folded = fold(name);
  // A `Content_Length` is a length to whoever reads headers from an environment, and the gateway's own stands beside it.
  const rule = rules.get(folded) ?? (claims.test(folded) ? 'drop' : 'keep');
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
 * The header lines that an application server gets, each with its CRLF: what is for this connection only goes out, our own
 * cookies and token go out, everything from outside that claims to know the client goes out, and then what the gateway
 * knows comes in. Nothing about the body: see `requestHead`. `rawHeaders` is Node's flat list and stays untouched.
 */
export function outboundHeaders(rawHeaders: readonly string[], facts: OutboundFacts): string {
  return written(rawHeaders, facts, none);
}

function written(rawHeaders: readonly string[], facts: OutboundFacts, removed: ReadonlySet<string>): string {
  const { scheme, host } = facts.origin;
  let lines = `Host: ${host}\r\n`;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index] ?? '';
    const { name, rule } = known.get(given) ?? judge(given);
    if (rule === 'drop') continue;
    if (removed !== none && removed.has(given.toLowerCase())) continue;
    const value = rawHeaders[index + 1] ?? '';
    switch (rule) {
      case 'keep':
        lines += `${name}: ${value}\r\n`;
        break;
      case 'cookie': {
        const others = facts.othersIn(value);
        if (others !== '') lines += `${name}: ${others}\r\n`;
        break;
      }
      case 'authorization': {
        const token = bearer.exec(value)?.[1];
        if (token === undefined || !facts.isOwnToken(token)) lines += `${name}: ${value}\r\n`;
        break;
      }
      case 'connection':
        // Rare, and it may name what stood before it.
        if (removed === none && nominated(value).size > 0) {
          return written(rawHeaders, facts, nominatedIn(rawHeaders));
        }
        break;
    }
  }
  lines += `X-Forwarded-For: ${facts.address}\r\nX-Forwarded-Proto: ${scheme}\r\nX-Forwarded-Host: ${host}\r\n`;
  if (facts.identity === undefined) return lines;
  const { user, groups, assertion } = facts.identity;
  return `${lines}X-Sallyport-User: ${user}\r\nX-Sallyport-Groups: ${groups}\r\nX-Sallyport-Assertion: ${assertion}\r\n`;
}

/** The names that all `Connection` headers of a list take out. */
export function nominatedIn(list: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (let index = 0; index < list.length; index += 2) {
    if (list[index]?.toLowerCase() !== 'connection') continue;
    for (const name of nominated(list[index + 1] ?? '')) names.add(name);
  }
  return names;
}
