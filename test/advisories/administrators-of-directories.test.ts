import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminCall, type DirectoriesParts, directoriesCalls } from '../../src/admin/index.ts';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { freePort } from '../support/free-port.ts';
import { type Site, startSite } from '../support/site.ts';

/** Whoever says where a directory is says whose passwords are right in it. */
describe('an administrator of the site', () => {
  let site: Site;
  let owner: AdminClient;
  let weaker: AdminClient;
  let corp: Record<string, unknown>;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    weaker = await signedInAs(site, 'administrator');
    const servers = [`ldaps://127.0.0.1:${await freePort()}`];
    corp = { name: 'corp', type: 'ldap', servers, baseDn: 'DC=corp,DC=example', timeout: 1 };
  });
  after(() => site.stop());

  it('puts no directory of their own in the place of one that owners sign in with', async () => {
    const mine = { ...corp, servers: ['ldaps://mallory.example'] };
    const added = await weaker.admin('POST', 'directories', { directory: corp });
    assert.equal(added.status, 201, 'nobody of it administers anything yet');
    assert.equal((await weaker.change('PUT', 'directories/corp', { directory: corp })).status, 200);
    await site.gateway.rooms.roles.grant('corp:5f1a', { role: 'owner', by: 'test' });
    const replaced = await weaker.change('PUT', 'directories/corp', { directory: mine });
    assert.deepEqual([replaced.status, replaced.json?.code], [403, 'not-allowed']);
    const removed = await weaker.change('DELETE', 'directories/corp', undefined);
    assert.equal(removed.json?.code, 'not-allowed');
    assert.deepEqual((await owner.admin('GET', 'directories/corp')).json.directory.servers, corp.servers);
    // An owner may; and what is gone comes back by nobody less.
    assert.equal((await owner.change('PUT', 'directories/corp', { directory: mine })).status, 200);
    assert.equal((await owner.change('DELETE', 'directories/corp', undefined)).status, 204);
    assert.equal((await weaker.admin('POST', 'directories', { directory: mine })).json.code, 'not-allowed');
    const other = { ...mine, name: 'other' };
    assert.equal((await weaker.admin('POST', 'directories', { directory: other })).status, 201);
  });

  it('and no owner takes away the directory of the last owner who can sign in', async () => {
    let removed = 0;
    const parts = (isOwnedFromElsewhere: boolean) =>
      ({
        storedDirectories: {
          all: [{ directory: { name: 'corp' } }],
          remove: async () => {
            removed += 1;
          },
        },
        fileDirectories: () => [],
        administratorsIn: async () => [{ user: 'corp:5f1a', grants: [{ role: 'owner' }] }],
        isOwnedFromElsewhere: async () => isOwnedFromElsewhere,
      }) as unknown as DirectoriesParts;
    const remove = (calls: readonly AdminCall[]) =>
      calls
        .find(({ method }) => method === 'delete')
        ?.handle({
          caller: { actor: 'corp:5f1a', name: 'olga', role: 'owner', grants: [{ role: 'owner' }] },
          params: { directory: 'corp' },
          ifMatch: '1',
        } as unknown as Parameters<AdminCall['handle']>[0]);
    await assert.rejects(
      async () => remove(directoriesCalls(parts(false))),
      (error: { code?: string }) => error.code === 'last-owner',
    );
    assert.equal(removed, 0);
    await remove(directoriesCalls(parts(true)));
    assert.equal(removed, 1);
  });
});
