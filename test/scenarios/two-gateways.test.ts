import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { issueBypass } from '../../src/accounts/index.ts';
import { subscription } from '../../src/server/index.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { password } from '../support/site.ts';
import type { SiteClient, Tunnel } from '../support/site-client.ts';
import { startTwilioServer, type TwilioServer } from '../support/twilio-server.ts';
import { Replicas, type Which, withinASecond } from './replicas.ts';

async function echoes(tunnel: Tunnel): Promise<void> {
  tunnel.send('still here');
  assert.equal(await tunnel.next(), 'still here');
}

describe('two gateway processes on the embedded store', () => actAsOne());
describe('two gateway processes on Redis', { skip: missing('redis-server') }, () => {
  let redis: RedisServer;
  actAsOne(async () => {
    redis = await RedisServer.start();
    return { redis: { url: redis.url } };
  });
  after(() => redis?.remove());
});

/** `store`: starts what is configured as the store; absent: the embedded one. */
function actAsOne(store?: () => Promise<Record<string, unknown>>): void {
  let site: Replicas;
  let twilio: TwilioServer;

  before(async () => {
    twilio = await startTwilioServer();
    const config = { delivery: { twilioUrl: twilio.url } };
    // At the same moment: on one installation, with one master key.
    site = await Replicas.start(store === undefined ? { config } : { config, store: await store() });
  });
  after(async () => {
    await site?.stop();
    await twilio?.close();
  });

  const client = (gateway: Which): SiteClient => site.client(gateway);
  const atOther = (one: SiteClient, gateway: Which): SiteClient => site.at(gateway, one);
  const signedIn = (name: string): Promise<[SiteClient, SiteClient]> => site.signedIn(name);
  const passAStep = (): Promise<void> => site.pass(31_000);
  const userKey = (name: string): Promise<string> => site.userKey(name);

  /** Resolves when the audit log has so many entries of this type with this text in them; rejects when it has more. */
  const recorded = async (type: string, text: string, count: number): Promise<void> => {
    for (let found = -1; found !== count; await pause(20)) {
      const { items } = await site.rooms.store.read('audit', { tags: [`type:${type}`], limit: 100 });
      found = items.filter(({ value }) => JSON.stringify(value).includes(text)).length;
      assert.ok(found <= count, `${found} entries of ${type}`);
    }
  };

  it('a session of one is a session of the other, and its end on one closes its tunnels on both within a second', async () => {
    const [here, there] = await signedIn('anna');
    const [, bert] = await signedIn('bert');
    const tunnels = [await here.open('/desk/ws'), await there.open('/desk/ws')];
    const his = await bert.open('/desk/ws');
    for (const tunnel of tunnels) await echoes(tunnel);
    assert.equal((await here.call('DELETE', 'session')).status, 204);
    await withinASecond(Promise.all(tunnels.map(({ closed }) => closed)));
    assert.equal((await there.get('/desk/page')).status, 401);
    await echoes(his);
  });

  it('whoever is moved to another subscription loses their tunnels on both within a second, and nobody else does', async () => {
    const { subscriptions } = site.rooms;
    const [here, there] = await signedIn('mona@moved.example');
    const [nora] = await signedIn('nora');
    const tunnels = [await here.open('/desk/ws'), await there.open('/desk/ws')];
    const hers = await nora.open('/desk/ws');
    if (subscriptions.get('moved') === undefined) await subscriptions.create({ name: 'Moved' }, 'cli');
    for (const tunnel of tunnels) await echoes(tunnel);
    await subscriptions.assign('moved', { kind: 'domain', value: 'moved.example' }, 'cli');
    await withinASecond(Promise.all(tunnels.map(({ closed }) => closed)));
    assert.equal((await here.get('/desk/page')).status, 401);
    assert.equal((await there.get('/desk/page')).status, 401);
    await echoes(hers);
    const again = await client(1).call('POST', 'sign-in', { username: 'mona@moved.example', password });
    assert.equal(again.json.status, 'enrol');
    await subscriptions.unassign('moved', { kind: 'domain', value: 'moved.example' }, 'cli');
  });

  it('one that was asleep while a session was revoked closes its tunnels within a second of waking', {
    skip: process.platform === 'win32',
  }, async () => {
    const [here, there] = await signedIn('ivan');
    const tunnel = await there.open('/desk/ws');
    // The last thing that the opening writes: asleep in the middle of a write it would keep everybody from writing.
    await recorded('remote-session.start', '"ivan"', 1);
    site.gateways[1].freeze();
    const revoked = await here.call('DELETE', 'session').finally(() => site.gateways[1].thaw());
    const asked = there.get('/desk/page');
    await withinASecond(tunnel.closed);
    assert.equal(revoked.status, 204);
    assert.equal((await asked).status, 401, 'not even what was asked in its sleep');
  });

  it('whatever is begun on one goes on with the other, request by request', async () => {
    await site.rooms.local.create({ name: 'walter', password }, 'test');
    const before = [...site.balancer.served];
    const walter = site.balanced();
    assert.equal((await walter.signIn('walter', password)).json?.status, 'done');
    for (let round = 0; round < 4; round += 1) {
      assert.equal((await walter.get('/desk/page')).status, 200);
      await echoes(await walter.open('/desk/ws'));
    }
    await passAStep();
    walter.cookies.clear();
    assert.equal((await walter.signIn('walter', password)).json?.status, 'done');
    assert.equal((await walter.call('DELETE', 'session')).status, 204);
    for (let round = 0; round < 2; round += 1) assert.equal((await walter.get('/desk/page')).status, 401);
    for (const [index, count] of site.balancer.served.entries()) {
      assert.ok(count - (before[index] ?? 0) >= 6, 'both had their share');
    }
  });

  it('two simultaneous first openings on the two give one T1', async () => {
    for (let round = 0; round < 10; round += 1) {
      const name = `carl-${round}`;
      const [here, there] = await signedIn(name);
      const wishes = [here, there, here, there].map((visitor) => visitor.open('/desk/ws'));
      for (const tunnel of await Promise.all(wishes)) tunnel.close();
      const seen = [here, there].map(async (visitor) => (await visitor.call('GET', 'session')).json);
      const [first, second] = await Promise.all(seen);
      assert.equal(first.state, 'active');
      assert.ok(first.firstSessionAt);
      assert.deepEqual(second, first);
      const [record] = await site.rooms.sessions.listOf({ subscription, user: await userKey(name) });
      assert.equal(record?.state.name, 'active');
      assert.equal(new Date(record.state.firstSessionAt).toISOString(), first.firstSessionAt);
    }
    // Whichever of them had it told the audit log, once each.
    await recorded('session.active', '"carl-', 10);
  });

  it('the same code at the same instant on both is accepted once', async () => {
    const [here] = await signedIn('dora');
    for (let round = 0; round < 10; round += 1) {
      await passAStep();
      const visitors = [atOther(here, 0), atOther(here, 1)];
      for (const visitor of visitors) {
        // Each in a browser of their own.
        visitor.cookies.clear();
        const begun = await visitor.call('POST', 'sign-in', { username: 'dora', password });
        assert.equal(begun.json.status, 'verify', begun.text);
      }
      const proof = { method: 'app', code: here.code() };
      const answers = await Promise.all(
        visitors.map((visitor) => visitor.call('POST', 'sign-in/verify', proof)),
      );
      const results = answers.map(({ json }) => (json.status === 'done' ? 'done' : json.code)).sort();
      assert.deepEqual(results, ['code-already-used', 'done']);
    }
    const granted = await site.rooms.sessions.listOf({ subscription, user: await userKey('dora') });
    assert.equal(granted.length, 11);
  });

  it('one sign-in at both at the same instant is granted once, and so is one recovery code', async () => {
    await site.rooms.local.create({ name: 'emil', password }, 'test');
    const emil = client(0);
    await emil.call('POST', 'sign-in', { username: 'emil', password });
    const { recoveryCodes } = (await emil.enrol()).json;
    for (let round = 0; round < 5; round += 1) {
      emil.cookies.clear();
      await emil.call('POST', 'sign-in', { username: 'emil', password });
      // The same pending sign-in, sent to both with different recovery codes.
      const codes = [recoveryCodes.pop(), recoveryCodes.pop()];
      const both = [atOther(emil, 0), atOther(emil, 1)].map((visitor, index) =>
        visitor.call('POST', 'sign-in/verify', { method: 'recovery', code: codes[index] }),
      );
      const done = (await Promise.all(both)).filter(({ json }) => json.status === 'done');
      assert.equal(done.length, 1);
    }
    const granted = await site.rooms.sessions.listOf({ subscription, user: await userKey('emil') });
    assert.equal(granted.length, 6);
  });

  it('two enrolments of one user at the same instant give one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = `faye-${round}`;
      await site.rooms.local.create({ name, password }, 'test');
      const visitors = [client(0), client(1)];
      for (const visitor of visitors) {
        await visitor.call('POST', 'sign-in', { username: name, password });
        visitor.secret = (await visitor.call('POST', 'enrol/app', {})).json.secret;
      }
      const answers = await Promise.all(
        visitors.map((visitor) =>
          visitor.call('POST', 'enrol/verify', { method: 'app', code: visitor.code() }),
        ),
      );
      const results = answers
        .map(({ json }) => json.status ?? json.code)
        .map(String)
        .sort();
      assert.deepEqual(results.filter((result) => result === 'done').length, 1, results.join());
      const { factors } = await site.rooms.administration.factors.read(subscription, await userKey(name));
      assert.equal(factors.apps.length, 1);
      const winner = visitors[answers.findIndex(({ json }) => json.status === 'done')];
      assert.equal((await winner?.get('/desk/page'))?.status, 200);
    }
  });

  it('wrong codes on both count together', async () => {
    const [here] = await signedIn('gina');
    const visitors = [atOther(here, 0), atOther(here, 1)];
    for (const visitor of visitors) {
      visitor.cookies.clear();
      await visitor.call('POST', 'sign-in', { username: 'gina', password });
    }
    const wrong = { method: 'app', code: here.code(1000) };
    const guesses = Array.from({ length: 12 }, (_, index) =>
      visitors[index % 2]?.call('POST', 'sign-in/verify', wrong),
    );
    const statuses = (await Promise.all(guesses)).map((answer) => answer?.status).sort();
    assert.deepEqual(statuses, [401, 401, 401, 401, ...Array.from({ length: 8 }, () => 429)]);
  });

  it('a code by SMS is asked for on one and good on the other, once', async () => {
    const sender = { accountSid: twilio.accountSid, sender: '+14155550100', secret: twilio.authToken };
    await site.rooms.delivery.change(subscription, 'sms', sender, 'test');
    await site.rooms.local.create({ name: 'mona', password }, 'test');
    const mona = [client(0), client(0)] as const;
    const [here] = mona;
    const latest = (): string => /\d{6}/.exec(twilio.taken.at(-1)?.Body ?? '')?.[0] ?? '';
    // Configured on one, in effect on the other within a second.
    const offered = async (): Promise<void> => {
      for (let methods = ''; !methods.includes('sms'); await pause(20)) {
        here.cookies.clear();
        const begun = await here.call('POST', 'sign-in', { username: 'mona', password });
        methods = JSON.stringify(begun.json.methods);
      }
    };
    await withinASecond(offered());
    const sent = await here.call('POST', 'enrol/sms', { phone: '+33612345671' });
    assert.equal(sent.status, 202, sent.text);
    const enrolled = await atOther(here, 1).call('POST', 'enrol/verify', { method: 'sms', code: latest() });
    assert.equal(enrolled.json?.status, 'done', enrolled.text);

    for (let round = 0; round < 3; round += 1) {
      await passAStep();
      here.cookies.clear();
      const before = twilio.taken.length;
      const begun = await here.call('POST', 'sign-in', { username: 'mona', password });
      assert.equal(begun.json.status, 'verify', begun.text);
      if (twilio.taken.length === before) {
        const asked = await atOther(here, 1).call('POST', 'sign-in/code', { method: 'sms' });
        assert.equal(asked.status, 202, asked.text);
      }
      const proof = { method: 'sms', code: latest() };
      const both = [atOther(here, 0), atOther(here, 1)].map((visitor) =>
        visitor.call('POST', 'sign-in/verify', proof),
      );
      const done = (await Promise.all(both)).filter(({ json }) => json.status === 'done');
      assert.equal(done.length, 1);
    }
  });

  it("a helpdesk's code is good on either of them, once", async () => {
    const [here] = await signedIn('nils');
    const { administration, store: records } = site.rooms;
    for (let round = 0; round < 3; round += 1) {
      const wish = { lifetime: 3_600_000, reason: 'phone at home' };
      const parts = { ...administration, store: records };
      const { code } = await issueBypass(parts, await userKey('nils'), wish, 'test');
      const visitors = [atOther(here, 0), atOther(here, 1)];
      for (const visitor of visitors) {
        visitor.cookies.clear();
        await visitor.call('POST', 'sign-in', { username: 'nils', password });
      }
      const answers = await Promise.all(
        visitors.map((visitor) => visitor.call('POST', 'sign-in/verify', { method: 'bypass', code })),
      );
      assert.equal(answers.filter(({ json }) => json.status === 'done').length, 1);
    }
  });

  it('a session that one made active is active on the other, which knew it before, beyond the first clock', async () => {
    const [here, there] = await signedIn('nadia');
    assert.equal((await there.get('/desk/page')).status, 200);
    const tunnel = await here.open('/desk/ws');
    tunnel.close();
    await tunnel.closed;
    // The store's messages take up to a tenth of a second; an hour goes by in less here.
    await pause(200);
    // Never idle for long, so that the gate has no other reason to look again.
    for (let minutes = 10; minutes <= 120; minutes += 10) {
      await site.pass(600_000);
      assert.equal((await there.get('/desk/page')).status, 200, `after ${minutes} minutes`);
    }
  });

  it('a session renewed on one goes on on the other', async () => {
    const [here, there] = await signedIn('otto');
    (await here.open('/desk/ws')).close();
    const end = async (visitor: SiteClient) => (await visitor.call('GET', 'session')).json.expiresAt;
    const before = await end(there);
    await site.pass(7.9 * 3_600_000);
    const renewed = await here.call('POST', 'session/renew', { method: 'app', code: here.code() });
    assert.equal(renewed.json?.status, 'renewed', renewed.text);
    assert.ok(Date.parse(await end(there)) > Date.parse(before));
    await site.pass(3_600_000);
    assert.equal((await there.get('/desk/page')).status, 200);
    (await atOther(here, 1).open('/desk/ws')).close();
  });

  it('a setting changed on one is in effect on the other within a second', async () => {
    await site.rooms.local.create({ name: 'hugo', password }, 'test');
    await site.rooms.settings.update(subscription, { digits: 9 }, 'test');
    const askedFor = async (gateway: 0 | 1): Promise<number> => {
      const begun = await client(gateway).call('POST', 'sign-in', { username: 'hugo', password });
      return begun.json.methods[0].digits;
    };
    const both = async (digits: number): Promise<void> => {
      while ((await askedFor(0)) !== digits || (await askedFor(1)) !== digits) await pause(20);
    };
    await withinASecond(both(9));
    await site.rooms.settings.reset(subscription, ['digits'], 'test');
    // Whoever enrols next is asked for as many as before.
    await withinASecond(both(6));
  });

  it('one goes on when the other is killed at work, and hears of what the next one does', async () => {
    const [here] = await signedIn('jane');
    const tunnel = await here.open('/desk/ws');
    for (let round = 0; round < 3; round += 1) {
      const name = `kurt-${round}`;
      await site.rooms.local.create({ name, password }, 'test');
      const kurt = client(1);
      await kurt.call('POST', 'sign-in', { username: name, password });
      const doomed = kurt.enrol().catch(() => undefined);
      const [, laura] = [
        await pause(3),
        await signedIn(`laura-${round}`).finally(() => site.gateways[1].kill()),
      ];
      await doomed;
      assert.equal((await laura[0].get('/desk/page')).status, 200);
      await echoes(tunnel);
      await site.replace(1);
      assert.equal((await laura[1].get('/desk/page')).status, 200);
    }
    assert.equal((await atOther(here, 1).call('DELETE', 'session')).status, 204);
    await withinASecond(tunnel.closed);
  });

  it('an expired session reaches its application on both while its tunnel on one is open', {
    skip: store === undefined && 'the embedded store is for one gateway, which asks nobody',
  }, async () => {
    const [here, there] = await signedIn('xenia');
    const tunnel = await here.open('/desk/ws');
    const [elsewhere] = await signedIn('yves');
    await site.pass(9 * 3_600_000);
    for (const visitor of [here, there, site.at(0, here)]) {
      assert.equal((await visitor.get('/desk/print')).status, 200);
      await assert.rejects(visitor.open('/desk/ws'), /401/);
    }
    assert.equal((await elsewhere.get('/desk/page')).status, 401, 'nobody has a tunnel of this one');
    await echoes(tunnel);
    tunnel.close();
    await tunnel.closed;
    // An answer holds for two seconds.
    while ((await there.get('/desk/print')).status !== 401) await pause(100);
    assert.equal((await here.get('/desk/print')).status, 401);
  });
}
