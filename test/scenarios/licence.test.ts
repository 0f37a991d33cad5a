import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import {
  enable,
  everyone,
  resetFactors,
  subjectOfGroup,
  subjectOfUser,
  takeOffList,
  undoTakeOff,
} from '../../src/accounts/index.ts';
import { issueLicence, newLicenceKey } from '../../src/licence/index.ts';
import { password, type Site, startSite } from '../support/site.ts';

const day = 86_400_000;
const { privateKey, publicKey } = newLicenceKey();

/** A site of a distributor; the owner is its first enabled user. */
async function licensed(t: TestContext): Promise<Site> {
  const site = await startSite({ config: { licence: { publicKey } } });
  t.after(() => site.stop());
  return site;
}

/** Until `count` users are enabled. */
async function fill(site: Site, count: number): Promise<void> {
  const { licence, administration } = site.gateway.rooms;
  for (let user = await licence.users(); user < count; user += 1) {
    const key = await site.addUser(`user${user}`);
    await enable(administration, subjectOfUser(key), 'cli');
  }
  assert.equal(await licence.users(), count);
}

const fileFor = (site: Site, users: number, days = 365): string =>
  issueLicence(
    {
      serial: site.gateway.rooms.licence.serial,
      users,
      edition: 'Standard',
      until: site.clock.now() + days * day,
      issuedAt: site.clock.now(),
    },
    privateKey,
  );

describe('a licence', () => {
  it('lets nobody new enrol past the limit, and lets nobody in without a second factor for it', async (t) => {
    const site = await licensed(t);
    const anna = await site.signedIn('anna');
    await fill(site, 10);
    await site.addUser('bob');
    const refused = await site.client().call('POST', 'sign-in', { username: 'bob', password });
    assert.deepEqual([refused.status, refused.json.code], [403, 'licence-exhausted']);
    // Who is enabled goes on, with both factors.
    site.clock.advance(60_000);
    const begun = await anna.call('POST', 'sign-in', { username: 'anna', password });
    assert.equal(begun.json.status, 'verify');
    // Who is on the list by name has a place already.
    const named = site.client();
    assert.equal((await named.call('POST', 'sign-in', { username: 'user5', password })).json.status, 'enrol');
    assert.equal((await named.enrol()).json?.status, 'done');
    assert.equal(await site.gateway.rooms.licence.users(), 10);
  });

  it('is looked at once more when the code proves a first factor', async (t) => {
    const site = await licensed(t);
    await fill(site, 9);
    await site.addUser('bob');
    await site.addUser('cleo');
    const [bob, cleo] = [site.client(), site.client()];
    for (const [client, username] of [
      [bob, 'bob'],
      [cleo, 'cleo'],
    ] as const) {
      assert.equal((await client.call('POST', 'sign-in', { username, password })).json.status, 'enrol');
      client.secret = (await client.call('POST', 'enrol/app', {})).json.secret;
    }
    const confirm = (client: typeof bob) =>
      client.call('POST', 'enrol/verify', { method: 'app', code: client.code() });
    assert.equal((await confirm(bob)).json.status, 'done');
    assert.equal((await confirm(cleo)).json.code, 'licence-exhausted');
    assert.equal((await cleo.call('GET', 'session')).status, 401);
  });

  it('lets nobody new be put on the list, by name, group or otherwise', async (t) => {
    const site = await licensed(t);
    const { administration, groups } = site.gateway.rooms;
    await fill(site, 10);
    const bob = subjectOfUser(await site.addUser('bob'));
    await groups.create('staff');
    const no = { code: 'licence-exhausted' };
    await assert.rejects(enable(administration, bob, 'cli'), no);
    await assert.rejects(enable(administration, subjectOfGroup('local', 'staff'), 'cli'), no);
    // Who is on it may be changed.
    await enable(administration, everyone, 'cli', { method: 'email' });
    // One goes, one comes; and the first doesn't come back besides.
    const olivia = await site.gateway.rooms.directories.lookUp('user3');
    const gone = subjectOfUser(olivia?.key ?? '');
    await takeOffList(administration, gone, 'cli');
    await enable(administration, bob, 'cli');
    await assert.rejects(undoTakeOff(administration, gone, 'cli'), no);
    assert.equal(await site.gateway.rooms.licence.users(), 10);
  });

  it('lets whoever was reset enrol again, but gives nobody a place by a reset', async (t) => {
    const site = await licensed(t);
    const { administration, directories } = site.gateway.rooms;
    const anna = await site.signedIn('anna');
    const bob = await site.addUser('bob');
    await fill(site, 10);
    const key = (await directories.lookUp('anna'))?.key ?? '';
    await resetFactors(administration, [key, bob], 'cli');
    assert.equal(await site.gateway.rooms.licence.users(), 10);
    const again = await anna.call('POST', 'sign-in', { username: 'anna', password });
    assert.equal(again.json.status, 'enrol');
    assert.equal((await anna.enrol()).json?.status, 'done');
    const refused = await site.client().call('POST', 'sign-in', { username: 'bob', password });
    assert.equal(refused.json.code, 'licence-exhausted');
  });

  it('keeps no administrator out, so that somebody can mend it', async (t) => {
    const site = await licensed(t);
    const { roles } = site.gateway.rooms;
    await fill(site, 10);
    await roles.grant(await site.addUser('ada'), { role: 'administrator', by: 'cli' });
    const ada = site.client();
    const done = await ada.signIn('ada', password);
    assert.equal(done.json?.status, 'done', done.text);
  });

  it('ends, and everybody stays protected; a new one lets others in within the second', async (t) => {
    const site = await licensed(t);
    const { licence } = site.gateway.rooms;
    const anna = await site.signedIn('anna');
    await licence.activate(fileFor(site, 50, 10), 'cli');
    site.clock.jump(site.clock.now() + 11 * day);
    await site.addUser('bob');
    const sign = () => site.client().call('POST', 'sign-in', { username: 'bob', password });
    assert.equal((await sign()).json.code, 'licence-expired');
    const begun = await anna.call('POST', 'sign-in', { username: 'anna', password });
    assert.equal(begun.json.status, 'verify');
    await licence.activate(fileFor(site, 50), 'cli');
    assert.equal((await sign()).json.status, 'enrol');
  });

  it('counts users of all subscriptions', async (t) => {
    const site = await licensed(t);
    const { subscriptions, licence } = site.gateway.rooms;
    await subscriptions.create({ name: 'Acme' }, 'cli');
    await subscriptions.assign('acme', { kind: 'domain', value: 'acme.example' }, 'cli');
    await site.signedIn('alice@acme.example');
    assert.equal(await licence.users(), 2);
  });

  it('is no question without a distributor', async (t) => {
    const site = await startSite();
    t.after(() => site.stop());
    const { licence } = site.gateway.rooms;
    assert.equal((await licence.state()).kind, 'unlimited');
    await fill(site, 12);
    await site.signedIn('anna');
  });
});
