import type { RemoteDesktopConfig } from './config.ts';
import type { ParsedRemoteDesktop } from './schema.ts';

type ParsedServer = ParsedRemoteDesktop['servers'][number];

const addressOf = (server: ParsedServer): string => (typeof server === 'string' ? server : server.address);

/** What the agent of a server calls it: its host, unless it is named. */
export function desktopServerName(server: ParsedServer): string {
  const named = typeof server === 'string' ? undefined : server.name;
  return (
    named ??
    addressOf(server)
      .replace(/:\d+$/, '')
      .replace(/^\[|\]$/g, '')
  );
}

export function resolveRemoteDesktop(desktop: ParsedRemoteDesktop): RemoteDesktopConfig {
  const { title, servers, type: _rdp, ...rest } = desktop;
  return {
    ...rest,
    title: title ?? desktop.name,
    servers: servers.map((server) => ({ name: desktopServerName(server), address: addressOf(server) })),
  };
}
