import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { password, type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { listening } from './listening.ts';
import { apiCall, ask, audited, cookieOf, handshake, Line, message } from './target.ts';

/** The state that a page of the portal was given. */
const bootOf = (html: string) =>
  JSON.parse(/<script type="application\/json" id="boot">(.*?)<\/script>/s.exec(html)?.[1] ?? '{}').state;

describe('answers and redirects', () => {
  let site: Site;
  let anna: SiteClient;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => {
    response.end('ok');
  };
  let reached: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    reached.push(request);
    answer(request, response);
  });
  const origin = () => `http://localhost:${site.port}`;
  const otherHost = () => `docs.localhost:${site.port}`;

  before(async () => {
    const url = await listening(server);
    site = await startSite({
      config: {
        applications: [
          { name: 'desk', path: '/', servers: [url] },
          { name: 'docs', host: 'docs.localhost', path: '/', servers: [url] },
          { name: 'vault', path: '/vault', servers: [url], allow: { users: ['vera'] } },
        ],
      },
    });
    anna = await site.signedIn('anna');
  });
  after(async () => {
    await site.stop();
    server.close();
    server.closeAllConnections();
  });

  const leadingAway = [
    'https://evil.example/',
    '//evil.example/',
    '///evil.example/',
    '////evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
    '/%5cevil.example/..//evil.example',
    '/.//evil.example',
    '/desk/..//evil.example',
    '/%2e%2e//evil.example',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'evil.example',
    'http:evil.example',
    'http:/evil.example',
    'https:/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '\u0000//evil.example',
    '/\u2028/evil.example',
    '／／evil.example',
    'http://localhost@evil.example/',
    'http://localhost.evil.example/',
    'http://localhost:1@evil.example/',
    'http://evil.example#@localhost/',
    'http://evil.example\\@localhost/',
    'http://docs.localhost.evil.example/',
    'https://docs.localhost/',
    'http://docs.localhost:1/',
    'http://user@docs.localhost/',
    '@evil.example',
    '',
  ];

  it('threat 14: no returnTo leads away, in the address of the sign-in page or in the call', async () => {
    for (const wish of leadingAway) {
      const page = await anna.navigate(`/.sallyport/sign-in?${new URLSearchParams({ returnTo: wish })}`);
      assert.equal(page.status, 200);
      assert.equal(bootOf(page.text).returnTo, undefined, JSON.stringify(wish));
      const stranger = site.client();
      const call = await stranger.call('POST', 'sign-in', {
        username: 'anna',
        password: 'x',
        returnTo: wish,
      });
      assert.deepEqual([call.status, call.json?.code], [400, 'invalid-request'], JSON.stringify(wish));
    }
  });

  it('threat 14: a returnTo that stays is kept through the sign-in, and comes from the record, not from a later step', async () => {
    await site.addUser('rita');
    const rita = site.client();
    const begun = await rita.call('POST', 'sign-in', { username: 'rita', password, returnTo: '/desk/a?b=c' });
    assert.equal(begun.json.status, 'enrol');
    const setup = await rita.call('POST', 'enrol/app', {});
    rita.secret = setup.json.secret;
    const body = { method: 'app', code: rita.code(), returnTo: 'https://evil.example/' };
    assert.equal((await rita.call('POST', 'enrol/verify', body)).status, 400);
    const done = await rita.call('POST', 'enrol/verify', { method: 'app', code: rita.code() });
    assert.equal(done.json.returnTo, '/desk/a?b=c');
  });

  it('threat 14: being sent to sign-in from a hostile target leads back into this site or nowhere', async () => {
    for (const target of [
      '//evil.example/x',
      '/\\evil.example',
      '/%5cevil.example',
      '/.//evil.example',
      '/a?next=//evil.example',
      '/@evil.example',
      '/http://evil.example/',
    ]) {
      for (const host of [`localhost:${site.port}`, otherHost(), 'evil.example']) {
        const page = await ask(
          site,
          message(site, `GET ${target}`, [`Host: ${host}`, 'Accept: text/html', 'Sec-Fetch-Mode: navigate']),
        );
        const location = page?.header('location');
        if (location !== undefined) {
          const url = new URL(location, origin());
          assert.equal(url.origin, origin(), `${host}${target}`);
          const back = url.searchParams.get('returnTo') ?? '/';
          assert.match(back, /^\/(?!\/)/, `${host}${target}`);
          assert.doesNotMatch(back, /\\/);
        } else {
          // Where a page of the gateway links to: itself, the portal, or the host it is on.
          for (const [, href = ''] of (page?.text ?? '').matchAll(/href="([^"]*)"/g)) {
            assert.doesNotMatch(href, /^(https?:)?\/\/evil/, `${host}${target}`);
            assert.doesNotMatch(
              decodeURIComponent(href),
              /returnTo=(https?:)?\/\/(?!docs\.localhost|localhost)/,
            );
          }
        }
      }
    }
  });

  it('threat 14: an answer that sets one of our cookies, in whatever spelling, loses exactly that', async () => {
    const cookies = [
      'sallyport-session=evil; Path=/',
      'SALLYPORT-SESSION=evil',
      ' sallyport-session =evil',
      '__Host-sallyport-session=evil; Secure; Path=/',
      '__Secure-sallyport-session=evil; Secure',
      '__HOST-Sallyport-Pending=evil; Secure; Path=/',
      'sallyport-pending=evil',
      'sallyport-device=evil',
      'sallyport-handoff=evil',
      '=sallyport-session=evil',
      '= sallyport-session=evil',
      'sallyport-session',
      'sallyport-session=; Max-Age=0',
      '\tsallyport-session=evil',
    ];
    answer = (_request, response) => {
      response.setHeader('Set-Cookie', ['before=1; Path=/', ...cookies, 'after=sallyport-session=2']);
      response.end('ok');
    };
    const page = await anna.get('/page');
    assert.deepEqual(page.headers['set-cookie'], ['before=1; Path=/', 'after=sallyport-session=2']);
    // And nothing of it when the cookie is ours, but the answer is an error or a redirect.
    answer = (_request, response) => {
      response.writeHead(302, { Location: '/x', 'Set-Cookie': cookies[0] ?? '' });
      response.end();
    };
    assert.equal((await anna.get('/page')).headers['set-cookie'], undefined);
    anna.cookies.get(anna.portalHost)?.delete('before');
    anna.cookies.get(anna.portalHost)?.delete('after');
  });

  it('threat 14: an answer that says X-Sallyport-*, names a wider service worker, or another way to the server, loses that', async () => {
    answer = (_request, response) => {
      response.writeHead(200, {
        'X-Sallyport-User': 'root',
        x_sallyport_groups: 'admins',
        'X-SALLYPORT-ASSERTION': 'eyJ',
        'Service-Worker-Allowed': '/',
        'Alt-Svc': 'h2="evil.example:443"',
        Trailer: 'X-Sallyport-User',
        'X-Kept': 'yes',
      });
      response.write('ok');
      response.addTrailers({ 'X-Sallyport-User': 'root', 'Set-Cookie': 'sallyport-session=evil' });
      response.end();
    };
    const line = new Line(site.port).send(message(site, 'GET /page', [cookieOf(anna), 'TE: trailers']));
    const page = await line.answer();
    assert.equal(page?.status, 200);
    assert.equal(page?.header('x-kept'), 'yes');
    line.socket.end(message(site, 'GET /.sallyport/jwks.json', ['Connection: close']));
    const said = `${page?.head}${page?.text}${await line.rest()}`;
    assert.doesNotMatch(said, /x.sallyport|service-worker-allowed|alt-svc|root|evil/i);
  });

  it('threat 14: a response cannot be split by what a user or a target is called', async () => {
    answer = (request, response) => response.end(JSON.stringify(request.rawHeaders));
    const names = ['Zoë Ångström', '名前', 'a%0d%0aSet-Cookie%3a b', 'x" y', 'Ünï cödé 😀'];
    for (const name of names) {
      const client = await site.signedIn(name);
      const page = await client.get('/page');
      const headers = JSON.parse(page.text) as string[];
      const user = headers[headers.findIndex((each) => each.toLowerCase() === 'x-sallyport-user') + 1] ?? '';
      assert.match(user, /^[\x21-\x7e]+$/);
      assert.equal(decodeURIComponent(user), name);
      assert.equal(headers.filter((each) => /^x-sallyport-user$/i.test(each)).length, 1);
    }
    for (const target of [
      '/a%0d%0aX-Injected:%20yes',
      '/?a=%0d%0aX-Injected:%20yes',
      '/.sallyport/sign-in%0d%0aX-Injected:1',
    ]) {
      for (const lines of [[cookieOf(anna)], ['Accept: text/html', 'Sec-Fetch-Mode: navigate']]) {
        const page = await ask(site, message(site, `GET ${target}`, lines));
        assert.equal(page?.header('x-injected'), undefined);
      }
    }
  });

  it('threat 15: a WebSocket needs the own Origin of its application: no other, not null, not a similar one, not none', async () => {
    reached = [];
    const { port } = site;
    const foreign = [
      null,
      'null',
      'https://evil.example',
      `https://localhost:${port}`,
      'http://localhost',
      `http://localhost:${port}.evil.example`,
      `http://localhost:${port}/`,
      `http://LOCALHOST:${port}`,
      `http://user@localhost:${port}`,
      `http://127.0.0.1:${port}`,
      `http://docs.localhost:${port}`,
      'file://',
      'chrome-extension://abc',
      '',
      `http://localhost:${port} https://evil.example`,
    ];
    for (const each of foreign) {
      const upgrade = await ask(site, message(site, 'GET /ws', [...handshake(site, each), cookieOf(anna)]));
      assert.deepEqual([upgrade?.status, upgrade?.json?.code], [403, 'cross-origin'], String(each));
    }
    const two = [...handshake(site), 'Origin: https://evil.example', cookieOf(anna)];
    assert.equal((await ask(site, message(site, 'GET /ws', two)))?.status, 400);
    assert.deepEqual(reached, []);
  });

  it('threat 15: every call that changes something is refused from another origin, from null, and from nowhere', async () => {
    const calls: readonly (readonly [string, string, unknown])[] = [
      ['POST', 'sign-in', { username: 'anna', password }],
      ['POST', 'owner', { ticket: 'x', username: 'eve', password }],
      ['POST', 'sign-in/code', { method: 'sms' }],
      ['POST', 'sign-in/verify', { method: 'app', code: '123456' }],
      ['POST', 'sign-in/password', { password }],
      ['POST', 'sign-in/terms', { version: 'x' }],
      ['POST', 'rdp/permit', { application: 'desk', server: 'x' }],
      ['POST', 'enrol/app', {}],
      ['POST', 'enrol/sms', { phone: '+14155552671' }],
      ['POST', 'enrol/email', {}],
      ['POST', 'enrol/verify', { method: 'app', code: '123456' }],
      ['DELETE', 'session', {}],
      ['POST', 'session/code', { method: 'sms' }],
      ['POST', 'session/renew', { method: 'app', code: '123456' }],
      ['POST', 'account/code', { method: 'sms' }],
      ['POST', 'account/sms', { method: 'app', code: '123456', phone: '+14155552671' }],
      ['POST', 'account/email', { method: 'app', code: '123456' }],
      ['POST', 'account/sms/resend', {}],
      ['POST', 'account/sms/verify', { code: '123456' }],
      ['POST', 'account/email/resend', {}],
      ['POST', 'account/email/verify', { code: '123456' }],
      ['POST', 'account/app', { method: 'app', code: '123456' }],
      ['POST', 'account/app/verify', { code: '123456' }],
      ['POST', 'account/factors/x/remove', { method: 'app', code: '123456' }],
      ['POST', 'account/recovery', { method: 'app', code: '123456' }],
      ['POST', 'account/password', { current: password, next: 'another passphrase' }],
      ['DELETE', 'account/sessions/x', {}],
      ['POST', 'account/sign-out-everywhere', {}],
    ];
    const { json: described } = await anna.get('/.sallyport/api/openapi.json');
    for (const [path, methods] of Object.entries<Record<string, { security: object[] }>>(described.paths)) {
      const known = calls.map(([method, called]) => `${method} ${called}`.replace(/\/x\b/, '/{id}'));
      for (const [method, { security }] of Object.entries(methods)) {
        // No browser adds the token of a program by itself.
        if (method === 'get' || (security.length === 1 && security.every((each) => 'apiToken' in each)))
          continue;
        const call = `${method.toUpperCase()} ${path.replace(/^.*api\/v1\//, '')}`;
        assert.ok(known.includes(call), `nobody has tried ${call}`);
      }
    }
    const pending = site.client();
    await pending.call('POST', 'sign-in', { username: 'anna', password });
    const jar = `Cookie: ${anna.cookieHeader()}; sallyport-pending=${pending.cookie('sallyport-pending')}`;
    for (const [method, path, body] of calls) {
      for (const from of [
        'https://evil.example',
        'null',
        `http://${otherHost()}`,
        `http://localhost`,
        undefined,
      ]) {
        const bytes = apiCall(site, method, path, body, [jar]).replace(
          /Origin: [^\r]*\r\n/,
          from === undefined ? '' : `Origin: ${from}\r\n`,
        );
        const refused = await ask(site, bytes);
        assert.deepEqual([refused?.status, refused?.json?.code], [403, 'cross-origin'], `${path} ${from}`);
        assert.deepEqual(refused?.all('set-cookie'), []);
        assert.equal(refused?.header('access-control-allow-origin'), undefined);
      }
    }
    assert.equal((await anna.call('GET', 'session')).status, 200, 'still signed in');
    // What a form can send without asking is not JSON.
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const bytes = apiCall(site, 'POST', 'account/sign-out-everywhere', {}, [jar]).replace(
        'application/json',
        type,
      );
      assert.equal((await ask(site, bytes))?.status, 415, type);
    }
  });

  it('threat 15: nothing that only reads changes anything, and no method is taken for another', async () => {
    const victim = await site.signedIn('victor');
    for (const path of [
      'sign-out',
      'sign-out?returnTo=/',
      'api/v1/session?_method=DELETE',
      'api/v1/account/sign-out-everywhere',
      'hand-off?host=docs.localhost',
    ]) {
      // As an image, a frame, a prefetch or a link of another site would ask.
      for (const lines of [
        ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image'],
        [
          'Sec-Fetch-Site: cross-site',
          'Sec-Fetch-Mode: navigate',
          'Sec-Fetch-Dest: document',
          'Accept: text/html',
        ],
        [
          'Sec-Fetch-Site: cross-site',
          'Sec-Fetch-Mode: navigate',
          'Sec-Fetch-Dest: iframe',
          'Accept: text/html',
        ],
        [
          'Sec-Fetch-Site: same-origin',
          'Sec-Fetch-Mode: navigate',
          'Sec-Fetch-Dest: document',
          'Sec-Purpose: prefetch',
        ],
        ['Accept: text/html'],
        ['X-HTTP-Method-Override: DELETE', 'X-HTTP-Method: DELETE', 'X-Method-Override: DELETE'],
      ]) {
        await ask(site, message(site, `GET /.sallyport/${path}`, [...lines, cookieOf(victim)]));
        await ask(site, message(site, `HEAD /.sallyport/${path}`, [...lines, cookieOf(victim)]));
      }
    }
    assert.equal((await victim.call('GET', 'session')).status, 200);
  });

  it('threat 15: pages and answers of the gateway are never framed, sniffed, cached, or read by another origin', async () => {
    const stranger = site.client();
    const answers = [
      await stranger.navigate('/.sallyport/sign-in'),
      await stranger.navigate('/.sallyport/owner'),
      await stranger.navigate('/.sallyport/signed-out'),
      await stranger.navigate('/.sallyport/nothing'),
      await anna.navigate('/.sallyport/account'),
      await anna.navigate('/.sallyport/sign-out'),
      await anna.navigate('/.sallyport/'),
      await anna.call('GET', 'session'),
      await anna.call('GET', 'account'),
      await stranger.call('GET', 'session'),
      await stranger.get('/page'),
      await stranger.navigate('/../x'),
    ];
    for (const [index, { headers, status }] of answers.entries()) {
      if (status === 302) continue;
      assert.match(String(headers['cache-control']), /no-store/, String(index));
      assert.equal(headers['x-content-type-options'], 'nosniff', String(index));
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, String(index));
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|\*|https?:/, String(index));
      assert.equal(headers['access-control-allow-origin'], undefined);
      assert.equal(headers['access-control-allow-credentials'], undefined);
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin', String(index));
    }
    const redirect = await stranger.navigate('/page');
    assert.equal(redirect.status, 302);
    assert.match(String(redirect.headers['cache-control']), /no-store/);
    const preflight = await ask(
      site,
      message(site, 'OPTIONS /.sallyport/api/v1/account', [
        'Origin: https://evil.example',
        'Access-Control-Request-Method: GET',
        cookieOf(anna),
      ]),
    );
    assert.doesNotMatch(preflight?.head ?? '', /access-control/i);
  });

  it('threat 15: markup in names, targets and wishes is text on every page', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const eve = await site.signedIn(name);
    const hostile = '/%3Cscript%3Ealert(1)%3C%2Fscript%3E?a="><script>alert(2)</script>';
    const pages = [
      await eve.navigate('/vault/x'),
      await eve.navigate('/.sallyport/account'),
      await eve.navigate(
        `/.sallyport/sign-in?returnTo=${encodeURIComponent('/</script><script>alert(3)</script>')}`,
      ),
      await eve.navigate(
        `/.sallyport/sign-out?returnTo=${encodeURIComponent('/"><script>alert(4)</script>')}`,
      ),
      await eve.navigate(`/.sallyport/nothing${hostile.slice(1)}`),
      await site
        .client()
        .navigate(hostile.replaceAll('"', '%22').replaceAll('<', '%3C').replaceAll('>', '%3E')),
    ];
    for (const { text } of pages) {
      assert.doesNotMatch(text, /<img src=x|<script>alert|onerror=alert\(1\)>/);
    }
    assert.match(pages[0]?.text ?? '', /&lt;img src=x onerror=alert\(1\)&gt;/, 'said by name, as text');
  });

  it('threat 15: nobody can be signed in as somebody else by another site (login CSRF), and that is told', async () => {
    const victim = site.client();
    for (const from of [{ origin: 'https://evil.example' }, { origin: 'null' }]) {
      const answer = await victim.call('POST', 'sign-in', { username: 'anna', password }, from);
      assert.equal(answer.status, 403);
    }
    assert.equal(victim.cookies.get(victim.portalHost)?.size ?? 0, 0);
    const told = await audited(site, 'request.suspicious');
    assert.ok(told.some((entry) => 'reason' in entry && entry.reason === 'cross-origin'));
  });

  it('threat 16: a user can never choose the server, by path, host, header or query', async () => {
    const other = createServer((_request, response) => response.end('inside'));
    const inside = await listening(other);
    let called = 0;
    other.on('request', () => {
      called += 1;
    });
    answer = (_request, response) => response.end('outside');
    const { host } = new URL(inside);
    for (const [target, lines] of [
      [`/${inside}`, []],
      [`/?url=${inside}`, []],
      [`/@${host}/`, []],
      [`/`, [`X-Forwarded-Host: ${host}`]],
      [`/`, [`X-Forwarded-Server: ${host}`, `X-Original-Host: ${host}`, `X-Host: ${host}`]],
      [`/`, [`Forwarded: host=${host}`]],
      ['/', [`Connection: keep-alive, ${host}`]],
      ['/', [`Alt-Used: ${host}`]],
      ['/', [`Proxy-Connection: keep-alive`, `Proxy: http://${host}`]],
      ['/', [`Destination: ${inside}`]],
      [inside, []],
      [`/`, [`Host: ${host}`]],
    ] as const) {
      const page = await ask(site, message(site, `GET ${target}`, [...lines, cookieOf(anna)]));
      assert.notEqual(page?.text, 'inside', `${target} ${lines}`);
    }
    assert.equal(called, 0);
    // An answer cannot make the gateway itself go anywhere either.
    answer = (_request, response) => {
      response.writeHead(302, { Location: `${inside}/` });
      response.end();
    };
    const redirected = await anna.get('/go');
    assert.deepEqual([redirected.status, redirected.headers.location], [302, `${inside}/`]);
    assert.equal(called, 0);
    other.close();
    other.closeAllConnections();
  });
});

describe('the cookies of an HTTPS site', () => {
  it('threat 14: are bound to their host, Secure and HttpOnly, and no other spelling stands in for them', async () => {
    const server = createServer((request, response) => response.end(JSON.stringify(request.headers)));
    const url = await listening(server);
    // Behind a reverse proxy that speaks HTTPS.
    const site = await startSite({
      owner: false,
      config: {
        publicUrl: 'https://gateway.example.com',
        trustedProxies: ['127.0.0.1/32'],
        applications: [{ name: 'desk', path: '/', servers: [url] }],
      },
    });
    try {
      const portal = ['Host: gateway.example.com', 'X-Forwarded-Proto: https'];
      const call = async (path: string, body: unknown, more: readonly string[] = []) => {
        const bytes = message(
          site,
          `POST /.sallyport/api/v1/${path}`,
          [...portal, 'Origin: https://gateway.example.com', 'Content-Type: application/json', ...more],
          JSON.stringify(body),
        );
        return ask(site, bytes);
      };
      const ticket = site.gateway.ownerLink?.split('#')[1];
      const begun = await call('owner', { ticket, username: 'olivia', password });
      const [pending = ''] = begun?.all('set-cookie') ?? [];
      assert.match(
        pending,
        /^__Host-sallyport-pending=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
      );
      const jar = `Cookie: ${pending.split(';')[0]}`;
      const phone = site.client();
      phone.secret = (await call('enrol/app', {}, [jar]))?.json.secret;
      const done = await call('enrol/verify', { method: 'app', code: phone.code() }, [jar]);
      const cookies = done?.all('set-cookie') ?? [];
      assert.equal(cookies.length, 3);
      for (const cookie of cookies) {
        assert.match(
          cookie,
          /^__Host-sallyport-(session|pending|device)=.*; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=/,
        );
        assert.doesNotMatch(cookie, /domain/i);
      }
      const session = /^__Host-sallyport-session=([^;]+)/.exec(cookies[0] ?? '')?.[1] ?? '';
      const page = (cookie: string) =>
        ask(site, message(site, 'GET /page', [...portal, `Cookie: ${cookie}`]));
      assert.equal((await page(`__Host-sallyport-session=${session}`))?.status, 200);
      // What a sibling host, or plain HTTP, could have set.
      for (const name of [
        'sallyport-session',
        '__Secure-sallyport-session',
        '__host-sallyport-session',
        'Host-sallyport-session',
      ]) {
        assert.ok([400, 401].includes((await page(`${name}=${session}`))?.status ?? 0), name);
      }
      const tossed = await page(`__Host-sallyport-session=${session}; sallyport-session=tossed; a=1`);
      assert.equal(tossed?.status, 200);
      assert.equal(
        tossed?.json?.cookie ?? JSON.parse(tossed?.text ?? '{}').cookie,
        'a=1',
        'and none reaches the application',
      );
      // The token is good for that very origin.
      for (const host of ['gateway.example.com:8443', 'gateway.example.com:80', `localhost:${site.port}`]) {
        const elsewhere = await ask(
          site,
          message(site, 'GET /page', [`Host: ${host}`, `Cookie: __Host-sallyport-session=${session}`]),
        );
        assert.equal(elsewhere?.status, 401, host);
      }
    } finally {
      await site.stop();
      server.close();
      server.closeAllConnections();
    }
  });
});
