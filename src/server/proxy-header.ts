import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Told } from './told-address.ts';

/** What the first bytes of a connection are. `length`: how many of them the header has. */
export type ProxyHeader =
  | { readonly kind: 'more' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'header'; readonly length: number; readonly told: Told };

/** Section 2.1 of the specification: the longest line of version 1, with its CR LF. */
const longestLine = 107;
/** Bytes of a header of version 2; TLVs of 3 KB hold a client certificate's name and more. */
const longestHeader = 4096;
const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const word = Buffer.from('PROXY ', 'latin1');

const more: ProxyHeader = { kind: 'more' };
const invalid = (reason: string): ProxyHeader => ({ kind: 'invalid', reason });

/**
 * Reads the header of the PROXY protocol, version 1 or 2
 * (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, sections 2.1 and 2.2), as strictly as it is written.
 * `bytes`: everything that has arrived so far. Never asks for more than 4096 of them.
 */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  if (begins(bytes, signature)) return parseVersion2(bytes);
  if (begins(bytes, word)) return parseVersion1(bytes);
  return invalid('no header');
}

const begins = (bytes: Buffer, expected: Buffer): boolean => {
  const length = Math.min(bytes.length, expected.length);
  return bytes.subarray(0, length).equals(expected.subarray(0, length));
};

function parseVersion1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, longestLine).indexOf('\r\n');
  if (end < 0) return bytes.length < longestLine ? more : invalid('line too long');
  const line = bytes.toString('latin1', 0, end);
  const length = end + 2;
  // What follows UNKNOWN must be ignored.
  if (line === 'PROXY UNKNOWN' || line.startsWith('PROXY UNKNOWN ')) {
    return { kind: 'header', length, told: { address: undefined } };
  }
  const [, family, source = '', destination = '', ...ports] = line.split(' ');
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined;
  if (isAddress === undefined) return invalid('unknown family');
  const plain = isAddress(source) && isAddress(destination) && !line.includes('%');
  if (!plain || ports.length !== 2 || !ports.every(isPort)) return invalid('bad address');
  return { kind: 'header', length, told: { address: shortest(source) } };
}

const isPort = (text: string): boolean => /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;

const families = { unspecified: 0x00, tcp4: 0x11, tcp6: 0x21, unix: 0x31 } as const;
/** Bytes of the addresses and ports of each family. */
const sizes: Readonly<Record<number, number>> = {
  [families.unspecified]: 0,
  [families.tcp4]: 12,
  [families.tcp6]: 36,
  [families.unix]: 216,
};

function parseVersion2(bytes: Buffer): ProxyHeader {
  if (bytes.length < 16) return more;
  const command = bytes.readUInt8(12);
  const family = bytes.readUInt8(13);
  const length = 16 + bytes.readUInt16BE(14);
  if (command !== 0x20 && command !== 0x21) return invalid('unknown command');
  if (length > longestHeader) return invalid('header too long');
  const size = sizes[family];
  const isLocal = command === 0x20;
  // LOCAL connections are the balancer's own, and their family must be ignored.
  if (!isLocal && size === undefined) return invalid('unknown family');
  if (!isLocal && length < 16 + (size ?? 0)) return invalid('header too short');
  if (bytes.length < length) return more;
  const header = bytes.subarray(0, length);
  if (!isLocal && !hasSoundTlvs(header, 16 + (size ?? 0))) return invalid('bad TLV');
  const told = { address: isLocal ? undefined : sourceIn(header, family) };
  return { kind: 'header', length, told };
}

function sourceIn(header: Buffer, family: number): string | undefined {
  if (family === families.tcp4) return shortest([...header.subarray(16, 20)].join('.'));
  if (family !== families.tcp6) return undefined;
  return shortest(ipaddr.fromByteArray([...header.subarray(16, 32)]).toString());
}

/** An IPv4-mapped address is the IPv4 address that it is: limits and audit must know it as one. */
const shortest = (address: string): string => ipaddr.process(address).toString();

const crc32c = 0x03;

/** Section 2.2.3: each TLV fits, and a checksum, where there is one, is right. */
function hasSoundTlvs(header: Buffer, from: number): boolean {
  let checksums = 0;
  for (let at = from; at < header.length; ) {
    if (at + 3 > header.length) return false;
    const size = header.readUInt16BE(at + 1);
    const next = at + 3 + size;
    if (next > header.length) return false;
    if (header.readUInt8(at) === crc32c) {
      checksums += 1;
      if (size !== 4 || checksums > 1 || header.readUInt32BE(at + 3) !== checksumOf(header, at + 3)) {
        return false;
      }
    }
    at = next;
  }
  return true;
}

/** CRC-32C (RFC 9260 appendix A) of the header, its own four bytes at `own` counted as zeros. */
function checksumOf(header: Buffer, own: number): number {
  let rest = 0xffffffff;
  for (const [index, byte] of header.entries()) {
    rest ^= index >= own && index < own + 4 ? 0 : byte;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
  }
  return (rest ^ 0xffffffff) >>> 0;
}
