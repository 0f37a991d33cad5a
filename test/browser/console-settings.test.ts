import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { type Administrator, type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';

/** Milliseconds: longer than a second factor is fresh. */
const stale = 16 * 60_000;

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
const saved = (page: Page) => page.getByText('Saved, and in force.').waitFor();

describe('the settings, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  let auditor: Administrator;
  before(async () => {
    site = await startConsoleSite();
    auditor = await site.administrator('audrey', 'auditor');
  });
  after(() => site.stop());
  const current = () => site.rooms.settings.current('default');

  it('fit and are accessible on a desktop and a phone, by day and by night', () =>
    site.looks('settings', '/settings', (page) => page.getByText('In the app').waitFor()));

  it('say what they would mean before they are saved, and ask for a code in place without losing anything', () =>
    site.visit(async ({ page, open, look, code }) => {
      await open('/settings');
      const meaning = page.getByRole('complementary', { name: 'What this means' });
      await meaning.getByText('1 in 6,248', { exact: false }).waitFor();
      await field(page, 'Digits').fill('8');
      await meaning.getByText('1 in 610,080', { exact: false }).waitFor();
      await field(page, 'SMS Verification Code Message').fill('Ваш код %CODE%');
      await page.getByText('1 SMS segment (16 characters, UCS-2).').waitFor();

      site.clock.ahead += stale;
      await save(page);
      await page.getByRole('heading', { name: 'Enter a code to go on' }).waitFor();
      await look();
      await page.keyboard.type(code());
      await saved(page);
      assert.equal(current().digits, 8);
      assert.equal(current().smsMessage, 'Ваш код %CODE%');
      await page
        .getByRole('button', { name: /^Changed by olivia/ })
        .first()
        .waitFor();
      await look();
    }));

  it('keep what was typed when the code is not given', () =>
    site.visit(async ({ page, open }) => {
      await open('/settings');
      await field(page, 'Code lifespan').fill('7');
      site.clock.ahead += stale;
      await save(page);
      await page.getByRole('heading', { name: 'Enter a code to go on' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByText('1 setting changed, not saved yet.').waitFor();
      assert.equal(await field(page, 'Code lifespan').inputValue(), '7');
      assert.equal(await page.getByRole('alert').count(), 0);
      assert.equal(current().codeLifespan, 10);
    }));

  it('take a validity in hours, and go back to a default', () =>
    site.visit(async ({ page, open, code }) => {
      await open('/settings');
      await field(page, 'or in hours').fill('1.5');
      await page.keyboard.press('Tab');
      assert.equal(await field(page, 'Validity After First Session').inputValue(), '90');
      await save(page);
      await giveCode(page, code);
      await saved(page);
      assert.equal(current().validityAfterFirstSession, 90);
      await page.getByRole('button', { name: 'Reset to default: Validity After First Session' }).click();
      assert.equal(await field(page, 'or in hours').inputValue(), '8');
      await save(page);
      await page.getByText(/not saved yet/).waitFor({ state: 'detached' });
      assert.equal(current().validityAfterFirstSession, 480);
    }));

  it('refuse what is outside of what is allowed, without asking the server', () =>
    site.visit(async ({ page, open }) => {
      await open('/settings');
      await field(page, 'Discrepancy').fill('481');
      await page.getByText("That can't be saved. Allowed: 0 to 480 steps of 30 seconds.").waitFor();
      await page.getByText('One of them is outside of what is allowed.').waitFor();
      await save(page);
      assert.equal(current().discrepancy, 480);
    }));

  it('show what somebody else changed meanwhile, and overwrite nothing silently', () =>
    site.visit(async ({ page, open, look, code }) => {
      await open('/settings');
      await field(page, 'Issuer').fill('Mine');
      await site.rooms.settings.update(
        'default',
        { issuer: 'Theirs', validityAfterFirstSession: 60 },
        'local:somebody',
      );
      await save(page);
      await giveCode(page, code);
      await page.getByRole('heading', { name: 'Somebody else changed this meanwhile' }).waitFor();
      await page.getByRole('row', { name: 'Issuer Theirs Mine' }).waitFor();
      await page
        .getByRole('row', { name: 'Validity After First Session 60 minutes Not changed by you' })
        .waitFor();
      await look();
      assert.equal(current().issuer, 'Theirs');
      await page.getByRole('button', { name: 'Save mine instead' }).click();
      await saved(page);
      assert.equal(current().issuer, 'Mine');
      assert.equal(current().validityAfterFirstSession, 60);
    }));

  it('ask before two factors are switched off, and say so on every page from then on', () =>
    site.visit(async ({ page, open, code, look }) => {
      await open('/settings');
      await page.getByRole('switch', { name: 'Two-factor authentication' }).click();
      await save(page);
      await page.getByRole('heading', { name: 'Turn two-factor authentication off?' }).waitFor();
      await look();
      assert.equal(current().enabled, true);
      await page.getByRole('button', { name: 'Turn off' }).click();
      await giveCode(page, code);
      await page.getByText('everybody gets in with a password alone', { exact: false }).waitFor();
      assert.equal(current().enabled, false);
      await page.getByRole('switch', { name: 'Two-factor authentication' }).click();
      await save(page);
      await page
        .getByText('everybody gets in with a password alone', { exact: false })
        .waitFor({ state: 'detached' });
      assert.equal(current().enabled, true);
    }));

  it('have an address for who changed what', () =>
    site.visit(async ({ page, open, look }) => {
      await site.rooms.settings.update('default', { codeLifespan: 12 }, 'system');
      await open('/settings/codeLifespan');
      await page
        .getByRole('dialog', { name: 'Code lifespan' })
        .getByText('10 minutes → 12 minutes')
        .waitFor();
      await look();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      assert.equal(new URL(page.url()).pathname, '/settings');
    }));

  it('can be looked at, but not changed, by an auditor', async () => {
    await site.visit(
      async ({ page, open, look }) => {
        await open('/settings');
        await page.getByText('You can look at the settings; an administrator can change them.').waitFor();
        assert.equal(await field(page, 'Digits').isDisabled(), true);
        await look();
      },
      { who: auditor },
    );
  });
});

/** Where the session's second factor isn't fresh any more, after a test before. */
async function giveCode(page: Page, code: () => string): Promise<void> {
  const asked = page.getByRole('heading', { name: 'Enter a code to go on' });
  const done = page.getByText(/Saved, and in force|Somebody else changed|password alone/).last();
  await asked.or(done).first().waitFor();
  if (await asked.isVisible()) await page.keyboard.type(code());
}
