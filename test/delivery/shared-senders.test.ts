import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Delivery } from '../../src/delivery/index.ts';
import { deliverySite, number } from './delivery-site.ts';

describe('the senders of `default`', () => {
  it('are used by another subscription only where somebody says so, within one budget', async (t) => {
    const { delivery: own, configureSms, store, clock, sealer, twilio } = await deliverySite(t);
    await configureSms({ hourlyBudget: 2 });
    assert.equal(own.configured('acme', 'sms'), false);
    const shares = new Set<string>();
    const delivery = await Delivery.open({
      store,
      clock,
      sealer,
      report: { record: () => undefined },
      log: { error: () => undefined },
      twilioUrl: twilio.url,
      timeout: 10_000,
      shares: (subscription, kind) => shares.has(`${subscription}/${kind}`),
    });
    t.after(() => delivery.close());
    const send = (subscription: string) => delivery.sendSms({ subscription, to: number, text: 'hello' });
    await assert.rejects(send('acme'), { code: 'sender-unavailable' });
    shares.add('acme/sms');
    assert.equal(delivery.configured('acme', 'sms'), true);
    assert.equal(delivery.configured('acme', 'email'), false);
    assert.equal(delivery.configured('beta', 'sms'), false);
    await send('acme');
    await send('default');
    await assert.rejects(send('acme'), { code: 'budget-exhausted' });
    await assert.rejects(send('default'), { code: 'budget-exhausted' });
    assert.equal(await delivery.used('acme', 'sms'), 2);
    // Nobody else sees whose they are.
    assert.equal(delivery.describe('acme').sms, undefined);
    shares.clear();
    await assert.rejects(send('acme'), { code: 'sender-unavailable' });
  });
});
