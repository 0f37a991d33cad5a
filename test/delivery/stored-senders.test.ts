import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Delivery } from '../../src/delivery/index.ts';
import { SqliteStore } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { delivered } from '../support/open-store.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { deliverySite, number, subscription } from './delivery-site.ts';

const account = `AC${'b2'.repeat(16)}`;
const smtp = {
  host: 'smtp.example.com',
  port: 587,
  security: 'starttls',
  from: 'codes@example.com',
} as const;

describe('the stored senders', () => {
  it('keep their secrets sealed, bound to their document', async (t) => {
    const { store, delivery, sealer, configureSms, twilio, told } = await deliverySite(t);
    await configureSms();
    await delivery.change(
      subscription,
      'email',
      { ...smtp, user: 'sallyport', secret: 'hunter2 but longer' },
      'cli',
    );
    const documents = await store.list('senders', { limit: 10 });
    assert.deepEqual(
      documents.items.map(({ key }) => key),
      ['default/email', 'default/sms'],
    );
    const kept = JSON.stringify(documents);
    for (const secret of [twilio.authToken, 'hunter2 but longer']) {
      assert.ok(!kept.includes(secret));
      assert.ok(!told().includes(secret));
    }
    const sealed = (await store.get<{ sealed: string }>('senders', 'default/sms'))?.value.sealed ?? '';
    assert.equal(sealer.open({ collection: 'senders', key: 'default/sms' }, sealed), twilio.authToken);
    assert.throws(() => sealer.open({ collection: 'senders', key: 'other/sms' }, sealed), {
      code: 'internal',
    });
    assert.ok(!JSON.stringify(delivery.describe(subscription)).includes('sealed'));
  });

  it('say what was changed, by whom, and no value of it', async (t) => {
    const { delivery, events, configureSms } = await deliverySite(t);
    await configureSms();
    await configureSms({ countries: ['+33'], hourlyBudget: 5 });
    await delivery.remove(subscription, 'sms', 'local:olivia');
    assert.equal(await delivery.remove(subscription, 'sms', 'local:olivia'), false);
    assert.deepEqual(events, [
      {
        type: 'sender.changed',
        subscription,
        channel: 'sms',
        fields: ['accountSid', 'sender', 'countries', 'hourlyBudget', 'authToken'],
        actor: 'cli',
      },
      {
        type: 'sender.changed',
        subscription,
        channel: 'sms',
        fields: ['countries', 'hourlyBudget', 'authToken'],
        actor: 'cli',
      },
      { type: 'sender.removed', subscription, channel: 'sms', fields: [], actor: 'local:olivia' },
    ]);
    assert.equal(delivery.configured(subscription, 'sms'), false);
  });

  it('refuse what they cannot be, and keep what was', async (t) => {
    const { delivery, configureSms, twilio } = await deliverySite(t);
    const refused = (patch: object, setting: string, kind: 'sms' | 'email' = 'sms') =>
      assert.rejects(
        delivery.change(subscription, kind, patch, 'cli'),
        (error: { code?: string; params?: object }) => {
          assert.equal(error.code, 'invalid-setting', JSON.stringify(patch));
          assert.deepEqual(Object.values(error.params ?? {})[0], setting, JSON.stringify(patch));
          return true;
        },
      );
    const { accountSid, authToken } = twilio;
    await refused({ sender: '+15005550006', secret: authToken }, 'accountSid');
    await refused({ accountSid, secret: authToken }, 'sender');
    await refused({ accountSid, sender: '+15005550006' }, 'authToken');
    await refused({ accountSid: 'SK123', sender: '+15005550006', secret: authToken }, 'accountSid');
    await refused({ accountSid, sender: 'far too long a name', secret: authToken }, 'sender');
    await refused({ accountSid, sender: '+15005550006', secret: 'a\nb' }, 'authToken');
    await configureSms();
    for (const country of ['33', 'fr', '+0', 'France', '+33 6', ''])
      await refused({ countries: [country] }, 'countries');
    for (const hourlyBudget of [-1, 1.5, 1e9, Number.NaN]) await refused({ hourlyBudget }, 'hourlyBudget');
    assert.equal(delivery.describe(subscription).sms?.sender, '+15005550006');

    await refused({ ...smtp, host: 'smtp.example.com\r\nQUIT' }, 'host', 'email');
    await refused({ ...smtp, host: 'http://smtp.example.com' }, 'host', 'email');
    await refused({ ...smtp, port: 0 }, 'port', 'email');
    await refused({ ...smtp, from: 'codes' }, 'from', 'email');
    await refused({ ...smtp, security: 'ssl' }, 'security', 'email');
    await refused({ ...smtp, ca: 'not a certificate' }, 'ca', 'email');
    await refused({ ...smtp, user: 'sallyport' }, 'password', 'email');
    await refused({ ...smtp, user: 'sallyport', secret: 'x', security: 'none' }, 'security', 'email');
    assert.equal(delivery.configured(subscription, 'email'), false);
  });

  it('hand a secret to nobody it was not given for', async (t) => {
    const { delivery, configureSms } = await deliverySite(t);
    await configureSms();
    const needs = (setting: string) => (error: { code?: string; params?: { setting?: string } }) =>
      error.code === 'invalid-setting' && error.params?.setting === setting;
    await assert.rejects(
      delivery.change(subscription, 'sms', { accountSid: account }, 'cli'),
      needs('authToken'),
    );
    await delivery.change(subscription, 'email', { ...smtp, user: 'sallyport', secret: 'hunter2' }, 'cli');
    for (const patch of [
      { host: 'smtp.mallory.example' },
      { port: 2525 },
      { security: 'tls' },
      { user: 'other' },
      { ca: '-----BEGIN CERTIFICATE-----' },
    ] as const) {
      await assert.rejects(delivery.change(subscription, 'email', patch, 'cli'), needs('password'));
    }
    await delivery.change(subscription, 'email', { hourlyBudget: 7, fromName: 'Example' }, 'cli');
    await delivery.change(subscription, 'email', { user: undefined }, 'cli');
    await assert.rejects(
      delivery.change(subscription, 'email', { user: 'sallyport' }, 'cli'),
      needs('password'),
    );
  });

  it('are in force in another process on the same store as soon as it hears of them', async (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const path = `${folder.path}/sallyport.db`;
    const clock = new ManualClock();
    const [here, there] = [await SqliteStore.open({ path, clock }), await SqliteStore.open({ path, clock })];
    const site = await deliverySite(t, { store: here });
    const other = await site.replica(there);
    t.after(async () => {
      await other.close();
      await site.delivery.close();
      for (const store of [here, there]) await store.close();
    });
    assert.equal(other.configured(subscription, 'sms'), false);
    await site.configureSms();
    // How often a process looks for messages of another one.
    const heard = () => {
      clock.advance(50);
      return delivered();
    };
    while (!other.configured(subscription, 'sms')) await heard();
    await other.sendSms({ subscription, to: number, text: 'Hello' });
    assert.equal(site.twilio.taken.length, 1);
    await site.configureSms({ hourlyBudget: 0 });
    await assert.rejects(other.sendSms({ subscription, to: number, text: 'Hello' }), {
      code: 'budget-exhausted',
    });
    await site.delivery.remove(subscription, 'sms', 'cli');
    while (other.configured(subscription, 'sms')) await heard();
  });

  it('give the secret as it is stored at that moment: a rotation of the master key seals it anew', async (t) => {
    const { delivery, store, sealer, configureSms, twilio } = await deliverySite(t);
    await configureSms();
    const record = { collection: 'senders', key: 'default/sms' };
    const before = await store.get<{ sealed: string }>(record.collection, record.key);
    const other = sealer.seal(record, 'twilio-auth-token', 'another token');
    // As a rotation writes it: without telling anybody.
    await store.put(record.collection, record.key, { ...before?.value, sealed: other });
    const sms = { subscription, to: number, text: 'Hello' };
    await assert.rejects(delivery.sendSms(sms), { code: 'sender-unavailable' });
    const again = sealer.seal(record, 'twilio-auth-token', twilio.authToken);
    await store.put(record.collection, record.key, { ...before?.value, sealed: again });
    await delivery.sendSms(sms);
    assert.equal(twilio.taken.length, 1);
    await store.put(record.collection, record.key, { ...before?.value, sealed: `${again.slice(0, -4)}AAAA` });
    await assert.rejects(delivery.sendSms(sms), { code: 'sender-unavailable' });
    assert.equal(twilio.requests.length, 2);
  });

  it('are read again after deafness, and what cannot be read counts as not configured', async (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const site = await deliverySite(t);
    const store = await SqliteStore.open({ path: `${folder.path}/sallyport.db`, clock: site.clock });
    let hearing: (() => void) | undefined;
    const deafened: typeof store = Object.assign(Object.create(store), {
      subscribe(_topic: string, listener: { hearing?(): void }) {
        hearing = () => listener.hearing?.();
        return { deaf: true, close: () => {} };
      },
      list: (...args: Parameters<typeof store.list>) => store.list(...args),
      get: (...args: Parameters<typeof store.get>) => store.get(...args),
    });
    const errors: string[] = [];
    const delivery = await Delivery.open({
      ...site,
      store: deafened,
      report: { record: () => {} },
      log: { error: (_fields, message) => void errors.push(message) },
      twilioUrl: site.twilio.url,
      timeout: 10_000,
    });
    t.after(async () => {
      await delivery.close();
      await store.close();
    });
    const { accountSid, authToken } = site.twilio;
    const record = { collection: 'senders', key: 'default/sms' };
    const sealed = site.sealer.seal(record, 'twilio-auth-token', authToken);
    await store.put('senders', record.key, {
      accountSid,
      sender: '+15005550006',
      countries: [],
      hourlyBudget: 5,
      sealed,
    });
    await delivered();
    assert.equal(delivery.configured(subscription, 'sms'), false);
    hearing?.();
    while (!delivery.configured(subscription, 'sms')) await delivered();
    await store.put('senders', record.key, { accountSid: 7 });
    hearing?.();
    while (delivery.configured(subscription, 'sms')) await delivered();
    assert.match(errors[0] ?? '', /cannot be read/);
  });
});
