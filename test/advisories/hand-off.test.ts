import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { password } from '../support/site.ts';
import type { Answer, SiteClient } from '../support/site-client.ts';
import { ask, message, startTarget, type Target } from './target.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

describe('the hand-off of one sign-in to several hosts', () => {
  let target: Target;
  let anna: SiteClient;
  let docs: string;
  const site = () => target.site;
  before(async () => {
    target = await startTarget();
    docs = target.otherHost;
    anna = await site().signedIn('anna');
  });
  after(() => target.stop());

  /** The step at the application's host: sent to the portal, with a nonce cookie. */
  async function asks(client: SiteClient, path = '/page'): Promise<URL> {
    const sent = await client.navigate(path, { host: docs });
    assert.equal(sent.status, 302);
    return new URL(String(sent.headers.location));
  }

  /** The step at the portal: a code for that host. */
  async function issued(client: SiteClient, request: URL): Promise<URL> {
    const sent = await client.navigate(`${request.pathname}${request.search}`);
    assert.equal(sent.status, 302, sent.text);
    return new URL(String(sent.headers.location));
  }

  const arrives = (client: SiteClient, url: URL, host = docs): Promise<Answer> =>
    client.navigate(`${url.pathname}${url.search}`, { host });

  const isIn = async (client: SiteClient): Promise<boolean> =>
    (await client.get('/page', { host: docs })).status === 200;

  /** A browser with the same session at the portal, and nothing at the other host. */
  function copyOf(client: SiteClient): SiteClient {
    const copy = site().client();
    copy.cookies.set(copy.portalHost, new Map(client.cookies.get(client.portalHost)));
    return copy;
  }

  it('leads one signed-in browser to the other host and back to the page it wanted, so that the refusals below mean something', async () => {
    const browser = copyOf(anna);
    const arrival = await arrives(browser, await issued(browser, await asks(browser, '/page?a=1')));
    assert.deepEqual([arrival.status, arrival.headers.location], [302, `/page?a=1`]);
    assert.equal(await isIn(browser), true);
    assert.equal(browser.cookie('sallyport-handoff', docs), undefined, 'the nonce is gone');
    assert.notEqual(browser.cookie('sallyport-session', docs), browser.cookie('sallyport-session'));
  });

  it('a code is worth nothing in a browser that did not ask for it, whoever brings it, and is spent by the try', async () => {
    const browser = copyOf(anna);
    const url = await issued(browser, await asks(browser));
    // A thief has seen the code, and has a nonce of their own or none.
    const thief = site().client();
    await asks(thief);
    assert.equal((await arrives(thief, url)).status, 400);
    assert.equal(await isIn(thief), false);
    assert.equal((await arrives(browser, url)).status, 400, 'spent');
    assert.equal(await isIn(browser), false);
  });

  it('a code that a thief had issued for their own nonce, through the click of a victim, dies when it arrives in the victim', async () => {
    // The thief knows a nonce and sends the victim to the portal with its challenge.
    const nonce = 'N'.repeat(43);
    const victim = copyOf(anna);
    const request = new URL(
      `http://x/.sallyport/hand-off?${new URLSearchParams({ host: docs, nonce: digest(nonce), returnTo: '/' })}`,
    );
    const url = await issued(victim, request);
    const arrival = await arrives(victim, url);
    assert.equal(arrival.status, 400, 'the victim has no such nonce');
    assert.equal(await isIn(victim), false);
    // Whoever reads the address afterwards, in a history or a log, comes too late.
    const thief = site().client();
    thief.cookies.set(docs, new Map([['sallyport-handoff', nonce]]));
    assert.equal((await arrives(thief, url)).status, 400);
    assert.equal(await isIn(thief), false);
  });

  it('a code is good once, also for two windows at the same moment, and for sixty seconds', async () => {
    const browser = copyOf(anna);
    const url = await issued(browser, await asks(browser));
    const nonce = browser.cookie('sallyport-handoff', docs) ?? '';
    const windows = Array.from({ length: 5 }, () => {
      const copy = site().client();
      copy.cookies.set(docs, new Map([['sallyport-handoff', nonce]]));
      return copy;
    });
    const arrivals = await Promise.all(windows.map((each) => arrives(each, url)));
    assert.equal(arrivals.filter(({ status }) => status === 302).length, 1);
    assert.equal(arrivals.filter(({ headers }) => headers['set-cookie'] !== undefined).length, 1);

    const late = copyOf(anna);
    const old = await issued(late, await asks(late));
    site().clock.advance(60_000);
    assert.equal((await arrives(late, old)).status, 400);
  });

  it('nobody is signed in as somebody else by a planted code (login CSRF)', async () => {
    const mallory = await site().signedIn('mallory');
    const url = await issued(mallory, await asks(mallory));
    const victim = copyOf(anna);
    await asks(victim);
    assert.equal((await arrives(victim, url)).status, 400);
    assert.equal(await isIn(victim), false);
    // Nor by a challenge that a browser without any nonce would meet.
    for (const nonce of ['', 'undefined', 'null']) {
      const query = new URLSearchParams({ host: docs, nonce: digest(nonce), returnTo: '/' });
      const planted = await issued(mallory, new URL(`http://x/.sallyport/hand-off?${query}`));
      const fresh = site().client();
      if (nonce !== '') fresh.cookies.set(docs, new Map([['sallyport-handoff', nonce]]));
      assert.equal((await arrives(fresh, planted)).status, 400, nonce);
      assert.equal(await isIn(fresh), false);
    }
    // Nor in place of the session that the victim has there already.
    const settled = copyOf(anna);
    await arrives(settled, await issued(settled, await asks(settled)));
    const before = settled.cookie('sallyport-session', docs);
    const other = await issued(mallory, await asks(mallory));
    await arrives(settled, other);
    assert.equal(settled.cookie('sallyport-session', docs), before);
  });

  it('a code of one host is worth nothing at another, and none is given to a host that nobody configured', async () => {
    const browser = copyOf(anna);
    const url = await issued(browser, await asks(browser));
    const nonce = browser.cookie('sallyport-handoff', docs) ?? '';
    for (const host of [`localhost:${site().port}`, `evil.example:${site().port}`]) {
      const thief = site().client();
      thief.cookies.set(host, new Map([['sallyport-handoff', nonce]]));
      const answer = await arrives(thief, url, host);
      assert.equal(answer.headers['set-cookie'], undefined, host);
    }
    const challenge = digest(nonce);
    const { port } = site();
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `docs.localhost.evil.example`,
      `docs.localhost@evil.example`,
      `evil.example#docs.localhost:${port}`,
      `docs.localhost:${port}/../evil`,
      `docs.localhost:${port}?x`,
      `docs.localhost:${port + 1}`,
      'docs.localhost',
      `docs.localhost.:${port}`,
      `//docs.localhost:${port}`,
      `http://docs.localhost:${port}`,
      `localhost:${port}`,
      ` docs.localhost:${port}`,
      `docs.localhost:${port}\u0000`,
      '',
    ]) {
      const query = new URLSearchParams({ host, nonce: challenge, returnTo: '/' });
      const answer = await anna.navigate(`/.sallyport/hand-off?${query}`);
      assert.equal(answer.status, 400, host);
      assert.doesNotMatch(String(answer.headers.location), /code=/);
    }
    for (const challenge of [
      '',
      'short',
      'A'.repeat(42),
      'A'.repeat(44),
      `${'A'.repeat(42)}%`,
      '../'.repeat(14),
    ]) {
      const query = new URLSearchParams({ host: docs, nonce: challenge, returnTo: '/' });
      assert.equal((await anna.navigate(`/.sallyport/hand-off?${query}`)).status, 400, challenge);
    }
  });

  it('threat 14: neither side of the hand-off leads away from the application host', async () => {
    for (const away of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      '/.//evil.example',
      'javascript:alert(1)',
      `http://localhost:${site().port}/`,
    ]) {
      const browser = copyOf(anna);
      const request = await asks(browser);
      request.searchParams.set('returnTo', away);
      const url = await issued(browser, request);
      assert.equal(url.host, docs);
      assert.equal(url.searchParams.get('returnTo'), '/');
      url.searchParams.set('returnTo', away);
      assert.equal((await arrives(browser, url)).headers.location, '/', away);
    }
  });

  it('who is not signed in is asked first, who is only half signed in too, and a code issued before a sign-out is void', async () => {
    const stranger = site().client();
    const sent = await stranger.navigate(`/.sallyport/hand-off?${(await asks(stranger)).searchParams}`);
    assert.match(String(sent.headers.location), /^\/\.sallyport\/sign-in\?returnTo=/);
    await site().addUser('half');
    await stranger.call('POST', 'sign-in', { username: 'half', password });
    const still = await stranger.navigate(`/.sallyport/hand-off?${(await asks(stranger)).searchParams}`);
    assert.match(String(still.headers.location), /^\/\.sallyport\/sign-in\?returnTo=/);

    const leaver = await site().signedIn('leaver');
    const url = await issued(leaver, await asks(leaver));
    await leaver.call('DELETE', 'session');
    assert.equal((await arrives(leaver, url)).status, 400);
    assert.equal(await isIn(leaver), false);
  });

  it('the session of the other host is no session at the portal, has no API there, and ends with the one sign-out', async () => {
    const browser = await site().signedIn('olaf');
    await arrives(browser, await issued(browser, await asks(browser)));
    assert.equal(await isIn(browser), true);
    const token = browser.cookie('sallyport-session', docs) ?? '';
    for (const line of [`Cookie: sallyport-session=${token}`, `Authorization: Bearer ${token}`]) {
      for (const path of ['/.sallyport/api/v1/session', '/.sallyport/api/v1/account', '/desk/page']) {
        assert.equal((await ask(site(), message(site(), `GET ${path}`, [line])))?.status, 401);
      }
      const there = await ask(
        site(),
        message(site(), 'GET /.sallyport/api/v1/account', [`Host: ${docs}`, line]),
      );
      assert.equal(there?.status, 404, 'the API is not where the scripts of applications run');
    }
    const tunnel = await browser.open('/ws', { host: docs });
    assert.equal((await browser.call('DELETE', 'session')).status, 204);
    await tunnel.closed;
    assert.equal(await isIn(browser), false);
  });

  it('what an application host is told of a cookie is never one of ours, and its session is not tossed over another', async () => {
    const browser = copyOf(anna);
    await arrives(browser, await issued(browser, await asks(browser)));
    target.reached();
    await browser.get('/page', { host: docs });
    const seen = target.server.requests.at(-1)?.headers.cookie ?? '';
    assert.doesNotMatch(seen, /sallyport/);
    // A page of an application sets a second cookie of the same name for all hosts: then there is no telling which.
    const tossed = await ask(
      site(),
      message(site(), 'GET /page', [
        `Host: ${docs}`,
        `Cookie: sallyport-session=tossed; ${browser.cookieHeader(docs)}`,
      ]),
    );
    assert.equal(tossed?.status, 400);
  });
});
