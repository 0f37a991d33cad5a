import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { enable, everyone, subjectOfUser, takeOffList } from '../../src/accounts/index.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { makeCertificate } from '../support/certificate.ts';
import { collectFaults, desktopScreen, launchChromium } from '../support/chromium.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { password, type Site, startSite } from '../support/site.ts';
import type { Answer, SiteClient } from '../support/site-client.ts';
import { settings, type Walk, walk } from './walk.ts';

for (const scheme of ['http', 'https'] as const) {
  const skip = scheme === 'https' ? missing('openssl', 'chromium') : missing('chromium');
  describe(`applications on hosts of their own, over ${scheme}`, { skip }, () => {
    const session = scheme === 'https' ? '__Host-sallyport-session' : 'sallyport-session';
    const nonce = scheme === 'https' ? '__Host-sallyport-handoff' : 'sallyport-handoff';
    const scratch = scratchFolder();
    let servers: Record<'desk' | 'books' | 'home', ApplicationServer>;
    let site: Site;
    let browser: Browser;
    let desk: string;
    let books: string;
    /** Signed in at the portal, and nowhere else for longer than one test. */
    let anna: SiteClient;

    before(async () => {
      const [one, two, three] = [
        await startApplicationServer(),
        await startApplicationServer(),
        await startApplicationServer(),
      ];
      servers = { desk: one, books: two, home: three };
      site = await startSite({
        ...(scheme === 'https' ? { tls: makeCertificate(scratch.path) } : {}),
        config: {
          applications: [
            { name: 'desk', title: 'Desk', host: 'desk.localhost', servers: [one.url] },
            { name: 'books', title: 'Books', host: 'books.localhost', servers: [two.url] },
            { name: 'home', title: 'Home', path: '/home', servers: [three.url] },
          ],
        },
      });
      desk = `${scheme}://desk.localhost:${site.port}`;
      books = `${scheme}://books.localhost:${site.port}`;
      anna = await site.signedIn('anna');
      const user = await site.gateway.rooms.local.lookUp('anna');
      // By name, so that she keeps what she enrolled when *Everyone* leaves the list.
      await enable(site.gateway.rooms.administration, subjectOfUser(user?.key ?? ''), 'test');
      browser = await launchChromium();
    });
    after(async () => {
      await browser?.close();
      await site?.stop();
      for (const server of Object.values(servers ?? {})) await server.close();
      scratch.remove();
    });

    const hostOf = (origin: string): string => new URL(origin).host;

    /** Goes to an address without a session, signs in or enrols as the pages do, and on to wherever that leads. */
    async function signInOnTheWay(
      client: SiteClient,
      name: string,
      address: string,
      more = {},
    ): Promise<Walk> {
      const { at, answer } = await walk(site, client, address);
      assert.deepEqual([at.pathname, answer.status], ['/.sallyport/sign-in', 200]);
      const returnTo = at.searchParams.get('returnTo');
      const begun = await client.call('POST', 'sign-in', { username: name, password, returnTo, ...more });
      const done = begun.json.status === 'enrol' ? await client.enrol() : begun;
      assert.equal(done.json.status, 'done', done.text);
      assert.deepEqual(settings(done, session).length, 1);
      return walk(site, client, done.json.returnTo);
    }

    /** A client in which `anna` is signed in at the portal alone. */
    function atPortal(): SiteClient {
      const client = site.client();
      client.cookies.set(client.portalHost, new Map(anna.cookies.get(anna.portalHost)));
      return client;
    }

    /** The address that a hand-off arrives at, one step before it is used. */
    async function arrivalOf(client: SiteClient, origin = desk): Promise<URL> {
      const begun = await client.navigate('/work', { host: hostOf(origin) });
      const toPortal = new URL(begun.headers.location ?? '');
      assert.equal(toPortal.host, client.portalHost);
      const handed = await client.navigate(`${toPortal.pathname}${toPortal.search}`);
      const arrival = new URL(handed.headers.location ?? '');
      assert.deepEqual([arrival.origin, arrival.pathname], [origin, '/.sallyport/hand-off']);
      return arrival;
    }
    const arrive = (client: SiteClient, arrival: URL, origin = arrival.origin): Promise<Answer> =>
      client.navigate(`${arrival.pathname}${arrival.search}`, { host: hostOf(origin) });

    function assertRefused(answer: Answer): void {
      assert.equal(answer.status, 400);
      assert.match(answer.text, /already used or is too old/);
      assert.deepEqual(settings(answer, session), []);
    }

    it('one sign-in serves all hosts, and leads to the very page that was wanted', async () => {
      await site.addUser('bert');
      const bert = site.client();
      const wanted = `${desk}/deep%20er/page?x=1&y=%C3%A9#`;
      const arrived = await signInOnTheWay(bert, 'bert', wanted);
      assert.equal(arrived.at.href, new URL(wanted.replace('#', '')).href);
      assert.equal(arrived.answer.json.target, '/deep%20er/page?x=1&y=%C3%A9');
      assert.equal(arrived.answer.json.headers['x-sallyport-user'], 'bert');

      const next = await walk(site, bert, `${books}/ledger`);
      assert.equal(next.answer.json.target, '/ledger');
      assert.ok(next.addresses.every(({ pathname }) => pathname !== '/.sallyport/sign-in'));
      assert.equal((await walk(site, bert, '/home/x')).answer.json.target, '/home/x');

      assert.deepEqual(
        (await bert.call('GET', 'session')).json.applications,
        [`${desk}/`, `${books}/`, `${site.origin}/home`].map((url, index) => ({
          name: ['Desk', 'Books', 'Home'][index],
          url,
        })),
      );
    });

    it('gives each host a cookie of its own, which no other host and no application ever gets', async () => {
      const client = atPortal();
      await walk(site, client, `${desk}/`);
      await walk(site, client, `${books}/`);
      const tokens = [client.portalHost, hostOf(desk), hostOf(books)].map((host) =>
        client.cookie(session, host),
      );
      assert.equal(new Set(tokens).size, 3);
      assert.equal(client.cookie(nonce, hostOf(desk)), undefined, 'the nonce is gone after its use');

      for (const [from, to] of [
        [hostOf(desk), hostOf(books)],
        [client.portalHost, hostOf(desk)],
        [hostOf(desk), client.portalHost],
      ] as const) {
        const thief = site.client();
        thief.cookies.set(to, new Map([[session, client.cookie(session, from) ?? '']]));
        assert.equal((await thief.get('/home/x', { host: to })).status, 401, `${from} at ${to}`);
        await assert.rejects(thief.open('/home/ws', { host: to }), { message: '401' });
      }
      for (const server of Object.values(servers)) {
        assert.ok(server.requests.every(({ headers }) => !/sallyport/.test(headers.cookie ?? '')));
      }
    });

    it('sets cookies that scripts and other hosts cannot touch', async () => {
      const client = atPortal();
      const begun = await client.navigate('/work', { host: hostOf(desk) });
      const arrival = await arrivalOf(client);
      const arrived = await arrive(client, arrival);
      const lines = [...settings(begun, nonce), ...settings(arrived, session)];
      assert.equal(lines.length, 2);
      for (const line of lines) {
        assert.match(line, /; Path=\/; HttpOnly; SameSite=Lax/);
        assert.equal(/; Secure/.test(line), scheme === 'https');
        assert.doesNotMatch(line, /Domain/i);
        assert.match(line, /; Max-Age=[1-9]\d+$/);
      }
    });

    it('one sign-out ends all hosts and every tunnel, wherever it is asked for', async () => {
      for (const leave of [
        async (client: SiteClient) => {
          assert.equal((await client.call('DELETE', 'session')).status, 204);
        },
        async (client: SiteClient) => {
          const click = { 'sec-fetch-site': 'same-origin' };
          const left = await walk(site, client, `${desk}/.sallyport/sign-out`, { headers: click });
          assert.equal(left.at.href, `${site.origin}/.sallyport/signed-out`);
        },
      ]) {
        site.clock.advance(30_000);
        const client = site.client();
        client.secret = anna.secret;
        const done = await client.signIn('anna', password);
        assert.equal(done.json.status, 'done', done.text);
        await walk(site, client, `${desk}/`);
        await walk(site, client, `${books}/`);
        const tunnels = [
          await client.open('/ws', { host: hostOf(desk) }),
          await client.open('/ws', { host: hostOf(books) }),
          await client.open('/home/ws'),
        ];
        await leave(client);
        await Promise.all(tunnels.map((tunnel) => tunnel.closed));
        for (const host of [hostOf(desk), hostOf(books), client.portalHost]) {
          assert.equal((await client.get('/home/x', { host })).status, 401);
          await assert.rejects(client.open('/home/ws', { host }), { message: '401' });
        }
        assert.equal((await walk(site, client, `${books}/`)).at.pathname, '/.sallyport/sign-in');
      }
    });

    it('takes a code once, of two who come together one, and never late', async () => {
      const client = atPortal();
      const arrival = await arrivalOf(client);
      const kept = client.cookie(nonce, hostOf(desk)) ?? '';
      assert.equal((await arrive(client, arrival)).status, 302);
      const twin = site.client();
      twin.cookies.set(hostOf(desk), new Map([[nonce, kept]]));
      assertRefused(await arrive(twin, arrival));

      const racing = atPortal();
      const once = await arrivalOf(racing);
      const race = await Promise.all([arrive(racing, once), arrive(racing, once)]);
      assert.equal(race.filter((answer) => settings(answer, session).length > 0).length, 1);

      const last = atPortal();
      const inTime = await arrivalOf(last);
      site.clock.advance(59_000);
      assert.equal((await arrive(last, inTime)).status, 302);
      const late = atPortal();
      const tooLate = await arrivalOf(late);
      site.clock.advance(60_000);
      assertRefused(await arrive(late, tooLate));
    });

    it('takes a code on its own host and in its own browser alone, and a wrong try consumes it', async () => {
      const client = atPortal();
      const arrival = await arrivalOf(client);
      const value = client.cookie(nonce, hostOf(desk)) ?? '';
      client.cookies.set(hostOf(books), new Map([[nonce, value]]));
      assertRefused(await arrive(client, arrival, books));
      assertRefused(await arrive(client, arrival, desk));

      const victim = site.client();
      assertRefused(await arrive(victim, await arrivalOf(atPortal())));
      await victim.navigate('/', { host: hostOf(desk) });
      assert.notEqual(victim.cookie(nonce, hostOf(desk)), undefined);
      assertRefused(await arrive(victim, await arrivalOf(atPortal())));
    });

    it('takes no code of a session that has ended meanwhile', async () => {
      site.clock.advance(30_000);
      const client = site.client();
      client.secret = anna.secret;
      await client.signIn('anna', password);
      const arrival = await arrivalOf(client);
      await client.call('DELETE', 'session');
      assertRefused(await arrive(client, arrival));
    });

    it('hands nothing to hosts that nobody configured, and leads from no host to another', async () => {
      const client = atPortal();
      const challenge = 'a'.repeat(43);
      for (const host of [
        'evil.example',
        'localhost',
        client.portalHost,
        'desk.localhost.evil.example',
        '',
      ]) {
        const answer = await client.navigate(
          `/.sallyport/hand-off?host=${host}&nonce=${challenge}&returnTo=/`,
        );
        assert.equal(answer.status, 400, host);
      }
      const arrival = await arrivalOf(client);
      arrival.searchParams.set('returnTo', '//evil.example/');
      const arrived = await arrive(client, arrival);
      assert.deepEqual([arrived.status, arrived.headers.location], [302, '/']);
      const unknown = await client.navigate('/', { host: 'other.localhost' });
      assert.equal(new URL(unknown.headers.location ?? '', site.origin).pathname, '/.sallyport/sign-in');
      assert.equal(
        (await client.get('/', { host: `desk.localhost.:${site.port}` })).status,
        401,
        'another spelling is another host',
      );
    });

    it('keeps the API, and pages other than sign-out, away from the hosts of applications', async () => {
      const client = atPortal();
      await walk(site, client, `${desk}/`);
      const host = hostOf(desk);
      assert.equal((await client.get('/.sallyport/api/v1/session', { host })).status, 404);
      const account = await client.navigate('/.sallyport/account', { host });
      assert.equal(account.headers.location, `${site.origin}/.sallyport/account`);
    });

    it('carries "This is a shared computer" over: no cookie of any host outlives the browser', async () => {
      await site.addUser('cora');
      const cora = site.client();
      const { addresses, answer } = await signInOnTheWay(cora, 'cora', `${desk}/x`, { shared: true });
      assert.equal(answer.json.target, '/x');
      assert.ok(addresses.length > 1);
      const arrived = await arrive(cora, await arrivalOf(cora, books));
      const [line = ''] = settings(arrived, session);
      assert.match(line, /SameSite=Lax/);
      assert.doesNotMatch(line, /Max-Age|Expires/i);
    });

    it('still leads to the wanted page when signing in took longer than the nonce lives', async () => {
      await site.addUser('dora');
      const dora = site.client();
      const { at } = await walk(site, dora, `${desk}/slow?a=b`);
      site.clock.advance(11 * 60_000);
      // A browser drops the cookie when its time is over.
      dora.cookies.get(hostOf(desk))?.delete(nonce);
      const returnTo = at.searchParams.get('returnTo');
      await dora.call('POST', 'sign-in', { username: 'dora', password, returnTo });
      const done = await dora.enrol();
      const arrived = await walk(site, dora, done.json.returnTo);
      assert.deepEqual([arrived.at.href, arrived.answer.status], [`${desk}/slow?a=b`, 200]);
    });

    it('lets several windows arrive at once, in whatever order', async () => {
      const client = atPortal();
      const begun = [
        await client.navigate('/one', { host: hostOf(desk) }),
        await client.navigate('/two', { host: hostOf(desk) }),
      ];
      for (const [index, path] of ['/one', '/two'].entries()) {
        const arrived = await walk(site, client, begun[index]?.headers.location ?? '');
        assert.deepEqual([arrived.answer.status, arrived.answer.json?.target], [200, path]);
      }
      const arrival = await arrivalOf(atPortal());
      const back = await arrive(client, arrival);
      assert.deepEqual(
        [back.status, back.headers.location],
        [302, '/work'],
        'the way back leads on, not to an error',
      );
      assert.deepEqual(settings(back, session), []);
    });

    it('serves sessions of a password alone, and ends them on every host when a second factor is asked for', async () => {
      const { administration } = site.gateway.rooms;
      await takeOffList(administration, everyone, 'test');
      await site.addUser('emil');
      const emil = site.client();
      const arrived = await signInOnTheWay(emil, 'emil', `${desk}/x`);
      assert.equal(arrived.answer.json.target, '/x');
      assert.deepEqual((await emil.call('GET', 'session')).json.amr, ['pwd']);
      await walk(site, emil, `${books}/`);
      const tunnels = [
        await emil.open('/ws', { host: hostOf(desk) }),
        await emil.open('/ws', { host: hostOf(books) }),
      ];
      await enable(administration, everyone, 'test');
      await Promise.all(tunnels.map((tunnel) => tunnel.closed));
      for (const origin of [desk, books]) {
        assert.equal((await walk(site, emil, `${origin}/`)).at.pathname, '/.sallyport/sign-in');
      }
    });

    /** Signs in on the page that is shown, as a person does. */
    async function signInByHand(page: Page, client: SiteClient, name: string, shared = false): Promise<void> {
      await page.getByLabel('User name').fill(name);
      await page.getByLabel('Password', { exact: true }).fill(password);
      if (shared) await page.getByLabel('This is a shared computer').check();
      await page.getByRole('button', { name: 'Sign in' }).click();
      site.clock.advance(30_000);
      await page.locator('input[name=code]').pressSequentially(client.code());
    }

    const openTunnel = (page: Page, origin: string): Promise<unknown> =>
      page.evaluate(`new Promise((resolve, reject) => {
        const socket = new WebSocket('${origin.replace('http', 'ws')}/ws');
        globalThis.ended = new Promise((ended) => socket.addEventListener('close', () => ended(true)));
        socket.addEventListener('open', () => socket.send('hello'));
        socket.addEventListener('message', (message) => resolve(message.data));
        socket.addEventListener('error', () => reject(new Error('refused')));
      })`);

    const sessionCookies = async (context: BrowserContext) =>
      (await context.cookies())
        .filter(({ name }) => name === session)
        .sort((one, other) => (one.domain < other.domain ? -1 : 1));

    it('works in Chromium: one sign-in, two hosts, tunnels on both, one sign-out', async () => {
      const context = await browser.newContext({ ...desktopScreen, ignoreHTTPSErrors: true });
      try {
        const first = await context.newPage();
        const faults = collectFaults(first);
        await first.goto(`${desk}/deep/page?x=1`);
        await first.getByText('Please sign in to continue to Desk.').waitFor();
        await signInByHand(first, anna, 'anna');
        await first.waitForURL(`${desk}/deep/page?x=1`);
        assert.equal(await openTunnel(first, desk), 'hello');

        const second = await context.newPage();
        const visited: string[] = [];
        second.on('framenavigated', (frame) => visited.push(frame.url()));
        const answer = await second.goto(`${books}/ledger`);
        assert.deepEqual([second.url(), answer?.status()], [`${books}/ledger`, 200]);
        assert.ok(visited.every((url) => !url.includes('sign-in')));
        assert.equal(await openTunnel(second, books), 'hello');

        const cookies = await sessionCookies(context);
        assert.deepEqual(
          cookies.map(({ domain, httpOnly, secure, sameSite }) => [domain, httpOnly, secure, sameSite]),
          ['books.localhost', 'desk.localhost', 'localhost'].map((domain) => [
            domain,
            true,
            scheme === 'https',
            'Lax',
          ]),
        );
        assert.ok(cookies.every(({ expires }) => expires > 0));

        const third = await context.newPage();
        await third.goto(`${site.origin}/.sallyport/sign-out`);
        await third.getByText("You're signed out").first().waitFor();
        assert.equal(await first.evaluate('ended'), true);
        assert.equal(await second.evaluate('ended'), true);
        await second.goto(`${books}/ledger`);
        await second.getByText('Please sign in to continue to Books.').waitFor();
        assert.deepEqual(faults, []);
      } finally {
        await context.close();
      }
    });

    it('works in Chromium on a shared computer: every cookie dies with the browser', async () => {
      const context = await browser.newContext({ ...desktopScreen, ignoreHTTPSErrors: true });
      try {
        const page = await context.newPage();
        await page.goto(`${books}/`);
        await signInByHand(page, anna, 'anna', true);
        await page.waitForURL(`${books}/`);
        await page.goto(`${desk}/`);
        const cookies = await sessionCookies(context);
        assert.deepEqual(
          cookies.map(({ domain, expires }) => [domain, expires]),
          ['books.localhost', 'desk.localhost', 'localhost'].map((domain) => [domain, -1]),
        );
        await page.goto(`${desk}/.sallyport/sign-out`);
        await page.getByText("You're signed out").first().waitFor();
      } finally {
        await context.close();
      }
    });
  });
}
