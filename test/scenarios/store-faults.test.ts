import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createLog } from '../../src/audit/index.ts';
import { createCatalogue } from '../../src/catalogue/index.ts';
import { systemRandom } from '../../src/random.ts';
import { openRooms, subscription } from '../../src/server/index.ts';
import { password } from '../support/site.ts';
import type { Answer, SiteClient, Tunnel } from '../support/site-client.ts';
import { away, FaultySite, storeFaults } from './faulty-site.ts';
import { SteadfastCrowd } from './steadfast-crowd.ts';

const minute = 60_000;
const seed = Number(process.env.SEED ?? 2026);
const title = createCatalogue().text('en', 'pages.store-unavailable.title');

/** Not let in, and told to come back: a program by a problem, a person by a page. */
function isTurnedAway(answer: Answer, what: string): void {
  assert.equal(answer.status, 503, `${what}: ${answer.status} ${answer.text}`);
  assert.ok(Number(answer.headers['retry-after']) >= 1, `${what}: when to try again`);
  assert.equal(answer.headers['set-cookie'], undefined, what);
  if (answer.headers['content-type']?.includes('json'))
    assert.equal(answer.json.code, 'store-unavailable', what);
  else
    assert.ok(
      answer.text.includes(title.replaceAll("'", '&#39;')) || answer.text.includes(title),
      `${what}: ${answer.text}`,
    );
}

/** Resolves to the status with which an upgrade was refused, 101 when it wasn't. */
const opening = (client: SiteClient): Promise<number> =>
  client.open('/desk/ws').then(
    (tunnel) => {
      tunnel.close();
      return 101;
    },
    (error: Error) => Number(error.message),
  );

async function echoes(tunnel: Tunnel): Promise<void> {
  tunnel.send('still here');
  assert.equal(await tunnel.next(), 'still here');
}

const page = (client: SiteClient): Promise<Answer> => client.get('/desk/page');

describe('a gateway whose store file', () => {
  for (const fault of storeFaults) {
    it(`${fault.name}: lets nobody in, loses nothing, and recovers by itself`, async (t) => {
      const world = await FaultySite.open(t);
      const { site } = world;
      const worker = await site.signedIn('worker');
      const tunnel = await worker.open('/desk/ws');
      const fresh = await site.signedIn('fresh');
      const leaver = await site.signedIn('leaver');
      const revoked = await site.signedIn('revoked');
      const beforehand = await revoked.open('/desk/ws');
      await revoked.call('DELETE', 'session');
      await beforehand.closed;
      const knows = await site.signedIn('knows');
      await knows.call('DELETE', 'session');
      await site.addUser('enrols');
      site.clock.advance(minute);
      const enrols = site.client();
      await enrols.call('POST', 'sign-in', { username: 'enrols', password });
      enrols.secret = (await enrols.call('POST', 'enrol/app', {})).json.secret;
      await knows.call('POST', 'sign-in', { username: 'knows', password });

      await fault.begin(world);
      await world.pass(500);
      const [known, navigated, first, again, proof, confirmed, signIn, leaves, ended] = await Promise.all([
        page(worker),
        worker.navigate('/desk/page'),
        opening(fresh),
        opening(worker),
        knows.call('POST', 'sign-in/verify', { method: 'app', code: knows.code() }),
        enrols.call('POST', 'enrol/verify', { method: 'app', code: enrols.code() }),
        site.client().call('POST', 'sign-in', { username: 'fresh', password }),
        leaver.call('DELETE', 'session'),
        page(revoked),
      ]);
      const done = new Map<string, boolean>();
      for (const [what, answer] of Object.entries({ proof, confirmed, signIn, leaves })) {
        done.set(what, answer.status < 300);
        // What was done all the same holds, as will be seen.
        if (answer.status >= 300 || !fault.someWrites) isTurnedAway(answer, what);
      }
      // Nothing opens that can't be written down.
      if (!fault.someWrites) assert.deepEqual([first, again], [503, 503]);
      if (fault.readable)
        assert.deepEqual([known.status, navigated.status], [200, 200], 'the session is known');
      else {
        isTurnedAway(known, 'a request');
        isTurnedAway(navigated, 'a navigation');
      }
      assert.notEqual(ended.status, 200);
      assert.equal((await page(site.client())).status, 401, 'a stranger stays one');
      if (!fault.someWrites) assert.equal(await world.ready(), 503);
      await echoes(tunnel);

      fault.end(world);
      await world.pass(1000);
      assert.equal(await world.ready(), 200);
      await echoes(tunnel);
      assert.equal((await page(worker)).status, 200);
      assert.equal((await page(revoked)).status, 401, 'revoked before, revoked after');
      const state = first === 101 ? 'active' : 'granted';
      assert.equal(
        (await fresh.call('GET', 'session')).json.state,
        state,
        'a refused opening starts no clock',
      );
      assert.deepEqual([await opening(fresh), await opening(worker)], [101, 101]);

      // Whoever was told that they were signed out is, and whoever was not is not.
      assert.equal((await page(leaver)).status, done.get('leaves') ? 401 : 200);
      await leaver.call('DELETE', 'session');
      assert.equal((await page(leaver)).status, 401);
      // Whatever became of the codes, the next ones work, and what was acknowledged is there.
      if (done.get('proof')) assert.equal((await page(knows)).status, 200);
      site.clock.advance(minute);
      assert.equal((await knows.signIn('knows', password)).json.status, 'done');
      assert.equal((await page(knows)).status, 200);
      const begun = await enrols.call('POST', 'sign-in', { username: 'enrols', password });
      if (done.get('confirmed'))
        assert.equal(begun.json.status, 'verify', 'an acknowledged enrolment was lost');
      else if (!fault.someWrites) assert.equal(begun.json.status, 'enrol', 'neither acknowledged nor done');
      const code = { method: 'app', code: enrols.code() };
      const last =
        begun.json.status === 'enrol' ? enrols.enrol() : enrols.call('POST', 'sign-in/verify', code);
      assert.equal((await last).json.status, 'done', (await last).text);
    });
  }

  it('was removed: open tunnels live on for closeWhenStoreLostFor, and not longer', async (t) => {
    const world = await FaultySite.open(t, { closeWhenStoreLostFor: 900 });
    const anna = await world.site.signedIn('anna');
    const tunnel = await anna.open('/desk/ws');
    world.move(world.path, away(world));
    await world.pass(14 * minute);
    await echoes(tunnel);
    await world.pass(minute + 1000);
    await tunnel.closed;

    world.move(away(world), world.path);
    await world.pass(1000);
    assert.equal(await opening(anna), 101, 'the session itself goes on');
    // What happened meanwhile is written down when it can be.
    await world.pass(5000);
    await world.site.gateway.rooms.audit.flush();
    const query = { tags: ['type:remote-session.end'], limit: 10 };
    const { items } = await world.site.gateway.rooms.store.read<{ reason: string }>('audit', query);
    assert.ok(
      items.some(({ value }) => value.reason === 'store-lost'),
      JSON.stringify(items),
    );
  });

  it('was away while a session was revoked in it: its tunnel closes within a second of its return', async (t) => {
    const world = await FaultySite.open(t);
    const { site } = world;
    const [anna, bert] = [await site.signedIn('anna'), await site.signedIn('bert')];
    const [hers, his] = [await anna.open('/desk/ws'), await bert.open('/desk/ws')];
    const elsewhere = join(site.folder, 'elsewhere');
    mkdirSync(elsewhere);
    world.move(world.path, join(elsewhere, 'sallyport.db'));
    await world.pass(500);
    const config = site.config({ dataDir: elsewhere, masterKeyFile: join(site.folder, 'data/master.key') });
    const log = createLog({ level: 'silent' });
    const rooms = await openRooms({ config, clock: site.clock, random: systemRandom, log });
    const user = (await rooms.local.lookUp('anna'))?.key ?? '';
    await rooms.sessions.revokeAll({ subscription, user }, { reason: 'test', actor: 'test' });
    await rooms.close();
    await echoes(hers);

    world.move(join(elsewhere, 'sallyport.db'), world.path);
    await world.pass(1000);
    await hers.closed;
    assert.equal((await page(anna)).status, 401);
    await echoes(his);
    assert.equal((await page(bert)).status, 200);
  });

  it('was replaced by an older copy: what this gateway knows to be revoked stays revoked', async (t) => {
    const world = await FaultySite.open(t);
    const { site } = world;
    const anna = await site.signedIn('anna');
    const copy = join(site.folder, 'copy.db');
    await page(anna);
    await site.gateway.rooms.database.backup(copy);
    await anna.call('DELETE', 'session');
    // The cookie as a thief has kept it.
    world.move(copy, world.path);
    await world.pass(1000);
    assert.equal(await world.ready(), 200);
    assert.equal((await page(anna)).status, 401);
  });

  it(`fails at any moment, again and again: nothing acknowledged is lost (SEED=${seed})`, async (t) => {
    const world = await FaultySite.open(t);
    const { site } = world;
    const crowd = new SteadfastCrowd(seed);
    await crowd.settle(site.gateway.rooms, 12, site);
    const pass = async (milliseconds: number): Promise<void> => site.clock.advance(milliseconds);
    // Waiting for a lock takes real time.
    const quick = storeFaults.filter(({ name }) => !name.includes('locked'));
    for (let outage = 0; outage < 60; outage += 1) {
      const fault = crowd.random.pick(quick);
      await crowd.disturb(
        async () => fault.begin(world),
        // Every proof has a moment of its own.
        () => site.clock.advance(1),
      );
      await world.pass(500);
      fault.end(world);
      await world.pass(1000);
      assert.equal(await world.ready(), 200, `after it ${fault.name}`);
      await world.pass(31_000);
    }
    await crowd.comeBack(pass);
    await crowd.countSessions(site.gateway.rooms);
    t.diagnostic(`of the proofs without an answer ${JSON.stringify(crowd.lost)}`);
  });
});
