import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';

describe('the audit log, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  let alice: string;
  before(async () => {
    site = await startConsoleSite();
    alice = await site.site.addUser('alice');
    const { audit } = site.rooms;
    const who = { user: alice, name: 'alice' };
    const olivia = (await site.rooms.directories.lookUp('olivia'))?.key ?? '';
    audit.record({ type: 'user.reset', ...who, actor: olivia, reason: 'new telephone' });
    audit.record({
      type: 'sign-in.refused',
      ...who,
      reason: 'not-enabled',
      origin: { address: '192.0.2.7', browser: 'Firefox' },
    });
    await audit.flush();
  });
  after(() => site.stop());

  it('fits and is accessible on a desktop and a phone, by day and by night', async () => {
    await site.looks('audit', '/audit', (page) =>
      page.getByRole('cell', { name: 'Second factors reset' }).waitFor(),
    );
    await site.looks('audit-why', '/audit?view=why&user=alice', (page) =>
      page.getByText('alice needs the password', { exact: false }).waitFor(),
    );
  });

  it('is narrowed by what is typed, with an address for every view', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/audit');
      await page.getByLabel('User', { exact: true }).fill('alice');
      await page.waitForURL(/user=alice/);
      await page.getByRole('cell', { name: 'Gateway started' }).waitFor({ state: 'detached' });
      await page.getByRole('cell', { name: 'Account created' }).waitFor();
      await page.getByLabel('Event', { exact: true }).selectOption('refusals');
      await page.getByRole('cell', { name: 'Account created' }).waitFor({ state: 'detached' });
      await page.waitForURL(/event=refusals/);
      assert.equal(await page.locator('.list tbody tr').count(), 1);
      await page.reload();
      await page.getByRole('cell', { name: 'Sign-in refused' }).waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByRole('cell', { name: 'Gateway started' }).waitFor();
      await page.getByLabel('User', { exact: true }).fill('nobody at all');
      await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
      await look();
    }));

  it('tells everything that an entry says, also to whoever opens its address', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/audit?user=alice');
      await page.locator('.list tbody a').nth(1).click();
      const drawer = page.getByRole('dialog', { name: 'Second factors reset' });
      await drawer.getByText('new telephone').waitFor();
      await drawer.getByText(/^olivia \(local:/).waitFor();
      await look();
      const address = page.url();
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });
      await page.goto(address.replace('user=alice', 'user=olivia'));
      await page.getByRole('dialog', { name: 'Second factors reset' }).waitFor();
      await page.getByRole('link', { name: 'Why was alice asked, or refused?' }).click();
      await page.getByText('alice needs the password', { exact: false }).waitFor();
      await page.getByText('Everyone is enabled, since', { exact: false }).waitFor();
      await look();
    }));

  it('is taken away as a file', () =>
    site.visit(async ({ page, open }) => {
      await open('/audit?user=alice');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'as CSV' }).click(),
      ]);
      assert.equal(download.suggestedFilename(), 'sallyport-audit.csv');
      const text = readFileSync(await download.path(), 'utf8');
      assert.match(text, /,user\.reset,/);
      assert.doesNotMatch(text, /gateway\.started/);
    }));

  it('is kept as long as the owner says, after a warning of what is lost', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/audit');
      await page.getByText('Kept for 365 days.', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Change', exact: true }).click();
      await page.getByLabel('Days', { exact: true }).fill('0');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Write a whole number from 1 to 3650.').waitFor();
      await page.getByLabel('Days', { exact: true }).fill('30');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('heading', { name: 'Keep the audit log for only 30 days?' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Keep 30 days' }).click();
      await page.getByText('Kept for 30 days.', { exact: true }).waitFor();
      assert.equal(site.rooms.auditRetention.days, 30);
    }));

  it('is read by an auditor, who can change nothing', async () => {
    const who = await site.administrator('ines', 'auditor');
    await site.visit(
      async ({ page, open, look }) => {
        await open('/audit');
        await page.getByText('Kept for 30 days.', { exact: true }).waitFor();
        assert.equal(await page.getByRole('button', { name: 'Change', exact: true }).count(), 0);
        await look();
      },
      { who },
    );
  });
});
