import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { subscription } from '../../src/server/index.ts';
import { password, type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { audited } from './target.ts';

describe('the way to the first owner', () => {
  let site: Site;
  let ticket: string;
  beforeEach(async () => {
    site = await startSite({ owner: false });
    ticket = site.gateway.ownerLink?.split('#')[1] ?? '';
    assert.ok(ticket.length >= 32);
  });
  afterEach(() => site.stop());

  const create = (client: SiteClient, username: string, with_ = ticket) =>
    client.call('POST', 'owner', { ticket: with_, username, password });

  const owners = async (): Promise<string[]> => {
    const { items } = await site.gateway.rooms.store.list('roles', { prefix: `${subscription}/`, limit: 10 });
    return items.map(({ key }) => key);
  };

  async function makeOwner(name = 'olivia'): Promise<SiteClient> {
    const client = site.client();
    assert.equal((await create(client, name)).json?.status, 'enrol');
    assert.equal((await client.enrol()).json?.status, 'done');
    return client;
  }

  it('lets nobody else sign in or enrol before there is one, however right their password', async () => {
    await site.addUser('anna');
    const anna = site.client();
    const answer = await anna.call('POST', 'sign-in', { username: 'anna', password });
    assert.deepEqual([answer.status, answer.json?.code], [403, 'no-owner-yet']);
    const wrong = await anna.call('POST', 'sign-in', { username: 'nobody', password: 'wrong' });
    assert.deepEqual([wrong.status, wrong.text], [answer.status, answer.text], 'and tells nothing else');
  });

  it('is not open to made-up, empty, cut or differently spelt tickets, whatever name they come with', async () => {
    for (const made of [
      'x',
      'A'.repeat(32),
      ticket.slice(1),
      `${ticket}x`,
      ticket.toUpperCase(),
      `${ticket}\0`,
      '../owner',
      '*',
      '%',
    ]) {
      const answer = await create(site.client(), 'olivia', made);
      assert.deepEqual([answer.status, answer.json?.code], [403, 'invalid-ticket'], made);
    }
    assert.equal((await create(site.client(), 'olivia', '')).status, 400);
    assert.equal(await site.gateway.rooms.local.lookUp('olivia'), undefined, 'no account was made');
  });

  it('is not complete without an enrolled second factor', async () => {
    const client = site.client();
    assert.equal((await create(client, 'olivia')).json?.status, 'enrol');
    assert.equal((await client.get('/')).status, 401);
    assert.deepEqual(await owners(), []);
    const signIn = await site.client().call('POST', 'sign-in', { username: 'olivia', password });
    assert.equal(signIn.json?.code, 'no-owner-yet');
  });

  it('is walked once: a used ticket makes nobody else an owner, and takes over no account', async () => {
    const olivia = await makeOwner();
    const [only] = await owners();
    for (const name of ['olivia', 'OLIVIA', 'eve']) {
      const answer = await create(site.client(), name);
      assert.deepEqual([answer.status, answer.json?.code], [403, 'invalid-ticket'], name);
    }
    assert.deepEqual(await owners(), [only]);
    assert.equal((await olivia.call('GET', 'session')).status, 200, 'nobody was signed out either');
  });

  it('never takes over an account that somebody else has, in whatever spelling', async () => {
    await site.addUser('anna');
    for (const name of ['anna', 'ANNA', ' anna ', 'ａｎｎａ']) {
      const answer = await create(site.client(), name);
      assert.deepEqual([answer.status, answer.json?.code], [409, 'name-taken'], name);
    }
    assert.deepEqual(await owners(), []);
    await makeOwner();
    const anna = site.client();
    const begun = await anna.call('POST', 'sign-in', { username: 'anna', password });
    assert.equal(begun.json?.status, 'enrol', 'her password is still hers');
  });

  it('makes one of any number who hold the same ticket at the same moment', async () => {
    const clients = Array.from({ length: 4 }, () => site.client());
    const begun = await Promise.all(clients.map((client, index) => create(client, `owner${index}`)));
    const under = clients.filter((_, index) => begun[index]?.json?.status === 'enrol');
    for (const client of under) client.secret = (await client.call('POST', 'enrol/app', {})).json.secret;
    const outcomes = await Promise.all(
      under.map((client) => client.call('POST', 'enrol/verify', { method: 'app', code: client.code() })),
    );
    assert.equal(outcomes.filter(({ json }) => json?.status === 'done').length, 1);
    assert.equal((await owners()).length, 1);
  });

  it('makes one account of two that are begun with the same name at the same moment, with one password', async () => {
    const answers = await Promise.all([
      create(site.client(), 'olivia'),
      create(site.client(), 'Olivia'),
      create(site.client(), 'OLIVIA'),
    ]);
    assert.ok(answers.some(({ json }) => json?.status === 'enrol'));
    const { items } = await site.gateway.rooms.administration.users.list({ limit: 10 });
    assert.deepEqual(
      items.map(({ name }) => name.toLowerCase()),
      ['olivia'],
    );
  });

  it('is closed once there is an owner by another way: the link of the first start is void then', async () => {
    const { ticket: named } = await site.gateway.rooms.ownerSetup.issueOwnerTicket('cli', 'bob');
    const eve = site.client();
    assert.equal((await create(eve, 'eve')).json?.status, 'enrol', 'begun while there was none');
    eve.secret = (await eve.call('POST', 'enrol/app', {})).json.secret;
    const bob = site.client();
    assert.equal((await create(bob, 'bob', named)).json?.status, 'enrol');
    assert.equal((await bob.enrol()).json?.status, 'done');
    const late = await create(site.client(), 'mallory');
    assert.deepEqual([late.status, late.json?.code], [403, 'invalid-ticket']);
    const half = await eve.call('POST', 'enrol/verify', { method: 'app', code: eve.code() });
    assert.notEqual(half.json?.status, 'done');
    assert.equal((await owners()).length, 1);
  });

  it('is good for an hour, and a new start voids the link of the one before', async () => {
    await site.restart();
    assert.equal((await create(site.client(), 'olivia')).json?.code, 'invalid-ticket');
    ticket = site.gateway.ownerLink?.split('#')[1] ?? '';
    site.clock.jump(site.clock.now() + 3_600_000);
    assert.equal((await create(site.client(), 'olivia')).json?.code, 'invalid-ticket');
  });

  it('threat 21: the ticket is in no address, no log, no audit entry and not in the store', async () => {
    await makeOwner();
    await audited(site, 'owner.created');
    assert.doesNotMatch(site.log(), new RegExp(ticket));
    const { items } = await site.gateway.rooms.store.read('audit', { limit: 500 });
    assert.doesNotMatch(JSON.stringify(items), new RegExp(ticket));
    assert.match(site.gateway.ownerLink ?? '', /owner#/, 'behind the #, which no browser sends');
  });

  it('a recovery link is for its user alone, once, and for nobody who is no user', async () => {
    const olivia = await makeOwner();
    await site.addUser('anna');
    await assert.rejects(site.gateway.rooms.ownerSetup.recover('nobody', 'cli'));
    const { ticket: recovery } = await site.gateway.rooms.ownerSetup.recover('olivia', 'cli');
    assert.equal((await olivia.call('GET', 'session')).status, 401, 'her sessions are over');
    for (const name of ['anna', 'eve', 'olivia2']) {
      assert.equal((await create(site.client(), name, recovery)).json?.code, 'invalid-ticket', name);
    }
    const client = site.client();
    const next = 'a phrase for a new beginning';
    const step = await client.call('POST', 'owner', { ticket: recovery, username: 'olivia', password: next });
    assert.equal(step.json?.status, 'verify', 'the factor is still asked for: recovery alone opens nothing');
    assert.equal((await client.get('/')).status, 401);
    site.clock.advance(30_000);
    const done = await client.call('POST', 'sign-in/verify', { method: 'app', code: olivia.code() });
    assert.equal(done.json?.status, 'done');
    assert.equal((await create(site.client(), 'olivia', recovery)).json?.code, 'invalid-ticket');
  });
});
