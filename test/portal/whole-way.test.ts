import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { bootOf } from './portal-fixture.ts';
import { openPortal, origin } from './whole-portal.ts';

const password = { username: 'alice', password: "alice's password" };

/** Alice with an app, in a browser that has signed out. */
async function withAlice(t: TestContext) {
  const whole = await openPortal(t);
  const { user, phone, recoveryCodes } = await whole.site.enrolled('alice');
  return { ...whole, user, phone, recoveryCodes };
}

async function signIn({ phone, browser, site }: Awaited<ReturnType<typeof withAlice>>, device = browser()) {
  assert.equal((await device.post('sign-in', password)).json.status, 'verify');
  const done = await device.post('sign-in/verify', { method: 'app', code: phone.code() });
  assert.equal(done.json.status, 'done', done.text);
  site.clock.advance(60_000);
  return device;
}

describe('the whole way over HTTP', () => {
  it('leads from the password over an enrolment to a session, with recovery codes once', async (t) => {
    const { site, browser, names } = await openPortal(t);
    site.directory.add('alice');
    const alice = browser();
    const first = await alice.post('sign-in', password);
    assert.deepEqual([first.json.status, first.json.token], ['enrol', undefined]);
    assert.deepEqual([...alice.cookies().keys()], [names.pending]);
    assert.equal((await alice.get('session')).status, 401);
    const setup = await alice.post('enrol/app', {});
    const phone = site.phone(String(setup.json.secret));
    const done = await alice.post('enrol/verify', { method: 'app', code: phone.code(), label: 'Phone' });
    assert.equal(done.json.status, 'done', done.text);
    assert.equal((done.json.recoveryCodes as string[]).length, 10);
    assert.deepEqual([...alice.cookies().keys()].sort(), [names.device, names.session].sort());
    const session = await alice.get('session');
    assert.deepEqual(
      (session.json.applications as { name: string }[]).map(({ name }) => name),
      ['Desk', 'Mail'],
    );
    const account = await alice.get('account');
    assert.equal((account.json.apps as { label: string }[])[0]?.label, 'Phone');
    assert.doesNotMatch(account.text, new RegExp(`${phone.secret}|sealed`));
  });

  it('comes back to the page that was wanted', async (t) => {
    const whole = await withAlice(t);
    const device = whole.browser();
    const refused = await device.visit('/mail/inbox?x=1');
    const page = await device.follow(String(refused.headers.location));
    const { returnTo } = bootOf(page.answer).state as { returnTo: string };
    await device.post('sign-in', { ...password, returnTo });
    const done = await device.post('sign-in/verify', { method: 'app', code: whole.phone.code() });
    assert.equal(done.json.returnTo, '/mail/inbox?x=1');
    assert.equal((await device.visit('/mail/inbox?x=1')).text, 'admitted');
  });

  it('works by bearer without any cookie', async (t) => {
    const { phone, browser } = await withAlice(t);
    const client = browser();
    const begun = await client.post('sign-in', { ...password, deliver: 'bearer' });
    const code = { method: 'app', code: phone.code() };
    assert.equal((await client.post('sign-in/verify', code)).status, 401);
    const done = await client.post('sign-in/verify', code, { authorization: `Bearer ${begun.json.token}` });
    const authorization = `Bearer ${done.json.token}`;
    assert.equal((await client.get('session', { authorization })).status, 200);
    assert.equal((await client.get('session', { authorization: `Bearer ${begun.json.token}` })).status, 401);
    assert.equal(client.cookies().size, 0);
  });

  it('serves an application on another host with one sign-in, and signs out of all by one sign-out', async (t) => {
    const whole = await withAlice(t);
    const device = whole.browser();
    const desk = 'https://desk.example.com/work?x=1';
    const toSignIn = await device.follow(desk);
    const state = bootOf(toSignIn.answer).state as { returnTo: string; application: string };
    assert.equal(state.application, 'Desk');
    await device.post('sign-in', { ...password, returnTo: state.returnTo });
    const done = await device.post('sign-in/verify', { method: 'app', code: whole.phone.code() });
    const arrived = await device.follow(String(done.json.returnTo));
    assert.deepEqual([arrived.address, arrived.answer.text], [desk, 'admitted']);
    assert.deepEqual([...device.cookies('desk.example.com').keys()], [whole.names.session]);
    // The cookie of one host is worth nothing on another.
    const swapped = whole.browser();
    swapped
      .cookies()
      .set(whole.names.session, device.cookies('desk.example.com').get(whole.names.session) ?? '');
    assert.equal((await swapped.get('session')).status, 401);
    await device.follow('https://desk.example.com/.sallyport/sign-out');
    assert.equal((await device.get('session')).status, 401);
    assert.equal((await device.visit(desk)).status, 302);
  });

  it('does not take a hand-off that another browser began, nor one twice', async (t) => {
    const whole = await withAlice(t);
    const alice = await signIn(whole);
    const begun = await alice.visit('https://desk.example.com/');
    const handed = await alice.visit(String(begun.headers.location));
    const arrival = String(handed.headers.location);
    const mallory = whole.browser();
    await mallory.visit('https://desk.example.com/');
    assert.equal((await mallory.visit(arrival)).status, 400);
    assert.equal(mallory.cookies('desk.example.com').get(whole.names.session), undefined);
    assert.equal((await alice.visit(arrival)).status, 400, 'the wrong try has consumed it');
    const again = await alice.follow('https://desk.example.com/');
    assert.equal(again.answer.text, 'admitted');
  });
});

describe('steps out of their order', () => {
  it('are refused without a pending sign-in, and after it was used', async (t) => {
    const whole = await withAlice(t);
    const device = whole.browser();
    const code = { method: 'app', code: whole.phone.code() };
    assert.equal((await device.post('sign-in/verify', code)).json.code, 'sign-in-required');
    await device.post('sign-in', password);
    const pending = device.cookies().get(whole.names.pending) ?? '';
    assert.equal((await device.post('enrol/app', {})).json.code, 'wrong-step');
    assert.equal((await device.post('enrol/verify', code)).json.code, 'wrong-step');
    assert.equal(
      (await device.post('sign-in/password', { password: 'another one' })).json.code,
      'wrong-step',
    );
    assert.equal((await device.post('sign-in/verify', code)).json.status, 'done');
    device.cookies().set(whole.names.pending, pending);
    whole.site.clock.advance(30_000);
    const twice = await device.post('sign-in/verify', { method: 'app', code: whole.phone.code() });
    assert.equal(twice.json.code, 'sign-in-expired');
  });

  it('never take a token of one kind for another', async (t) => {
    const whole = await withAlice(t);
    const device = await signIn(whole);
    const session = device.cookies().get(whole.names.session) ?? '';
    await device.post('sign-in', password);
    const pending = device.cookies().get(whole.names.pending) ?? '';
    const stranger = whole.browser();
    stranger.cookies().set(whole.names.session, pending);
    assert.equal((await stranger.get('session')).status, 401);
    assert.equal((await stranger.visit('/mail/')).status, 302);
    stranger.cookies().clear();
    stranger.cookies().set(whole.names.pending, session);
    const verified = await stranger.post('sign-in/verify', { method: 'app', code: whole.phone.code() });
    assert.equal(verified.status, 401);
    const record = (await whole.site.live(whole.user))[0];
    assert.ok(record);
    const { token } = await whole.tokens.issueAssertion(record, 'desk');
    stranger.cookies().clear();
    stranger.cookies().set(whole.names.session, token);
    assert.equal((await stranger.get('session')).status, 401);
  });

  it('cannot enrol a second time with the password alone', async (t) => {
    const whole = await withAlice(t);
    const device = whole.browser();
    const begun = await device.post('sign-in', password);
    assert.equal(begun.json.status, 'verify');
    assert.ok((await device.post('enrol/app', {})).status >= 400);
  });
});

describe('the account over HTTP', () => {
  it('signs out at once, everywhere, and on every host', async (t) => {
    const whole = await withAlice(t);
    const one = await signIn(whole);
    const other = await signIn(whole);
    assert.equal(((await one.get('account')).json.sessions as unknown[]).length, 3);
    assert.equal((await one.post('account/sign-out-everywhere', {})).status, 204);
    assert.equal((await one.get('session')).status, 401);
    assert.equal((await other.get('session')).status, 401);
    assert.equal((await other.visit('/mail/')).status, 302);
  });

  it('changes factors only for a code typed now', async (t) => {
    const whole = await withAlice(t);
    const device = await signIn(whole);
    const refused = await device.post('account/app', { method: 'app', code: whole.site.wrong(whole.phone) });
    assert.equal(refused.json.code, 'wrong-code');
    const setup = await device.post('account/app', { method: 'app', code: whole.phone.code() });
    assert.equal(setup.status, 200, setup.text);
    const phone = whole.site.phone(String(setup.json.secret));
    const added = await device.post('account/app/verify', { code: phone.code(), label: 'Tablet' });
    assert.equal(added.json.status, 'added');
    whole.site.clock.advance(60_000);
    const renewed = await device.post('account/recovery', { method: 'app', code: phone.code() });
    assert.equal((renewed.json.recoveryCodes as string[]).length, 10);
    const recovered = whole.browser();
    await recovered.post('sign-in', password);
    const old = await recovered.post('sign-in/verify', { method: 'recovery', code: whole.recoveryCodes[0] });
    assert.equal(old.json.code, 'wrong-code');
  });

  it("ends another session of the same user, and nobody else's", async (t) => {
    const whole = await withAlice(t);
    const device = await signIn(whole);
    const bob = await whole.site.enrolled('bob');
    const foreign = (await whole.site.live(bob.user))[0];
    assert.ok(foreign);
    assert.equal((await device.delete(`account/sessions/${foreign.id}`)).status, 404);
    assert.equal((await whole.site.live(bob.user)).length, 1);
  });

  it('keeps the portal to the application hosts it knows', async (t) => {
    const whole = await withAlice(t);
    const device = await signIn(whole);
    const answer = await device.visit(
      `/.sallyport/hand-off?host=evil.example&nonce=${'a'.repeat(43)}&returnTo=/`,
    );
    assert.equal(answer.status, 400);
    assert.equal((await device.visit(`${origin}/.sallyport/`)).status, 200);
    assert.deepEqual(whole.failures, []);
  });
});
