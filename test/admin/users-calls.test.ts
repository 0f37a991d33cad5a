import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type Site, startSite } from '../support/site.ts';

const at = (key: string): string => `users/${encodeURIComponent(key)}`;
const strong = 'a long enough passphrase';

describe('the calls about users', () => {
  let site: Site;
  let owner: AdminClient;
  let helpdesk: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    helpdesk = await signedInAs(site, 'helpdesk');
  });
  after(() => site.stop());

  it('list local users by name, a page after the other, each with their state', async () => {
    for (const name of ['uma', 'ulrich', 'ute']) await site.addUser(name);
    const first = await owner.admin('GET', 'users?limit=2');
    assert.equal(first.status, 200, first.text);
    assert.deepEqual(
      first.json.items.map(({ name }: { name: string }) => name),
      ['helpdesk', 'olivia'],
    );
    const [someone, olivia] = first.json.items;
    assert.equal(someone.role, 'helpdesk');
    assert.equal(olivia.obligation.rule, 'administrator');
    assert.deepEqual(olivia.enrolled.methods, ['app']);
    assert.ok(olivia.lastSignInAt);
    const second = await owner.admin('GET', `users?limit=2&after=${encodeURIComponent(first.json.next)}`);
    assert.deepEqual(
      second.json.items.map(({ name }: { name: string }) => name),
      ['ulrich', 'uma'],
    );
    assert.equal(second.json.items[0].enrolled.since, undefined);
    const last = await owner.admin('GET', `users?limit=2&after=${encodeURIComponent(second.json.next)}`);
    assert.deepEqual(
      last.json.items.map(({ name }: { name: string }) => name),
      ['ute'],
    );
    assert.equal(last.json.next, undefined);
  });

  it('find users as their names are typed, and those of one state', async () => {
    const names = async (query: string): Promise<string[]> => {
      const answer = await owner.admin('GET', `users?${query}`);
      assert.equal(answer.status, 200, answer.text);
      return answer.json.items.map(({ name }: { name: string }) => name);
    };
    assert.deepEqual((await names('q=u')).sort(), ['ulrich', 'uma', 'ute']);
    assert.deepEqual((await names('state=enrolled')).sort(), ['helpdesk', 'olivia']);
    assert.deepEqual((await names('state=not-enrolled')).sort(), ['ulrich', 'uma', 'ute']);
    assert.deepEqual((await names('state=administrators')).sort(), ['helpdesk', 'olivia']);
    assert.deepEqual(await names('state=locked'), []);
    assert.deepEqual(await names('directory=corp'), []);
    const client = site.client();
    for (let wrong = 0; wrong < 11; wrong += 1)
      await client.call('POST', 'sign-in', { username: 'ute', password: 'wrong' });
    assert.deepEqual(await names('state=locked'), ['ute']);
    assert.equal((await owner.admin('GET', 'users?after=%00')).status, 400);
    assert.equal((await owner.admin('GET', 'users?after=7~%00')).status, 200);
  });

  it('make, change and show a local account, with the groups it names', async () => {
    const wish = {
      name: 'anna',
      displayName: 'Anna A',
      email: 'anna@example.com',
      phone: '+41 44 668 18 00',
    };
    const made = await owner.admin('POST', 'users', { ...wish, password: strong, groups: ['staff'] });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.json.phone, '+41446681800');
    assert.deepEqual(made.json.groups, ['staff']);
    assert.equal((await owner.admin('POST', 'users', { ...wish, password: strong })).json.code, 'name-taken');
    const { key } = made.json;
    const changed = await owner.change('PATCH', at(key), { name: 'anne', email: '' });
    assert.equal(changed.status, 200, changed.text);
    assert.equal(changed.json.name, 'anne');
    assert.equal(changed.json.email, undefined);
    assert.equal(changed.json.displayName, 'Anna A');
    const seenByHelpdesk = await helpdesk.admin('GET', at(key));
    assert.equal(seenByHelpdesk.json.phone, undefined);
    assert.equal(seenByHelpdesk.json.changeable, false);
    assert.match(seenByHelpdesk.json.phoneHint, /00$/);
    assert.equal((await helpdesk.change('PATCH', at(key), { name: 'x' })).status, 403);
    assert.equal((await owner.admin('GET', at('local:nobody'))).json.code, 'unknown-user');
  });

  it('change nothing that somebody else has changed meanwhile, and nothing by halves', async () => {
    const { key } = (await owner.admin('POST', 'users', { name: 'bert', password: strong })).json;
    const seen = await owner.admin('GET', at(key));
    const ifMatch = { 'if-match': String(seen.headers.etag) };
    assert.equal((await owner.admin('PATCH', at(key), { name: 'berta' })).status, 428);
    const bad = await owner.admin('PATCH', at(key), { name: 'berta', phone: '123' }, ifMatch);
    assert.equal(bad.json.code, 'invalid-phone-number');
    assert.equal((await owner.admin('GET', at(key))).json.name, 'bert');
    assert.equal((await owner.admin('PATCH', at(key), { displayName: 'B' }, ifMatch)).status, 200);
    const late = await owner.admin('PATCH', at(key), { name: 'berta' }, ifMatch);
    assert.equal(late.status, 412);
    assert.equal(late.json.code, 'changed-meanwhile');
    // The name that was not taken is free.
    assert.equal((await owner.admin('POST', 'users', { name: 'berta', password: strong })).status, 201);
  });

  it('set a password, which ends the sessions it opened', async () => {
    const client = await site.signedIn('carl');
    const key = (await site.gateway.rooms.local.lookUp('carl'))?.key ?? '';
    assert.equal((await client.call('GET', 'session')).status, 200);
    assert.equal(
      (await owner.admin('PUT', `${at(key)}/password`, { password: 'short' })).json.code,
      'password-too-weak',
    );
    const done = await owner.admin('PUT', `${at(key)}/password`, { password: strong, mustChange: false });
    assert.equal(done.status, 204, done.text);
    assert.equal((await client.call('GET', 'session')).status, 401);
  });
});

describe('what is done to users', () => {
  let site: Site;
  let owner: AdminClient;
  let helpdesk: AdminClient;
  const keyOf = async (name: string): Promise<string> =>
    (await site.gateway.rooms.local.lookUp(name))?.key ?? '';

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    helpdesk = await signedInAs(site, 'helpdesk');
  });
  after(() => site.stop());

  it('says before what a reset takes, takes that, and shows a ticket once', async () => {
    const client = await site.signedIn('dora');
    const user = await keyOf('dora');
    const preview = await helpdesk.admin('POST', 'users/preview', { action: 'reset', users: [user] });
    assert.equal(preview.status, 200, preview.text);
    assert.deepEqual(preview.json.loses, {
      sessions: 1,
      factors: 1,
      recoveryCodes: 10,
      users: 1,
      names: ['dora'],
    });
    const done = await helpdesk.admin('POST', 'users/reset', { users: [user], ticket: true });
    assert.equal(done.status, 200, done.text);
    assert.match(done.json.done[0].ticket, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    assert.equal((await client.call('GET', 'session')).status, 401);
    const shown = await owner.admin('GET', at(user));
    assert.equal(shown.json.ticketRequired, true);
    assert.deepEqual(shown.json.enrolled.methods, []);
  });

  it('leaves administrators to the owner', async () => {
    const user = await keyOf('olivia');
    for (const path of ['reset', 'unlock', 'forget-devices']) {
      const refused = await helpdesk.admin('POST', `users/${path}`, { users: [user] });
      assert.equal(refused.json.code, 'not-allowed', path);
    }
    const reason = 'phone lost';
    assert.equal((await helpdesk.admin('POST', `${at(user)}/bypass`, { reason })).json.code, 'not-allowed');
    const administrator = await signedInAs(site, 'administrator');
    assert.equal(
      (await administrator.admin('POST', 'users/disable', { users: [user] })).json.code,
      'not-allowed',
    );
    const password = 'another long passphrase';
    assert.equal(
      (await administrator.admin('PUT', `${at(user)}/password`, { password })).json.code,
      'not-allowed',
    );
    const desk = await keyOf('helpdesk');
    const preview = await administrator.admin('POST', 'users/preview', {
      action: 'remove',
      users: [user, desk],
    });
    assert.deepEqual(
      preview.json.failed.map(({ name, code }: { name: string; code: string }) => [name, code]),
      [['olivia', 'not-allowed']],
    );
    assert.deepEqual(preview.json.names, ['helpdesk']);
  });

  it('tells of each of several what became of it', async () => {
    const [eva, fred] = [await site.addUser('eva'), await site.addUser('fred')];
    const mixed = await owner.admin('POST', 'users/disable', { users: [eva, 'local:nobody', fred] });
    assert.equal(mixed.status, 200, mixed.text);
    assert.deepEqual(
      mixed.json.done.map(({ name }: { name: string }) => name),
      ['eva', 'fred'],
    );
    assert.equal(mixed.json.failed[0].code, 'unknown-user');
    assert.equal((await owner.admin('POST', 'users/disable', { users: [eva] })).json.done[0].changed, false);
    assert.equal((await owner.admin('POST', 'users/enable', { users: [eva] })).json.done[0].changed, true);
    assert.equal((await owner.admin('POST', 'users/remove', { users: [fred] })).status, 200);
    assert.equal((await owner.admin('GET', at(fred))).status, 404);
    assert.equal(
      (await owner.admin('POST', 'users/remove', { users: [await keyOf('olivia')] })).json.code,
      'last-owner',
    );
  });

  it('asks for the number of more than ten', async () => {
    const users: string[] = [];
    for (let index = 0; index < 11; index += 1) users.push(await site.addUser(`many${index}`));
    const preview = await owner.admin('POST', 'users/preview', { action: 'reset', users });
    assert.equal(preview.json.confirm, 11);
    assert.equal(preview.json.warnings[0].code, 'not-enrolled');
    assert.equal(preview.json.warnings[0].count, 11);
    assert.equal((await owner.admin('POST', 'users/reset', { users })).json.code, 'confirmation-required');
    assert.equal((await owner.admin('POST', 'users/reset', { users, confirm: 10 })).status, 409);
    assert.equal((await owner.admin('POST', 'users/reset', { users, confirm: 11 })).json.done.length, 11);
    assert.equal((await owner.admin('POST', 'users/unlock', { users })).json.done.length, 11);
    const lifting = await owner.admin('POST', 'users/preview', { action: 'unlock', users });
    assert.equal(lifting.json.confirm, undefined);
  });

  it('makes bypass codes and tickets', async () => {
    await site.signedIn('gina');
    const user = await keyOf('gina');
    const made = await helpdesk.admin('POST', `${at(user)}/bypass`, { minutes: 30, reason: 'phone at home' });
    assert.equal(made.status, 200, made.text);
    assert.equal((await owner.admin('GET', at(user))).json.bypassUntil, made.json.until);
    assert.equal((await helpdesk.admin('DELETE', `${at(user)}/bypass`)).status, 204);
    assert.equal((await owner.admin('GET', at(user))).json.bypassUntil, undefined);
    assert.equal(
      (await helpdesk.admin('POST', 'users/ticket', { users: [user] })).json.code,
      'already-enrolled',
    );
    const fresh = await site.addUser('hanna');
    assert.ok((await helpdesk.admin('POST', 'users/ticket', { users: [fresh] })).json.done[0].ticket);
    assert.equal((await helpdesk.admin('POST', 'users/forget-devices', { users: [user] })).status, 200);
  });

  it('picks from local users and says which are listed', async () => {
    const found = await owner.admin('GET', 'pickers/users?q=man&limit=3');
    assert.equal(found.status, 200, found.text);
    assert.equal(found.json.items.length, 3);
    await site.gateway.rooms.groups.create('sales');
    const groups = await owner.admin('GET', 'pickers/groups?q=sa');
    assert.deepEqual(groups.json, {
      items: [{ subject: 'group:local:sales', directory: 'local', name: 'sales' }],
      unavailable: [],
    });
    const directories = await owner.admin('GET', 'pickers/directories');
    assert.deepEqual(directories.json.items, [{ name: 'local', local: true }]);
  });
});
