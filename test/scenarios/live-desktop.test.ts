import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import jsQr from 'jsqr';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import type { Clock } from '../../src/clock.ts';
import { systemClock } from '../../src/clock.ts';
import { collectFaults, comesTrue, desktopScreen, launchChromium, phoneScreen } from '../support/chromium.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { missing } from '../support/real-part.ts';
import { password, type Site, startSite } from '../support/site.ts';

const images = resolve(import.meta.dirname, '../../docs/images');
const viewer = '/vnc.html?autoconnect=true&resize=scale';

/** The key in the QR code that the page shows, read as a phone's camera reads it: from the pixels. */
async function keyInQrCode(page: Page): Promise<string> {
  const picture = PNG.sync.read(await page.getByRole('img', { name: /QR/ }).screenshot());
  const found = jsQr.default(new Uint8ClampedArray(picture.data), picture.width, picture.height);
  assert.ok(found, 'no QR code could be read');
  const uri = new URL(found.data);
  assert.equal(uri.protocol, 'otpauth:');
  return uri.searchParams.get('secret') ?? '';
}

/** What an authenticator app with this key shows, computed by another program than ours. */
const codeOf = (secret: string, at = 'now'): string =>
  execFileSync('oathtool', ['--totp', '--base32', '--now', at, secret]).toString().trim();

/** Resolves when the pixel at the lower right of the desktop in the browser has this colour. */
const showsColour = (page: Page, colour: readonly [number, number, number]): Promise<void> =>
  comesTrue(
    page,
    `(() => {
      const canvas = document.querySelector('canvas');
      if (!canvas || canvas.width < 800) return false;
      const [r, g, b] = canvas.getContext('2d').getImageData(canvas.width - 5, canvas.height - 5, 1, 1).data;
      return r === ${colour[0]} && g === ${colour[1]} && b === ${colour[2]};
    })()`,
  );

describe('a live desktop in the browser', {
  skip: missing('chromium', 'Xvnc', 'websockify', 'xterm', 'xsetroot', 'oathtool'),
}, () => {
  let desktop: Desktop;
  let site: Site<Clock>;
  let browser: Browser;
  before(async () => {
    desktop = await startDesktop();
    site = await startSite({
      clock: systemClock,
      config: {
        serverName: 'Northwind',
        applications: [{ name: 'desktop', title: 'Design desktop', path: '/', servers: [desktop.url] }],
      },
    });
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await desktop?.stop();
  });

  const visit = async (screen: BrowserContextOptions, walk: (page: Page) => Promise<void>): Promise<void> => {
    const context = await browser.newContext(screen);
    const page = await context.newPage();
    const faults = collectFaults(page);
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    try {
      await walk(page);
      assert.deepEqual(faults, []);
      const ours = requested.filter((url) => /^(https?|wss?):/.test(url));
      assert.ok(ours.length > 0 && ours.every((url) => new URL(url).host === `localhost:${site.port}`));
      assert.ok(
        requested.every((url) => !/secret|otpauth|password/i.test(url)),
        'no secret in a URL',
      );
    } finally {
      await context.close();
    }
  };

  it('is reached with a password, the QR code on the page and a code: it shows what is drawn, and gets what is typed', async () => {
    await site.addUser('anna');
    await visit(desktopScreen, async (page) => {
      await page.goto(`http://localhost:${site.port}${viewer}`);
      await page.getByText('Please sign in to continue to Design desktop.').waitFor();
      await page.getByLabel('User name').fill('anna');
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Set up your authenticator app' }).waitFor();
      const secret = await keyInQrCode(page);
      await page.locator('input[name=code]').pressSequentially(codeOf(secret));

      await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download' }).click();
      assert.equal((await download).suggestedFilename(), 'recovery-codes.txt');
      await page.getByRole('button', { name: 'I have kept them' }).click();

      await page.waitForURL((url) => url.pathname === '/vnc.html');
      desktop.paint('#0f6b73');
      await showsColour(page, [15, 107, 115]);
      await page.mouse.click(300, 200);
      await page.keyboard.type('Typed in the browser, on a desktop behind two doors.\n');
      await arrives(page, () => desktop.typed().includes('behind two doors.'));
      if (process.env.IMAGES === 'write') {
        await page.screenshot({ path: resolve(images, 'desktop-desktop-light.png') });
      }

      await page.goto(`http://localhost:${site.port}/.sallyport/sign-out`);
      await page.getByText("You're signed out").first().waitFor();
      // Not the page itself, which the browser may have kept: whether the gateway lets anything through.
      const refused = await page.request.get(`http://localhost:${site.port}${viewer}`, { maxRedirects: 0 });
      assert.equal(refused.status(), 401);
    });
  });

  it('is reached in French, with the keyboard alone, on a phone', async () => {
    await site.addUser('benoît');
    const french = { ...phoneScreen, locale: 'fr-FR', colorScheme: 'dark' } as const;
    await visit(french, async (page) => {
      await page.goto(`http://localhost:${site.port}${viewer}`);
      await page.getByText('Veuillez vous connecter pour continuer vers Design desktop.').waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
      await tabTo(page, 'input[name=username]');
      await page.keyboard.type('benoît');
      await tabTo(page, 'input[name=password]');
      await page.keyboard.type(password);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: "Configurez votre application d'authentification" }).waitFor();
      const link = page.getByRole('link', { name: /Ouvrir dans mon application/ });
      const uri = new URL((await link.getAttribute('href')) ?? '');
      assert.equal(uri.searchParams.get('issuer'), 'Northwind - Sallyport');
      await tabTo(page, 'input[name=code]');
      await page.keyboard.type(codeOf(uri.searchParams.get('secret') ?? ''));
      await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
      await tabTo(page, 'button:has-text("Je les ai")');
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.pathname === '/vnc.html');
      desktop.paint('#ff8c00');
      await showsColour(page, [255, 140, 0]);
    });
  });
});

/** Resolves when `happened` says so; rejects after ten seconds. */
async function arrives(page: Page, happened: () => boolean): Promise<void> {
  for (let looks = 0; looks < 500; looks += 1) {
    if (happened()) return;
    await page.waitForTimeout(20);
  }
  assert.fail('it never arrived');
}

/** Moves the focus with the Tab key alone until it is on what `selector` names. */
async function tabTo(page: Page, selector: string): Promise<void> {
  const wanted = page.locator(selector);
  await wanted.waitFor();
  for (let pressed = 0; pressed < 30; pressed += 1) {
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`${selector} can't be reached with the keyboard`);
}
