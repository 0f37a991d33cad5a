import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';
import { type RealSenders, startRealSenders } from '../support/real-senders.ts';

describe('the alerts, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  let senders: RealSenders;
  before(async () => {
    senders = await startRealSenders();
    site = await startConsoleSite({ config: senders.config });
    await senders.configure(site.site);
  });
  after(async () => {
    await site?.stop();
    await senders?.close();
  });

  it('say what to do first, and tell somebody by email', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/alerts');
      await page.getByText('Nobody is told yet').waitFor();
      await look();
      await page.getByRole('button', { name: 'Add a receiver' }).click();
      assert.match(page.url(), /\/alerts\/new$/);
      const form = page.getByRole('dialog');
      await form.getByLabel('Name').fill('Night shift');
      await form.getByLabel('Email address').fill('night@example.com');
      await form.getByLabel('the clock is off').uncheck();
      await look();
      await form.getByRole('button', { name: 'Add' }).click();
      await page.getByRole('cell', { name: 'Night shift' }).waitFor();
      await page.getByText('n•••@example.com').waitFor();
      await page.getByRole('button', { name: 'Send a test' }).click();
      await page.getByText('Night shift took the test.').waitFor();
      assert.match(senders.mail.taken.at(-1)?.text ?? '', /test alert/);
      await look();
    }));

  it('show the secret of a webhook once, and name what was wrong with its address', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/alerts/new');
      const form = page.getByRole('dialog');
      await form.getByLabel('Name').fill('Chat');
      await form.getByRole('radio', { name: 'Webhook' }).check();
      await form.getByLabel('https address').fill('http://hooks.example.com/x');
      await form.getByRole('button', { name: 'Add' }).click();
      await form.getByText("This can't be used. Check it.").waitFor();
      await form.getByLabel('https address').fill('https://hooks.example.com/x');
      await form.getByRole('button', { name: 'Add' }).click();
      await page.getByRole('heading', { name: 'Secret of the webhook' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('cell', { name: /Webhook https:\/\/hooks\.example\.com$/ }).waitFor();
      assert.equal(await page.getByText('hooks.example.com/x').count(), 0);
    }));

  it('ask before somebody is told no more', () =>
    site.visit(async ({ page, open }) => {
      await open('/alerts');
      const row = page.getByRole('row', { name: /Chat/ });
      await row.getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('heading', { name: 'Tell Chat no more?' }).waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByText('Chat is told no more.').waitFor();
      await row.waitFor({ state: 'detached' });
    }));

  it('are looked at, and not changed, by the helpdesk', async () => {
    const who = await site.administrator('hugo', 'helpdesk');
    await site.visit(
      async ({ page, open }) => {
        await open('/alerts');
        await page.getByRole('cell', { name: 'Night shift' }).waitFor();
        assert.equal(await page.getByRole('button', { name: 'Add a receiver' }).count(), 0);
        assert.equal(await page.getByRole('button', { name: 'Remove' }).count(), 0);
      },
      { who },
    );
  });

  it('fit and are accessible on a desktop and a phone, by day and by night', () =>
    site.looks('alerts', '/alerts', (page) => page.getByText('Night shift').waitFor()));
});
