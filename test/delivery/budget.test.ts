import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Clock } from '../../src/clock.ts';
import { GatewayError } from '../../src/errors.ts';
import { SqliteStore, type Store } from '../../src/storage/index.ts';
import { openRedis } from '../storage/open-redis.ts';
import { startMailServer } from '../support/mail-server.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { deliverySite, number, subscription } from './delivery-site.ts';

const sms = { subscription, to: number, text: 'Your code is 493817' };
const minute = 60_000;

/** `sent`, or the code of the refusal with its wait in minutes. */
const outcome = (sending: Promise<void>): Promise<string> =>
  sending.then(
    () => 'sent',
    (error: unknown) => {
      assert.ok(error instanceof GatewayError, String(error));
      return [error.code, error.params.minutes].join(' ').trim();
    },
  );

describe('the hourly budget', () => {
  it('is that of any sixty minutes, not of the hour on the clock', async (t) => {
    const { clock, delivery, twilio, configureSms, events } = await deliverySite(t);
    await configureSms({ hourlyBudget: 3 });
    assert.equal(await outcome(delivery.sendSms(sms)), 'sent');
    clock.advance(50 * minute);
    assert.equal(await outcome(delivery.sendSms(sms)), 'sent');
    assert.equal(await outcome(delivery.sendSms(sms)), 'sent');
    assert.equal(await outcome(delivery.sendSms(sms)), 'budget-exhausted 10');
    assert.deepEqual(events.at(-1), {
      type: 'message.refused',
      subscription,
      channel: 'sms',
      purpose: 'code',
      to: '••• 71',
      reason: 'budget',
    });
    clock.advance(10 * minute);
    assert.equal(await outcome(delivery.sendSms(sms)), 'sent');
    assert.equal(await outcome(delivery.sendSms(sms)), 'budget-exhausted 50');
    clock.advance(50 * minute);
    assert.equal(await outcome(delivery.sendSms(sms)), 'sent');
    assert.equal(twilio.taken.length, 5);
  });

  it('of nothing sends nothing, and a larger one is in force at once', async (t) => {
    const { delivery, twilio, configureSms } = await deliverySite(t);
    await configureSms({ hourlyBudget: 0 });
    assert.equal(await outcome(delivery.sendSms(sms)), 'budget-exhausted');
    assert.equal(twilio.requests.length, 0);
    await configureSms({ hourlyBudget: 1 });
    assert.equal(await outcome(delivery.sendSms(sms)), 'sent');
  });

  it('is not used up by what Twilio refuses, but by what may have been sent', async (t) => {
    const { clock, delivery, twilio, configureSms } = await deliverySite(t);
    await configureSms({ hourlyBudget: 2 });
    twilio.fail(401, 20003, 'Authenticate');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      assert.equal(await outcome(delivery.sendSms(sms)), 'sender-unavailable');
    }
    twilio.fail(500, 20500, 'Internal error');
    assert.equal(await outcome(delivery.sendSms(sms)), 'sender-unavailable');
    twilio.answer(() => {});
    const asked = twilio.next();
    const failing = outcome(delivery.sendSms(sms));
    await asked;
    clock.advance(10_000);
    assert.equal(await failing, 'sender-unavailable');
    twilio.answer();
    assert.match(await outcome(delivery.sendSms(sms)), /^budget-exhausted/);
    assert.equal(twilio.taken.length, 0);
  });

  it('of notices is another one: they take nothing from codes', async (t) => {
    const { delivery } = await deliverySite(t);
    const server = await startMailServer();
    t.after(() => server.close());
    const settings = {
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      from: 'codes@example.com',
    } as const;
    await delivery.change(subscription, 'email', { ...settings, hourlyBudget: 2 }, 'cli');
    const mail = { subscription, to: 'alice@example.com', subject: 'Hello', text: 'Hello' };
    const notices = [1, 2, 3].map(() => outcome(delivery.sendEmail({ ...mail, purpose: 'notice' })));
    assert.deepEqual((await Promise.all(notices)).filter((each) => each !== 'sent').length, 1);
    assert.equal(await outcome(delivery.sendEmail(mail)), 'sent');
    assert.equal(await outcome(delivery.sendEmail({ ...mail, purpose: 'test' })), 'sent');
    assert.match(await outcome(delivery.sendEmail(mail)), /^budget-exhausted/);
  });

  it('holds while the store does not answer: nothing is sent', async (t) => {
    const { delivery, store, twilio, configureSms } = await deliverySite(t);
    await configureSms();
    await store.close();
    assert.equal(await outcome(delivery.sendSms(sms)), 'store-unavailable');
    assert.equal(twilio.requests.length, 0);
  });
});

/** Forty at the same moment, half of them in either of two processes. */
async function race(t: TestContext, open: (clock: Clock) => Promise<[Store, Store]>): Promise<void> {
  const site = await deliverySite(t);
  const stores = await open(site.clock);
  const [first, second] = [await site.replica(stores[0]), await site.replica(stores[1])];
  t.after(async () => {
    for (const each of [first, second]) await each.close();
    for (const each of stores) await each.close();
  });
  const { accountSid, authToken } = site.twilio;
  const wanted = { accountSid, sender: '+15005550006', hourlyBudget: 7, secret: authToken };
  await first.change(subscription, 'sms', wanted, 'cli');
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, index) => outcome((index % 2 === 0 ? first : second).sendSms(sms))),
  );
  assert.equal(outcomes.filter((each) => each === 'sent').length, 7, outcomes.join());
  assert.equal(site.twilio.requests.length, 7);
}

describe('the hourly budget is never exceeded by many at the same moment in two processes', () => {
  it('on one file', async (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const path = `${folder.path}/sallyport.db`;
    await race(t, async (clock) => [
      await SqliteStore.open({ path, clock }),
      await SqliteStore.open({ path, clock }),
    ]);
  });

  it('on one Redis', { skip: missing('redis-server') }, async (t) => {
    const server = await RedisServer.start();
    t.after(() => server.remove());
    await race(t, async (clock) => [await openRedis(server, clock), await openRedis(server, clock)]);
  });
});
