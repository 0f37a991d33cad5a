import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { password, type Site, startSite } from '../support/site.ts';

const day = 86_400_000;

/** What somebody could still do with what they left behind, and what nobody else may take from a program. */
describe('rights that outlive whoever gave them', () => {
  let site: Site<ManualClock>;
  let owner: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    for (const name of ['Acme', 'Beta']) await owner.admin('POST', 'subscriptions', { name });
    await site.gateway.rooms.groups.create('acme-people');
    const value = 'local:acme-people';
    await owner.admin('POST', 'subscriptions/acme/assignments', { kind: 'group', value });
  });
  after(() => site.stop());

  const anonymous = (): AdminClient => new AdminClient(site.consolePort, site.clock, 'http');

  it('an API token ends when its creator comes to belong to another subscription, as their role does', async () => {
    const { rooms } = site.gateway;
    await signedInAs(site, 'owner', { subscription: 'beta', name: 'bruno' });
    const bruno = (await rooms.local.lookUp('bruno'))?.key ?? '';
    const { secret } = await rooms.apiTokens.create(
      { name: 'beta', role: 'owner', subscription: 'beta', expiresAt: site.clock.now() + day },
      { creator: bruno, actor: bruno },
    );
    const bearer = { authorization: `Bearer ${secret}` };
    const ask = async () =>
      (await anonymous().admin('GET', 'users?subscription=beta', undefined, bearer)).status;
    assert.equal(await ask(), 200);
    await rooms.administration.users.join(bruno, 'acme-people');
    assert.equal(await ask(), 401);
  });

  it('an invitation of an owner who was switched off gives nothing', async () => {
    const otto = await signedInAs(site, 'owner', { name: 'otto' });
    const invite = async (name: string): Promise<string> => {
      const wish = { name, newAccount: true, role: 'owner', everywhere: true };
      const invited = await otto.admin('POST', 'invitations', wish);
      assert.equal(invited.status, 201, invited.text);
      return /#new\/([\w-]+)\//.exec(invited.json.link)?.[1] ?? '';
    };
    const accept = async (username: string, ticket: string) =>
      anonymous().call('POST', 'owner', { ticket, username, password });
    const [good, bad] = [await invite('gina'), await invite('mallory')];
    assert.equal((await accept('gina', good)).json?.status, 'enrol');
    const users = [(await site.gateway.rooms.local.lookUp('otto'))?.key];
    assert.equal((await owner.admin('POST', 'users/disable', { users })).status, 200);
    assert.equal((await accept('mallory', bad)).json?.code, 'invalid-ticket');
    assert.equal(await site.gateway.rooms.local.lookUp('mallory'), undefined);
  });

  it('one user of a server cannot shut its agent out by trying tokens from its address', async () => {
    const { rooms } = site.gateway;
    const creator = (await rooms.local.lookUp('olivia'))?.key ?? '';
    const { secret } = await rooms.apiTokens.create(
      { name: 'ts', role: 'logon-check', servers: ['ts1'], expiresAt: site.clock.now() + day },
      { creator, actor: creator },
    );
    const check = async (token: string): Promise<number> => {
      const answer = await fetch(`${site.origin}/.sallyport/api/v1/logon-check`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ user: 'olivia', server: 'ts1', protocol: 'rdp' }),
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    const wrong = `spt_${'0'.repeat(16)}_${'A'.repeat(43)}`;
    for (let tries = 0; tries < 30; tries += 1) await check(wrong);
    assert.equal(await check(wrong), 429);
    assert.equal(await check(secret), 200, 'the agent is still answered');
  });
});
