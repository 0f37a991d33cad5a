import type { PortalApplication } from './contracts.ts';

/** Where everything of ours lives, on every host. */
export const prefix = '/.sallyport/';

/** What a request's `Host` stands for. */
export type Place =
  | { readonly kind: 'portal'; readonly origin: string }
  | { readonly kind: 'application'; readonly origin: string; readonly host: string }
  | { readonly kind: 'elsewhere' };

/** Knows the portal's own origin and those of the applications that have a host of their own. */
export interface Site {
  readonly name: string;
  /** Scheme, host and port, as a browser writes `Origin`. */
  readonly origin: string;
  /** Whether cookies are `Secure` and `__Host-` on this origin. */
  placeOf(host: string | undefined): Place;
  /** The path (with its query) on the portal's origin, or the URL on an application's, that `wish` names; else undefined. */
  safeReturn(wish: string | undefined): string | undefined;
  /** The application that a safe return leads to: the longest path of its origin. */
  applicationAt(target: string): PortalApplication | undefined;
}

const longestReturn = 4096;
/** What no browser sends in a target, and what browsers would read as another host or scheme. */
const unsafe = /[^\x21-\x7e]|\\/;

/** `origin` is that of `publicUrl`; `applications` is asked each time, since a reload changes them. */
export function createSite(
  name: string,
  origin: string,
  applications: () => readonly PortalApplication[],
): Site {
  const ownHost = new URL(origin).host;
  const urls = () => applications().map((application) => ({ application, url: new URL(application.url) }));

  function safeReturn(wish: string | undefined): string | undefined {
    if (wish === undefined || wish.length > longestReturn || unsafe.test(wish)) return undefined;
    const local = wish.startsWith('/');
    if (local && wish.startsWith('//')) return undefined;
    const url = URL.parse(wish, local ? origin : undefined);
    if (url === null || url.username !== '' || url.password !== '') return undefined;
    const path = `${url.pathname}${url.search}${url.hash}`;
    // A path can only become "//host" again by dot segments: "/.//host".
    if (path.startsWith('//')) return undefined;
    if (url.origin === origin) return path;
    if (local) return undefined;
    return urls().some((known) => known.url.origin === url.origin) ? url.href : undefined;
  }

  return {
    name,
    origin,
    safeReturn,
    placeOf(host) {
      if (host === undefined) return { kind: 'elsewhere' };
      const wanted = host.toLowerCase();
      if (sameHost(wanted, origin, ownHost)) return { kind: 'portal', origin };
      const found = urls().find(({ url }) => sameHost(wanted, url.origin, url.host));
      return found === undefined
        ? { kind: 'elsewhere' }
        : { kind: 'application', origin: found.url.origin, host: found.url.host };
    },
    applicationAt(target) {
      const url = URL.parse(target, origin);
      if (url === null) return undefined;
      return urls()
        .filter((known) => known.url.origin === url.origin && contains(known.url.pathname, url.pathname))
        .sort((one, other) => other.url.pathname.length - one.url.pathname.length)[0]?.application;
    },
  };
}

/** A `Host` may name the scheme's own port, which an origin leaves out. */
function sameHost(wanted: string, origin: string, host: string): boolean {
  if (wanted === host) return true;
  return wanted === (origin.startsWith('https:') ? `${host}:443` : `${host}:80`);
}

function contains(folder: string, path: string): boolean {
  return folder.endsWith('/') ? path.startsWith(folder) : path === folder || path.startsWith(`${folder}/`);
}
