import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole } from '../support/admin-client.ts';
import { type RealSenders, startRealSenders } from '../support/real-senders.ts';
import { type Site, startSite } from '../support/site.ts';

describe('the senders by API', () => {
  let site: Site;
  let owner: AdminClient;
  let senders: RealSenders;

  before(async () => {
    senders = await startRealSenders();
    site = await startSite({ config: senders.config });
    owner = await ownerAtConsole(site);
  });
  after(async () => {
    await site?.stop();
    await senders?.close();
  });

  it('are set up, shown without their secret, tried and taken away', async () => {
    assert.deepEqual((await owner.admin('GET', 'messages/sms')).json, { configured: false });
    const { accountSid, authToken } = senders.twilio;
    const incomplete = await owner.change('PATCH', 'messages/sms', { accountSid, sender: '+15005550006' });
    assert.equal(incomplete.json.code, 'invalid-setting', incomplete.text);
    const made = await owner.change('PATCH', 'messages/sms', {
      ...{ accountSid, authToken, sender: '+15005550006', countries: ['US', '+33'], hourlyBudget: 2 },
    });
    assert.equal(made.status, 204, made.text);
    const shown = await owner.admin('GET', 'messages/sms');
    assert.equal(shown.text.includes(authToken), false);
    assert.deepEqual(shown.json.sender, {
      ...{
        accountSid,
        sender: '+15005550006',
        countries: ['US', '+33'],
        hourlyBudget: 2,
        used: 0,
        authToken: true,
      },
    });
    const sent = await owner.admin('POST', 'messages/sms/test', { to: '+14155552671' });
    assert.deepEqual(sent.json, { sent: true, to: '••• 71' });
    assert.match(senders.twilio.taken.at(-1)?.Body ?? '', /test message/);
    assert.equal((await owner.admin('GET', 'messages/sms')).json.sender.used, 1);
    const kept = await owner.change('PATCH', 'messages/sms', { hourlyBudget: 3 });
    assert.equal(kept.status, 204, kept.text);
    const elsewhere = await owner.admin('POST', 'messages/sms/test', { to: '+4915112345678' });
    assert.equal(elsewhere.json.reason, 'country');
    const gone = await owner.change('DELETE', 'messages/sms', undefined);
    assert.equal(gone.status, 204, gone.text);
    assert.deepEqual((await owner.admin('GET', 'messages/sms')).json, { configured: false });
  });

  it('explain what the provider says, an unverified number of a trial account among it', async () => {
    await senders.configure(site);
    senders.twilio.fail(400, 21608, 'The number +14155552671 is unverified.');
    const { json } = await owner.admin('POST', 'messages/sms/test', { to: '+14155552671' });
    assert.equal(json.sent, false);
    assert.equal(json.reason, 'unverified-number');
    assert.match(json.explanation, /trial account/);
    assert.equal(json.providerError, '21608');
    assert.equal(json.provider.includes('4155552671'), false);
    senders.twilio.answer();
    const wrong = await owner.admin('POST', 'messages/sms/test', { to: 'nobody' });
    assert.equal(wrong.json.code, 'invalid-phone-number');
  });

  it('of email know their fields, and forget those that are null', async () => {
    const made = await owner.change('PATCH', 'messages/email', { fromName: 'Codes' });
    assert.equal(made.status, 204, made.text);
    assert.equal((await owner.admin('GET', 'messages/email')).json.sender.fromName, 'Codes');
    await owner.change('PATCH', 'messages/email', { fromName: null });
    assert.equal((await owner.admin('GET', 'messages/email')).json.sender.fromName, undefined);
    const sent = await owner.admin('POST', 'messages/email/test', { to: 'olivia@example.com' });
    assert.deepEqual(sent.json, { sent: true, to: 'o•••@example.com' });
    const bad = await owner.change('PATCH', 'messages/email', { user: 'mailer', password: 'secret' });
    assert.equal(bad.json.code, 'invalid-setting');
    assert.equal(bad.text.includes('secret'), false);
  });

  it('of two administrators the second is told that something changed', async () => {
    const seen = await owner.admin('GET', 'messages/email');
    await owner.change('PATCH', 'messages/email', { hourlyBudget: 7 });
    const late = await owner.admin(
      'PATCH',
      'messages/email',
      { hourlyBudget: 9 },
      {
        'if-match': String(seen.headers.etag),
      },
    );
    assert.equal(late.json.code, 'changed-meanwhile');
  });
});
