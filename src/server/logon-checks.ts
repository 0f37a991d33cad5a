import type { Clock } from '../clock.ts';
import { EarlierLogons, LogonChecks, LogonPermits, type RemoteDesktop } from '../rdp/index.ts';
import type { Rooms } from './rooms.ts';

/** What answers application servers, put together from the rooms. */
export function createLogonChecks({
  rooms,
  desktops,
  clock,
}: {
  readonly rooms: Pick<
    Rooms,
    'store' | 'directories' | 'questions' | 'rdpWhitelist' | 'sessions' | 'settings' | 'audit'
  >;
  readonly desktops: () => readonly RemoteDesktop[];
  readonly clock: Clock;
}): LogonChecks {
  const { store, rdpWhitelist: whitelist } = rooms;
  return new LogonChecks({
    ...rooms,
    whitelist,
    permits: new LogonPermits({ store, clock }),
    earlier: new EarlierLogons({ store, clock }),
    desktops,
    clock,
  });
}
