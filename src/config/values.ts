import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** RFC 1123 section 2.1, without a trailing dot; an all-numeric last label would be read as an address. */
const hostNamePattern =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

const isHostName = (text: string): boolean => hostNamePattern.test(text);

/** Whether a host, as it stands in a URL or in `listen.host`, is this machine itself (RFC 6761 section 6.3). */
export function isLoopback(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (plain === 'localhost' || plain.endsWith('.localhost') || plain === '::1') return true;
  return isIP(plain) === 4 && plain.startsWith('127.');
}

/** An address to listen on: a name or an IP address without brackets. */
export const listenHost = z
  .string()
  .refine((text) => isHostName(text) || isIP(text) !== 0, 'This is neither a host name nor an IP address.');

/** Lower case, since host names don't distinguish it and requests are compared by bytes. */
export const hostName = z
  .string()
  .refine(isHostName, 'This is not a host name. A scheme, a port or a path does not belong here.')
  .transform((text) => text.toLowerCase());

/** A host name in lower case, or an IP address as it stands in a URL without brackets. */
export const host = z
  .string()
  .refine(
    (text) => isHostName(text) || isIP(text) !== 0,
    'This is neither a host name nor an IP address. A scheme, a port or a path does not belong here.',
  )
  .transform((text) => text.toLowerCase());

export const port = (smallest: 0 | 1) => z.int().min(smallest).max(65535);

/** Whole seconds. */
export const seconds = (smallest: number, largest: number) => z.int().min(smallest).max(largest);

function originProblem(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'This is not an address.';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return 'This must begin with http:// or https://.';
  if (url.username !== '' || url.password !== '')
    return 'A user name or password does not belong in an address.';
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
    return 'A path, query or fragment does not belong here.';
  }
  if (!/^https?:\/\/[^/]+\/?$/i.test(text)) return 'This is not written like an address.';
  return undefined;
}

/** `http://host[:port]` or `https://host[:port]`; comes out normalised, without a slash at the end. */
export const origin = z
  .string()
  .max(300)
  .superRefine((text, context) => {
    const problem = originProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .transform((text) => new URL(text).origin);

function networkProblem(text: string): string | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || address.includes('%')) return 'This is not an address or network.';
  if (bits === undefined) return undefined;
  const largest = family === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > largest) return `After the slash stands 0 to ${largest}.`;
  const parsed = ipaddr.parse(address);
  const network =
    parsed.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(text)
      : ipaddr.IPv6.networkAddressFromCIDR(text);
  if (network.toNormalizedString() === parsed.toNormalizedString()) return undefined;
  return `The network of this address is ${network.toString()}/${bits}; write that, or the address alone.`;
}

/** An IP address or a network in CIDR notation (RFC 4632 section 3.1), both families. */
export const network = z.string().superRefine((text, context) => {
  const problem = networkProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** A file or folder; resolved later, against the folder of what named it. */
export const filePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes('\0'), 'A path has no NUL character.');

/** What a request's path may hold unescaped (RFC 3986 section 3.3), so that bytes can be compared. */
const plainPath = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/;

function pathProblem(text: string): string | undefined {
  if (!text.startsWith('/')) return 'A path begins with a slash.';
  if (!plainPath.test(text)) {
    return "A path has letters, digits and - . _ ~ ! $ & ' ( ) * + , ; = : @ only: no %, no query, no spaces.";
  }
  if (text.includes('//')) return 'A path has no empty parts (//).';
  if (/\/\.{1,2}(?:\/|$)/.test(text)) return 'A path has no parts . or ..';
  if (/^\/\.sallyport(?:\/|$)/i.test(text)) return "Paths under /.sallyport/ are the gateway's own.";
  return undefined;
}

/** A path prefix that routes; a trailing slash makes no difference and is taken off. */
export const routePath = z
  .string()
  .max(200)
  .superRefine((text, context) => {
    const problem = text.includes('*') ? 'A path of an application has no wildcard.' : pathProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .transform((text) => (text === '/' ? text : text.replace(/\/$/, '')));

/** One path, as it is asked for. */
export const exactPath = z
  .string()
  .max(200)
  .superRefine((text, context) => {
    const problem = pathProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** A path, exact, or with one `*` at its end for everything that begins so. */
export const pathOrPrefix = z
  .string()
  .max(200)
  .superRefine((text, context) => {
    const star = text.indexOf('*');
    const problem =
      star >= 0 && star < text.length - 1
        ? 'A * may only stand at the end.'
        : pathProblem(text.replace(/\*$/, ''));
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** Names of directories, applications and subscriptions: fit for keys, cookies, metrics and file names. */
export const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'This is not a short name in lower case.');

/** A text on one line, as people read it. */
export const line = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine(
      (text) => !/[\p{Cc}\u2028\u2029]/u.test(text),
      'Control characters and line breaks do not belong here.',
    )
    .refine((text) => text.trim() === text, 'Spaces at the beginning or the end do not belong here.');

function redisUrlProblem(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'This is not an address.';
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    return 'This must begin with redis:// or rediss://.';
  if (url.hostname === '') return 'This names no host.';
  if (!/^(?:\/\d{0,6})?$/.test(url.pathname)) return 'After the slash stands the number of a database.';
  if (/[?#]/.test(text)) return 'A query or fragment does not belong here.';
  try {
    decodeURIComponent(url.username + url.password);
    return undefined;
  } catch {
    return 'In a user name or password, every % is written %25.';
  }
}

/** `redis://` or `rediss://`, with user, password, port and database where they are not the usual ones. */
export const redisUrl = z
  .string()
  .max(2000)
  .superRefine((text, context) => {
    const problem = redisUrlProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** `host:port`; an IPv6 address in brackets. */
export const hostAndPort = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i;

/** Where a sentinel listens. */
export const sentinelAddress = z.string().refine((text) => {
  const [, six, name, number] = hostAndPort.exec(text) ?? [];
  const isHost =
    six === undefined ? name !== undefined && (isHostName(name) || isIP(name) === 4) : isIP(six) === 6;
  return isHost && Number(number) >= 1 && Number(number) <= 65535;
}, 'This is not a host and a port.');

function ldapUrlProblem(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'This is not an address.';
  }
  if (url.protocol !== 'ldap:' && url.protocol !== 'ldaps:')
    return 'This must begin with ldaps:// or ldap://.';
  if (url.hostname === '') return 'This names no host.';
  if (url.username !== '' || url.password !== '') return 'The account stands in bindDn and passwordFile.';
  return /^\/?$/.test(url.pathname) && !/[?#]/.test(text)
    ? undefined
    : 'After host and port nothing belongs here.';
}

/** A directory server: `ldaps://host[:port]` or `ldap://host[:port]`. */
export const ldapUrl = z
  .string()
  .max(500)
  .superRefine((text, context) => {
    const problem = ldapUrlProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** A syslog server: `tls://`, `tcp://` or `udp://` and `host[:port]`. */
export const syslogUrl = z
  .string()
  .max(500)
  .refine((text) => {
    const [, host, six, port] =
      /^(?:tls|tcp|udp):\/\/(?:([^\s/?#@:[\]]+)|\[([0-9a-f:.]+)\])(?::(\d{1,5}))?\/?$/i.exec(text) ?? [];
    const isHost =
      host === undefined ? six !== undefined && isIP(six) === 6 : isHostName(host) || isIP(host) === 4;
    return isHost && (port === undefined || (Number(port) >= 1 && Number(port) <= 65535));
  }, 'This is not the address of a syslog server.');
