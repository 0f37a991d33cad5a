import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { GatewayError } from '../../src/errors.ts';
import { type Answer, bootOf, type PortalFixture, startPortal, tokens } from './portal-fixture.ts';

const sessionCookie = { cookie: `sallyport-session=${tokens.session}` };
const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' };

describe('the pages of the portal', () => {
  let fixture: PortalFixture;
  before(async () => {
    fixture = await startPortal();
  });
  after(() => fixture.close());
  beforeEach(() => {
    fixture.asked.length = 0;
    fixture.applications.length = 0;
  });

  const visit = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    fixture.call('GET', `/.sallyport/${path}`, { headers: { ...navigation, ...headers } });
  const addApplication = (name: string, path: string, allow?: { users: string[] }): void =>
    void fixture.applications.push({
      name,
      title: name,
      url: `${fixture.origin}${path}`,
      ...(allow === undefined ? {} : { allow }),
    });

  it('carry a policy with a nonce of their own, and are never stored, framed or sniffed', async () => {
    const [one, other] = await Promise.all([visit('sign-in'), visit('sign-in')]);
    assert.equal(one.status, 200);
    assert.equal(one.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(one.headers['cache-control'], 'no-store');
    assert.equal(one.headers['x-frame-options'], 'DENY');
    assert.equal(one.headers['x-content-type-options'], 'nosniff');
    const csp = String(one.headers['content-security-policy']);
    assert.match(csp, /frame-ancestors 'none'/);
    assert.doesNotMatch(csp, /unsafe/);
    assert.notEqual(csp, other.headers['content-security-policy']);
  });

  it('speak the language of the switch, else that of the browser', async () => {
    const french = await visit('sign-in', { 'accept-language': 'fr-CA,en;q=0.5' });
    assert.equal(french.headers['content-language'], 'fr');
    const chosen = await visit('sign-in', {
      'accept-language': 'fr-CA,en;q=0.5',
      cookie: 'sallyport-language=en',
    });
    assert.equal(chosen.headers['content-language'], 'en');
    const nonsense = await visit('sign-in', {
      'accept-language': 'fr',
      cookie: 'sallyport-language=en; sallyport-language=fr',
    });
    assert.equal(nonsense.status, 200);
    assert.equal(nonsense.headers['content-language'], 'fr');
  });

  it('sign-in: takes a returnTo that is safe, names its application, and drops any other', async () => {
    addApplication('Accounting', '/accounting');
    addApplication('Desktops', '/');
    const safe = await visit(`sign-in?returnTo=${encodeURIComponent('/accounting/x?y=1')}&reason=expired`);
    assert.deepEqual(bootOf(safe).state, {
      returnTo: '/accounting/x?y=1',
      application: 'Accounting',
      reason: 'expired',
      ready: true,
      minimumPasswordLength: 10,
    });
    for (const wish of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil',
      '/.//evil.example',
      'data:text/html,x',
    ]) {
      const answer = await visit(`sign-in?returnTo=${encodeURIComponent(wish)}&reason=%3Cscript%3E`);
      assert.deepEqual(bootOf(answer).state, { ready: true, minimumPasswordLength: 10 }, wish);
    }
  });

  it('sign-in: says how to begin until there is an owner', async () => {
    const early = await startPortal({ owner: { exists: async () => false, create: () => assert.fail() } });
    try {
      const answer = await early.call('GET', '/.sallyport/sign-in', { headers: navigation });
      assert.deepEqual(bootOf(answer).state, { ready: false, minimumPasswordLength: 10 });
    } finally {
      await early.close();
    }
  });

  it('start: leads to sign-in, to the only application, or to the launcher', async () => {
    assert.equal((await visit('')).headers.location, '/.sallyport/sign-in');
    addApplication('Desktops', '/desk/');
    assert.equal((await visit('', sessionCookie)).headers.location, `${fixture.origin}/desk/`);
    addApplication('Accounting', '/accounting/');
    assert.equal(bootOf(await visit('', sessionCookie)).page, 'launcher');
    fixture.applications.length = 1;
    addApplication('Payroll', '/payroll/', { users: ['bob'] });
    assert.equal((await visit('', sessionCookie)).headers.location, `${fixture.origin}/desk/`);
  });

  it('start: is found without its last slash', async () => {
    const answer = await fixture.call('GET', '/.sallyport', { headers: navigation });
    assert.equal(answer.headers.location, '/.sallyport/');
  });

  it('start: the session answer lists what is for this user and nothing else', async () => {
    addApplication('Desktops', '/desk/');
    addApplication('Payroll', '/payroll/', { users: ['bob'] });
    const answer = await fixture.call('GET', '/.sallyport/api/v1/session', { headers: sessionCookie });
    assert.deepEqual(answer.json, {
      user: { name: 'alice', displayName: 'Alice' },
      state: 'granted',
      verifiedAt: '2026-01-15T09:00:00.000Z',
      expiresAt: '2026-01-15T10:00:00.000Z',
      amr: ['pwd', 'otp'],
      applications: [{ name: 'Desktops', url: `${fixture.origin}/desk/` }],
      renewal: {
        from: '2026-01-15T09:45:00.000Z',
        remaining: 3600,
        closesRemoteSessions: false,
        methods: [{ id: 'app', digits: 6 }],
      },
    });
  });

  it('account: only for somebody signed in, and comes back after sign-in', async () => {
    const answer = await visit('account');
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, '/.sallyport/sign-in?returnTo=%2F.sallyport%2Faccount');
    const boot = bootOf(await visit('account', sessionCookie));
    assert.equal(boot.page, 'account');
    assert.deepEqual(boot.state, { minimumPasswordLength: 10 });
  });

  it('owner: asks for the ticket in the browser, where the address keeps it from servers', async () => {
    const answer = await visit('owner');
    assert.equal(bootOf(answer).page, 'owner');
    assert.deepEqual(bootOf(answer).state, { minimumPasswordLength: 10 });
  });

  it('recover: asks for ticket and name in the browser, and says from the start what it is for', async () => {
    const answer = await visit('recover');
    assert.equal(bootOf(answer).page, 'recover');
    assert.deepEqual(bootOf(answer).state, { minimumPasswordLength: 10 });
    assert.match(answer.text, /<h1>Set a new password<\/h1>/);
  });

  describe('sign-out', () => {
    const own = { ...sessionCookie, ...navigation };

    for (const site of ['none', 'same-origin']) {
      it(`signs out at once when the person came there themselves (${site})`, async () => {
        const answer = await visit('sign-out', { ...own, 'sec-fetch-site': site });
        assert.equal(answer.status, 302);
        assert.equal(answer.headers.location, '/.sallyport/signed-out');
        assert.deepEqual(fixture.asked, [{ what: 'revoke', with: ['session-1', 'sign-out'] }]);
        assert.deepEqual(answer.headers['set-cookie'], [
          'sallyport-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
          'sallyport-pending=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
        ]);
      });
    }

    for (const [what, headers] of Object.entries({
      'another site links to it': { 'sec-fetch-site': 'cross-site' },
      'another host of the domain links to it': { 'sec-fetch-site': 'same-site' },
      'it is embedded as an image': {
        'sec-fetch-site': 'same-origin',
        'sec-fetch-mode': 'no-cors',
        'sec-fetch-dest': 'image',
      },
      'it is framed': { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'iframe' },
      'it is fetched ahead of time': { 'sec-purpose': 'prefetch;prerender' },
    })) {
      it(`asks first when ${what}`, async () => {
        const answer = await visit('sign-out', { ...own, ...headers });
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['set-cookie'], undefined);
        assert.deepEqual(fixture.asked, []);
        assert.equal(bootOf(answer).page, 'sign-out');
      });
    }

    it('asks first when the browser says nothing of where the person came from', async () => {
      const answer = await fixture.call('GET', '/.sallyport/sign-out', {
        headers: { ...sessionCookie, accept: 'text/html' },
      });
      assert.equal(bootOf(answer).page, 'sign-out');
      assert.deepEqual(fixture.asked, []);
    });

    it('is over even for a session that is gone already', async () => {
      const answer = await visit('sign-out', { cookie: 'sallyport-session=gone' });
      assert.equal(answer.headers.location, '/.sallyport/signed-out');
      const page = await visit('signed-out');
      assert.equal(page.status, 200);
    });

    it('is refused as long as the store cannot end the session', async () => {
      const broken = await startPortal({
        sessions: {
          find: async () => {
            throw new GatewayError('store-unavailable', { retryAfter: 5 });
          },
          list: () => assert.fail(),
          revoke: () => assert.fail(),
          endsAt: () => assert.fail(),
        },
      });
      try {
        const answer = await broken.call('GET', '/.sallyport/sign-out', { headers: own });
        assert.equal(answer.status, 503);
        assert.equal(answer.headers['retry-after'], '5');
        assert.equal(answer.headers['set-cookie'], undefined);
        assert.match(answer.text, /^<!doctype html>/i);
      } finally {
        await broken.close();
      }
    });
  });
});

describe('hosts', () => {
  let fixture: PortalFixture;
  const nonce = 'n'.repeat(43);
  const challenge = 'c'.repeat(43);
  before(async () => {
    fixture = await startPortal();
    fixture.applications.push(
      { name: 'desk', title: 'Desk', url: 'http://desk.example:8080/' },
      { name: 'mail', title: 'Mail', url: 'http://desk.example:8080/mail/' },
    );
  });
  after(() => fixture.close());
  beforeEach(() => {
    fixture.asked.length = 0;
  });

  const visit = (host: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    fixture.call('GET', `/.sallyport/${path}`, { headers: { ...navigation, host, ...headers } });

  it('of applications have no API and no pages, and send people to the portal', async () => {
    for (const path of ['api/v1/session', 'api/openapi.json', 'jwks.json', 'assets/a.js']) {
      const answer = await visit('desk.example:8080', path, sessionCookie);
      assert.equal(answer.status, 404, path);
    }
    const deletion = await fixture.call('DELETE', '/.sallyport/api/v1/session', {
      headers: { host: 'desk.example:8080', origin: fixture.origin, ...sessionCookie },
    });
    assert.equal(deletion.status, 404);
    assert.deepEqual(fixture.asked, []);
    for (const path of ['', 'sign-in', 'account', 'sign-out']) {
      const answer = await visit('desk.example:8080', path);
      assert.equal(answer.headers.location, `${fixture.origin}/.sallyport/${path}`);
    }
  });

  it('that nobody configured lead people to the portal and programs nowhere', async () => {
    for (const host of [
      'evil.example',
      `${fixture.host}.evil.example`,
      'DESK.example',
      '[::1',
      'desk.example:8081',
    ]) {
      const answer = await visit(host, 'sign-in?returnTo=/x');
      assert.equal(answer.headers.location, `${fixture.origin}/.sallyport/sign-in`, host);
      const api = await visit(host, 'api/v1/session', sessionCookie);
      assert.equal(api.status, 404, host);
    }
  });

  it('hand-off at the portal: asks for sign-in first, naming the application, and comes back', async () => {
    const path = `hand-off?host=desk.example%3A8080&nonce=${challenge}&returnTo=%2Fmail%2Fx`;
    const answer = await visit(fixture.host, path);
    const to = new URL(String(answer.headers.location), fixture.origin);
    assert.equal(to.pathname, '/.sallyport/sign-in');
    const wanted = 'http://desk.example:8080/mail/x';
    assert.equal(to.searchParams.get('returnTo'), wanted, 'which begins a new hand-off, however late');
    const page = await visit(fixture.host, `sign-in${to.search}`);
    assert.deepEqual(bootOf(page).state, {
      returnTo: wanted,
      application: 'Mail',
      ready: true,
      minimumPasswordLength: 10,
    });
  });

  it('hand-off at the portal: gives a one-time code to a configured host only', async () => {
    const good = await visit(
      fixture.host,
      `hand-off?host=desk.example%3A8080&nonce=${challenge}&returnTo=%2Fmail%2Fx`,
      sessionCookie,
    );
    assert.equal(
      good.headers.location,
      'http://desk.example:8080/.sallyport/hand-off?code=one-time-code&returnTo=%2Fmail%2Fx',
    );
    assert.deepEqual(fixture.asked, [{ what: 'issue', with: ['session-1', 'desk.example:8080', challenge] }]);
    for (const query of [
      `host=evil.example&nonce=${challenge}`,
      `host=${fixture.host}&nonce=${challenge}`,
      'host=desk.example%3A8080&nonce=short',
      `host=desk.example%3A8080&nonce=${challenge}%0d%0aX`,
      `nonce=${challenge}`,
      '',
    ]) {
      const bad = await visit(fixture.host, `hand-off?${query}`, sessionCookie);
      assert.equal(bad.status, 400, query);
      assert.equal(bad.headers.location, undefined, query);
    }
    assert.equal(fixture.asked.length, 1);
  });

  it('hand-off at the application: needs the nonce of this very browser, and sets the cookie of this host', async () => {
    const path = 'hand-off?code=one-time-code&returnTo=%2Fmail%2Fx';
    const stranger = await visit('desk.example:8080', path);
    assert.equal(stranger.status, 400);
    assert.equal(stranger.headers['set-cookie'], undefined);
    const answer = await visit('desk.example:8080', path, { cookie: `sallyport-handoff=${nonce}` });
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, '/mail/x');
    assert.deepEqual(answer.headers['set-cookie'], [
      'sallyport-session=host-token; Path=/; HttpOnly; SameSite=Lax; Max-Age=32400',
      'sallyport-handoff=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
    ]);
    // A code that arrives without the nonce is spent all the same.
    assert.deepEqual(fixture.asked, [
      { what: 'redeem', with: ['one-time-code', 'http://desk.example:8080', ''] },
      { what: 'redeem', with: ['one-time-code', 'http://desk.example:8080', nonce] },
    ]);
  });

  it('hand-off at the application: never leads away from this host', async () => {
    for (const wish of [
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      '/.//evil.example',
      '',
    ]) {
      const answer = await visit(
        'desk.example:8080',
        `hand-off?code=one-time-code&returnTo=${encodeURIComponent(wish)}`,
        { cookie: `sallyport-handoff=${nonce}` },
      );
      assert.equal(answer.headers.location, '/', wish);
    }
  });
});
