import type { GateKeeper } from '../access/index.ts';
import { type AdminCall, meCalls } from '../admin/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { ReverseProxy } from '../proxy/index.ts';
import type { Random } from '../random.ts';
import type { LiveTunnels } from './live-tunnels.ts';
import type { Rooms } from './rooms.ts';

/** What the administrators' calls are made of. */
export type AdminCallParts = {
  /** As it is now: a reload changes it. */
  readonly config: () => Config;
  readonly rooms: Rooms;
  readonly gate: GateKeeper;
  readonly proxy: ReverseProxy;
  readonly liveTunnels: LiveTunnels;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
};

/** Every call of the administrators' API, area by area, each with the narrow interface that it asks for. */
export function adminCalls(_parts: AdminCallParts): readonly AdminCall[] {
  return [...meCalls()];
}
