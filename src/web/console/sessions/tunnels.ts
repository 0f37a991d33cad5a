import type { LiveMessage, TunnelShape } from '../../../admin/index.ts';

export type Tunnels = {
  readonly items: readonly TunnelShape[];
  readonly more: boolean;
};

/** The tunnels after a message of the live feed, oldest first. */
export function tunnelsAfter(before: Tunnels | undefined, message: LiveMessage): Tunnels | undefined {
  if (message.type !== 'tunnels') return before;
  const { whole, set, gone, bytes, more } = message;
  const open = new Map(whole === true ? [] : before?.items.map((tunnel) => [tunnel.id, tunnel]));
  for (const id of gone) open.delete(id);
  for (const tunnel of set) open.set(tunnel.id, tunnel);
  for (const [id, bytesIn, bytesOut] of bytes) {
    const tunnel = open.get(id);
    if (tunnel !== undefined) open.set(id, { ...tunnel, bytesIn, bytesOut });
  }
  const items = [...open.values()].sort((one, other) => one.openedAt.localeCompare(other.openedAt));
  return { items, more };
}
