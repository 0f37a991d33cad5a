import { createLog } from '../../src/audit/index.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/index.ts';
import { systemRandom } from '../../src/random.ts';
import { openRooms } from '../../src/server/index.ts';
import type { CommandSite } from './command-site.ts';

/** The rooms on the store of a site, in this process, as a running gateway has them. */
export async function openSiteRooms({ configFile }: CommandSite) {
  const config = loadConfig({ file: configFile, environment: {} });
  const log = createLog({ level: 'silent' });
  const rooms = await openRooms({ config, clock: systemClock, random: systemRandom, log });
  return { rooms, config, close: () => rooms.close() };
}
