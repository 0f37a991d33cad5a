import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { subscription } from '../../src/server/index.ts';
import type { Settings } from '../../src/settings/index.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { password, type Site, startSite } from '../support/site.ts';
import type { Answer, SiteClient } from '../support/site-client.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Back and forth, as far as a used code is remembered: its claim is kept for a day after it looks expired. */
const jumps = [-5 * hour, -hour, hour, 5 * hour, 27 * hour, 40 * hour];

const hours = (milliseconds: number): string => `${milliseconds / hour} hours`;

describe('a clock that jumps', () => {
  let server: ApplicationServer;
  let site: Site;
  beforeEach(async () => {
    server = await startApplicationServer();
    site = await startSite({
      config: {
        trustedNetworks: ['127.0.0.0/8'],
        applications: [{ name: 'desk', path: '/desk', servers: [server.url] }],
      },
    });
  });
  afterEach(async () => {
    await site.stop();
    await server.close();
  });

  const set = (patch: Partial<Settings>) => site.gateway.rooms.settings.update(subscription, patch, 'test');
  const jump = (by: number): void => site.clock.jump(site.clock.now() + by);
  /** Lets time go by, with turns for what the timers start. */
  const pass = async (milliseconds: number): Promise<void> => {
    for (let gone = 0; gone < milliseconds; gone += minute) {
      site.clock.advance(Math.min(minute, milliseconds - gone));
      for (let turns = 0; turns < 5; turns += 1) await nextTurn();
    }
  };
  const page = async (client: SiteClient): Promise<number> => (await client.get('/desk/page')).status;
  const opening = (client: SiteClient): Promise<number> =>
    client.open('/desk/ws').then(
      (tunnel) => {
        tunnel.close();
        return 101;
      },
      (error: Error) => Number(error.message),
    );
  const type = async (name: string, client: SiteClient, code: string): Promise<Answer> => {
    const begun = await client.call('POST', 'sign-in', { username: name, password });
    assert.equal(begun.json.status, 'verify', begun.text);
    return client.call('POST', 'sign-in/verify', { method: 'app', code });
  };
  /** Wrong codes until the wait begins. */
  const lockOut = async (name: string, client: SiteClient): Promise<Answer> => {
    await client.call('POST', 'sign-in', { username: name, password });
    const wrong = { method: 'app', code: client.code(500) };
    for (let tries = 0; tries < 4; tries += 1) {
      assert.equal((await client.call('POST', 'sign-in/verify', wrong)).json.code, 'wrong-code');
    }
    return client.call('POST', 'sign-in/verify', wrong);
  };
  /** The same person at a machine that nobody knows. */
  const elsewhere = (client: SiteClient): SiteClient => {
    const other = site.client();
    other.secret = client.secret;
    return other;
  };

  it('accepts no used code again, wherever the clock goes and comes back from', async () => {
    // As wide as it can be: whatever is not claimed is accepted.
    await set({ discrepancy: 480, driftTolerance: 480 });
    const anna = await site.signedIn('anna');
    const used: { code: string; at: number }[] = [{ code: anna.code(), at: site.clock.now() }];
    for (const by of jumps) {
      const right = site.clock.now();
      jump(by);
      await pass(2 * minute);
      const code = anna.code();
      assert.equal((await type('anna', anna, code)).json.status, 'done', `after ${hours(by)}`);
      used.push({ code, at: site.clock.now() });
      // Long enough for anything to be thrown away that looks expired.
      await pass(15 * minute);
      site.clock.jump(right);
      await pass(minute);
      for (const { code: again, at } of used) {
        for (const now of [site.clock.now(), at]) {
          site.clock.jump(now);
          const answer = await type('anna', elsewhere(anna), again);
          assert.notEqual(answer.status, 200, `a code of before a jump of ${hours(by)}: ${answer.text}`);
        }
        await site.gateway.rooms.throttle.unlock(subscription, await userKey('anna'));
      }
      site.clock.jump(right + hour);
    }
  });

  it('accepts no used code again after a restart on the wrong side of a jump', async () => {
    await set({ discrepancy: 480, driftTolerance: 480 });
    const anna = await site.signedIn('anna');
    const used = anna.code();
    const right = site.clock.now();
    for (const by of [-5 * hour, 27 * hour, 40 * hour]) {
      site.clock.jump(right + by);
      await site.restart();
      await pass(20 * minute);
      site.clock.jump(right + 2 * minute);
      await site.restart();
      const answer = await type('anna', elsewhere(anna), used);
      assert.equal(answer.json.code, 'code-already-used', hours(by));
    }
  });

  it('brings back no session that was seen to be over', async () => {
    await set({ validityBeforeFirstSession: 600, validityAfterFirstSession: 10 });
    const granted = await site.signedIn('anna');
    const active = await site.signedIn('bert');
    const open = await site.signedIn('carl');
    assert.equal(await opening(active), 101);
    const tunnel = await open.open('/desk/ws');
    jump(3 * hour);
    for (const client of [granted, active])
      assert.deepEqual([await page(client), await opening(client)], [401, 401]);
    assert.deepEqual([await page(open), await opening(open)], [200, 401], 'only what it has open goes on');

    jump(-3 * hour);
    for (const client of [granted, active])
      assert.deepEqual([await page(client), await opening(client)], [401, 401]);
    assert.deepEqual([await page(open), await opening(open)], [200, 401]);
    tunnel.send('still here');
    assert.equal(await tunnel.next(), 'still here');
    tunnel.close();
    await tunnel.closed;
    while (site.gateway.proxy.tunnels().length > 0) await nextTurn();
    assert.equal(await page(open), 401);
    for (const client of [granted, active, open]) {
      assert.equal((await client.call('GET', 'session')).status, 401, 'for the pages of the portal neither');
    }
  });

  it('brings back no session that was over for two minutes, asked for or not, nor after a restart', async () => {
    await set({ validityBeforeFirstSession: 600 });
    const anna = await site.signedIn('anna');
    assert.equal(await page(anna), 200);
    jump(3 * hour);
    await pass(2 * minute);
    jump(-3 * hour);
    assert.equal(await page(anna), 401);
    await site.restart();
    assert.equal(await page(anna), 401);
  });

  it('brings back no session that was revoked, in whatever time that happened', async () => {
    for (const by of [-5 * hour, 5 * hour]) {
      const name = `anna-${by}`;
      const anna = await site.signedIn(name);
      const tunnel = await anna.open('/desk/ws');
      jump(by);
      const bert = await site.signedIn(`bert-${by}`);
      await site.gateway.rooms.sessions.revokeAll(
        { subscription, user: await userKey(name) },
        { reason: 'test', actor: 'test' },
      );
      await tunnel.closed;
      await bert.call('DELETE', 'session');
      jump(-by);
      await site.restart();
      assert.deepEqual([await page(anna), await page(bert)], [401, 401]);
    }
  });

  it('leaves sessions and tunnels alone that are good on both sides', async () => {
    const anna = await site.signedIn('anna');
    const tunnel = await anna.open('/desk/ws');
    for (const by of [-5 * hour, 5 * hour, 2 * hour, -2 * hour]) {
      jump(by);
      await pass(2 * minute);
      assert.deepEqual([await page(anna), await opening(anna)], [200, 101], hours(by));
      tunnel.send('still here');
      assert.equal(await tunnel.next(), 'still here');
    }
  });

  it('makes no wait longer than it was, and forgives no wrong code', async () => {
    await site.signedIn('anna');
    for (const by of [-5 * hour, 5 * hour]) {
      const name = `bert-${by}`;
      const bert = elsewhere(await site.signedIn(name));
      const locked = await lockOut(name, bert);
      assert.equal(locked.status, 429);
      const wait = Number(locked.headers['retry-after']);
      assert.ok(wait <= 60);
      jump(by);
      if (by < 0) {
        const still = await bert.call('POST', 'sign-in/verify', { method: 'app', code: bert.code() });
        assert.equal(still.status, 429, 'nobody gets a free try by setting the clock back');
        assert.ok(Number(still.headers['retry-after']) <= 60, `${still.headers['retry-after']} s`);
        await pass(minute);
      }
      // One try, and the next wait is the longer one.
      await bert.call('POST', 'sign-in', { username: name, password });
      await bert.call('POST', 'sign-in/verify', { method: 'app', code: bert.code(500) });
      const longer = await bert.call('POST', 'sign-in/verify', { method: 'app', code: bert.code() });
      assert.equal(longer.status, 429);
      assert.ok(Number(longer.headers['retry-after']) > 60, hours(by));
      jump(-by);
      // A wait that began in the future begins now.
      const begun = await bert.call('POST', 'sign-in/verify', { method: 'app', code: bert.code() });
      if (begun.status === 429) assert.ok(Number(begun.headers['retry-after']) <= 120, hours(by));
      await pass(3 * minute);
      assert.equal((await type(name, bert, bert.code())).json.status, 'done', 'the right code ends it');
    }
  });

  it('forward in the middle of a sign-in: it is over, and a new one works', async () => {
    await site.addUser('anna');
    const anna = site.client();
    await anna.call('POST', 'sign-in', { username: 'anna', password });
    anna.secret = (await anna.call('POST', 'enrol/app', {})).json.secret;
    jump(hour);
    const late = await anna.call('POST', 'enrol/verify', { method: 'app', code: anna.code() });
    assert.equal(late.json.code, 'sign-in-expired');
    jump(-hour);
    const begun = await anna.call('POST', 'sign-in', { username: 'anna', password });
    assert.equal(begun.json.status, 'enrol', 'nothing was enrolled');
    assert.equal((await anna.enrol()).json.status, 'done');
  });

  it('back in the middle of a sign-in: it goes on, once', async () => {
    const anna = await site.signedIn('anna');
    await pass(minute);
    const again = elsewhere(anna);
    await again.call('POST', 'sign-in', { username: 'anna', password });
    const pending = again.cookie('sallyport-pending') ?? '';
    jump(-3 * hour);
    const proof = { method: 'app', code: again.code() };
    const first = await again.call('POST', 'sign-in/verify', proof);
    assert.equal(first.json.status, 'done', first.text);
    again.cookies.get(again.portalHost)?.set('sallyport-pending', pending);
    const twice = await again.call('POST', 'sign-in/verify', { method: 'app', code: again.code(1) });
    assert.equal(twice.json.code, 'sign-in-expired');
  });

  it('puts a phone that is right hours off, and two codes in a row still prove it, both ways', async () => {
    // The phone keeps the right time, whatever the server believes.
    const anna = await site.signedIn('anna');
    let off = 0;
    const shown = (): string => anna.code(-off / 30_000);
    for (const by of [2 * hour, -2 * hour]) {
      jump(by);
      off += by;
      await pass(minute);
      const first = shown();
      assert.equal((await type('anna', anna, first)).json.status, 'confirm-drift', hours(by));
      assert.equal(
        (await anna.call('POST', 'sign-in/verify', { method: 'app', code: first })).json.code,
        'code-already-used',
      );
      await pass(minute / 2);
      const second = await anna.call('POST', 'sign-in/verify', { method: 'app', code: shown() });
      assert.equal(second.json.status, 'done', second.text);
      assert.equal(second.json.clockOffset, 0 - off / 1000, 'they are told by how much');
      await pass(minute);
      assert.equal((await type('anna', anna, shown())).json.status, 'done', 'the next one alone is enough');
    }
  });

  const userKey = async (name: string): Promise<string> =>
    (await site.gateway.rooms.local.lookUp(name))?.key ?? '';
});
