import { isIP } from 'node:net';
import type { Config } from '../config/index.ts';

/**
 * What `Strict-Transport-Security` says on the gateway's own answers; undefined where it must not be sent. The host alone
 * is bound, not those below it, and only where HTTPS has its usual port: browsers would ask every other port of the
 * host by HTTPS too (RFC 6797 section 8.3), and something else may live there. Addresses can't be bound (section 8.1.1),
 * and localhost belongs to everything that people try out on their machine.
 */
export function strictTransport(config: Pick<Config, 'publicUrl' | 'listen'>): string | undefined {
  const { protocol, port, hostname } = new URL(config.publicUrl);
  if (protocol !== 'https:' || port !== '' || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined;
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return undefined;
  return `max-age=${config.listen.hsts}`;
}
