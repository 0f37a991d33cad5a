import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type Site, startSite } from '../support/site.ts';

const at = (subject: string): string => `enabled/${encodeURIComponent(subject)}`;
const namesOf = (items: readonly { name: string }[]): string[] => items.map(({ name }) => name);

describe('the calls about who is enabled', () => {
  let site: Site;
  let owner: AdminClient;
  let helpdesk: AdminClient;
  const user = async (name: string): Promise<string> => `user:${await site.addUser(name)}`;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    helpdesk = await signedInAs(site, 'helpdesk');
    await site.gateway.rooms.groups.create('staff');
  });
  after(() => site.stop());

  it('show everyone on a new site', async () => {
    const answer = await owner.admin('GET', 'enabled');
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(
      answer.json.items.map(({ subject }: { subject: string }) => subject),
      ['everyone'],
    );
    assert.equal((await owner.admin('GET', at('everyone'))).headers.etag, '"absent"');
    const changed = await owner.change('PUT', at('everyone'), { mode: 'enabled', method: 'sms' });
    assert.equal(changed.status, 200, changed.text);
    assert.equal(changed.json.method, 'sms');
    assert.deepEqual(changed.json.warnings[0].code, 'no-sender');
    await owner.change('PUT', at('everyone'), { mode: 'enabled', method: 'default' });
  });

  it('put users and groups on the list, and say which of them nobody knows', async () => {
    const [ann, bob] = [await user('ann'), await user('bob')];
    const added = await owner.admin('POST', 'enabled', {
      mode: 'enabled',
      subjects: [ann, bob, 'group:local:staff', 'group:local:nobody', 'user:local:nobody'],
    });
    assert.equal(added.status, 200, added.text);
    assert.deepEqual(namesOf(added.json.done), ['ann', 'bob', 'staff']);
    assert.deepEqual(
      added.json.failed.map(({ code }: { code: string }) => code),
      ['not-found', 'unknown-user'],
    );
    const list = async (query: string): Promise<string[]> =>
      namesOf((await owner.admin('GET', `enabled?${query}`)).json.items);
    assert.deepEqual(await list('kind=group'), ['staff']);
    assert.deepEqual((await list('kind=user')).sort(), ['ann', 'bob']);
    assert.deepEqual(await list('q=an'), ['ann']);
    assert.deepEqual(await list('q=sta'), ['staff']);
    assert.equal((await list('')).length, 4);
    assert.deepEqual(await list('mode=exempt'), []);
  });

  it('set where codes go, show it in full only to whoever may change it, and to nobody else', async () => {
    const subject = await user('cleo');
    const wish = { subjects: [subject], mode: 'enabled', method: 'sms', phone: '+41 44 668 18 00' };
    const added = await owner.admin('POST', 'enabled', wish);
    assert.equal(added.status, 200, added.text);
    assert.equal((await owner.admin('GET', at(subject))).json.phone, '+41446681800');
    const seen = await helpdesk.admin('GET', at(subject));
    assert.equal(seen.json.phone, undefined);
    assert.equal(seen.json.phoneHint, '••• 00');
    const two = { subjects: [subject, await user('cora')], mode: 'enabled', phone: '+41446681800' };
    assert.equal((await owner.admin('POST', 'enabled', two)).json.code, 'invalid-request');
    assert.equal((await helpdesk.admin('POST', 'enabled', wish)).json.code, 'not-allowed');
    const administrator = await signedInAs(site, 'administrator');
    const olivia = `user:${(await site.gateway.rooms.local.lookUp('olivia'))?.key}`;
    const stolen = await administrator.admin('POST', 'enabled', { ...wish, subjects: [olivia] });
    assert.equal(stolen.json.code, 'not-allowed');
  });

  it('overwrite nothing that somebody has changed meanwhile', async () => {
    const subject = await user('dan');
    await owner.admin('POST', 'enabled', { subjects: [subject], mode: 'enabled' });
    const seen = { 'if-match': String((await owner.admin('GET', at(subject))).headers.etag) };
    assert.equal(
      (await owner.admin('PUT', at(subject), { mode: 'enabled', method: 'email' }, seen)).status,
      200,
    );
    const late = await owner.admin('PUT', at(subject), { mode: 'enabled', method: 'app' }, seen);
    assert.equal(late.json.code, 'changed-meanwhile');
    assert.equal((await owner.admin('GET', at(subject))).json.method, 'email');
  });

  it('exempt for a reason and a time, and say of an administrator that it does nothing', async () => {
    const subject = await user('kiosk');
    const until = new Date(site.clock.now() + 3_600_000).toISOString();
    const spared = await owner.admin('POST', 'enabled', {
      subjects: [subject],
      mode: 'exempt',
      reason: 'kiosk',
      until,
    });
    assert.equal(spared.json.done[0].until, until);
    assert.deepEqual(namesOf((await owner.admin('GET', 'enabled?mode=exempt')).json.items), ['kiosk']);
    assert.deepEqual(namesOf((await owner.admin('GET', 'users?state=exempt')).json.items), ['kiosk']);
    const past = new Date(site.clock.now() - 1).toISOString();
    const refused = await owner.admin('POST', 'enabled', {
      subjects: [subject],
      mode: 'exempt',
      reason: 'x',
      until: past,
    });
    assert.equal(refused.json.code, 'invalid-request');
    const olivia = `user:${(await site.gateway.rooms.local.lookUp('olivia'))?.key}`;
    const preview = await owner.admin('POST', 'enabled/preview', {
      change: 'exempt',
      subjects: [olivia, subject],
    });
    assert.deepEqual(
      preview.json.warnings.map(({ code, names }: { code: string; names: string[] }) => [code, names]),
      [['administrator', ['olivia']]],
    );
  });

  it('say before a removal what it takes and where it does nothing, and undo it', async () => {
    await site.signedIn('ella');
    const key = (await site.gateway.rooms.local.lookUp('ella'))?.key ?? '';
    const subject = `user:${key}`;
    await owner.admin('POST', 'enabled', { subjects: [subject], mode: 'enabled' });
    const preview = async (...subjects: string[]) =>
      (await owner.admin('POST', 'enabled/preview', { change: 'remove', subjects })).json;
    const stays = await preview(subject);
    assert.equal(stays.loses.users, 0);
    assert.deepEqual(stays.warnings, [{ code: 'everyone-still-listed', count: 1, names: ['ella'] }]);
    const members = `groups/${encodeURIComponent('local:staff')}/members`;
    assert.equal((await owner.admin('POST', members, { add: [key], remove: [] })).json.done.length, 1);
    const withAll = await preview(subject, 'everyone');
    assert.deepEqual(
      withAll.warnings.map(({ code, detail }: { code: string; detail?: string }) => [code, detail]),
      [['group-still-listed', 'staff']],
    );
    await owner.admin('POST', members, { add: [], remove: [key] });
    const goes = await preview(subject, 'everyone');
    assert.deepEqual(goes.loses, { sessions: 1, factors: 1, recoveryCodes: 10, users: 1, names: ['ella'] });
    const removed = await owner.admin('POST', 'enabled/remove', { subjects: [subject, 'everyone'] });
    assert.equal(removed.status, 200, removed.text);
    assert.equal((await owner.admin('GET', `users/${encodeURIComponent(key)}`)).json.apps.length, 0);
    const gone = (await owner.admin('GET', 'enabled-removed')).json.items;
    assert.deepEqual(
      gone.map((each: { subject: string }) => each.subject).sort(),
      ['everyone', subject].sort(),
    );
    const undone = await owner.admin('POST', 'enabled/undo', { subjects: ['everyone', subject] });
    assert.equal(
      undone.json.done.reduce((sum: number, { restored }: { restored: number }) => sum + restored, 0),
      1,
    );
    assert.equal((await owner.admin('GET', `users/${encodeURIComponent(key)}`)).json.apps.length, 1);
    assert.equal((await owner.admin('POST', 'enabled/undo', { subjects: [subject] })).json.code, 'not-found');
  });

  it('ask for the number when more than ten leave at once', async () => {
    const subjects: string[] = [];
    for (let index = 0; index < 11; index += 1) subjects.push(await user(`crowd${index}`));
    await owner.admin('POST', 'enabled', { subjects, mode: 'enabled' });
    assert.equal(
      (await owner.admin('POST', 'enabled/remove', { subjects })).json.code,
      'confirmation-required',
    );
    assert.equal(
      (await owner.admin('POST', 'enabled/remove', { subjects, confirm: 11 })).json.done.length,
      11,
    );
  });
});

describe('the calls about groups', () => {
  let site: Site;
  let owner: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
  });
  after(() => site.stop());

  it('make, list, fill and delete local groups, but none that is on the list', async () => {
    assert.equal((await owner.admin('POST', 'groups', { name: 'Sales' })).status, 201);
    assert.equal((await owner.admin('POST', 'groups', { name: 'sales' })).json.code, 'name-taken');
    assert.equal((await owner.admin('POST', 'groups', { name: 'a/b' })).json.code, 'invalid-request');
    await owner.admin('POST', 'groups', { name: 'Support' });
    assert.deepEqual(namesOf((await owner.admin('GET', 'groups?q=SA')).json.items), ['Sales']);
    const key = await site.addUser('anna');
    const group = `groups/${encodeURIComponent('local:Sales')}`;
    const changed = await owner.admin('POST', `${group}/members`, { add: [key, 'local:nobody'] });
    assert.deepEqual(namesOf(changed.json.done), ['anna']);
    assert.equal(changed.json.failed[0].code, 'unknown-user');
    assert.deepEqual(namesOf((await owner.admin('GET', `${group}/members`)).json.items), ['anna']);
    assert.equal((await owner.admin('GET', group)).json.members, 1);
    await owner.admin('POST', 'enabled', { subjects: ['group:local:Sales'], mode: 'enabled' });
    assert.equal((await owner.admin('DELETE', group)).json.code, 'group-listed');
    await owner.admin('POST', 'enabled/remove', { subjects: ['group:local:Sales'] });
    assert.equal((await owner.admin('DELETE', group)).status, 204);
    assert.equal((await owner.admin('GET', group)).status, 404);
    assert.equal((await owner.admin('GET', 'groups/corp%3Astaff%00')).status, 404);
  });
});

describe('the calls about who connects by RDP without a code', () => {
  let site: Site;
  let owner: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
  });
  after(() => site.stop());

  it('add, find, change and remove, each with a reason', async () => {
    const [key, other] = [await site.addUser('rosa'), await site.addUser('rolf')];
    const reason = 'old thin client';
    assert.equal((await owner.admin('POST', 'rdp-whitelist', { users: [key], reason: ' ' })).status, 400);
    const added = await owner.admin('POST', 'rdp-whitelist', { users: [key, other, 'local:nobody'], reason });
    assert.deepEqual(namesOf(added.json.done), ['rosa', 'rolf']);
    assert.equal(added.json.failed[0].code, 'unknown-user');
    assert.deepEqual(namesOf((await owner.admin('GET', 'rdp-whitelist?q=ros')).json.items), ['rosa']);
    const path = `rdp-whitelist/${encodeURIComponent(key)}`;
    const until = new Date(site.clock.now() + 60_000).toISOString();
    const changed = await owner.change('PUT', path, { reason: 'until its replacement', until });
    assert.equal(changed.json.until, until);
    const { rdpWhitelist } = site.gateway.rooms;
    assert.equal(await rdpWhitelist.spares('default', key), true);
    site.clock.advance(60_000);
    assert.equal(await rdpWhitelist.spares('default', key), false);
    assert.equal((await owner.admin('GET', path)).json.over, true);
    assert.equal(await rdpWhitelist.spares('default', other), true);
    assert.equal(
      (await owner.admin('POST', 'rdp-whitelist/remove', { users: [key, other] })).json.done.length,
      2,
    );
    assert.deepEqual((await owner.admin('GET', 'rdp-whitelist')).json.items, []);
    assert.match(site.log(), /rdp-whitelist\.changed/);
  });

  it('are gone with the account', async () => {
    const key = await site.addUser('tina');
    await owner.admin('POST', 'rdp-whitelist', { users: [key], reason: 'r' });
    await owner.admin('POST', 'users/remove', { users: [key] });
    assert.equal(await site.gateway.rooms.rdpWhitelist.spares('default', key), false);
  });
});
