import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { subscription } from '../../src/server/index.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { password, type Site, startSite } from '../support/site.ts';
import type { Answer, SiteClient, Tunnel } from '../support/site-client.ts';
import { Replicas, withinASecond } from './replicas.ts';
import { walk } from './walk.ts';

const minute = 60_000;
const hour = 60 * minute;

async function echoes(tunnel: Tunnel): Promise<void> {
  tunnel.send('still here');
  assert.equal(await tunnel.next(), 'still here');
}

const renew = (client: SiteClient, code = client.code()): Promise<Answer> =>
  client.call('POST', 'session/renew', { method: 'app', code });

describe('a session renewed in place', () => {
  let site: Site;
  let server: ApplicationServer;
  let desk: string;
  before(async () => {
    server = await startApplicationServer();
    site = await startSite({
      config: {
        applications: [
          { name: 'home', title: 'Home', path: '/home', servers: [server.url] },
          { name: 'desk', title: 'Desk', host: 'desk.localhost', servers: [server.url] },
        ],
      },
    });
    desk = `desk.localhost:${site.port}`;
    // Short ones: each tick of a manual clock is run.
    const patch = { closeAtExpiry: true, validityBeforeFirstSession: 600, validityAfterFirstSession: 60 };
    await site.gateway.rooms.settings.update(subscription, patch, 'test');
  });
  after(async () => {
    await site?.stop();
    await server?.close();
  });
  const told = (client: SiteClient, host = client.portalHost): Promise<Answer> =>
    client.get('/.sallyport/renewal.json', { host, headers: { 'accept-language': 'fr' } });

  it('keeps what is open beyond the old end, and closes it at the new one', async () => {
    const anna = await site.signedIn('anna');
    const tunnel = await anna.open('/home/ws');
    site.clock.advance(hour - 10 * minute);
    const own = (await anna.call('GET', 'session')).json;
    assert.deepEqual(
      [own.renewal.remaining, own.renewal.closesRemoteSessions, own.renewal.methods[0]],
      [600, true, { id: 'app', digits: 6 }],
    );
    assert.equal(Date.parse(own.renewal.from), site.clock.now() - 5 * minute);
    const answer = await renew(anna);
    assert.deepEqual([answer.status, answer.json.status], [200, 'renewed'], answer.text);
    assert.equal(answer.json.token, undefined);
    assert.equal(Date.parse(answer.json.session.expiresAt), site.clock.now() + hour);
    site.clock.advance(11 * minute);
    await echoes(tunnel);
    const another = await anna.open('/home/ws');
    assert.equal((await anna.get('/home/page')).status, 200);
    site.clock.advance(hour);
    await Promise.all([tunnel.closed, another.closed]);
    assert.equal((await anna.get('/home/page')).status, 401);
    assert.equal((await renew(anna)).status, 401, 'what has ended stays ended');
  });

  it('closes without a renewal, as before', async () => {
    const ben = await site.signedIn('ben');
    const tunnel = await ben.open('/home/ws');
    site.clock.advance(hour + 1000);
    await tunnel.closed;
  });

  it('goes on at hosts of applications too, whose cookies are as old as they were', async () => {
    const cleo = await site.signedIn('cleo');
    const { answer } = await walk(site, cleo, `http://${desk}/page`);
    assert.equal(answer.status, 200);
    const before = cleo.cookie('sallyport-session', desk);
    const tunnel = await cleo.open('/ws', { host: desk });
    site.clock.advance(50 * minute);
    assert.equal((await told(cleo, desk)).json.remaining, 600);
    assert.equal((await renew(cleo)).status, 200);
    // Past the `exp` of the cookie that this host has.
    site.clock.advance(30 * minute);
    await echoes(tunnel);
    assert.equal((await cleo.get('/page', { host: desk })).status, 200);
    (await cleo.open('/ws', { host: desk })).close();
    assert.equal(cleo.cookie('sallyport-session', desk), before);
    site.clock.advance(30 * minute);
    await tunnel.closed;
    assert.equal((await cleo.get('/page', { host: desk })).status, 401);
  });

  it('is told of on every host, in the language of the page, and to nobody else', async () => {
    const dora = await site.signedIn('dora');
    await walk(site, dora, `http://${desk}/page`);
    for (const host of [dora.portalHost, desk]) {
      const script = await site.client().get('/.sallyport/renewal.js', { host });
      assert.equal(script.status, 200);
      assert.match(String(script.headers['content-type']), /^text\/javascript/);
      assert.equal(script.headers['cross-origin-resource-policy'], 'same-origin');
      assert.ok(script.text.length <= 6144, `${script.text.length} bytes`);
      assert.equal((await told(site.client(), host)).status, 401);
      const { json, headers, text } = await told(dora, host);
      assert.equal(headers['cache-control'], 'no-store');
      assert.match(String(headers.vary), /Accept-Language/);
      assert.deepEqual([json.remaining, json.notice], [600, 150], 'of a short time the last quarter');
      assert.match(json.renew, new RegExp(`^${site.origin}/\\.sallyport/renew\\?session=[\\w-]{16}$`));
      assert.match(json.texts.ends, /^Vos sessions à distance se ferment à \{\{time\}\}/);
      assert.doesNotMatch(text, /dora/);
    }
    const elsewhere = await dora.get('/.sallyport/renewal.json', { host: 'elsewhere.example' });
    assert.notEqual(elsewhere.status, 200);
    const foreign = await dora.get('/.sallyport/renewal.js', { headers: { 'service-worker': 'script' } });
    assert.equal(foreign.status, 403);
  });

  it('leaves the code to a page of the portal: the host of an application has no such call and no such page', async () => {
    const emil = await site.signedIn('emil');
    await walk(site, emil, `http://${desk}/page`);
    const body = { method: 'app', code: emil.code(1) };
    for (const path of ['session/renew', 'session/code']) {
      const wish = { body, host: desk, headers: { origin: `http://${desk}` } };
      assert.equal((await emil.send('POST', `/.sallyport/api/v1/${path}`, wish)).status, 404);
    }
    const page = await emil.navigate('/.sallyport/renew', { host: desk });
    assert.deepEqual([page.status, page.headers.location], [302, `${site.origin}/.sallyport/renew`]);
    const cross = await emil.call('POST', 'session/renew', body, { origin: `http://${desk}` });
    assert.deepEqual([cross.status, cross.json.code], [403, 'cross-origin']);
    site.clock.advance(30_000);
    assert.equal((await emil.call('POST', 'session/renew', body)).json.status, 'renewed');
    const nobody = await site.client().navigate('/.sallyport/renew');
    assert.equal(nobody.headers.location, '/.sallyport/sign-in?reason=expired');
  });

  it('says so where the page belongs to an earlier sign-in: a code would renew the wrong one', async () => {
    const gina = await site.signedIn('gina');
    await walk(site, gina, `http://${desk}/page`);
    site.clock.advance(2 * minute);
    const opens = async (address: string): Promise<boolean | undefined> => {
      const { pathname, search } = new URL(address);
      const [, boot = '{}'] =
        /id="boot">(.*?)<\/script>/.exec((await gina.navigate(pathname + search)).text) ?? [];
      return JSON.parse(boot).state.other;
    };
    const before = (await told(gina, desk)).json.renew;
    assert.equal(await opens(before), undefined);
    assert.equal((await gina.signIn('gina', password)).json.status, 'done');
    assert.equal((await told(gina, desk)).json.renew, before);
    assert.equal(await opens(before), true);
    assert.equal(await opens((await told(gina)).json.renew), undefined);
  });

  it('goes by bearer token as well: with a new one, and the old one stays good', async () => {
    await site.addUser('fred');
    const fred = site.client();
    await fred.signIn('fred', password);
    fred.cookies.clear();
    site.clock.advance(2 * minute);
    const begun = await fred.call('POST', 'sign-in', {
      username: 'fred',
      password,
      deliver: 'bearer',
    });
    const by = (token: string) => ({ authorization: `Bearer ${token}`, origin: [] });
    const proof = (code: string) => ({ method: 'app', code });
    const done = await fred.call('POST', 'sign-in/verify', proof(fred.code()), by(begun.json.token));
    assert.equal(done.json.status, 'done', done.text);
    site.clock.advance(8 * minute);
    const answer = await fred.call('POST', 'session/renew', proof(fred.code()), by(done.json.token));
    assert.equal(answer.json.status, 'renewed', answer.text);
    assert.equal(answer.headers['set-cookie'], undefined);
    site.clock.advance(9 * minute);
    for (const token of [done.json.token, answer.json.token]) {
      assert.equal((await fred.call('GET', 'session', undefined, by(token))).status, 200);
    }
  });
});

describe('a session renewed on one of two gateways on the embedded store', () => onTwoGateways());
describe('a session renewed on one of two gateways on Redis', { skip: missing('redis-server') }, () => {
  let redis: RedisServer;
  onTwoGateways(async () => {
    redis = await RedisServer.start();
    return { redis: { url: redis.url } };
  });
  after(() => redis?.remove());
});

/** `store`: starts what is configured as the store; absent: the embedded one. */
function onTwoGateways(store?: () => Promise<Record<string, unknown>>): void {
  let site: Replicas;
  before(async () => {
    site = await Replicas.start(store === undefined ? {} : { store: await store() });
    await site.rooms.settings.update(subscription, { closeAtExpiry: true }, 'test');
  });
  after(() => site?.stop());

  it('stays open on the other, at once and beyond its old end', async () => {
    const [here, there] = await site.signedIn('anna');
    const tunnel = await there.open('/desk/ws');
    // Two seconds before the end, by the clocks of both.
    await site.pass(8 * hour - 2000);
    const answer = await renew(here);
    assert.equal(answer.json?.status, 'renewed', answer.text);
    await site.pass(10 * minute);
    await echoes(tunnel);
    assert.equal((await there.get('/desk/page')).status, 200);
    (await there.open('/desk/ws')).close();
    const seen = (await there.call('GET', 'session')).json;
    assert.equal(seen.expiresAt, answer.json.session.expiresAt);
    await site.pass(8 * hour);
    await withinASecond(tunnel.closed);
  });

  it('takes one code once, on whichever of them', async () => {
    const [here, there] = await site.signedIn('ben');
    await site.pass(2 * minute);
    const code = here.code();
    const answers = await Promise.all([here, there, here, there].map((each) => renew(each, code)));
    const outcomes = answers.map(({ json }) => json.status === 'renewed' || json.code);
    assert.equal(outcomes.filter((each) => each === true).length, 1, outcomes.join());
    assert.equal(outcomes.filter((each) => each === 'code-already-used').length, 3, outcomes.join());
  });
}
