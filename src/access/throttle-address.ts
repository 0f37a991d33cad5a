import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * What one address is counted as: an IPv4 address itself, an IPv6 address as its /64, which is what one
 * subscriber gets, and an IPv4-mapped one as the IPv4 address that it is.
 */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}

/** Whether an address lies in one of `networks` (CIDR ranges or single addresses, as validated by config/). */
export function createNetworkTest(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const plain = ipaddr.process(address);
    return list.check(plain.toString(), plain.kind() === 'ipv6' ? 'ipv6' : 'ipv4');
  };
}
