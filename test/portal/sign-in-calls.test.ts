import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type PortalFixture, startPortal, tokens } from './portal-fixture.ts';

describe('signing in over the API', () => {
  let fixture: PortalFixture;
  before(async () => {
    fixture = await startPortal();
  });
  after(() => fixture.close());
  beforeEach(() => {
    fixture.asked.length = 0;
  });

  const signIn = '/.sallyport/api/v1/sign-in';
  const verify = '/.sallyport/api/v1/sign-in/verify';
  const pendingCookie = { cookie: `sallyport-pending=${tokens.pending}` };

  it('gives a browser its pending token as an HttpOnly cookie and not in the answer', async () => {
    const answer = await fixture.call('POST', signIn, { body: { username: 'alice', password: 'right' } });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, {
      status: 'verify',
      methods: [{ id: 'app', digits: 6 }],
      default: 'app',
    });
    assert.deepEqual(answer.headers['set-cookie'], [
      `sallyport-pending=${tokens.pending}; Path=/; HttpOnly; SameSite=Lax; Max-Age=600`,
    ]);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  });

  it('gives a client that asks for bearer its tokens in the answers, and no cookie', async () => {
    const first = await fixture.call('POST', signIn, {
      body: { username: 'alice', password: 'right', deliver: 'bearer' },
    });
    assert.equal(first.json.token, tokens.pending);
    assert.equal(first.headers['set-cookie'], undefined);
    const second = await fixture.call('POST', verify, {
      body: { method: 'app', code: '111111' },
      headers: { authorization: `Bearer ${tokens.pending}` },
    });
    assert.equal(second.json.token, tokens.session);
    assert.equal(second.headers['set-cookie'], undefined);
  });

  it('sets the session and device cookies for as long as they are good, and drops the pending one', async () => {
    const answer = await fixture.call('POST', verify, {
      body: { method: 'app', code: '111111' },
      headers: pendingCookie,
    });
    assert.equal(answer.json.status, 'done');
    assert.equal(answer.json.token, undefined);
    assert.deepEqual(answer.headers['set-cookie'], [
      `sallyport-session=${tokens.session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=32400`,
      'sallyport-pending=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
      `sallyport-device=${tokens.device}; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000`,
    ]);
  });

  it('lets the session cookie of a shared computer die with the browser, and knows that computer no more', async () => {
    const answer = await fixture.call('POST', verify, {
      body: { method: 'recovery', code: '111111' },
      headers: pendingCookie,
    });
    assert.deepEqual(answer.headers['set-cookie'], [
      `sallyport-session=${tokens.session}; Path=/; HttpOnly; SameSite=Lax`,
      'sallyport-pending=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
    ]);
  });

  it('tells the procedure address, browser and known device', async () => {
    await fixture.call('POST', signIn, {
      body: { username: 'alice', password: 'right' },
      headers: {
        cookie: 'sallyport-device=abc',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
      },
    });
    assert.deepEqual(fixture.asked[0]?.with[1], {
      address: '127.0.0.1',
      browser: 'Firefox 130 on Linux',
      device: 'abc',
      language: 'en',
    });
  });

  it('answers a wrong code with how many tries are left, in the reader language', async () => {
    const answer = await fixture.call('POST', verify, {
      body: { method: 'app', code: '000000' },
      headers: { ...pendingCookie, 'accept-language': 'fr' },
    });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(answer.headers['content-language'], 'fr');
    assert.equal(answer.json.code, 'wrong-code');
    assert.equal(answer.json.triesLeft, 3);
    assert.match(String(answer.json.detail), /3/);
  });

  it('says the same, in the same shape and size, of an unknown user and a wrong password', async () => {
    const [unknown, wrong] = await Promise.all(
      ['nobody', 'alice0'].map((username) =>
        fixture.call('POST', signIn, { body: { username, password: 'wrong!' } }),
      ),
    );
    const { date: _one, ...unknownHeaders } = unknown?.headers ?? {};
    const { date: _other, ...wrongHeaders } = wrong?.headers ?? {};
    assert.equal(unknown?.status, 401);
    assert.equal(unknown?.text, wrong?.text);
    assert.deepEqual(unknownHeaders, wrongHeaders);
  });

  it('refuses a returnTo that leads elsewhere and keeps one that stays', async () => {
    for (const returnTo of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
    ]) {
      const answer = await fixture.call('POST', signIn, {
        body: { username: 'alice', password: 'right', returnTo },
      });
      assert.equal(answer.json.code, 'invalid-request', returnTo);
    }
    assert.equal(fixture.asked.length, 0);
    await fixture.call('POST', signIn, {
      body: { username: 'alice', password: 'right', returnTo: '/desk?x=1' },
    });
    assert.deepEqual(fixture.asked[0]?.with[0], {
      username: 'alice',
      password: 'right',
      shared: false,
      returnTo: '/desk?x=1',
    });
  });

  it('sends codes by SMS and email, and keeps the browser signed in halfway for as long as a code is good', async () => {
    for (const [path, body] of [
      ['sign-in/code', { method: 'sms' }],
      ['enrol/sms', { phone: '+14155552671', ticket: 'ticket' }],
      ['enrol/email', {}],
    ] as const) {
      const answer = await fixture.call('POST', `/.sallyport/api/v1/${path}`, {
        body,
        headers: pendingCookie,
      });
      assert.equal(answer.status, 202, path);
      const sent = { hint: '••• 71', resendAfter: 30, expiresAfter: 3600, digits: 6 };
      assert.deepEqual(answer.json, { ...sent, expiresAt: '2026-01-15T10:00:00.000Z' }, path);
      const [cookie] = answer.headers['set-cookie'] ?? [];
      assert.match(cookie ?? '', /^sallyport-pending=[^;]+;.*Max-Age=3600/, path);
    }
    assert.deepEqual(fixture.asked.slice(1), [
      { what: 'beginSent', with: [{ method: 'sms', phone: '+14155552671', ticket: 'ticket' }] },
      { what: 'beginSent', with: [{ method: 'email' }] },
    ]);
  });

  it('gives a client with a bearer token the token that lasts as long as the code, and no cookie', async () => {
    const answer = await fixture.call('POST', '/.sallyport/api/v1/sign-in/code', {
      body: { method: 'email' },
      headers: { authorization: `Bearer ${tokens.pending}` },
    });
    assert.equal(answer.json.token, tokens.pending);
    assert.equal(answer.headers['set-cookie'], undefined);
  });

  it('never lets a client say where the code of a sign-in goes (authentik GHSA-qgqp-xh8r-v73r)', async () => {
    for (const [path, body] of [
      ['sign-in/code', { method: 'sms', phone: '+14155552671' }],
      ['sign-in/code', { method: 'email', address: 'mallory@example.com' }],
      ['enrol/email', { address: 'mallory@example.com' }],
      ['enrol/email', { email: 'mallory@example.com' }],
    ] as const) {
      const options = { body, headers: pendingCookie };
      const answer = await fixture.call('POST', `/.sallyport/api/v1/${path}`, options);
      assert.equal(answer.json.code, 'invalid-request', JSON.stringify(body));
    }
    assert.deepEqual(fixture.asked, []);
  });

  it('enrols by the code that was sent', async () => {
    const answer = await fixture.call('POST', '/.sallyport/api/v1/enrol/verify', {
      body: { method: 'sms', code: '123456' },
      headers: pendingCookie,
    });
    assert.equal(answer.json.status, 'done');
    assert.deepEqual(fixture.asked, [{ what: 'confirmSent', with: [{ method: 'sms', code: '123456' }] }]);
  });

  it('shows a new app as address, key and QR code', async () => {
    const answer = await fixture.call('POST', '/.sallyport/api/v1/enrol/app', {
      body: {},
      headers: pendingCookie,
    });
    assert.equal(answer.status, 200);
    assert.match(String(answer.json.qrSvg), /^<svg [^>]*>.*<\/svg>$/s);
    assert.equal(answer.json.digits, 6);
  });
});
