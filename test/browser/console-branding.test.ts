import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';
import { password } from '../support/site.ts';

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40" width="160" height="40"><rect width="160" height="40" rx="8" fill="#7a1fa2"/></svg>';
const logo = { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(picture) };

describe('the branding, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  before(async () => {
    site = await startConsoleSite();
  });
  after(() => site?.stop());

  it('is chosen, seen before it is saved, and then on the sign-in page', () =>
    site.visit(async ({ page, open, look, faults }) => {
      await open('/branding');
      await page.getByLabel('Name').fill('ACME Remote');
      await page.getByLabel('Accent colour', { exact: true }).fill('#ffdd00');
      await page.getByText('The colour was adjusted', { exact: false }).first().waitFor();
      await page.getByLabel('Logo', { exact: true }).setInputFiles(logo);
      await page.getByLabel('Helpdesk contact').fill('call 4711');
      await look();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved. Pages look so from now on.').waitFor();
      await page.goto(`${site.site.origin}/.sallyport/sign-in`);
      await page.getByText('ACME Remote').waitFor();
      await page.getByText('call 4711').waitFor();
      const width = 'document.querySelector("header img.logo").naturalWidth';
      await page.waitForFunction(`${width} === 160`);
      // The portal is at another origin than the console, as it should be.
      assert.deepEqual(new Set(faults), new Set([`asks ${site.site.origin}`]));
      faults.length = 0;
      const { colours } = (await (await site.adminOf(site.owner)).admin('GET', 'branding')).json;
      const accent = 'getComputedStyle(document.documentElement).getPropertyValue("--accent").trim()';
      assert.equal(await page.evaluate<string>(accent), colours.light.accent);
    }));

  it('names what is wrong with a picture, and keeps everything that was typed', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/branding');
      await page.getByLabel('Name').fill('Still here');
      const hostile = Buffer.from(picture.replace('<rect', '<script>alert(1)</script><rect'));
      await page.getByLabel('Logo', { exact: true }).setInputFiles({ ...logo, buffer: hostile });
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('no scripts', { exact: false }).waitFor();
      assert.equal(await page.getByLabel('Name').inputValue(), 'Still here');
      await look();
    }));

  it('tells the second of two administrators what the first has changed', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/branding');
      await page.getByLabel('Name').fill('Mine');
      await site.rooms.brandings.change('default', { name: 'Theirs' }, 'test');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'Somebody else changed this meanwhile' }).waitFor();
      await page.getByRole('cell', { name: 'Theirs' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Save mine instead' }).click();
      await page.getByText('Saved.', { exact: false }).waitFor();
      assert.equal(site.rooms.brandings.current('default').name, 'Mine');
    }));

  it('asks people for the terms at their next sign-in', () =>
    site.visit(async ({ page, open, look, code }) => {
      await open('/branding');
      await page.getByLabel('Terms').fill('Be kind.\nLock your screen.');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved.', { exact: false }).waitFor();
      await page.context().clearCookies();
      await page.goto(`${site.origin}/.sallyport/sign-in`);
      await page.getByLabel('User name').fill('olivia');
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
      await page.locator('input[name=code]').fill(code());
      await page.getByRole('heading', { name: 'Before you go on' }).waitFor();
      await page.getByText('Lock your screen.', { exact: false }).waitFor();
      await look();
      await page.getByRole('button', { name: 'I accept' }).click();
      await page.waitForURL((url) => !url.pathname.startsWith('/.sallyport/sign-in'));
    }));

  it('fits and is accessible on a desktop and a phone, by day and by night', async () => {
    await site.rooms.brandings.change('default', { terms: null }, 'test');
    await site.looks('branding', '/branding', (page) =>
      page.getByText('Contrast', { exact: false }).first().waitFor(),
    );
  });
});
