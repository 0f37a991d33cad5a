import ipaddr from 'ipaddr.js';

/** Whether two texts name one address; what is no address, such as a name that a server looked up, is never the same. */
export function isSameAddress(one: string, other: string): boolean {
  if (!ipaddr.isValid(one) || !ipaddr.isValid(other)) return false;
  return ipaddr.process(one).toNormalizedString() === ipaddr.process(other).toNormalizedString();
}
