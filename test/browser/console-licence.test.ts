import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { issueLicence, newLicenceKey } from '../../src/licence/index.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';

const { privateKey, publicKey } = newLicenceKey();
const day = 86_400_000;

describe('the licence, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  before(async () => {
    site = await startConsoleSite({ config: { licence: { publicKey } } });
  });
  after(() => site.stop());

  const file = (key = privateKey): string =>
    issueLicence(
      {
        serial: site.rooms.licence.serial,
        users: 250,
        edition: 'Standard',
        until: site.clock.now() + 365 * day,
        issuedAt: site.clock.now(),
      },
      key,
    );

  it('fits and is accessible on a desktop and a phone, by day and by night', () =>
    site.looks('licence', '/licence', (page) => page.getByText(site.rooms.licence.serial).waitFor()));

  it('says what a trial is worth, refuses a file of somebody else, and takes the right one', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/licence');
      await page.getByText('1 of 10').waitFor();
      await page.getByText('Past the limit or the end nobody new can be enabled.').waitFor();
      await page.getByLabel('Text of the file').fill(file(newLicenceKey().privateKey));
      await page.getByRole('button', { name: 'Activate' }).click();
      await page.getByText("This file isn't a licence of this installation.").waitFor();
      await look();
      await page.locator('input[type=file]').setInputFiles({
        name: 'license.lic',
        mimeType: 'application/octet-stream',
        buffer: Buffer.from(`${file()}\n`),
      });
      await page.getByRole('button', { name: 'Activate' }).click();
      await page.getByText('1 of 250').waitFor();
      await page.getByText(/^Activated: 250 users until /).waitFor();
      await look();
      assert.equal((await site.rooms.licence.state()).kind, 'licensed');
    }));

  it('is looked at by others, and activated by an owner alone', async () => {
    const ada = await site.administrator('ada', 'auditor');
    await site.visit(
      async ({ page, open, look }) => {
        await open('/licence');
        await page.getByText('An owner of the site can activate a licence.').waitFor();
        assert.equal(await page.getByRole('button', { name: 'Activate' }).count(), 0);
        await look();
      },
      { who: ada },
    );
  });
});
