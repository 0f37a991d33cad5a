import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { createNetworkTest } from '../access/index.ts';

/**
 * Tells the address a request comes from. `X-Forwarded-For` is believed only as far as it was written by
 * `trustedProxies` (CIDR ranges): the chain is read from the right, and the first address that is not a
 * trusted proxy is the client (RFC 7239 section 7.4: what is further left anybody may have written).
 */
export function createAddressOf(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  if (trustedProxies.length === 0) return peerOf;
  const isTrusted = createNetworkTest(trustedProxies);
  return (request) => {
    let client = peerOf(request);
    const chain = request.headers['x-forwarded-for'];
    if (chain === undefined || !isTrusted(client)) return client;
    const entries = (Array.isArray(chain) ? chain.join(',') : chain).split(',');
    for (const entry of entries.reverse()) {
      const address = unmapped(entry.trim());
      if (isIP(address) === 0) return client;
      client = address;
      if (!isTrusted(client)) return client;
    }
    return client;
  };
}

const peerOf = (request: IncomingMessage): string => unmapped(request.socket.remoteAddress ?? '0.0.0.0');

/** `::ffff:192.0.2.1` is 192.0.2.1 on a socket that listens on both families. */
const unmapped = (address: string): string =>
  address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
