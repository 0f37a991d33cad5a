import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { addCrowd } from '../support/crowd.ts';
import { missing } from '../support/real-part.ts';

const dialog = (page: Page) => page.getByRole('dialog').last();
const button = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true });
const notice = (page: Page, text: string | RegExp): Promise<void> =>
  page.locator('.notice').getByText(text).waitFor();

describe('the console’s page RDP whitelist, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  before(async () => {
    site = await startConsoleSite();
    await addCrowd(site.rooms, { users: 12 });
  });
  after(() => site?.stop());
  const owner = () => site.adminOf(site.owner);

  it('says what it is for while it is empty, and lets users in for a reason and until a time', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/rdp-whitelist');
      await page.getByRole('heading', { name: 'Nobody connects without a code' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Add users' }).click();
      const search = dialog(page).getByLabel('Search in every directory');
      for (const name of ['Alice Abadie', 'Benoît Durand']) {
        await search.fill(name.slice(0, 4));
        await dialog(page).getByRole('checkbox', { name }).check();
      }
      await button(page, 'Add 2 users').click();
      await dialog(page).getByText('Fill this in.').waitFor();
      await dialog(page).getByLabel('Reason').fill('Scanner in the warehouse');
      await dialog(page).getByLabel('Until (optional)').fill('2031-05-01T08:00');
      await look();
      await button(page, 'Add 2 users').click();
      await notice(page, '2 users may connect without a code.');
      const row = page.getByRole('row', { name: /Alice Abadie/ });
      await row.getByText('Scanner in the warehouse').waitFor();
      await row.getByText(/^1 May 2031/).waitFor();
    }));

  it('changes an entry beside the list, and tells when somebody else was quicker', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/rdp-whitelist');
      await page.getByRole('link', { name: /^Alice Abadie/ }).click();
      const reason = dialog(page).getByLabel('Reason');
      await reason.fill('Label printer');
      await button(page, 'Save').click();
      await notice(page, 'Saved.');
      await page.getByRole('row', { name: /Label printer/, includeHidden: true }).waitFor();
      await dialog(page)
        .getByText(/^Since .*, by olivia\.$/)
        .waitFor();

      const key = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
      await reason.fill('Mine');
      const theirs = await (await owner()).change('PUT', `rdp-whitelist/${encodeURIComponent(key)}`, {
        reason: 'Theirs',
      });
      assert.equal(theirs.status, 200, theirs.text);
      await button(page, 'Save').click();
      await dialog(page).getByRole('row', { name: 'Reason Theirs Mine' }).waitFor();
      await look();
      await button(page, 'Keep what is there now').click();
      await page.getByText('Somebody else changed this meanwhile').waitFor({ state: 'detached' });
      assert.equal(await reason.inputValue(), 'Theirs');
      await look();
    }));

  it('removes several after saying what they lose', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/rdp-whitelist');
      await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
      await page.getByRole('button', { name: 'Remove' }).click();
      await dialog(page).getByText('Remove 2 users from the RDP whitelist?').waitFor();
      await dialog(page)
        .getByText(/^From now on they need a code/)
        .waitFor();
      await look();
      await button(page, 'Remove').click();
      await notice(page, '2 users need a code again.');
      await page.getByRole('heading', { name: 'Nobody connects without a code' }).waitFor();
    }));

  it('is fit for a desktop and a phone, by day and by night, and for an auditor in French', async () => {
    const client = await owner();
    for (const name of ['alice.abadie', 'amir.bernard', 'carla.eriksson']) {
      const users = [(await site.rooms.local.lookUp(name))?.key];
      const body = {
        users,
        reason: 'Door terminal',
        ...(name.startsWith('c') ? {} : { until: '2031-01-01T00:00:00Z' }),
      };
      assert.equal((await client.admin('POST', 'rdp-whitelist', body)).status, 200);
    }
    await site.looks('console-rdp', '/rdp-whitelist', (page) => page.locator('table').waitFor());
    await site.visit(
      async ({ page, open, look }) => {
        await open('/rdp-whitelist');
        await page.getByRole('row', { name: /Sans limite/ }).waitFor();
        assert.equal(await page.getByRole('checkbox').count(), 0);
        assert.equal(await page.getByRole('button', { name: 'Ajouter des utilisateurs' }).count(), 0);
        await look();
      },
      { who: await site.administrator('audrey', 'auditor'), locale: 'fr-FR' },
    );
  });
});
