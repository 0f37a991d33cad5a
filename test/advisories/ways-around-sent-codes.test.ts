import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { enable, resetFactors } from '../../src/accounts/index.ts';
import { subscription } from '../../src/server/index.ts';
import { type RealSenders, startRealSenders } from '../support/real-senders.ts';
import { password } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { type Replica, startReplica, startTarget, type Target } from './target.ts';

const other = '+33612345678';

describe('a way around codes that are sent', () => {
  let target: Target;
  let senders: RealSenders;
  let replica: Replica;
  let counter = 0;
  const site = () => target.site;

  before(async () => {
    senders = await startRealSenders();
    target = await startTarget({ config: senders.config });
    await senders.configure(site(), { sms: 10_000, email: 10_000 });
    // So long that no guess is right by chance, and no code is another one.
    await site().gateway.rooms.settings.update(subscription, { digits: 12 }, 'test');
    replica = await startReplica(site());
  });
  after(async () => {
    await replica.gateway.close(0);
    await target.stop();
    await senders.close();
  });

  const numberOf = (user: number): string => `+1415555${String(2000 + user)}`;
  const pass = (seconds = 31): void => site().clock.advance(seconds * 1000);

  /** A user who has enrolled a number and nothing else, signed in. */
  async function enrolled(): Promise<{ name: string; key: string; browser: SiteClient; number: string }> {
    counter += 1;
    const name = `sent${counter}`;
    const number = numberOf(counter);
    const key = await site().addUser(name);
    const browser = site().client();
    await browser.call('POST', 'sign-in', { username: name, password });
    const sent = await browser.call('POST', 'enrol/sms', { phone: number });
    assert.equal(sent.status, 202, sent.text);
    const done = await browser.call('POST', 'enrol/verify', { method: 'sms', code: senders.code('sms') });
    assert.equal(done.json?.status, 'done', done.text);
    pass();
    return { name, key, browser, number };
  }

  /** A browser that has passed the password of this user and nothing else. */
  async function pendingOf(name: string, client = site().client()): Promise<SiteClient> {
    const begun = await client.call('POST', 'sign-in', { username: name, password });
    assert.equal(begun.json?.status, 'verify', begun.text);
    return client;
  }

  async function sendTo(client: SiteClient): Promise<string> {
    const sent = await client.call('POST', 'sign-in/code', { method: 'sms' });
    assert.equal(sent.status, 202, sent.text);
    return senders.code('sms');
  }

  const verify = async (client: SiteClient, code: string, method = 'sms'): Promise<string> => {
    const { json, text } = await client.call('POST', 'sign-in/verify', { method, code });
    return json?.status === 'done' ? 'done' : (json?.code ?? text);
  };

  async function opensNothing(client: SiteClient): Promise<void> {
    assert.equal((await client.get('/desk/page')).status, 401);
    await assert.rejects(client.open('/desk/ws'), { message: '401' });
    assert.deepEqual(target.reached(), []);
  }

  it('threat 3: whoever has the password can say of no step where a code goes (authentik GHSA-qgqp-xh8r-v73r)', async () => {
    const { name, number } = await enrolled();
    const thief = await pendingOf(name);
    const taken = senders.twilio.taken.length;
    for (const [path, body, code] of [
      ['sign-in/code', { method: 'sms', phone: other }, 'invalid-request'],
      ['sign-in/code', { method: 'sms', to: other }, 'invalid-request'],
      ['sign-in/code', { method: 'sms', number: other, enrolment: 'x' }, 'invalid-request'],
      ['sign-in/verify', { method: 'sms', code: '1', phone: other }, 'invalid-request'],
      ['enrol/sms', { phone: other }, 'wrong-step'],
      ['enrol/email', {}, 'wrong-step'],
      ['enrol/verify', { method: 'sms', code: '123456' }, 'wrong-step'],
      ['account/sms', { method: 'sms', code: '123456', phone: other }, 'sign-in-required'],
      ['account/code', { method: 'sms' }, 'sign-in-required'],
    ] as const) {
      assert.equal((await thief.call('POST', path, body)).json?.code, code, path);
    }
    assert.equal(senders.twilio.taken.length, taken);
    await sendTo(thief);
    assert.equal(senders.twilio.taken.at(-1)?.To, number);
    await opensNothing(thief);
  });

  it('threat 3: a number that an administrator has set cannot be replaced, when enrolling or later', async () => {
    counter += 1;
    const name = `sent${counter}`;
    const key = await site().addUser(name);
    const { administration } = site().gateway.rooms;
    await enable(administration, `user:${key}`, 'test', { method: 'sms', phone: numberOf(counter) });
    const browser = site().client();
    const begun = await browser.call('POST', 'sign-in', { username: name, password });
    assert.equal(begun.json?.default, 'sms');
    for (const phone of [other, numberOf(counter)]) {
      const answer = await browser.call('POST', 'enrol/sms', { phone });
      assert.deepEqual([answer.status, answer.json?.code], [403, 'set-by-administrator']);
    }
    assert.equal((await browser.call('POST', 'enrol/sms', {})).status, 202);
    assert.equal(senders.twilio.taken.at(-1)?.To, numberOf(counter));
    const code = senders.code('sms');
    assert.equal((await browser.call('POST', 'enrol/verify', { method: 'sms', code })).json?.status, 'done');
    pass();
    assert.equal((await browser.call('POST', 'account/code', { method: 'sms' })).status, 202);
    const proof = { method: 'sms', code: senders.code('sms'), phone: other };
    assert.equal((await browser.call('POST', 'account/sms', proof)).json?.code, 'set-by-administrator');
    assert.equal(senders.twilio.taken.at(-1)?.To, numberOf(counter));
  });

  it('threat 3: a number that was named and not proven is not there, and lets nobody in', async () => {
    counter += 1;
    const name = `sent${counter}`;
    await site().addUser(name);
    const thief = site().client();
    await thief.call('POST', 'sign-in', { username: name, password });
    assert.equal((await thief.call('POST', 'enrol/sms', { phone: other })).status, 202);
    assert.equal(await verify(thief, senders.code('sms')), 'wrong-step');
    await opensNothing(thief);
    pass();
    const owner = site().client();
    const begun = await owner.call('POST', 'sign-in', { username: name, password });
    assert.equal(begun.json?.status, 'enrol');
    const foreign = await owner.call('POST', 'enrol/verify', { method: 'sms', code: senders.code('sms') });
    assert.equal(foreign.json?.code, 'code-expired', 'of another sign-in');
  });

  it('threat 2: a code is good for the sign-in, the user and the method it was sent for, and for no other', async () => {
    const one = await enrolled();
    const two = await enrolled();
    const first = await pendingOf(one.name);
    const code = await sendTo(first);
    const again = await pendingOf(one.name);
    assert.equal(await verify(again, code), 'code-expired');
    const foreign = await pendingOf(two.name);
    assert.equal(await verify(foreign, code), 'code-expired');
    await sendTo(foreign);
    assert.equal(await verify(foreign, code), 'wrong-code');
    assert.equal(await verify(first, code, 'email'), 'method-not-available');
    assert.equal(await verify(first, code, 'app'), 'method-not-available');
    await opensNothing(again);
    assert.equal(await verify(first, code), 'done');
  });

  it('threat 9: a code that is typed in two browsers at once, on two replicas, lets one of them in, once', async () => {
    const { name } = await enrolled();
    const here = await pendingOf(name);
    const code = await sendTo(here);
    const racers = Array.from({ length: 6 }, (_, nth) => (nth % 2 === 0 ? like(here) : replica.client(here)));
    const outcomes = await Promise.all(racers.map((client) => verify(client, code)));
    assert.equal(outcomes.filter((each) => each === 'done').length, 1, outcomes.join());
    for (const client of [here, replica.client(here)]) {
      assert.match(await verify(client, code), /^(sign-in-expired|sign-in-required)$/);
    }
  });

  /** Another browser with the same cookies. */
  function like(client: SiteClient): SiteClient {
    const copy = site().client();
    for (const [host, cookies] of client.cookies) copy.cookies.set(host, new Map(cookies));
    return copy;
  }

  it('threat 9: a code does not come back with a restart', async () => {
    const { name } = await enrolled();
    const client = await pendingOf(name);
    const code = await sendTo(client);
    const before = like(client);
    await site().restart();
    assert.equal(await verify(client, code), 'done');
    assert.match(await verify(before, code), /^sign-in-expired$/);
    await opensNothing(before);
  });

  it('threat 10: guesses in parallel, on two replicas, in sign-ins begun again and again are no more than four', async () => {
    const { name } = await enrolled();
    const thief = await pendingOf(name);
    await sendTo(thief);
    const outcomes: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const clients = [like(thief), replica.client(thief), like(thief), replica.client(thief)];
      outcomes.push(
        ...(await Promise.all(
          clients.map((client, nth) => verify(client, `10000000${round}${String(nth).padStart(3, '0')}`)),
        )),
      );
      await pendingOf(name, thief);
      const again = await thief.call('POST', 'sign-in/code', { method: 'sms' });
      assert.equal(again.json?.code, 'locked');
    }
    const tried = outcomes.filter((each) => each === 'wrong-code').length;
    assert.ok(tried > 0 && tried <= 4, outcomes.join());
    assert.ok(
      outcomes.every((each) => ['wrong-code', 'locked', 'code-expired'].includes(each)),
      outcomes.join(),
    );
  });

  it('threat 10: messages asked for in parallel, on two replicas, in sign-ins begun again and again are five an hour', async () => {
    const { name, number } = await enrolled();
    const sentSoFar = () => senders.twilio.taken.filter(({ To }) => To === number).length;
    assert.equal(sentSoFar(), 1);
    for (let round = 0; round < 8; round += 1) {
      const thief = await pendingOf(name);
      const clients = Array.from({ length: 6 }, (_, nth) =>
        nth % 2 === 0 ? like(thief) : replica.client(thief),
      );
      const answers = await Promise.all(
        clients.map((client) => client.call('POST', 'sign-in/code', { method: 'sms' })),
      );
      for (const answer of answers.filter(({ status }) => status !== 202)) {
        assert.equal(answer.status, 429);
        assert.ok(Number(answer.headers['retry-after']) > 0);
      }
      pass();
    }
    assert.equal(sentSoFar(), 5);
  });

  it('threat 10: somebody who knows the password cannot use up the messages of the real user', async () => {
    const { name, browser } = await enrolled();
    for (let round = 0; round < 6; round += 1) {
      const thief = await pendingOf(name);
      await thief.call('POST', 'sign-in/code', { method: 'sms' });
      pass();
    }
    await browser.call('DELETE', 'session');
    await pendingOf(name, browser);
    assert.equal(await verify(browser, await sendTo(browser)), 'done');
  });

  it('threat 10: a code that is out cannot outlive a reset of its user', async () => {
    const { name, key } = await enrolled();
    const thief = await pendingOf(name);
    const code = await sendTo(thief);
    await resetFactors(site().gateway.rooms.administration, [key], 'test');
    assert.match(await verify(thief, code), /^sign-in-expired$/);
    const { items } = await site().gateway.rooms.store.list('pending', {
      prefix: `${subscription}/${key}/`,
      limit: 10,
    });
    assert.deepEqual(items, []);
    await opensNothing(thief);
  });

  it('threat 16a: a page of an application changes no number of its user without a code typed now', async () => {
    const { browser } = await enrolled();
    const taken = senders.twilio.taken.length;
    for (const body of [
      { phone: other },
      { method: 'sms', code: '', phone: other },
      { method: 'bypass', code: '0000-0000-0000', phone: other },
      { method: 'sms', code: '123456789012', phone: other },
    ]) {
      const answer = await browser.call('POST', 'account/sms', body);
      assert.ok(answer.status >= 400, answer.text);
    }
    for (const path of ['account/sms/resend', 'account/email/resend']) {
      assert.equal((await browser.call('POST', path, {})).json?.code, 'wrong-step', path);
    }
    const verified = await browser.call('POST', 'account/sms/verify', { code: '123456789012' });
    assert.equal(verified.json?.code, 'wrong-step');
    assert.equal(senders.twilio.taken.length, taken);
    const foreign = await browser.call(
      'POST',
      'account/code',
      { method: 'sms' },
      { origin: 'https://evil.example' },
    );
    assert.equal(foreign.json?.code, 'cross-origin');
  });

  it('threat 16b: an application is told that a code by SMS was all, so that it can ask for more', async () => {
    const { browser } = await enrolled();
    assert.equal((await browser.get('/desk/page')).status, 200);
    const assertion = String(target.server.requests.at(-1)?.headers['x-sallyport-assertion']);
    const claims = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
    assert.deepEqual(claims.amr, ['pwd', 'sms']);
    assert.deepEqual((await browser.call('GET', 'session')).json.amr, ['pwd', 'sms']);
    target.reached();
  });

  it('threat 22: nothing of a number is told before the right password, and two digits after it', async () => {
    const { name, number } = await enrolled();
    const stranger = site().client();
    const wrong = await stranger.call('POST', 'sign-in', { username: name, password: 'a wrong one' });
    const nobody = await stranger.call('POST', 'sign-in', { username: 'nobody', password: 'a wrong one' });
    assert.deepEqual([wrong.status, wrong.text], [nobody.status, nobody.text]);
    assert.equal((await stranger.call('POST', 'sign-in/code', { method: 'sms' })).status, 401);
    const begun = await stranger.call('POST', 'sign-in', { username: name, password });
    const sent = await stranger.call('POST', 'sign-in/code', { method: 'sms' });
    for (const { text } of [begun, sent]) {
      assert.ok(text.includes(`••• ${number.slice(-2)}`), text);
      assert.ok(!text.includes(number.slice(-3)), text);
    }
  });
});
