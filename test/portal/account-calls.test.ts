import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type PortalFixture, startPortal, tokens } from './portal-fixture.ts';

describe('the account over the API', () => {
  let fixture: PortalFixture;
  before(async () => {
    fixture = await startPortal();
  });
  after(() => fixture.close());
  beforeEach(() => {
    fixture.asked.length = 0;
  });

  const headers = { cookie: `sallyport-session=${tokens.session}` };
  const proof = { method: 'app', code: '111111' };
  const post = (path: string, body: unknown) =>
    fixture.call('POST', `/.sallyport/api/v1/account${path}`, { headers, body });
  const forgotten = [
    'sallyport-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
    'sallyport-pending=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
  ];

  it('shows factors, recovery codes and live sessions, and no secret', async () => {
    const answer = await fixture.call('GET', '/.sallyport/api/v1/account', { headers });
    assert.deepEqual(answer.json, {
      user: { name: 'alice', displayName: 'Alice', directory: 'local' },
      apps: [
        { id: 'app-1', label: 'Phone', digits: 6, issuer: 'Test', enrolledAt: '2026-01-14T09:00:00.000Z' },
      ],
      phone: {
        id: 'phone-1',
        hint: '••• 71',
        enrolledAt: '2026-01-14T09:00:00.000Z',
        setByAdministrator: true,
      },
      addable: [{ id: 'app', digits: 6 }],
      recoveryCodes: { total: 10, left: 9 },
      methods: [{ id: 'app', digits: 6 }],
      canChangePassword: true,
      sessions: ['session-1', 'session-2'].map((id) => ({
        id,
        current: id === 'session-1',
        state: 'granted',
        verifiedAt: '2026-01-15T09:00:00.000Z',
        expiresAt: '2026-01-15T10:00:00.000Z',
        address: '127.0.0.1',
        browser: 'Firefox 130 on Linux',
        amr: ['pwd', 'otp'],
      })),
    });
  });

  it('asks a code typed now for every change to factors', async () => {
    for (const path of ['/app', '/sms', '/email', '/factors/app-1/remove', '/recovery']) {
      const answer = await post(path, {});
      assert.equal(answer.json.code, 'invalid-request', path);
    }
    assert.deepEqual(fixture.asked, []);
  });

  it('adds a number in two steps, and sends its code again without another proof', async () => {
    const begun = await post('/sms', { ...proof, phone: '+14155552671' });
    assert.equal(begun.status, 202);
    assert.deepEqual(begun.json, {
      hint: '••• 71',
      resendAfter: 30,
      expiresAt: '2026-01-15T10:00:00.000Z',
      expiresAfter: 3600,
      digits: 6,
    });
    assert.equal(begun.headers['set-cookie'], undefined);
    assert.equal((await post('/sms/resend', {})).status, 202);
    const added = await post('/sms/verify', { code: '222222' });
    assert.deepEqual(added.json, { status: 'added', id: 'phone-2' });
    assert.deepEqual(fixture.asked, [
      { what: 'account.beginSent', with: [{ method: 'sms', phone: '+14155552671' }, proof] },
      { what: 'account.resendSent', with: ['sms'] },
      { what: 'account.confirmSent', with: [{ method: 'sms', code: '222222' }] },
    ]);
  });

  it('takes no address from the user: only the directory and administrators say where email goes', async () => {
    const answer = await post('/email', { ...proof, address: 'mallory@example.com' });
    assert.equal(answer.json.code, 'invalid-request');
    assert.equal((await post('/email', proof)).status, 202);
    assert.deepEqual(fixture.asked, [{ what: 'account.beginSent', with: [{ method: 'email' }, proof] }]);
  });

  it('sends a code that proves a change', async () => {
    assert.equal((await post('/code', { method: 'sms' })).status, 202);
    assert.equal((await post('/code', { method: 'app' })).json.code, 'invalid-request');
    assert.deepEqual(fixture.asked, [{ what: 'account.sendCode', with: ['sms'] }]);
  });

  it('adds a further app in two steps', async () => {
    const begun = await post('/app', proof);
    assert.equal(begun.status, 200);
    assert.deepEqual(Object.keys(begun.json).sort(), ['digits', 'qrSvg', 'secret', 'uri']);
    const added = await post('/app/verify', { code: '222222', label: 'New phone' });
    assert.deepEqual(added.json, { status: 'added', id: 'app-2' });
    assert.deepEqual(fixture.asked, [
      { what: 'account.beginApp', with: [proof] },
      { what: 'account.confirmApp', with: [{ code: '222222', label: 'New phone' }] },
    ]);
  });

  it('removes an app, renews recovery codes and changes the password', async () => {
    assert.equal((await post('/factors/app-1/remove', proof)).status, 204);
    assert.deepEqual((await post('/recovery', proof)).json, { recoveryCodes: ['cccc-dddd'] });
    assert.equal((await post('/password', { current: 'old one', next: 'new one' })).status, 204);
    assert.deepEqual(
      fixture.asked.map(({ what }) => what),
      ['removeFactor', 'renewRecoveryCodes', 'account.changePassword'],
    );
  });

  it('ends one of its sessions, and forgets the cookies only when it was this one', async () => {
    const end = (id: string) =>
      fixture.call('DELETE', `/.sallyport/api/v1/account/sessions/${id}`, {
        headers: { ...headers, origin: fixture.origin },
      });
    const other = await end('session-2');
    assert.equal(other.status, 204);
    assert.equal(other.headers['set-cookie'], undefined);
    const own = await end('session-1');
    assert.deepEqual(own.headers['set-cookie'], forgotten);
    assert.equal((await end('of-somebody-else')).json.code, 'not-found');
    assert.deepEqual(
      fixture.asked.map((asked) => asked.with[0]),
      ['session-2', 'session-1'],
    );
  });

  it('signs out everywhere', async () => {
    const answer = await post('/sign-out-everywhere', {});
    assert.equal(answer.status, 204);
    assert.deepEqual(answer.headers['set-cookie'], forgotten);
    assert.deepEqual(fixture.asked, [{ what: 'signOutEverywhere', with: ['session-1'] }]);
  });

  it('signs out by DELETE, with cookies forgotten for a browser', async () => {
    const answer = await fixture.call('DELETE', '/.sallyport/api/v1/session', {
      headers: { ...headers, origin: fixture.origin },
    });
    assert.equal(answer.status, 204);
    assert.equal(answer.text, '');
    assert.deepEqual(answer.headers['set-cookie'], forgotten);
    assert.deepEqual(fixture.asked, [{ what: 'revoke', with: ['session-1', 'sign-out'] }]);
  });
});
