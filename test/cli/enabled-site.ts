import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { commandSite } from './command-site.ts';
import { openSiteRooms } from './site-rooms.ts';

/** A site with local accounts that have no password, and its rooms as a running gateway has them. */
export async function siteWith(t: TestContext, ...names: readonly string[]) {
  const site = await commandSite(t);
  await site.runHere(['init']);
  const { rooms, close } = await openSiteRooms(site);
  t.after(close);
  const { users, factors, list } = rooms.administration;
  for (const name of names) await users.create({ name });
  const keyOf = async (name: string): Promise<string> => {
    const user = await rooms.local.lookUp(name);
    assert.ok(user);
    return user.key;
  };
  return {
    site,
    rooms,
    keyOf,
    async enrol(name: string): Promise<void> {
      const key = await keyOf(name);
      const sealedSecret = rooms.sealer.seal(factors.record('default', key), 'app', 'GEZDGNBVGY3TQOJQ');
      const app = {
        id: 'one',
        label: 'Phone',
        sealedSecret,
        digits: 6,
        issuer: 'S',
        enrolledAt: 1,
        drift: 0,
      };
      await factors.replace('default', key, { apps: [app], recovery: [] });
    },
    appsOf: async (name: string): Promise<number> =>
      (await factors.read('default', await keyOf(name))).factors.apps.length,
    entry: (subject: string) => list.get('default', subject),
  };
}
