import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole } from '../support/admin-client.ts';
import { password, type Site, startSite } from '../support/site.ts';

const day = 86_400_000;

describe('the home page by API', () => {
  let site: Site;
  let owner: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
  });
  after(() => site?.stop());

  it('tells the switches, live sessions, tunnels and people', async () => {
    const { status, json, text } = await owner.admin('GET', 'home');
    assert.equal(status, 200, text);
    assert.deepEqual(
      json.twoFactors.map(({ subscription, enabled }: { subscription: string; enabled: boolean }) => [
        subscription,
        enabled,
      ]),
      [['default', true]],
    );
    assert.ok(json.sessions.granted + json.sessions.active >= 1);
    assert.deepEqual(json.tunnels, { open: 0, replicas: 1 });
    assert.equal(json.people.users, 1);
    assert.equal(json.people.enrolled, 1);
    assert.deepEqual(json.attention, []);
  });

  it('counts sign-ins, refusals and remote sessions by the hour and the day', async () => {
    const client = site.client();
    await client.call('POST', 'sign-in', { username: 'olivia', password: 'wrong' });
    await site.gateway.rooms.attention.statistics.flush();
    const { json } = await owner.admin('GET', 'home/statistics?unit=hour&count=2');
    const sums = json.buckets.reduce(
      (all: { signIns: number; refusals: number }, each: { signIns: number; refusals: number }) => ({
        signIns: all.signIns + each.signIns,
        refusals: all.refusals + each.refusals,
      }),
      { signIns: 0, refusals: 0 },
    );
    assert.ok(sums.signIns >= 1, JSON.stringify(json));
    assert.ok(sums.refusals >= 1, JSON.stringify(json));
    const days = await owner.admin('GET', 'home/statistics?unit=day&count=400');
    assert.equal(days.json.buckets.length, 366);
  });

  it('names what needs somebody, serious first, and what to do about it', async () => {
    const { settings, delivery } = site.gateway.rooms;
    const dora = await site.addUser('dora');
    site.clock.jump(site.clock.now() + 15 * day);
    owner = await ownerAtConsole(site);
    await settings.update('default', { driftTolerance: 480, enabled: true }, 'test');
    const { administration } = site.gateway.rooms;
    await administration.list.put('default', {
      subject: `user:${dora}`,
      mode: 'enabled',
      since: 0,
      method: 'sms',
    });
    assert.equal(delivery.configured('default', 'sms'), false);
    site.gateway.rooms.audit.record({ type: 'clock.off', offset: -4.26 });
    site.gateway.rooms.audit.record({
      ...{ type: 'server.health', application: 'desktops', server: 'http://10.0.0.11:8080', state: 'down' },
    });
    await site.gateway.rooms.attention.concerns.settled();
    // The count of people is made anew by whoever looks first.
    await site.gateway.rooms.attention.people.latest('default', true);
    const { json } = await owner.admin('GET', 'home');
    const kinds = json.attention.map(({ kind }: { kind: string }) => kind);
    assert.deepEqual(
      [...kinds].sort(),
      ['clock-off', 'guard-off', 'not-enrolled', 'sender-missing', 'server-down'].sort(),
    );
    assert.equal(kinds.at(-1), 'not-enrolled');
    const clock = json.attention.find(({ kind }: { kind: string }) => kind === 'clock-off');
    assert.match(clock.title, /off by 4\.3 s/);
    assert.match(clock.advice, /NTP/);
    assert.ok(clock.since !== undefined);
    site.gateway.rooms.audit.record({
      ...{ type: 'server.health', application: 'desktops', server: 'http://10.0.0.11:8080', state: 'up' },
    });
    await site.gateway.rooms.attention.concerns.settled();
    const after = await owner.admin('GET', 'home');
    assert.equal(after.text.includes('server-down'), false);
    assert.equal(after.text.includes(password), false);
  });
});
