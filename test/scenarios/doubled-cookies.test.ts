import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { desktopScreen, launchChromium } from '../support/chromium.ts';
import { missing } from '../support/real-part.ts';
import { type Site, startSite } from '../support/site.ts';

describe('a browser in which a second sign-in was planted, over plain HTTP', {
  skip: missing('chromium'),
}, () => {
  let site: Site;
  let browser: Browser;
  before(async () => {
    site = await startSite();
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  it('is told once to sign in again, and is not locked out', async () => {
    const anna = await site.signedIn('anna');
    const context = await browser.newContext(desktopScreen);
    const name = 'sallyport-session';
    const cookie = { name, domain: 'localhost', httpOnly: true } as const;
    await context.addCookies([
      { ...cookie, path: '/', value: anna.cookie(name) ?? '' },
      { ...cookie, path: '/plans', value: 'planted' },
    ]);
    const page = await context.newPage();
    const refused = await page.goto(`${site.origin}/plans/x`);
    assert.equal(refused?.status(), 400);
    await page.getByRole('heading', { name: 'Please sign in again' }).waitFor();
    assert.deepEqual(await context.cookies(`${site.origin}/plans/x`), []);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('User name').waitFor();
    assert.match(page.url(), /returnTo=%2Fplans%2Fx$/);
    await context.close();
  });
});
