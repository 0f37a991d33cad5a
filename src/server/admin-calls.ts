import type { GateKeeper } from '../access/index.ts';
import {
  type AdminCall,
  auditCalls,
  meCalls,
  messagesCalls,
  pickersCalls,
  settingsCalls,
  userActionsCalls,
  usersCalls,
} from '../admin/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { ReverseProxy } from '../proxy/index.ts';
import type { Random } from '../random.ts';
import type { LiveServers } from './live-servers.ts';
import type { LiveTunnels } from './live-tunnels.ts';
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
    ...auditCalls(auditParts(rooms)),
    ...settingsCalls({ ...rooms, nameOf: nameOfActor(rooms) }),
    ...usersCalls(people),
    ...userActionsCalls(people),
    ...pickersCalls(people),
    ...messagesCalls({ ...rooms, serverName: config().serverName }),
    ...siteCalls(parts),
  ];
}

/** Whom an actor of the audit log stands for; of programs and of who is gone nothing is known. */
const nameOfActor =
  ({ directories, apiTokens }: Rooms) =>
  async (actor: string): Promise<string | undefined> => {
    if (actor.startsWith('token:')) return (await apiTokens.find(actor.slice('token:'.length)))?.name;
    if (!actor.includes(':')) return undefined;
    const user = await directories.find(actor).catch(() => undefined);
    return user?.name;
  };

const auditParts = (rooms: Rooms): AuditParts => ({
  ...rooms,
  retention: rooms.auditRetention,
  nameOf: nameOfActor(rooms),
  userKey: async (text) => (await findNamed(rooms, text))?.key,
  titleOf(language, type) {
    const key = `audit.event.${type}`;
    return rooms.catalogue.has(language, key) ? rooms.catalogue.text(language, key) : type;
  },
});

/** By key or by the name to sign in with; a key that nobody has any more is itself, for what is still said of it. */
const findNamed = async ({ directories }: Rooms, text: string): Promise<{ readonly key: string } | undefined> =>
  (await directories.find(text).catch(() => undefined)) ??
  (await directories.lookUp(text)) ??
  (directories.names.some((name) => text.startsWith(`${name}:`)) ? { key: text } : undefined);
