import { LiveFeed } from '../admin/index.ts';
import type { Clock } from '../clock.ts';
import { referenceTo } from '../sessions/index.ts';
import type { LiveTunnels } from './live-tunnels.ts';
import type { Rooms } from './rooms.ts';

/** The live feed of the console: who watches is asked of the store again and again. */
export function createLiveFeed(options: {
  readonly rooms: Rooms;
  readonly liveTunnels: LiveTunnels;
  readonly clock: Clock;
}): LiveFeed {
  const { rooms, liveTunnels, clock } = options;
  const { sessions, roles } = rooms;
  return new LiveFeed({
    clock,
    sessions,
    tunnels: liveTunnels,
    async again(visit) {
      const { session } = visit;
      if (session === undefined) return undefined;
      const now = await sessions.find(referenceTo(session));
      if (now === undefined) return undefined;
      const { name } = sessions.stateOf(now);
      if (name !== 'granted' && name !== 'active') return undefined;
      return { ...visit, session: now, grants: await roles.rolesOf(session.user.key) };
    },
  });
}
