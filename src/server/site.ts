import type { IncomingMessage } from 'node:http';
import type { Config } from '../config/index.ts';

/** Which origins are ours, by the `Host` that a request names. */
export type Origins = {
  /** `scheme://host[:port]`; undefined for a host that nobody configured. */
  originOf(host: string | undefined): string | undefined;
  /** The origin of a host, whatever port stands behind it; the portal's for a host that nobody configured. */
  originNamed(host: string | undefined): string;
  hostOf(request: IncomingMessage): string;
  /** As people see it from outside. */
  schemeOf(): 'http' | 'https';
};

/**
 * The origins of the portal and of the applications that have a host of their own. What people see from outside
 * is told by the configuration alone, never by a header that somebody sent.
 */
export function createOrigins(config: () => Pick<Config, 'publicUrl' | 'applications'>): Origins {
  let known: { of: unknown; origins: Map<string, string> } | undefined;

  function origins(): Map<string, string> {
    const current = config();
    if (known?.of === current) return known.origins;
    const map = new Map<string, string>();
    for (const origin of [
      current.publicUrl,
      ...current.applications.map((application) => application.origin),
    ]) {
      const { host, protocol } = new URL(origin);
      map.set(host, origin);
      // A client may write the scheme's own port, which an origin leaves out.
      if (!/:\d+$/.test(host)) map.set(`${host}:${protocol === 'https:' ? 443 : 80}`, origin);
    }
    known = { of: current, origins: map };
    return map;
  }

  return {
    originOf: (host) => (host === undefined ? undefined : origins().get(host.toLowerCase())),
    originNamed(host) {
      const name = (host ?? '').toLowerCase().replace(/:\d*$/, '');
      const { publicUrl, applications } = config();
      const all = [publicUrl, ...applications.map((application) => application.origin)];
      return all.find((origin) => new URL(origin).hostname === name) ?? publicUrl;
    },
    hostOf: (request) => hostIn(request.rawHeaders),
    schemeOf: () => (config().publicUrl.startsWith('https:') ? 'https' : 'http'),
  };
}

/** The authority a client asked for. Not by `request.headers`, which Node makes of all headers when it is first asked. */
function hostIn(rawHeaders: readonly string[]): string {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host')
      return (rawHeaders[index + 1] ?? '').toLowerCase();
  }
  return '';
}
