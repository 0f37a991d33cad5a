import type { ParsedFile } from './schema.ts';

/** The origin that people type: as named, else this machine's by the port it listens on. */
export function portalOrigin(listen: ParsedFile['listen'], publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl;
  return new URL(`${listen.tls === undefined ? 'http' : 'https'}://localhost:${listen.port}`).origin;
}

/** The origin that administrators type. */
export const consoleOrigin = (console: ParsedFile['console']): string =>
  console.publicUrl ??
  new URL(`${console.tls === undefined ? 'http' : 'https'}://localhost:${console.port}`).origin;

/** The origin of an application: the portal's, or with another host the same scheme and port. */
export function applicationOrigin(portal: string, host: string | undefined): string {
  const url = new URL(portal);
  if (host !== undefined) url.hostname = host;
  return url.origin;
}
