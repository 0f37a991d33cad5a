import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * Tells the address a request comes from. `X-Forwarded-For` is believed only as far as it was written by
 * `trustedProxies` (CIDR ranges): the chain is read from the right, and the first address that is not a
 * trusted proxy is the client (RFC 7239 section 7.4: what is further left anybody may have written).
 */
export function createAddressOf(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trusted = createBlockList(trustedProxies);
  const isTrusted = (address: string): boolean =>
    trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  if (trustedProxies.length === 0) return (request) => peerOf(request);
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

/** CIDR ranges and single addresses, as validated by config/, in a form that is quick to ask. */
export function createBlockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const peerOf = (request: IncomingMessage): string => unmapped(request.socket.remoteAddress ?? '0.0.0.0');

/** `::ffff:192.0.2.1` is 192.0.2.1 on a socket that listens on both families. */
const unmapped = (address: string): string =>
  address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
