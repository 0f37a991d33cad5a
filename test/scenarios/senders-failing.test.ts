import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { subscription } from '../../src/server/index.ts';
import { freePort } from '../support/free-port.ts';
import { startMailServer } from '../support/mail-server.ts';
import { password, startSite } from '../support/site.ts';
import type { Answer } from '../support/site-client.ts';
import { startTwilioServer } from '../support/twilio-server.ts';

const codeIn = (text: string | undefined): string => /\b\d{6}\b/.exec(text ?? '')?.[0] ?? 'no code';

/** A site that sends by Twilio and SMTP, and a client whose user has an app, a number and an address. */
async function sendingSite(t: TestContext) {
  const twilio = await startTwilioServer();
  const mail = await startMailServer();
  t.after(() => twilio.close());
  t.after(() => mail.close());
  const site = await startSite({ config: { delivery: { twilioUrl: twilio.url } } });
  t.after(() => site.stop());
  const { delivery, local } = site.gateway.rooms;
  const { accountSid, authToken } = twilio;
  await delivery.change(
    subscription,
    'sms',
    { accountSid, sender: '+15005550006', secret: authToken },
    'test',
  );
  const smtp = { host: '127.0.0.1', port: mail.port, security: 'none', from: 'codes@example.com' } as const;
  await delivery.change(subscription, 'email', smtp, 'test');
  await local.create({ name: 'alice', password, phone: '+14155552671', email: 'alice@example.com' }, 'test');

  const client = site.client();
  assert.equal((await client.signIn('alice', password)).json?.status, 'done');
  /** The code that the app shows next: each is good once. Mail under way first, since it has a deadline. */
  const nextCode = async (): Promise<string> => {
    await site.gateway.rooms.notices.settled();
    site.clock.advance(30_000);
    return client.code();
  };
  for (const method of ['sms', 'email'] as const) {
    const begun = await client.call('POST', `account/${method}`, { method: 'app', code: await nextCode() });
    assert.equal(begun.status, 202, begun.text);
    const code = codeIn(method === 'sms' ? twilio.taken.at(-1)?.Body : mail.taken.at(-1)?.text);
    const added = await client.call('POST', `account/${method}/verify`, { code });
    assert.ok(added.status < 300, added.text);
  }
  await site.gateway.rooms.notices.settled();
  site.clock.advance(60_000);

  /** Name and password, and then a code by `method`. */
  const askFor = async (method: 'sms' | 'email'): Promise<Answer> => {
    const begun = await client.call('POST', 'sign-in', { username: 'alice', password });
    assert.equal(begun.json?.status, 'verify', begun.text);
    return client.call('POST', 'sign-in/code', { method });
  };
  const verify = (method: string, code: string): Promise<Answer> =>
    client.call('POST', 'sign-in/verify', { method, code });
  /** The same sign-in goes on with the app. */
  const goOn = async (): Promise<void> => {
    const done = await verify('app', await nextCode());
    assert.equal(done.json?.status, 'done', done.text);
  };
  return { site, twilio, mail, client, delivery, askFor, verify, goOn };
}

const refused = (answer: Answer, code: string): void => {
  assert.equal(answer.json?.code, code, answer.text);
  assert.doesNotMatch(answer.text, /twilio|smtp|\+1415|alice@|2\d{4}\b/i);
};

describe('a user whose code cannot be sent', () => {
  it('threat 18: uses another factor while Twilio refuses, is down, or has answered nothing in time', async (t) => {
    const { site, twilio, askFor, goOn, verify, delivery } = await sendingSite(t);
    twilio.fail(400, 21608, 'The number is unverified. Trial accounts cannot send messages to it.');
    refused(await askFor('sms'), 'sender-unavailable');
    await goOn();

    twilio.answer((response) => void response.destroy());
    site.clock.advance(3_600_000);
    refused(await askFor('sms'), 'sender-unavailable');
    await goOn();

    twilio.answer(() => {});
    const asked = twilio.next();
    site.clock.advance(60_000);
    const asking = askFor('sms');
    await asked;
    site.clock.advance(10_000);
    refused(await asking, 'sender-unavailable');
    await goOn();

    // It never fails open: without a code that was sent, nothing stands for it.
    twilio.answer((response) => void response.destroy());
    refused(await askFor('sms'), 'sender-unavailable');
    assert.ok((await verify('sms', '000000')).status >= 400);
    assert.ok((await verify('sms', '')).status >= 400);
    twilio.answer();
    assert.equal(delivery.configured(subscription, 'sms'), true);
  });

  it('threat 18: uses another factor while the mail server is gone, hangs, or refuses', async (t) => {
    const { site, askFor, goOn, delivery } = await sendingSite(t);
    await delivery.change(subscription, 'email', { port: await freePort() }, 'test');
    refused(await askFor('email'), 'sender-unavailable');
    await goOn();

    const sockets: Socket[] = [];
    const hanging = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    t.after(() => {
      hanging.close();
      for (const socket of sockets) socket.destroy();
    });
    const address = hanging.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await delivery.change(subscription, 'email', { port }, 'test');
    site.clock.advance(3_600_000);
    const connected = once(hanging, 'connection');
    const asking = askFor('email');
    await connected;
    site.clock.advance(10_000);
    refused(await asking, 'sender-unavailable');
    await goOn();

    await delivery.remove(subscription, 'email', 'test');
    site.clock.advance(3_600_000);
    refused(await askFor('email'), 'method-not-available');
    await goOn();
  });

  it('threat 18: uses another factor once the hourly budget of SMS is used up, and SMS again later', async (t) => {
    const { site, twilio, askFor, goOn, verify, delivery } = await sendingSite(t);
    await delivery.change(subscription, 'sms', { hourlyBudget: 1 }, 'test');
    const exhausted = await askFor('sms');
    refused(exhausted, 'budget-exhausted');
    assert.ok(Number(exhausted.headers['retry-after']) > 0);
    await goOn();
    site.clock.advance(3_600_000);
    assert.equal((await askFor('sms')).status, 202);
    const done = await verify('sms', codeIn(twilio.taken.at(-1)?.Body));
    assert.equal(done.json?.status, 'done', done.text);
  });

  it('threat 18: leaves the reason in the audit log for administrators, and no number, address or code', async (t) => {
    const { site, twilio, askFor } = await sendingSite(t);
    twilio.fail(400, 21608, 'The number +14155552671 is unverified.');
    await askFor('sms');
    const { rooms } = site.gateway;
    await rooms.audit.flush();
    const { items } = await rooms.store.read<Record<string, string>>('audit', {
      tags: ['type:message.failed'],
      limit: 5,
    });
    assert.equal(items.length, 1);
    const { reason, providerError, explanation, to, user } = items[0]?.value ?? {};
    assert.deepEqual(
      { reason, providerError, explanation, to },
      {
        reason: 'unverified-number',
        providerError: '21608',
        explanation: 'The number … is unverified.',
        to: '••• 71',
      },
    );
    assert.match(user ?? '', /^local:/);
    const all = await rooms.store.read<Record<string, string>>('audit', { limit: 1_000 });
    const everything = JSON.stringify(all.items) + site.log();
    const sent = codeIn(twilio.taken[0]?.Body);
    for (const secret of ['4155552671', 'alice@example.com', twilio.authToken, sent]) {
      assert.ok(!everything.includes(secret), secret);
    }
  });
});
