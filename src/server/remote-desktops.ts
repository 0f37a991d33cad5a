import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { DesktopCards, EarlierLogons, LogonChecks, LogonPermits } from '../rdp/index.ts';
import type { Rooms } from './rooms.ts';

/** What answers application servers, and what the launcher shows of them, put together from the rooms. */
export function createRemoteDesktops({
  rooms,
  config,
  clock,
}: {
  readonly rooms: Pick<
    Rooms,
    'store' | 'directories' | 'questions' | 'rdpWhitelist' | 'sessions' | 'settings' | 'audit'
  >;
  /** As it is now: a reload changes it. */
  readonly config: () => Pick<Config, 'remoteDesktops'>;
  readonly clock: Clock;
}): { readonly checks: LogonChecks; readonly cards: DesktopCards } {
  const { store, audit, rdpWhitelist: whitelist } = rooms;
  const desktops = () => config().remoteDesktops;
  const permits = new LogonPermits({ store, clock });
  return {
    checks: new LogonChecks({
      ...rooms,
      whitelist,
      permits,
      earlier: new EarlierLogons({ store, clock }),
      desktops,
      clock,
    }),
    cards: new DesktopCards({ desktops, permits, audit }),
  };
}
