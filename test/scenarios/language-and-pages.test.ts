import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type CatalogueKey, createCatalogue, type Language } from '../../src/catalogue/index.ts';
import { type RawServer, startRawServer } from '../proxy/wire.ts';
import { freePort } from '../support/free-port.ts';
import { password, type Site, startSite } from '../support/site.ts';
import type { Answer, SiteClient } from '../support/site-client.ts';
import { until } from './until.ts';

const catalogue = createCatalogue();
const languages = ['en', 'fr'] as const;
const accepting = (language: Language) => ({
  'accept-language': language === 'fr' ? 'fr-CA,fr;q=0.9' : 'en',
});
/** An application's name may be anything; on a page it is only text. */
const title = 'Plans & <b>Drafts</b>';

/** What a page says, as a reader sees it. */
function wordsOf(html: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(#?\w+);/g, (entity, name: string) => entities[name] ?? entity);
}

describe('pages and languages of the whole gateway', () => {
  let server: Server;
  let raw: RawServer;
  let site: Site;
  let anna: SiteClient;
  /** What the application says of itself, names and values in turn. */
  const ownHeaders = [
    ['content-type', 'text/html; charset=utf-8'],
    ['content-security-policy', "default-src 'self' 'unsafe-inline'"],
    ['x-powered-by', 'Plans 3'],
    ['cache-control', 'public, max-age=60'],
    ['set-cookie', 'theme=dark; Path=/'],
    ['set-cookie', 'size=2'],
    ['content-length', '5'],
  ] as const;

  before(async () => {
    server = createServer((request, response) => {
      request.resume();
      if (request.url === '/plans/bare') response.writeHead(200).end('plain');
      else response.writeHead(200, ownHeaders.flat()).end('plans');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    raw = await startRawServer();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const nobody = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;
    site = await startSite({
      config: {
        serverName: 'Northwind',
        applications: [
          { name: 'plans', path: '/plans', servers: [url] },
          { name: 'secret', title, path: '/secret', servers: [url], allow: { users: [] } },
          { name: 'down', title, path: '/down', servers: [await nobody()] },
          { name: 'half', title, path: '/half', servers: [await nobody(), url] },
          { name: 'mute', title, path: '/mute', servers: [raw.url] },
        ],
      },
    });
    anna = await site.signedIn('anna');
  });
  after(async () => {
    await site?.stop();
    server?.closeAllConnections();
    server?.close();
    await raw?.stop();
  });

  type Expected = {
    readonly status: number;
    readonly title: CatalogueKey;
    readonly texts?: readonly CatalogueKey[];
    readonly params?: Record<string, string | number>;
  };

  /** A whole page in this language, closed to everything that a page can be abused for. */
  function assertPage(page: Answer, language: Language, expected: Expected): void {
    assert.equal(page.status, expected.status, page.text.slice(0, 300));
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(page.headers['content-language'], language);
    assert.match(page.text, new RegExp(`^<!doctype html><html lang="${language}"`, 'i'));
    const words = wordsOf(page.text);
    for (const key of [expected.title, ...(expected.texts ?? [])]) {
      const text = catalogue.text(language, key, expected.params ?? {});
      assert.ok(words.includes(text), `"${text}" in ${words}`);
    }
    assert.ok(words.includes('Northwind'));
    assert.doesNotMatch(page.text, /<b>Drafts/, 'a name is text, not markup');
    assert.doesNotMatch(page.text, /<script(?![^>]*type="application\/json")[^>]*>[^<]/, 'no inline script');
    assertClosed(page);
  }

  function assertClosed({ headers }: Answer): void {
    const policy = String(headers['content-security-policy']);
    for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      assert.ok(policy.includes(part), policy);
    }
    assert.doesNotMatch(policy, /unsafe|\*|http/);
    assert.deepEqual(
      [
        headers['x-frame-options'],
        headers['x-content-type-options'],
        headers['cache-control'],
        headers['referrer-policy'],
        headers['cross-origin-opener-policy'],
        headers['cross-origin-resource-policy'],
      ],
      ['DENY', 'nosniff', 'no-store', 'same-origin', 'same-origin', 'same-origin'],
    );
    assert.equal(headers['x-powered-by'], undefined);
    assert.equal(headers.server, undefined);
  }

  for (const language of languages) {
    const headers = accepting(language);

    it(`says in ${language} what is not assigned, and to whom`, async () => {
      assertPage(await anna.navigate('/secret/x', { headers }), language, {
        status: 403,
        title: 'pages.not-assigned.title',
        texts: ['pages.not-assigned.text-named', 'pages.not-assigned.ask', 'pages.sign-in-other'],
        params: { user: 'anna', application: title },
      });
    });

    it(`says in ${language} that an application is not reached, or answers too late, and tries again`, async () => {
      site.clock.advance(120_000);
      const named = { title: 'pages.unreachable.title-named', params: { application: title } } as const;
      const first = await anna.navigate('/down/x', { headers });
      assertPage(first, language, { ...named, status: 502, texts: ['pages.unreachable.text'] });
      assert.equal(first.headers.refresh, '5');
      const second = await anna.navigate('/down/x', { headers });
      assertPage(second, language, { ...named, status: 503 });
      assert.ok(Number(second.headers['retry-after']) >= 1);
      const call = await anna.get('/down/x', { headers });
      assert.deepEqual([call.status, call.json.code], [503, 'no-healthy-server']);
      await assert.rejects(anna.open('/down/ws'), { message: '503' });

      assert.equal((await anna.get('/half/x')).status, 200, 'while one server is up, nobody notices');

      const late = anna.navigate('/mute/x', { headers });
      const wire = await raw.wire(0);
      await wire.until('\r\n\r\n');
      site.clock.advance(62_000);
      assertPage(await late, language, { ...named, status: 504 });
      await until(() => wire.ended);
      raw.wires.length = 0;
    });

    it(`says in ${language} what is refused, what is nowhere, and what no address can be`, async () => {
      const worker = { ...headers, 'service-worker': 'script', 'sec-fetch-mode': 'navigate' };
      await site.gateway.reload(
        site.config({
          applications: [{ name: 'root', path: '/', servers: [`http://127.0.0.1:${await freePort()}`] }],
        }),
      );
      const refused = await anna.navigate('/worker.js', { headers: worker });
      site.gateway.reload(site.config());
      assertPage(refused, language, {
        status: 403,
        title: 'pages.refused.title',
        texts: ['problem.service-worker-refused'],
      });
      assertPage(await anna.navigate('/nowhere', { headers }), language, {
        status: 404,
        title: 'pages.not-found.title',
        texts: ['pages.not-found.text', 'pages.applications'],
      });
      assertPage(await anna.navigate('/plans/..%2fsecret/', { headers }), language, {
        status: 400,
        title: 'pages.bad-request.title',
      });
    });

    it(`leads in ${language} to sign-in when a session has expired, and says so where nothing can lead`, async () => {
      const bert = await site.signedIn(`bert-${language}`);
      site.clock.advance(3_600_000);
      const led = await bert.navigate('/plans/x', { headers });
      const to = new URL(led.headers.location ?? '', site.origin);
      assert.deepEqual(
        [led.status, to.pathname, to.searchParams.get('reason'), to.searchParams.get('returnTo')],
        [302, '/.sallyport/sign-in', 'expired', '/plans/x'],
      );
      const page = await bert.navigate(`${to.pathname}${to.search}`, { headers });
      assertPage(page, language, { status: 200, title: 'portal.sign-in.title' });
      const boot = /<script type="application\/json" id="boot">(.*?)<\/script>/s.exec(page.text)?.[1];
      assert.equal(JSON.parse(boot ?? '').state.reason, 'expired');

      const form = { accept: 'text/html', 'sec-fetch-mode': 'navigate', ...headers };
      const posted = await bert.send('POST', '/plans/x', { headers: form, body: { large: 'form' } });
      assertPage(posted, language, {
        status: 401,
        title: 'pages.expired.title',
        texts: ['pages.expired.text-named', 'pages.sign-in'],
        params: { application: 'plans' },
      });
      const again = await anna.signIn('anna', password);
      assert.equal(again.json.status, 'done', again.text);
    });

    it(`says in ${language} that somebody is signed out, or has tried too often`, async () => {
      const gone = await site.client().navigate('/.sallyport/signed-out', { headers });
      assertPage(gone, language, {
        status: 200,
        title: 'pages.signed-out.title',
        texts: ['pages.signed-out.text', 'pages.sign-in-again'],
      });
      const name = `carl-${language}`;
      await site.addUser(name);
      const carl = site.client();
      const attempt = (password: string) =>
        carl.call('POST', 'sign-in', { username: name, password }, headers);
      let answer = await attempt('wrong');
      for (let tries = 1; answer.json.code === 'invalid-credentials' && tries < 30; tries += 1) {
        answer = await attempt('wrong');
      }
      assert.deepEqual([answer.status, answer.json.code], [429, 'locked']);
      assert.equal(answer.headers['content-language'], language);
      const minutes = Math.ceil(Number(answer.headers['retry-after']) / 60);
      assert.ok(answer.json.detail.includes(String(minutes)), answer.json.detail);
      assert.equal((await attempt(password)).json.code, 'locked', 'the right password is no way around');
    });
  }

  it('speaks the language that the reader has chosen, whatever the browser prefers, and knows no other', async () => {
    const chosen = site.client();
    chosen.cookies.set(chosen.portalHost, new Map([['sallyport-language', 'fr']]));
    const french = await chosen.navigate('/.sallyport/signed-out', { headers: accepting('en') });
    assert.equal(french.headers['content-language'], 'fr');
    for (const [accepted, language] of [
      ['de, fr;q=0.5, en;q=0.3', 'fr'],
      ['de, it', 'en'],
      ['fr;q=0, en;q=0.1', 'en'],
      [';;q=,=', 'en'],
      ['x'.repeat(4000), 'en'],
    ] as const) {
      const page = await site.client().navigate('/.sallyport/signed-out', {
        headers: { 'accept-language': accepted },
      });
      assert.equal(page.headers['content-language'], language, accepted.slice(0, 40));
    }
  });

  it('names the helpdesk on its pages, in the words of whoever runs the site', async () => {
    const contact = 'Dial 17 <or> helpdesk@example.com';
    await site.gateway.rooms.settings.update('default', { helpdesk: contact }, 'test');
    try {
      const page = await anna.navigate('/secret/x', { headers: accepting('fr') });
      assertPage(page, 'fr', {
        status: 403,
        title: 'pages.not-assigned.title',
        texts: ['pages.not-assigned.ask-contact'],
        params: { contact },
      });
    } finally {
      await site.gateway.rooms.settings.update('default', { helpdesk: '' }, 'test');
    }
  });

  it('puts nothing of its own on what an application says', async () => {
    const answer = await anna.navigate('/plans/x');
    const { date, connection, 'keep-alive': _, ...said } = answer.headers;
    assert.ok(date !== undefined && connection !== undefined);
    const { 'set-cookie': cookies, ...rest } = said;
    assert.deepEqual(
      rest,
      Object.fromEntries(ownHeaders.filter(([name]) => name !== 'set-cookie')),
      'as it was said',
    );
    assert.deepEqual(cookies, ['theme=dark; Path=/', 'size=2']);
    assert.equal(answer.text, 'plans');
    const bare = await anna.navigate('/plans/bare');
    for (const name of [
      'content-security-policy',
      'x-frame-options',
      'x-content-type-options',
      'referrer-policy',
      'cache-control',
      'cross-origin-opener-policy',
    ]) {
      assert.equal(bare.headers[name], undefined, name);
    }
  });

  it('answers programs with problems in their language, closed to browsers', async () => {
    for (const language of languages) {
      const problem = await anna.get('/secret/x', { headers: accepting(language) });
      assert.equal(problem.status, 403);
      assert.equal(problem.headers['content-type'], 'application/problem+json');
      assert.equal(problem.headers['content-language'], language);
      assert.equal(problem.json.title, catalogue.text(language, 'problem.not-assigned'));
      assert.match(String(problem.headers['content-security-policy']), /default-src 'none'/);
      assert.equal(problem.headers['x-content-type-options'], 'nosniff');
    }
    const head = await anna.send('HEAD', '/secret/x', { headers: { accept: 'text/html' } });
    assert.deepEqual([head.status, head.text], [403, '']);
  });

  it('shows the pages of the portal in both languages, closed in the same way', async () => {
    for (const language of languages) {
      for (const path of ['sign-in', 'account', 'sign-out', 'owner', '']) {
        const page = await anna.navigate(`/.sallyport/${path}`, { headers: accepting(language) });
        assert.equal(page.status, 200, path);
        assert.equal(page.headers['content-language'], language);
        assert.match(page.text, new RegExp(`<html lang="${language}"`));
        assertClosed(page);
      }
    }
  });
});
