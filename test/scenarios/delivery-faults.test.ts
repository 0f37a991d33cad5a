import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { subscription } from '../../src/server/index.ts';
import { type RealSenders, startRealSenders } from '../support/real-senders.ts';
import { password, type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';

type Sending = { readonly site: Site; readonly senders: RealSenders };

async function sendingSite(t: TestContext): Promise<Sending> {
  const senders = await startRealSenders();
  t.after(() => senders.close());
  const site = await startSite({ config: senders.config });
  t.after(() => site.stop());
  await senders.configure(site);
  return { site, senders };
}

/** Somebody who has a number, recovery codes, and nothing else. */
async function withNumber({ site, senders }: Sending, name: string) {
  await site.addUser(name);
  const client = site.client();
  await client.call('POST', 'sign-in', { username: name, password });
  await client.call('POST', 'enrol/sms', { phone: '+14155552671' });
  const done = await client.call('POST', 'enrol/verify', { method: 'sms', code: senders.code('sms') });
  assert.equal(done.json?.status, 'done', done.text);
  site.clock.advance(31_000);
  return { recoveryCodes: done.json.recoveryCodes as string[] };
}

async function begin(client: SiteClient, name: string): Promise<string[]> {
  const { json } = await client.call('POST', 'sign-in', { username: name, password });
  assert.equal(json?.status, 'verify');
  return json.methods.map(({ id }: { id: string }) => id);
}

describe('a user who has nothing but a number', () => {
  it('threat 18: has recovery codes and the helpdesk while Twilio is down, and nothing opens', async (t) => {
    const sending = await sendingSite(t);
    const { site, senders } = sending;
    const { recoveryCodes } = await withNumber(sending, 'alice');
    senders.twilio.answer((response) => void response.destroy());
    const client = site.client();
    assert.deepEqual(await begin(client, 'alice'), ['sms', 'recovery', 'bypass']);
    const refused = await client.call('POST', 'sign-in/code', { method: 'sms' });
    assert.deepEqual([refused.status, refused.json?.code], [503, 'sender-unavailable']);
    for (const [path, body, code] of [
      ['enrol/app', {}, 'wrong-step'],
      ['enrol/sms', { phone: '+33612345678' }, 'wrong-step'],
      ['sign-in/verify', { method: 'sms', code: '000000' }, 'code-expired'],
      ['sign-in/verify', { method: 'app', code: '000000' }, 'method-not-available'],
    ] as const) {
      assert.equal((await client.call('POST', path, body)).json?.code, code, path);
    }
    const [code] = recoveryCodes;
    const done = await client.call('POST', 'sign-in/verify', { method: 'recovery', code });
    assert.equal(done.json?.status, 'done', done.text);
    assert.deepEqual(done.json.session.amr, ['pwd', 'recovery']);
  });

  it('threat 18: has them too while there is no sender at all, and can never enrol by password instead', async (t) => {
    const sending = await sendingSite(t);
    const { site } = sending;
    await withNumber(sending, 'alice');
    const { delivery, settings } = site.gateway.rooms;
    await delivery.remove(subscription, 'sms', 'test');
    const client = site.client();
    assert.deepEqual(await begin(client, 'alice'), ['recovery', 'bypass']);
    assert.equal((await client.call('POST', 'enrol/app', {})).json?.code, 'wrong-step');
    await settings.update(subscription, { methods: ['app'] }, 'test');
    assert.deepEqual(await begin(client, 'alice'), ['recovery', 'bypass']);
    assert.equal((await client.call('POST', 'enrol/app', {})).json?.code, 'wrong-step');
  });

  it('threat 18: pays nothing for messages that were not sent', async (t) => {
    const sending = await sendingSite(t);
    const { site, senders } = sending;
    await withNumber(sending, 'alice');
    senders.twilio.fail(429, 20429, 'Too Many Requests');
    const client = site.client();
    await begin(client, 'alice');
    for (let tries = 0; tries < 7; tries += 1) {
      const refused = await client.call('POST', 'sign-in/code', { method: 'sms' });
      assert.equal(refused.json?.code, 'sender-unavailable', refused.text);
    }
    senders.twilio.answer();
    assert.equal((await client.call('POST', 'sign-in/code', { method: 'sms' })).status, 202);
    const code = senders.code('sms');
    const done = await client.call('POST', 'sign-in/verify', { method: 'sms', code });
    assert.equal(done.json?.status, 'done', done.text);
  });

  it('threat 18: goes on with the code before while another one cannot be sent', async (t) => {
    const sending = await sendingSite(t);
    const { site, senders } = sending;
    await withNumber(sending, 'alice');
    const client = site.client();
    await begin(client, 'alice');
    await client.call('POST', 'sign-in/code', { method: 'sms' });
    const code = senders.code('sms');
    site.clock.advance(31_000);
    senders.twilio.fail(503, 20503, 'Service Unavailable');
    assert.equal((await client.call('POST', 'sign-in/code', { method: 'sms' })).status, 503);
    const done = await client.call('POST', 'sign-in/verify', { method: 'sms', code });
    assert.equal(done.json?.status, 'done', done.text);
  });
});
