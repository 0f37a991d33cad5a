import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type Site, startSite } from '../support/site.ts';

describe('why a user is asked, by API', () => {
  let site: Site;
  let owner: AdminClient;
  let alice: string;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    await site.gateway.rooms.subscriptions.create({ name: 'Acme' }, 'cli');
    alice = await site.addUser('alice');
  });
  after(() => site.stop());

  it('tells every rule with its outcome, the applications, and what was refused lately', async () => {
    const client = site.client();
    await client.call('POST', 'sign-in', { username: 'alice', password: 'wrong' });
    await site.gateway.rooms.audit.flush();
    const byName = await owner.admin('GET', 'why/alice');
    assert.equal(byName.status, 200, byName.text);
    const { user, verdict, steps, applications, refused } = byName.json;
    assert.deepEqual([user.key, user.name, verdict], [alice, 'alice', 'enrol']);
    assert.deepEqual(
      steps
        .filter(({ outcome }: { outcome: string }) => outcome === 'decides')
        .map(({ rule }: { rule: string }) => rule),
      ['everyone-entry', 'enrolment'],
    );
    assert.ok(Array.isArray(applications));
    assert.deepEqual([refused[0].type, refused[0].reason], ['sign-in.password', 'refused']);
    const byKey = await owner.admin('GET', `why/${encodeURIComponent(alice)}`);
    assert.deepEqual(byKey.json.steps, steps);
  });

  it('tells in words why a server did not let somebody log on, and which', async () => {
    site.gateway.rooms.audit.record({
      type: 'logon.checked',
      result: 'refused',
      reason: 'click-needed',
      user: alice,
      name: 'alice',
      server: 'ts1.corp.example',
      protocol: 'rdp',
      actor: 'token:ts1',
      origin: { address: '203.0.113.9' },
    });
    await site.gateway.rooms.audit.flush();
    const [latest] = (await owner.admin('GET', 'why/alice')).json.refused;
    assert.equal(latest.type, 'logon.checked');
    assert.equal(latest.reason, 'click-needed');
    assert.equal(latest.server, 'ts1.corp.example');
    assert.match(latest.says, /had not clicked the card/);
  });

  it('knows nobody of another subscription, and nobody who is not there', async () => {
    assert.equal((await owner.admin('GET', 'why/nobody')).json.code, 'unknown-user');
    const acme = await signedInAs(site, 'owner', { subscription: 'acme', name: 'ada' });
    const answer = await acme.admin('GET', 'why/alice');
    assert.deepEqual([answer.status, answer.json.code], [404, 'unknown-user']);
  });
});
