import { claimsToBeOurs, issuedBeginning, maximumTokenLength } from '../sessions/index.ts';

/**
 * What a request shows of itself. `ambiguous`: it can be read in two ways, or shows two credentials of ours;
 * `malformed`: a credential of ours that can't be one. A bearer token of somebody else is no credential here.
 */
export type Credentials = {
  readonly verdict: 'none' | 'token' | 'malformed' | 'ambiguous';
  /** Empty unless the verdict is `token`. */
  readonly token: string;
  readonly via: 'cookie' | 'bearer';
  readonly host: string | undefined;
  /** The `Origin` header. */
  readonly origin: string | undefined;
};

const bearerSyntax = /^bearer +([A-Za-z0-9._~+/=-]+) *$/i;
/** What a search for a cookie gives when it could be read in two ways. */
const twice = Symbol('twice');

/**
 * Reads the credentials of a request from its raw header list (name, value, name, value …), so that nothing is
 * merged, dropped or overwritten on the way. One pass without copies: it runs on every request.
 */
export function readCredentials(rawHeaders: readonly string[], cookieName: string): Credentials {
  let cookie: string | undefined;
  let authorization: string | undefined;
  let host: string | undefined;
  let origin: string | undefined;
  let repeated = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    if (name.length === 6) {
      if (isNamed(name, 'Cookie', 'cookie')) {
        repeated ||= cookie !== undefined;
        cookie = value;
      } else if (isNamed(name, 'Origin', 'origin')) {
        repeated ||= origin !== undefined;
        origin = value;
      }
    } else if (name.length === 4 && isNamed(name, 'Host', 'host')) {
      repeated ||= host !== undefined;
      host = value;
    } else if (name.length === 13 && isNamed(name, 'Authorization', 'authorization')) {
      repeated ||= authorization !== undefined;
      authorization = value;
    }
  }
  const fromCookie = cookie === undefined ? undefined : findCookie(cookie, cookieName);
  const fromBearer = authorization === undefined ? undefined : findBearer(authorization);
  if (repeated || fromCookie === twice || fromBearer === twice) return read('ambiguous', '', 'cookie');
  if (fromBearer !== undefined) {
    if (fromCookie !== undefined) return read('ambiguous', '', 'bearer');
    return judge(fromBearer, 'bearer');
  }
  return fromCookie === undefined ? read('none', '', 'cookie') : judge(fromCookie, 'cookie');

  function judge(token: string, via: Credentials['via']): Credentials {
    return token.length > maximumTokenLength ? read('malformed', '', via) : read('token', token, via);
  }
  function read(verdict: Credentials['verdict'], token: string, via: Credentials['via']): Credentials {
    return { verdict, token, via, host, origin };
  }
}

/**
 * The value of one cookie (RFC 6265 section 5.4, as browsers write it); undefined when absent or empty, `twice` when
 * the name occurs again in any case.
 */
function findCookie(header: string, name: string): string | typeof twice | undefined {
  let found: string | undefined;
  let equals = -1;
  for (let start = 0; start < header.length; ) {
    const semicolon = header.indexOf(';', start);
    const end = semicolon === -1 ? header.length : semicolon;
    const from = skipSpace(header, start, end);
    // Searched onwards only, so that a header full of pairs without `=` costs no more than its length.
    if (equals < from) equals = indexOrEnd(header, '=', from);
    const pairEnd = Math.min(equals, end);
    if (pairEnd - from >= name.length && isOwnName(header, from, pairEnd, name)) {
      const exact = equals === from + name.length && header.startsWith(name, from);
      if (found !== undefined || !exact) return twice;
      found = header.slice(equals + 1, end).trim();
    }
    start = end + 1;
  }
  return found === '' ? undefined : found;
}

/** Compared without case and surrounding space: only the exact spelling counts, the others make it ambiguous. */
const isOwnName = (header: string, from: number, to: number, name: string): boolean => {
  const first = header.charCodeAt(from) | 0x20;
  if (first !== (name.charCodeAt(0) | 0x20)) return false;
  return header.slice(from, to).trim().toLowerCase() === name.toLowerCase();
};

/** Our own bearer token; undefined when it is somebody else's, `twice` when ours stands where it doesn't belong. */
function findBearer(authorization: string): string | typeof twice | undefined {
  const token = bearerSyntax.exec(authorization)?.[1];
  if (token !== undefined) return claimsToBeOurs(token) ? token : undefined;
  return authorization.includes(issuedBeginning) ? twice : undefined;
}

const isNamed = (name: string, usual: string, lower: string): boolean =>
  name === usual || name === lower || name.toLowerCase() === lower;

const indexOrEnd = (text: string, searched: string, from: number): number => {
  const index = text.indexOf(searched, from);
  return index === -1 ? text.length : index;
};

function skipSpace(text: string, from: number, to: number): number {
  let index = from;
  while (index < to && (text.charCodeAt(index) === 0x20 || text.charCodeAt(index) === 0x09)) index++;
  return index;
}
