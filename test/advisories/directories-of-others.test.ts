import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, atConsole, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { freePort } from '../support/free-port.ts';
import { type Site, startSite } from '../support/site.ts';

/** Several customers, each with a directory: its groups say how the others are organised. */
describe('directories of other subscriptions', () => {
  let site: Site;
  let owner: AdminClient;
  let acme: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    for (const name of ['Acme', 'Beta']) await owner.admin('POST', 'subscriptions', { name });
    for (const name of ['acmecorp', 'betacorp', 'ours']) {
      const servers = [`ldaps://127.0.0.1:${await freePort()}`];
      const directory = { name, type: 'ldap', servers, baseDn: 'DC=x,DC=example', timeout: 1 };
      assert.equal((await owner.admin('POST', 'directories', { directory })).status, 201);
    }
    const { rooms } = site.gateway;
    await rooms.groups.create('acme-people');
    for (const [id, kind, value] of [
      ['acme', 'group', 'local:acme-people'],
      ['acme', 'directory', 'acmecorp'],
      ['beta', 'directory', 'betacorp'],
    ] as const) {
      const assigned = await owner.admin('POST', `subscriptions/${id}/assignments`, { kind, value });
      assert.equal(assigned.status, 200, assigned.text);
    }
    const ada = await site.addUser('ada');
    await rooms.administration.users.join(ada, 'acme-people');
    await rooms.roles.grant(ada, { role: 'auditor', subscription: 'acme', by: 'test' });
    acme = await atConsole(site, 'ada', '');
  });
  after(() => site.stop());

  /** A directory that is asked here does not answer, and is named for that. */
  const asked = async (client: AdminClient, query: string): Promise<unknown> => {
    const answer = await client.admin('GET', `pickers/${query}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json.unavailable.sort();
  };
  const named = async (client: AdminClient, query = ''): Promise<string[]> =>
    (await client.admin('GET', `pickers/directories${query}`)).json.items.map(
      ({ name }: { name: string }) => name,
    );

  it('are not searched for whoever administers one', async () => {
    for (const kind of ['groups', 'users']) {
      assert.deepEqual(await asked(acme, `${kind}?q=a`), ['acmecorp']);
      assert.deepEqual(await asked(acme, `${kind}?q=a&directory=betacorp`), []);
    }
    assert.deepEqual(await named(acme), ['local', 'acmecorp']);
    const own = await signedInAs(site, 'auditor', { subscription: 'default', name: 'dirk' });
    assert.deepEqual(await asked(own, 'groups?q=a'), ['ours']);
    assert.deepEqual(await named(own), ['local', 'ours']);
  });

  it('are searched for whoever administers all of them', async () => {
    const all = ['acmecorp', 'betacorp', 'ours'];
    assert.deepEqual(await asked(owner, 'groups?q=a&subscription=acme'), all);
    assert.deepEqual((await named(owner)).sort(), [...all, 'local'].sort());
  });
});
