import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type Site, startSite } from '../support/site.ts';

const namesOf = (answer: { json: { items: readonly { name: string }[] } }): string[] =>
  answer.json.items.map(({ name }) => name);

describe('an administrator of one subscription', () => {
  let site: Site;
  let owner: AdminClient;
  let acme: AdminClient;
  let theirs: string;
  let others: string;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    await owner.admin('POST', 'subscriptions', { name: 'Acme' });
    const assignment = { kind: 'domain', value: 'acme.example' };
    await owner.admin('POST', 'subscriptions/acme/assignments', assignment);
    const name = 'ada@acme.example';
    acme = await signedInAs(site, 'administrator', { subscription: 'acme', name });
    theirs = await site.addUser('zed@acme.example');
    others = await site.addUser('plain');
    await site.gateway.rooms.groups.create('mixed');
    for (const key of [theirs, others]) await site.gateway.rooms.administration.users.join(key, 'mixed');
  });
  after(() => site.stop());

  it('sees and finds only their own users', async () => {
    assert.deepEqual(namesOf(await acme.admin('GET', 'users')), ['ada@acme.example', 'zed@acme.example']);
    assert.deepEqual(namesOf(await acme.admin('GET', 'users?q=pl')), []);
    assert.deepEqual(namesOf(await acme.admin('GET', 'users?state=enrolled')), ['ada@acme.example']);
    assert.deepEqual(namesOf(await acme.admin('GET', 'pickers/users?q=plain')), []);
    assert.deepEqual(namesOf(await acme.admin('GET', 'pickers/users?q=zed')), ['zed@acme.example']);
    const members = `groups/${encodeURIComponent('local:mixed')}/members`;
    assert.deepEqual(namesOf(await acme.admin('GET', members)), ['zed@acme.example']);
    const exported = await acme.admin('GET', 'users/export');
    assert.ok(exported.text.includes('zed@acme.example') && !exported.text.includes('plain'));
    assert.ok(!namesOf(await owner.admin('GET', 'users')).includes('zed@acme.example'));
  });

  it('changes nothing of anybody else, whichever way it is asked for', async () => {
    const at = `users/${encodeURIComponent(others)}`;
    const body = { users: [others] };
    for (const path of ['reset', 'unlock', 'ticket', 'forget-devices', 'disable', 'enable', 'remove']) {
      const answer = await acme.admin('POST', `users/${path}`, body);
      assert.equal(answer.json.code, 'unknown-user', path);
    }
    assert.equal((await acme.admin('GET', at)).json.code, 'unknown-user');
    const ifMatch = { 'if-match': '"1"' };
    assert.equal((await acme.admin('PATCH', at, { displayName: 'x' }, ifMatch)).json.code, 'unknown-user');
    const password = 'a long enough passphrase';
    assert.equal((await acme.admin('PUT', `${at}/password`, { password })).json.code, 'unknown-user');
    assert.equal((await acme.admin('POST', `${at}/bypass`, { reason: 'r' })).json.code, 'unknown-user');
    assert.equal((await acme.admin('DELETE', `${at}/bypass`)).json.code, 'unknown-user');
    const subjects = [`user:${others}`];
    assert.equal(
      (await acme.admin('POST', 'enabled', { mode: 'enabled', subjects })).json.code,
      'unknown-user',
    );
    const reason = 'thin client';
    assert.equal((await acme.admin('POST', 'rdp-whitelist', { ...body, reason })).json.code, 'unknown-user');
    const imported = await acme.admin('POST', 'users/import', { csv: `user\nplain\n`, dryRun: false });
    assert.equal(imported.json.problems[0].code, 'unknown-user');
    const preview = await acme.admin('POST', 'users/preview', { action: 'remove', users: [others] });
    assert.equal(preview.json.failed[0].code, 'unknown-user');
    assert.equal((await owner.admin('GET', at)).json.disabled, false);
    for (const path of ['users', 'enabled', 'rdp-whitelist', 'groups']) {
      assert.equal((await acme.admin('GET', `${path}?subscription=default`)).json.code, 'not-allowed', path);
    }
  });

  it('has a list of who is enabled, and a whitelist, of their own', async () => {
    const subjects = [`user:${theirs}`];
    assert.equal((await acme.admin('POST', 'enabled', { mode: 'enabled', subjects })).status, 200);
    assert.deepEqual(namesOf(await acme.admin('GET', 'enabled?kind=user')), ['zed@acme.example']);
    assert.deepEqual(namesOf(await owner.admin('GET', 'enabled?kind=user')), []);
    const reason = 'thin client';
    await acme.admin('POST', 'rdp-whitelist', { users: [theirs], reason });
    const made = await acme.admin('POST', 'users', {
      name: 'new@acme.example',
      password: 'a long enough passphrase',
    });
    assert.equal(made.status, 201, made.text);
    const recorded = (await acme.admin('GET', 'audit')).json.items.map(({ type }: { type: string }) => type);
    for (const type of ['list.changed', 'rdp-whitelist.changed', 'user.added'])
      assert.ok(recorded.includes(type), type);
    assert.deepEqual(namesOf(await owner.admin('GET', 'rdp-whitelist')), []);
    assert.deepEqual(namesOf(await owner.admin('GET', 'rdp-whitelist?subscription=acme')), [
      'zed@acme.example',
    ]);
  });
});
