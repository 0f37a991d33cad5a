import type { GateKeeper } from '../access/index.ts';
import {
  type AdminCall,
  enabledCalls,
  groupsCalls,
  importCalls,
  licenceCalls,
  meCalls,
  messagesCalls,
  pickersCalls,
  rdpWhitelistCalls,
  settingsCalls,
  subscriptionsCalls,
  userActionsCalls,
  usersCalls,
} from '../admin/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { ReverseProxy } from '../proxy/index.ts';
import type { Random } from '../random.ts';
import { attentionCalls } from './attention-calls.ts';
import type { LiveServers } from './live-servers.ts';
import type { LiveTunnelCounts } from './live-tunnel-counts.ts';
import type { LiveTunnels } from './live-tunnels.ts';
import { nameOfActor } from './name-of-actor.ts';
import { oversightCalls } from './oversight-calls.ts';
import { peopleCallParts } from './people-call-parts.ts';
import type { Rooms } from './rooms.ts';
import type { SiteApplications } from './site-applications.ts';
import { siteCalls } from './site-calls.ts';

/** What the administrators' calls are made of. */
export type AdminCallParts = {
  /** As it is now: a reload changes it. */
  readonly config: () => Config;
  readonly rooms: Rooms;
  readonly gate: GateKeeper;
  readonly proxy: ReverseProxy;
  readonly liveTunnels: LiveTunnels;
  readonly tunnelCounts: LiveTunnelCounts;
  readonly liveServers: LiveServers;
  readonly applications: SiteApplications;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
};

/** Every call of the administrators' API, area by area, each with the narrow interface that it asks for. */
export function adminCalls(parts: AdminCallParts): readonly AdminCall[] {
  const { config, rooms } = parts;
  const people = peopleCallParts(rooms);
  return [
    ...meCalls({
      subscriptions: () => rooms.subscriptions.all(),
      isOn: (subscription) => rooms.settings.current(subscription).enabled,
    }),
    ...oversightCalls(parts),
    ...subscriptionsCalls(rooms),
    ...licenceCalls(rooms),
    ...settingsCalls({ ...rooms, nameOf: nameOfActor(rooms) }),
    ...enabledCalls(people),
    ...groupsCalls(people),
    ...rdpWhitelistCalls(people),
    // Before `users/:user`, which would take the export for a user.
    ...importCalls(people),
    ...usersCalls(people),
    ...userActionsCalls(people),
    ...pickersCalls(people),
    ...messagesCalls({ ...rooms, serverName: config().serverName }),
    ...siteCalls(parts),
    ...attentionCalls(parts),
  ];
}
