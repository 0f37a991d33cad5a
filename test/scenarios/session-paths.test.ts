import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { password, type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { answerInFlight } from './answer-in-flight.ts';
import { until } from './until.ts';

const minute = 60_000;

describe('an application without WebSockets', () => {
  let server: Server;
  let site: Site;
  /** Long polls that the server has not answered yet. */
  const held: ServerResponse[] = [];
  /** Its status for everything below `/poll/`, while it isn't 200. */
  let status = 200;

  before(async () => {
    server = createServer(serve).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    site = await startSite({
      config: {
        applications: [
          {
            name: 'old',
            path: '/old',
            servers: [url],
            sessionPaths: ['/old/poll/*', '/old/connect'],
            sessionSilence: 60,
            signOutPaths: ['/old/logout'],
          },
          { name: 'other', path: '/other', servers: [url], sessionPaths: ['/other/poll/*'] },
        ],
      },
    });
    await site.gateway.rooms.settings.update(
      'default',
      { validityBeforeFirstSession: 600, validityAfterFirstSession: 10 },
      'test',
    );
  });
  after(async () => {
    await site?.stop();
    server?.closeAllConnections();
    server?.close();
  });
  afterEach(async () => {
    status = 200;
    for (const response of held.splice(0)) response.end();
    await settled();
    // Whatever is still open falls silent.
    site.clock.advance(6 * minute);
    assert.deepEqual(site.gateway.proxy.tunnels(), []);
  });

  function serve(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    if (request.url === '/old/poll/long') {
      held.push(response);
      response.writeHead(200, { 'content-type': 'text/plain' }).write('nothing new');
      return;
    }
    const headers = request.url?.startsWith('/old/logout?') ? { 'set-cookie': 'app=; Max-Age=0' } : {};
    response.writeHead(request.url?.includes('/poll/') ? status : 200, headers);
    response.end(`answer to ${request.url}`);
  }

  let people = 0;
  function newcomer(): Promise<SiteClient> {
    people += 1;
    return site.signedIn(`person-${people}`);
  }
  const state = async (client: SiteClient): Promise<string | undefined> =>
    (await client.call('GET', 'session')).json.state;
  const sessions = (): string[] => site.gateway.proxy.tunnels().map(({ application }) => application);
  /** The gateway has seen the end of every answer, and not only its client. */
  const settled = (): Promise<void> =>
    until(() => site.gateway.proxy.servers().every(({ exchanges }) => exchanges === 0));
  async function lastEnding(): Promise<{ reason?: string; duration?: number; bytesOut?: number }> {
    const { audit, store } = site.gateway.rooms;
    await audit.flush();
    const { items } = await store.read('audit', { tags: ['type:remote-session.end'], limit: 1 });
    return (items[0]?.value ?? {}) as { reason?: string };
  }

  it('opens a remote session by a request to a session path, and by no other', async () => {
    const client = await newcomer();
    for (const path of ['/old/', '/old/pol', '/old/polls', '/old/x/old/poll/1', '/old?/old/poll/1']) {
      assert.equal((await client.get(path)).status, 200);
    }
    assert.deepEqual([await state(client), sessions()], ['granted', []]);
    assert.equal((await client.get('/old/poll/1?x=1')).text, 'answer to /old/poll/1?x=1');
    assert.deepEqual([await state(client), sessions()], ['active', ['old']]);
    await client.get('/old/poll/2');
    await client.get('/old/connect');
    assert.deepEqual(sessions(), ['old'], 'one remote session, however many requests');
    const [view] = site.gateway.proxy.tunnels();
    assert.equal(view?.name, `person-${people}`);
  });

  it('opens one when many requests come at once, and one for each application and person', async () => {
    const [one, two] = [await newcomer(), await newcomer()];
    await Promise.all([
      ...Array.from({ length: 8 }, (_, index) => one.get(`/old/poll/${index}`)),
      two.get('/old/poll/1'),
      one.get('/other/poll/1'),
    ]);
    assert.deepEqual(sessions().sort(), ['old', 'old', 'other']);
  });

  it('lives as long as requests come or one is being answered, and ends by silence', async () => {
    const client = await newcomer();
    for (let times = 0; times < 3; times += 1) {
      await client.get('/old/poll/1');
      await settled();
      site.clock.advance(55_000);
      assert.deepEqual(sessions(), ['old']);
    }
    const poll = await answerInFlight(site, client, '/old/poll/long');
    site.clock.advance(2 * minute);
    assert.deepEqual(sessions(), ['old'], 'a long poll is no silence');
    held.shift()?.end('news');
    assert.equal(await poll.over, true);
    await client.get('/old/page');
    await settled();
    site.clock.advance(62_000);
    assert.deepEqual(sessions(), [], 'pages are no sign of life');
    const { reason, duration, bytesOut = 0 } = await lastEnding();
    assert.deepEqual([reason, duration], ['silence', 3 * 55 + 2 * 60 + 60]);
    assert.ok(bytesOut > 0);
    assert.equal((await client.get('/old/poll/2')).status, 200, 'while the 2FA session lasts, another opens');
    assert.deepEqual(sessions(), ['old']);
  });

  it('goes on in an expired 2FA session until it falls silent; then nothing opens any more', async () => {
    const client = await newcomer();
    for (let minutes = 0; minutes < 12; minutes += 0.75) {
      assert.equal((await client.get('/old/poll/1')).status, 200, `after ${minutes} minutes`);
      await settled();
      site.clock.advance(0.75 * minute);
    }
    assert.equal((await client.get('/old/page')).status, 200);
    await settled();
    assert.equal((await client.get('/other/page')).status, 401);
    assert.equal((await client.get('/other/poll/1')).status, 401);
    await assert.rejects(client.open('/old/ws'), { message: '401' });
    site.clock.advance(62_000);
    for (const path of ['/old/poll/1', '/old/page']) assert.equal((await client.get(path)).status, 401);
  });

  it('starts no clock when the server fails or refuses', async () => {
    const client = await newcomer();
    for (status of [404, 500, 503]) {
      assert.equal((await client.get('/old/poll/1')).status, status);
    }
    assert.deepEqual([await state(client), sessions()], ['granted', []]);
  });

  it('opens nothing after the time before the first session', async () => {
    const client = await newcomer();
    site.clock.advance(10 * minute);
    assert.equal((await client.get('/old/poll/1')).status, 401);
    assert.deepEqual(sessions(), []);
  });

  it('ends with the 2FA session, with whatever is being answered', async () => {
    const client = await newcomer();
    const poll = await answerInFlight(site, client, '/old/poll/long');
    assert.deepEqual(sessions(), ['old']);
    await client.call('DELETE', 'session');
    assert.equal(await poll.over, false, 'the answer is cut off');
    assert.deepEqual(sessions(), []);
    assert.equal((await client.get('/old/poll/1')).status, 401);
  });

  it('ends the 2FA session with its own sign-out, which is answered like any request', async () => {
    const client = await newcomer();
    const elsewhere = site.client();
    elsewhere.secret = client.secret;
    site.clock.advance(30_000);
    await elsewhere.signIn(`person-${people}`, password);
    await client.get('/old/poll/1');
    await client.get('/other/poll/1');
    const answer = await client.get('/old/logout?from=menu');
    assert.deepEqual([answer.status, answer.text], [200, 'answer to /old/logout?from=menu']);
    assert.deepEqual(answer.headers['set-cookie'], ['app=; Max-Age=0']);
    await until(() => sessions().length === 0);
    assert.equal((await lastEnding()).reason, 'sign-out');
    for (const path of ['/old/poll/1', '/other/page']) assert.equal((await client.get(path)).status, 401);
    assert.equal((await client.call('GET', 'session')).status, 401);
    assert.equal((await elsewhere.get('/old/page')).status, 200, 'another browser keeps its own session');
    assert.equal((await site.client().get('/old/logout')).status, 401, 'for whoever is signed in');
  });

  it('signs out by no address that merely looks like it', async () => {
    const client = await newcomer();
    for (const path of ['/old/logout/x', '/old/logouts', '/other/logout', '/old/x?/old/logout']) {
      await client.get(path);
    }
    assert.equal(await state(client), 'granted');
  });
});
