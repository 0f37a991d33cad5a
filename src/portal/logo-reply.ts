import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors.ts';
import { prefix, type Reply } from '../http/index.ts';
import type { PortalLook } from './contracts.ts';

const folder = 'logo/';

/** The address of a picture: another picture has another one, so that this can be kept. On every host of the site. */
export const logoAddress = (hash: string): string => `${prefix}${folder}${hash}`;

/**
 * A site's logo, for `<img>`. Undefined for every other path. Somebody may open it by itself, where SVG can run and
 * fetch: the policy keeps it from both, whatever is in it.
 */
export function logoReply(
  { method }: Pick<IncomingMessage, 'method'>,
  path: string,
  look: Pick<PortalLook, 'logo'> | undefined,
): Reply | undefined {
  if (!path.startsWith(folder)) return undefined;
  const logo = look?.logo(path.slice(folder.length));
  if (logo === undefined) throw new GatewayError('not-found');
  if (method !== 'GET' && method !== 'HEAD') throw new GatewayError('method-not-allowed');
  return {
    status: 200,
    headers: {
      'Content-Type': logo.type,
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-site',
      'Cache-Control': 'public, max-age=31536000, immutable',
    },
    body: logo.bytes,
  };
}
