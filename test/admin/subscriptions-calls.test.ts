import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { password, type Site, startSite } from '../support/site.ts';

async function started(t: TestContext): Promise<{ site: Site; owner: AdminClient }> {
  const site = await startSite();
  t.after(() => site.stop());
  return { site, owner: await ownerAtConsole(site) };
}

/** With the subscription `acme`, to which everybody `@acme.example` belongs. */
async function withAcme(t: TestContext): Promise<{ site: Site; owner: AdminClient }> {
  const all = await started(t);
  const made = await all.owner.admin('POST', 'subscriptions', { name: 'Acme' });
  assert.equal(made.status, 201, made.text);
  const body = { kind: 'domain', value: 'acme.example' };
  const assigned = await all.owner.admin('POST', 'subscriptions/acme/assignments', body);
  assert.equal(assigned.status, 200, assigned.text);
  return all;
}

describe('the calls about subscriptions', () => {
  it('make, show, rename, share and list them', async (t) => {
    const { owner } = await withAcme(t);
    const shown = await owner.admin('GET', 'subscriptions/acme');
    assert.deepEqual(shown.json.assignments, [{ kind: 'domain', value: 'acme.example' }]);
    assert.deepEqual(shown.json.directories, ['local']);
    const renamed = await owner.change('PATCH', 'subscriptions/acme', {
      name: 'Acme & Co',
      shares: ['email'],
    });
    assert.equal(renamed.status, 200, renamed.text);
    assert.deepEqual(
      [renamed.json.id, renamed.json.name, renamed.json.shares],
      ['acme', 'Acme & Co', ['email']],
    );
    const { items } = (await owner.admin('GET', 'subscriptions')).json;
    assert.deepEqual(
      items.map(({ id }: { id: string }) => id),
      ['default', 'acme'],
    );
    const me = await owner.admin('GET', 'me');
    assert.equal(me.json.subscriptions.length, 2);
  });

  it('overwrite nothing that somebody else has changed meanwhile', async (t) => {
    const { owner } = await withAcme(t);
    const { headers } = await owner.admin('GET', 'subscriptions/acme');
    const seen = { 'if-match': String(headers.etag) };
    assert.equal((await owner.admin('PATCH', 'subscriptions/acme', { name: 'One' }, seen)).status, 200);
    const second = await owner.admin('PATCH', 'subscriptions/acme', { name: 'Two' }, seen);
    assert.deepEqual([second.status, second.json.code], [412, 'changed-meanwhile']);
    assert.equal((await owner.admin('PATCH', 'subscriptions/acme', { name: 'Two' })).status, 428);
  });

  it('take nothing from another one unasked', async (t) => {
    const { owner } = await withAcme(t);
    await owner.admin('POST', 'subscriptions', { name: 'Other' });
    const wish = { kind: 'domain', value: 'ACME.example' };
    const taken = await owner.admin('POST', 'subscriptions/other/assignments', wish);
    assert.deepEqual([taken.status, taken.json.code], [409, 'assignment-taken']);
    const moved = await owner.admin('POST', 'subscriptions/other/assignments', { ...wish, from: 'acme' });
    assert.equal(moved.status, 200, moved.text);
    const left = await owner.admin('DELETE', 'subscriptions/other/assignments/domain/acme.example');
    assert.equal(left.status, 204);
    assert.equal(
      (await owner.admin('DELETE', 'subscriptions/other/assignments/domain/acme.example')).status,
      404,
    );
  });

  it('delete one with everything in it only when its name is typed', async (t) => {
    const { site, owner } = await withAcme(t);
    const client = await site.signedIn('alice@acme.example');
    const refused = await owner.admin('DELETE', 'subscriptions/acme');
    assert.deepEqual([refused.status, refused.json.code], [409, 'subscription-not-empty']);
    assert.equal((await owner.admin('DELETE', 'subscriptions/acme?confirm=Acme')).status, 204);
    assert.equal((await client.call('GET', 'session')).status, 401);
    assert.equal((await owner.admin('GET', 'settings?subscription=acme')).status, 404);
    assert.equal((await owner.admin('DELETE', 'subscriptions/default?confirm=Default')).status, 403);
  });

  it('are for those who administer the whole site', async (t) => {
    const { site } = await withAcme(t);
    const own = await signedInAs(site, 'owner', { subscription: 'acme', name: 'ada@acme.example' });
    assert.equal((await own.admin('GET', 'subscriptions')).status, 403);
    assert.equal((await own.admin('POST', 'subscriptions', { name: 'Mine' })).status, 403);
    assert.equal((await own.admin('DELETE', 'subscriptions/acme?confirm=Acme')).status, 403);
  });

  it('let nobody see or change another subscription than theirs, nor one that is not there', async (t) => {
    const { site, owner } = await withAcme(t);
    const own = await signedInAs(site, 'administrator', { subscription: 'acme', name: 'ada@acme.example' });
    assert.equal((await own.admin('GET', 'settings')).status, 200);
    assert.equal((await own.admin('GET', 'settings?subscription=acme')).status, 200);
    assert.equal((await own.admin('GET', 'settings?subscription=default')).status, 403);
    assert.equal((await own.admin('GET', 'settings?subscription=nowhere')).status, 403);
    const nowhere = await owner.admin('GET', 'settings?subscription=nowhere');
    assert.deepEqual([nowhere.status, nowhere.json.code], [404, 'unknown-subscription']);
    const me = await own.admin('GET', 'me');
    assert.deepEqual(
      me.json.subscriptions.map(({ id }: { id: string }) => id),
      ['acme'],
    );
    // What they change is theirs alone.
    assert.equal((await own.change('PATCH', 'settings', { digits: 8 })).status, 204);
    assert.equal(site.gateway.rooms.settings.current('acme').digits, 8);
    assert.equal(site.gateway.rooms.settings.current('default').digits, 6);
  });

  it('let nobody reach users of another one', async (t) => {
    const { site } = await withAcme(t);
    const bob = await site.addUser('bob');
    const alice = await site.addUser('alice@acme.example');
    const own = await signedInAs(site, 'administrator', { subscription: 'acme', name: 'ada@acme.example' });
    const path = (key: string) => `users/${encodeURIComponent(key)}`;
    assert.equal((await own.admin('GET', path(alice))).status, 200);
    assert.equal((await own.admin('GET', path(bob))).status, 404);
    const listed = await own.admin('GET', 'users');
    assert.doesNotMatch(listed.text, /bob|olivia/);
    assert.match(listed.text, /alice/);
  });

  it('take a role in another subscription from whoever belongs elsewhere', async (t) => {
    const { site, owner } = await withAcme(t);
    await owner.admin('POST', 'subscriptions', { name: 'Beta' });
    await owner.admin('POST', 'subscriptions/beta/assignments', { kind: 'domain', value: 'beta.example' });
    // The administrators of beta could reset him, and so administer acme.
    const foreign = await signedInAs(site, 'owner', { subscription: 'acme', name: 'ben@beta.example' });
    assert.equal((await foreign.admin('GET', 'settings?subscription=acme')).status, 403);
    assert.equal((await foreign.admin('GET', 'me')).status, 403);
  });

  it('end an administrator’s session who is moved elsewhere', async (t) => {
    const { site, owner } = await withAcme(t);
    const own = await signedInAs(site, 'administrator', { subscription: 'acme', name: 'ada@acme.example' });
    assert.equal((await own.admin('GET', 'settings')).status, 200);
    await owner.admin('DELETE', 'subscriptions/acme/assignments/domain/acme.example');
    assert.equal((await own.admin('GET', 'settings')).status, 401);
    const again = await site.client().call('POST', 'sign-in', { username: 'ada@acme.example', password });
    assert.equal(again.json.status, 'enrol');
  });

  it('let nobody move users to or from another one by a name or a group, but who administers the site', async (t) => {
    const { site, owner } = await withAcme(t);
    const { rooms } = site.gateway;
    await owner.admin('POST', 'subscriptions', { name: 'Beta' });
    await rooms.groups.create('vip');
    await owner.admin('POST', 'subscriptions/beta/assignments', { kind: 'group', value: 'local:vip' });
    const alice = encodeURIComponent(await site.addUser('alice@acme.example'));
    const own = await signedInAs(site, 'owner', { subscription: 'acme', name: 'ada@acme.example' });
    const join = { add: [decodeURIComponent(alice)], remove: [] };
    const group = `groups/${encodeURIComponent('local:vip')}`;
    assert.equal((await own.admin('POST', `${group}/members`, join)).json.code, 'not-allowed');
    assert.equal((await own.admin('DELETE', group)).json.code, 'not-allowed');
    const away = await own.change('PATCH', `users/${alice}`, { name: 'alice' });
    assert.equal(away.json.code, 'not-allowed');
    const other = { name: 'eve', password, groups: [] };
    assert.equal((await own.admin('POST', 'users', other)).json.code, 'not-allowed');
    const spy = { name: 'eve@acme.example', password, groups: ['vip'] };
    assert.equal((await own.admin('POST', 'users', spy)).json.code, 'not-allowed');
    const made = await own.admin('POST', 'users', { name: 'eve@acme.example', password, groups: [] });
    assert.equal(made.status, 201, made.text);
    const moved = await owner.admin('POST', `${group}/members?subscription=acme`, join);
    assert.equal(moved.status, 200, moved.text);
    assert.equal((await rooms.directories.find(decodeURIComponent(alice)))?.subscription, 'beta');
  });

  it('give a role in the site to nobody who would have nothing enrolled as its administrator', async (t) => {
    const { site } = await withAcme(t);
    const { rooms } = site.gateway;
    const alice = await site.addUser('alice@acme.example');
    const give = (subscription?: string) =>
      rooms.administrators.grant(alice, { role: 'helpdesk', subscription }, { actor: 'cli' });
    await assert.rejects(give(), { code: 'not-allowed' });
    await give('acme');
    const wish = { name: 'new@acme.example', role: 'owner', newAccount: true } as const;
    await assert.rejects(rooms.administrators.invite(wish, { actor: 'cli' }), { code: 'not-allowed' });
  });
});
