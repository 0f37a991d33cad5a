import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { createNetworkTest } from '../access/index.ts';
import { toldOf } from './told-address.ts';

/** Proxies in a row that are looked at. A request may hold thousands of addresses, and each costs a microsecond or two. */
const mostHops = 32;

/**
 * Tells the address a request comes from: that of its connection, or what a load balancer told of it by the PROXY
 * protocol. `X-Forwarded-For` is believed only as far as it was written by trusted proxies (CIDR ranges, asked for each
 * time since a reload changes them): the chain is read from the right, and the first address that is not a trusted proxy
 * is the client (RFC 7239 section 7.4: what is further left anybody may have written). `Forwarded` and every other
 * header are believed from nobody.
 */
export function createAddressOf(
  trustedProxies: () => readonly string[],
): (request: IncomingMessage) => string {
  let known: { readonly of: readonly string[]; isTrusted(address: string): boolean } | undefined;
  return (request) => {
    const told = toldOf(request.socket);
    let client = told?.address ?? unmapped(request.socket.remoteAddress ?? '0.0.0.0');
    const chain = request.headers['x-forwarded-for'];
    const proxies = trustedProxies();
    if (chain === undefined || proxies.length === 0) return client;
    // A balancer that doesn't know whose connection it is passes on what anybody wrote.
    if (told !== undefined && told.address === undefined) return client;
    if (known?.of !== proxies) known = { of: proxies, isTrusted: createNetworkTest(proxies) };
    if (!known.isTrusted(client)) return client;
    const all = Array.isArray(chain) ? chain.join(',') : chain;
    let end = all.length;
    for (let hops = 0; hops < mostHops && end >= 0; hops += 1) {
      const comma = end === 0 ? -1 : all.lastIndexOf(',', end - 1);
      const address = unmapped(all.slice(comma + 1, end).trim());
      if (isIP(address) === 0 || address.includes('%')) return client;
      client = address;
      if (!known.isTrusted(client)) return client;
      end = comma;
    }
    return client;
  };
}

/** An IPv4-mapped IPv6 address, however it is written, is the IPv4 address; IPv6 comes out in its shortest form. */
function unmapped(address: string): string {
  if (isIP(address) !== 6 || address.includes('%')) return address;
  return ipaddr.process(address).toString();
}
