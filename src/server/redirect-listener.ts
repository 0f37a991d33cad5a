import { createServer, type Server } from 'node:http';
import type { Origins } from './site.ts';

/** What an address of ours may hold to be repeated in `Location`: printable ASCII, from the path on. */
const plainTarget = /^\/[\x21-\x7e]*$/;

/** Milliseconds; kilobytes. People are sent on and gone. */
const limits = { headers: 10_000, keepAlive: 5_000, checks: 5_000, headerSize: 16 * 1024 };

/**
 * The listener for plain HTTP that sends people on to HTTPS, and does nothing else. Where to is told by the
 * configuration alone: the origin of the host they named if it is one of the site, that of the portal otherwise.
 * What isn't only read is refused: it went over the wire unprotected already, and whoever wrote that address should
 * notice.
 */
export function createRedirectListener(origins: Pick<Origins, 'originNamed'>): Server {
  return createServer(
    {
      insecureHTTPParser: false,
      maxHeaderSize: limits.headerSize,
      requestTimeout: limits.headers,
      headersTimeout: limits.headers,
      keepAliveTimeout: limits.keepAlive,
      connectionsCheckingInterval: limits.checks,
    },
    (request, response) => {
      response.setHeader('Connection', 'close');
      response.setHeader('Content-Length', 0);
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { Allow: 'GET, HEAD' }).end();
        return;
      }
      const target = plainTarget.test(request.url ?? '') ? request.url : '/';
      const location = `${origins.originNamed(request.headers.host)}${target}`;
      response.writeHead(308, { Location: location, 'Cache-Control': 'no-store' }).end();
    },
  );
}
