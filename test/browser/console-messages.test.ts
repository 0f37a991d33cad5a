import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';
import { type RealSenders, startRealSenders } from '../support/real-senders.ts';

const panel = (page: Page, name: string) => page.getByRole('region', { name });

describe('the messages, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  let senders: RealSenders;
  before(async () => {
    senders = await startRealSenders();
    site = await startConsoleSite({ config: senders.config });
  });
  after(async () => {
    await site.stop();
    await senders.close();
  });

  it('say what to do first, and send SMS once an account is typed in', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/messages');
      const sms = panel(page, 'SMS by Twilio');
      await sms.getByText('Nothing is set up, so nobody gets codes by SMS.', { exact: false }).waitFor();
      await sms.getByLabel('Account SID').fill(senders.twilio.accountSid);
      await sms.getByLabel('Auth token').fill(senders.twilio.authToken);
      await sms.getByLabel('Sender number').fill('+15005550006');
      await sms.getByLabel('Allowed countries').fill('US, +33');
      await sms.getByRole('button', { name: 'Save' }).click();
      await sms.getByText('0 of 100 messages in the last hour.').waitFor();
      assert.equal(await sms.getByLabel('Auth token').inputValue(), '');
      await look();

      await sms.getByLabel('Phone number').fill('+1 415 555 2671');
      await sms.getByRole('button', { name: 'Send a test message' }).click();
      await sms.getByText('Twilio took the message to ••• 71.').waitFor();
      assert.equal(senders.twilio.taken.at(-1)?.To, '+14155552671');
      await sms.getByText('1 of 100 messages in the last hour.').waitFor();

      senders.twilio.fail(400, 21608, 'The number is unverified.');
      await sms.getByRole('button', { name: 'Send a test message' }).click();
      await sms.getByText('This is a Twilio trial account', { exact: false }).waitFor();
      await sms.getByText('The provider said (21608)', { exact: false }).waitFor();
      await look();
    }));

  it('name the field that can’t be saved, and keep what was typed', () =>
    site.visit(async ({ page, open }) => {
      await open('/messages');
      const email = panel(page, 'Email by SMTP');
      await email.getByLabel('Mail server').fill('127.0.0.1');
      await email.getByLabel('Sender address').fill('nobody');
      await email.getByRole('button', { name: 'Save' }).click();
      await email.getByRole('alert').getByText('Allowed: codes@example.com', { exact: false }).waitFor();
      assert.equal(await email.getByLabel('Mail server').inputValue(), '127.0.0.1');
    }));

  it('send email once a server is typed in; its usual port goes with the encryption', () =>
    site.visit(async ({ page, open }) => {
      await open('/messages');
      const email = panel(page, 'Email by SMTP');
      await email.getByLabel('Mail server').fill('127.0.0.1');
      await email.getByLabel('Encryption').selectOption('none');
      assert.equal(await email.getByLabel('Port').inputValue(), '25');
      await email.getByLabel('Port').fill(String(senders.mail.port));
      await email.getByLabel('Sender address').fill('codes@northwind.example');
      await email.getByRole('button', { name: 'Save' }).click();
      await email.getByText('0 of 1,000 messages in the last hour.').waitFor();
      await email.getByLabel('Email address').fill('anna@northwind.example');
      await email.getByRole('button', { name: 'Send a test message' }).click();
      await email.getByText('The mail server took the message to', { exact: false }).waitFor();
      assert.match(senders.mail.taken.at(-1)?.text ?? '', /test message from Northwind/);
    }));

  it('show what somebody else changed meanwhile, and keep theirs when one says so', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/messages');
      const sms = panel(page, 'SMS by Twilio');
      await sms.getByLabel('Hourly budget').fill('50');
      await site.rooms.delivery.change('default', 'sms', { hourlyBudget: 70 }, 'local:somebody');
      await sms.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('row', { name: 'Hourly budget 70 50' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Keep what is there now' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      assert.equal(await sms.getByLabel('Hourly budget').inputValue(), '70');
    }));

  it('lead to Twilio, without asking it anything', () =>
    site.visit(async ({ page, open }) => {
      await open('/messages');
      const links = panel(page, 'SMS by Twilio').getByRole('listitem').getByRole('link');
      assert.deepEqual(await links.allTextContents(), ['Administration', 'Service Status', 'Support Center']);
      for (const link of await links.all())
        assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    }));

  it('ask before a sender is taken away, and name what is lost', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/messages');
      const sms = panel(page, 'SMS by Twilio');
      await sms.getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('heading', { name: 'Send no more SMS?' }).waitFor();
      await look();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await sms.getByText('Nothing is set up', { exact: false }).waitFor();
      assert.equal(site.rooms.delivery.configured('default', 'sms'), false);
    }));

  it('say whose sender a subscription uses that has none of its own', () =>
    site.visit(async ({ page, open }) => {
      await senders.configure(site.site);
      const { id } = await site.rooms.subscriptions.create({ name: 'Contoso' }, 'test');
      await site.rooms.subscriptions.share(id, ['sms'], 'test');
      await open(`/messages?subscription=${id}`);
      await panel(page, 'SMS by Twilio').getByText('sends through the sender of the main one').waitFor();
      await panel(page, 'Email by SMTP').getByText('Nothing is set up', { exact: false }).waitFor();
    }));

  it('fit and are accessible on a desktop and a phone, by day and by night', async () => {
    await senders.configure(site.site);
    await site.looks('messages', '/messages', (page) => page.getByText('of 100 messages').waitFor());
  });
});
