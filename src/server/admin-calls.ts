import type { GateKeeper } from '../access/index.ts';
import { type AdminCall, meCalls, messagesCalls, settingsCalls } from '../admin/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { ReverseProxy } from '../proxy/index.ts';
import type { Random } from '../random.ts';
import type { LiveServers } from './live-servers.ts';
import type { LiveTunnels } from './live-tunnels.ts';
import type { Rooms } from './rooms.ts';
import type { SiteApplications } from './site-applications.ts';

/** What the administrators' calls are made of. */
export type AdminCallParts = {
  /** As it is now: a reload changes it. */
  readonly config: () => Config;
  readonly rooms: Rooms;
  readonly gate: GateKeeper;
  readonly proxy: ReverseProxy;
  readonly liveTunnels: LiveTunnels;
  readonly liveServers: LiveServers;
  readonly applications: SiteApplications;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
};

/** Every call of the administrators' API, area by area, each with the narrow interface that it asks for. */
export function adminCalls({ config, rooms }: AdminCallParts): readonly AdminCall[] {
  return [
    ...meCalls({
      subscriptions: () => rooms.subscriptions.all(),
      isOn: (subscription) => rooms.settings.current(subscription).enabled,
    }),
    ...settingsCalls({ ...rooms, nameOf: nameOfActor(rooms) }),
    ...messagesCalls({ ...rooms, serverName: config().serverName }),
  ];
}

/** Whom an actor of the audit log stands for; of programs and of who is gone nothing is known. */
const nameOfActor =
  ({ directories }: Rooms) =>
  async (actor: string): Promise<string | undefined> => {
    if (!actor.includes(':') || actor.startsWith('token:')) return undefined;
    const user = await directories.find(actor).catch(() => undefined);
    return user?.name;
  };
