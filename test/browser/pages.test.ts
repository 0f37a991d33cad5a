import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { violations } from '../support/accessibility.ts';
import { comesTrue, desktopScreen, launchChromium, phoneScreen } from '../support/chromium.ts';
import { missing } from '../support/real-part.ts';
import { scenes } from './support/scenes.ts';
import { visiting } from './support/visit.ts';

const quiet: BrowserContextOptions = { reducedMotion: 'reduce' };
const screens: Record<string, BrowserContextOptions> = {
  'desktop, light': { ...desktopScreen, ...quiet },
  // The narrowest phone, as narrow as a small laptop's window at 400 %, with the longer language.
  'narrow phone, dark, French': {
    ...phoneScreen,
    ...quiet,
    viewport: { width: 320, height: 568 },
    deviceScaleFactor: 1,
    colorScheme: 'dark',
    locale: 'fr-FR',
  },
};

/** Elements whose words don't fit, and the page itself when it has to be scrolled sideways. */
const misfits = `
  [...document.querySelectorAll('html, button, a, h1, h2, p, label, li')]
    .filter((element) => element.clientWidth > 1 && getComputedStyle(element).display !== 'inline')
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => element.outerHTML.slice(0, 200))`;

describe('every page', { skip: missing('chromium') }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());

  for (const [screen, options] of Object.entries(screens)) {
    for (const scene of scenes) {
      it(`fits, and violates neither accessibility rules nor its policy: ${scene.name} (${screen})`, () =>
        visiting(browser, options, async ({ page, standIn, faults }) => {
          await scene.open(page, standIn);
          assert.deepEqual(await page.evaluate<string[]>(misfits), []);
          // axe itself breaks the policy of pages that turn no text into markup.
          const own = [...faults];
          const found = await violations(page);
          faults.splice(0, faults.length, ...own);
          assert.deepEqual(found, []);
        }));
    }
  }

  it('paints its card before any script has come', () =>
    visiting(browser, desktopScreen, async ({ page, standIn }) => {
      let release = (): void => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route('**/*.js', async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(`${standIn.origin}/.sallyport/sign-in`, { waitUntil: 'commit' });
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await comesTrue(page, "performance.getEntriesByName('first-contentful-paint').length > 0");
      release();
      await page.locator('input[name=username]').waitFor();
    }));

  it('says what is missing without script', () =>
    visiting(browser, { ...desktopScreen, javaScriptEnabled: false }, async ({ page, standIn }) => {
      await page.goto(`${standIn.origin}/.sallyport/sign-in`);
      assert.match(
        (await page.locator('noscript p').textContent()) ?? '',
        /^This page needs JavaScript\. Switch it on/,
      );
      assert.equal(await page.locator('noscript p').isVisible(), true);
      assert.equal(await page.locator('.waiting').isVisible(), false);
    }));
});
