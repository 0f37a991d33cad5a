import type { IncomingMessage } from 'node:http';
import { safeReturnTo } from '../access/index.ts';
import type { PortalApplication } from './contracts.ts';

/** What the host of a request stands for. */
export type Place =
  | { readonly kind: 'portal'; readonly origin: string }
  | { readonly kind: 'application'; readonly origin: string; readonly host: string }
  | { readonly kind: 'elsewhere' };

/** Knows the portal's own origin and those of the applications that have a host of their own. */
export interface Site {
  readonly name: string;
  /** Scheme, host and port, as a browser writes `Origin`. */
  readonly origin: string;
  placeOf(request: IncomingMessage): Place;
  /** The place of `host` or `host:port`, as a person may have written it. */
  placeNamed(host: string | undefined): Place;
  /** The path (with its query) on the portal's origin, or the URL on an application's, that `wish` names; else undefined. */
  safeReturn(wish: string | undefined): string | undefined;
  /** The application that a safe return leads to: the longest path of its origin. */
  applicationAt(target: string): PortalApplication | undefined;
}

/**
 * `origin` is that of `publicUrl`; `applications` is asked each time, since a reload changes them; `hostOf` tells
 * the authority the client asked for.
 */
export function createSite(
  name: string,
  origin: string,
  applications: () => readonly PortalApplication[],
  hostOf: (request: IncomingMessage) => string | undefined,
): Site {
  const ownHost = new URL(origin).host;
  const urls = () => applications().map((application) => ({ application, url: new URL(application.url) }));

  function safeReturn(wish: string | undefined): string | undefined {
    if (wish === undefined) return undefined;
    return safeReturnTo(wish, origin, new Set(urls().map(({ url }) => url.origin)));
  }

  function placeNamed(host: string | undefined): Place {
    if (host === undefined) return { kind: 'elsewhere' };
    const wanted = host.toLowerCase();
    if (sameHost(wanted, origin, ownHost)) return { kind: 'portal', origin };
    const found = urls().find(({ url }) => sameHost(wanted, url.origin, url.host));
    return found === undefined
      ? { kind: 'elsewhere' }
      : { kind: 'application', origin: found.url.origin, host: found.url.host };
  }

  return {
    name,
    origin,
    safeReturn,
    placeOf: (request) => placeNamed(hostOf(request)),
    placeNamed,
    applicationAt(target) {
      const url = URL.parse(target, origin);
      if (url === null) return undefined;
      return urls()
        .filter((known) => known.url.origin === url.origin && contains(known.url.pathname, url.pathname))
        .sort((one, other) => other.url.pathname.length - one.url.pathname.length)[0]?.application;
    },
  };
}

/** A path of an application's own host; anything else leads to its start. */
export const localPath = (wish: string | null, origin: string): string =>
  safeReturnTo(wish ?? '', origin, new Set()) ?? '/';

/** A `Host` may name the scheme's own port, which an origin leaves out. */
function sameHost(wanted: string, origin: string, host: string): boolean {
  if (wanted === host) return true;
  return wanted === (origin.startsWith('https:') ? `${host}:443` : `${host}:80`);
}

function contains(folder: string, path: string): boolean {
  return folder.endsWith('/') ? path.startsWith(folder) : path === folder || path.startsWith(`${folder}/`);
}
