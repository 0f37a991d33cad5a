import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { resetFactors } from '../../src/accounts/index.ts';
import { subscription } from '../../src/server/index.ts';
import { password } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { apiCall, ask, startTarget, type Target } from './target.ts';

const right = (username: string) => ({ username, password });

describe('a way around the second factor by its steps', () => {
  let target: Target;
  let counter = 0;
  const site = () => target.site;

  before(async () => {
    target = await startTarget();
  });
  after(() => target.stop());

  /** A user with an enrolled app, signed out, whose clock has moved on so that a fresh code is there. */
  async function enrolled(): Promise<{ name: string; phone: SiteClient }> {
    counter += 1;
    const name = `user${counter}`;
    const phone = await site().signedIn(name);
    await phone.call('DELETE', 'session');
    site().clock.advance(30_000);
    return { name, phone };
  }

  /** A browser that has passed the password of this user and nothing else. */
  async function pendingOf(name: string, status = 'verify'): Promise<SiteClient> {
    const client = site().client();
    const begun = await client.call('POST', 'sign-in', right(name));
    assert.equal(begun.json?.status, status, begun.text);
    return client;
  }

  async function opensNothing(client: SiteClient): Promise<void> {
    assert.equal((await client.get('/desk/page')).status, 401);
    assert.equal((await client.call('GET', 'session')).status, 401);
    assert.equal((await client.call('GET', 'account')).status, 401);
    await assert.rejects(client.open('/desk/ws'), { message: '401' });
    assert.deepEqual(target.reached(), []);
  }

  it('threat 2: no step works without the one before', async () => {
    const steps: readonly (readonly [string, unknown])[] = [
      ['sign-in/verify', { method: 'app', code: '123456' }],
      ['sign-in/code', { method: 'sms' }],
      ['sign-in/password', { password: 'a brand new passphrase' }],
      ['enrol/app', {}],
      ['enrol/sms', { phone: '+14155552671' }],
      ['enrol/email', {}],
      ['enrol/verify', { method: 'app', code: '123456' }],
    ];
    for (const [path, body] of steps) {
      const stranger = site().client();
      const answer = await stranger.call('POST', path, body);
      assert.deepEqual([answer.status, answer.json?.code], [401, 'sign-in-required'], path);
      assert.equal(stranger.cookies.get(stranger.portalHost)?.size, 0, `${path} sets no cookie`);
    }
  });

  it('threat 2: who has to show a code can neither enrol nor change the password instead', async () => {
    const { name } = await enrolled();
    const thief = await pendingOf(name);
    for (const [path, body] of [
      ['enrol/app', {}],
      ['enrol/verify', { method: 'app', code: '000000' }],
      ['sign-in/password', { password: 'a brand new passphrase' }],
    ] as const) {
      const answer = await thief.call('POST', path, body);
      assert.deepEqual([answer.status, answer.json?.code], [409, 'wrong-step'], path);
    }
    await opensNothing(thief);
  });

  it('threat 2: who has to enrol can neither show a code nor change the password instead', async () => {
    counter += 1;
    await site().addUser(`user${counter}`);
    const client = await pendingOf(`user${counter}`, 'enrol');
    for (const [path, body] of [
      ['sign-in/verify', { method: 'app', code: '000000' }],
      ['sign-in/verify', { method: 'recovery', code: '0000-0000-0000-0000' }],
      ['sign-in/password', { password: 'a brand new passphrase' }],
      ['enrol/verify', { method: 'app', code: '000000' }],
    ] as const) {
      const answer = await client.call('POST', path, body);
      assert.deepEqual([answer.status, answer.json?.code], [409, 'wrong-step'], path);
    }
    await opensNothing(client);
  });

  it('threat 2: an empty body, a body of another step and a body with more than was asked are refused and prove nothing', async () => {
    const { name, phone } = await enrolled();
    const thief = await pendingOf(name);
    const code = phone.code();
    const bodies: readonly unknown[] = [
      {},
      [],
      null,
      '',
      true,
      right(name),
      { code },
      { method: 'app' },
      { method: 'app', code: null },
      { method: 'app', code: [code] },
      { method: 'app', code: Number(code) },
      { method: 'app', code: { $ne: '' } },
      { method: ['app'], code },
      { method: 'pigeon', code },
      { method: 'app', code, user: 'olivia' },
      { method: 'app', code, amr: ['pwd', 'otp'] },
      { method: 'app', code: '' },
      { status: 'done' },
      { phone: '+14155552671' },
    ];
    for (const body of bodies) {
      const answer = await thief.call('POST', 'sign-in/verify', body);
      assert.deepEqual([answer.status, answer.json?.code], [400, 'invalid-request'], JSON.stringify(body));
    }
    for (const empty of ['', ' ', '{', '{}{}']) {
      const bytes = apiCall(site(), 'POST', 'sign-in/verify', {}, [
        `Cookie: ${thief.cookieHeader()}`,
      ]).replace(/Content-Length: \d+\r\n\r\n\{\}$/, `Content-Length: ${empty.length}\r\n\r\n${empty}`);
      assert.equal((await ask(site(), bytes))?.status, 400, JSON.stringify(empty));
    }
    await opensNothing(thief);
    const proven = await thief.call('POST', 'sign-in/verify', { method: 'app', code });
    assert.equal(proven.json?.status, 'done', 'and none of them spent the code');
    target.reached();
  });

  it('threat 2: a pending sign-in that was completed proves nothing again, by cookie or by bearer', async () => {
    const { name, phone } = await enrolled();
    const client = await pendingOf(name);
    const pending = client.cookie('sallyport-pending') ?? '';
    assert.equal(
      (await client.call('POST', 'sign-in/verify', { method: 'app', code: phone.code() })).json?.status,
      'done',
    );
    site().clock.advance(30_000);
    for (const line of [`Cookie: sallyport-pending=${pending}`, `Authorization: Bearer ${pending}`]) {
      const body = { method: 'app', code: phone.code() };
      const replayed = await ask(site(), apiCall(site(), 'POST', 'sign-in/verify', body, [line]));
      assert.deepEqual([replayed?.status, replayed?.json?.code], [401, 'sign-in-expired']);
      assert.deepEqual(replayed?.all('set-cookie'), []);
    }
  });

  it("threat 2: a code proves the user of its own pending sign-in, and nobody else's", async () => {
    const mine = await enrolled();
    const theirs = await enrolled();
    const thief = await pendingOf(theirs.name);
    const answer = await thief.call('POST', 'sign-in/verify', { method: 'app', code: mine.phone.code() });
    assert.deepEqual([answer.status, answer.json?.code], [401, 'wrong-code']);
    await opensNothing(thief);
  });

  it('threat 2: two credentials of different kinds in one step are refused, so that no step mixes two sign-ins', async () => {
    const mine = await enrolled();
    const theirs = await enrolled();
    const a = await pendingOf(mine.name);
    const b = await pendingOf(theirs.name);
    const bearer = { authorization: `Bearer ${b.cookie('sallyport-pending')}` };
    const mixed = await a.call('POST', 'sign-in/verify', { method: 'app', code: mine.phone.code() }, bearer);
    assert.deepEqual([mixed.status, mixed.json?.code], [400, 'ambiguous-credentials']);
    await opensNothing(a);
  });

  it('threat 2: deliver decides once: a sign-in begun by bearer never sets a cookie, one begun by cookie never shows a token', async () => {
    const { name, phone } = await enrolled();
    const program = site().client();
    const begun = await program.call('POST', 'sign-in', { ...right(name), deliver: 'bearer' });
    assert.equal(begun.headers['set-cookie'], undefined);
    const authorization = `Bearer ${begun.json.token}`;
    const body = { method: 'app', code: phone.code() };
    const done = await program.call('POST', 'sign-in/verify', body, { authorization });
    assert.deepEqual([done.json?.status, done.headers['set-cookie']], ['done', undefined]);
    assert.equal(typeof done.json.token, 'string');

    site().clock.advance(30_000);
    const browser = await pendingOf(name);
    const shown = await browser.call('POST', 'sign-in/verify', {
      method: 'app',
      code: phone.code(),
      deliver: 'bearer',
    });
    assert.equal(shown.status, 400, 'the step takes no wish of its own');
    const kept = await browser.call('POST', 'sign-in/verify', { method: 'app', code: phone.code() });
    assert.equal(kept.json?.status, 'done');
    assert.equal(kept.json?.token, undefined);
    target.reached();
  });

  it('threat 2: a forced password change comes after the second factor, and cannot be reached, or left out, without it', async () => {
    const { name, phone } = await enrolled();
    const { local } = site().gateway.rooms;
    const user = await local.lookUp(name);
    await local.setPassword(user?.key ?? '', password, { mustChange: true });
    const client = await pendingOf(name);
    const early = await client.call('POST', 'sign-in/password', { password: 'a brand new passphrase' });
    assert.deepEqual([early.status, early.json?.code], [409, 'wrong-step']);
    const proven = await client.call('POST', 'sign-in/verify', { method: 'app', code: phone.code() });
    assert.equal(proven.json?.status, 'change-password');
    await opensNothing(client);
    site().clock.advance(30_000);
    const again = await client.call('POST', 'sign-in/verify', { method: 'app', code: phone.code() });
    assert.deepEqual([again.status, again.json?.code], [409, 'wrong-step']);
    const enrol = await client.call('POST', 'enrol/app', {});
    assert.deepEqual([enrol.status, enrol.json?.code], [409, 'wrong-step']);
    // A new sign-in with the old password has to prove itself anew: the first one's proof is not the user's.
    const other = await pendingOf(name);
    const skipped = await other.call('POST', 'sign-in/password', { password: 'a brand new passphrase' });
    assert.deepEqual([skipped.status, skipped.json?.code], [409, 'wrong-step']);
    const done = await client.call('POST', 'sign-in/password', { password: 'a brand new passphrase' });
    assert.deepEqual([done.json?.status, done.json?.session?.amr], ['done', ['pwd', 'otp']]);
    const late = await client.call('POST', 'sign-in/password', { password: 'and yet another one here' });
    assert.equal(late.status, 401);
    target.reached();
  });

  it('threat 3: with only the password nobody enrols a second time', async () => {
    const { name } = await enrolled();
    const thief = await pendingOf(name);
    const begun = await thief.call('POST', 'enrol/app', {});
    assert.equal(begun.json?.code, 'wrong-step');
    assert.equal(begun.json?.secret, undefined);
  });

  it('threat 3: an enrolment that was begun before another was completed cannot be completed any more', async () => {
    counter += 1;
    const name = `user${counter}`;
    await site().addUser(name);
    const thief = await pendingOf(name, 'enrol');
    const setup = await thief.call('POST', 'enrol/app', {});
    thief.secret = setup.json.secret;
    const owner = await pendingOf(name, 'enrol');
    assert.equal((await owner.enrol()).json?.status, 'done');
    target.reached();
    const late = await thief.call('POST', 'enrol/verify', { method: 'app', code: thief.code() });
    assert.deepEqual([late.status, late.json?.code], [409, 'already-enrolled']);
    const anew = await thief.call('POST', 'enrol/app', {});
    assert.equal(anew.json?.code, 'already-enrolled');
    await opensNothing(thief);
  });

  it('threat 3: of two enrolments at the same instant one is saved, and the other opens nothing', async () => {
    counter += 1;
    const name = `user${counter}`;
    await site().addUser(name);
    const both = [await pendingOf(name, 'enrol'), await pendingOf(name, 'enrol')];
    for (const client of both) client.secret = (await client.call('POST', 'enrol/app', {})).json.secret;
    assert.notEqual(both[0]?.secret, both[1]?.secret);
    const outcomes = await Promise.all(
      both.map((client) => client.call('POST', 'enrol/verify', { method: 'app', code: client.code() })),
    );
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), [200, 409]);
    const key = (await site().gateway.rooms.local.lookUp(name))?.key ?? '';
    const { factors } = await site().gateway.rooms.administration.factors.read(subscription, key);
    assert.equal(factors.apps.length, 1);
    const loser = both[outcomes.findIndex(({ status }) => status === 409)];
    assert.ok(loser);
    await opensNothing(loser);
  });

  it('threat 3: the same code in the same enrolment at the same instant gives one session', async () => {
    counter += 1;
    const name = `user${counter}`;
    await site().addUser(name);
    const client = await pendingOf(name, 'enrol');
    client.secret = (await client.call('POST', 'enrol/app', {})).json.secret;
    const body = { method: 'app', code: client.code() };
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => client.call('POST', 'enrol/verify', body)),
    );
    assert.equal(outcomes.filter(({ status }) => status === 200).length, 1);
    const shown = outcomes.filter(({ json }) => json?.recoveryCodes !== undefined);
    assert.equal(shown.length, 1, 'recovery codes are shown once');
  });

  it('threat 3: an enrolment that was begun and never confirmed lets nobody in', async () => {
    counter += 1;
    const name = `user${counter}`;
    await site().addUser(name);
    const client = await pendingOf(name, 'enrol');
    const setup = await client.call('POST', 'enrol/app', {});
    client.secret = setup.json.secret;
    await opensNothing(client);
    const next = site().client();
    const begun = await next.call('POST', 'sign-in', right(name));
    assert.equal(begun.json?.status, 'enrol', 'nothing is enrolled');
    const verify = await next.call('POST', 'sign-in/verify', { method: 'app', code: client.code() });
    assert.equal(verify.json?.code, 'wrong-step', 'an unproven key proves nothing');
    const foreign = await next.call('POST', 'enrol/verify', { method: 'app', code: client.code() });
    assert.equal(foreign.json?.code, 'wrong-step', 'nor in another sign-in');
  });

  it('threat 3: the recipient of a code cannot be named by whoever has the password', async () => {
    const { name } = await enrolled();
    const thief = await pendingOf(name);
    for (const [path, body, code] of [
      ['sign-in/code', { method: 'sms' }, 'method-not-available'],
      ['sign-in/code', { method: 'email' }, 'method-not-available'],
      ['enrol/sms', { phone: '+14155552671' }, 'wrong-step'],
      ['enrol/email', {}, 'wrong-step'],
    ] as const) {
      assert.equal((await thief.call('POST', path, body)).json?.code, code, path);
    }
    for (const [path, body] of [
      ['sign-in/code', { method: 'sms', phone: '+14155552671' }],
      ['sign-in/code', { method: 'email', email: 'eve@evil.example' }],
      ['enrol/email', { email: 'eve@evil.example' }],
      ['enrol/app', { secret: 'JBSWY3DPEHPK3PXP' }],
      ['enrol/verify', { method: 'app', code: '123456', secret: 'JBSWY3DPEHPK3PXP' }],
    ] as const) {
      assert.equal((await thief.call('POST', path, body)).json?.code, 'invalid-request', path);
    }
  });

  it('threat 3: a reset that asks for a ticket is not undone by an enrolment that was under way', async () => {
    const { name, phone } = await enrolled();
    const { rooms } = site().gateway;
    const key = (await rooms.local.lookUp(name))?.key ?? '';
    const before = await resetFactors(rooms.administration, [key], 'test');
    assert.equal(before[0]?.ticket, undefined);
    // The thief has the password, and began while anybody could enrol.
    const thief = await pendingOf(name, 'enrol');
    thief.secret = (await thief.call('POST', 'enrol/app', {})).json.secret;
    const [reset] = await resetFactors(rooms.administration, [key], 'test', { ticket: true });
    const late = await thief.call('POST', 'enrol/verify', { method: 'app', code: thief.code() });
    assert.deepEqual(
      [late.status, late.json?.code],
      [401, 'sign-in-expired'],
      'the reset ended what was under way',
    );
    await opensNothing(thief);
    const real = await pendingOf(name, 'enrol');
    const setup = await real.call('POST', 'enrol/app', { ticket: reset?.ticket });
    assert.equal(setup.status, 200, setup.text);
    phone.secret = setup.json.secret;
    const done = await real.call('POST', 'enrol/verify', { method: 'app', code: phone.code() });
    assert.equal(done.json?.status, 'done');
    target.reached();
  });
});
