import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { desktopScreen, launchChromium, phoneScreen } from '../support/chromium.ts';
import { scenes } from './support/scenes.ts';
import { smallPng } from './support/small-png.ts';
import { startStandIn } from './support/stand-in.ts';

/**
 * Takes the pictures of every page for docs/images: `node test/browser/screenshots.ts [folder] [part of a name]`,
 * after `npm run build:web`. The stand-in answers for the gateway, so that every moment can be shown.
 */
const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../docs/images'));
const wanted = process.argv[3] ?? '';
const locale = process.argv[4] ?? 'en-GB';
mkdirSync(folder, { recursive: true });

const screens = {
  desktop: desktopScreen,
  // One pixel for one: the pictures live in the repository.
  phone: { ...phoneScreen, deviceScaleFactor: 1 },
  ...(process.argv.includes('--narrow')
    ? { narrow: { ...phoneScreen, viewport: { width: 320, height: 640 }, deviceScaleFactor: 1 } }
    : {}),
};
const browser = await launchChromium();
for (const [screen, options] of Object.entries(screens)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const scene of scenes.filter(({ name }) => name.includes(wanted))) {
      const standIn = await startStandIn();
      const context = await browser.newContext({
        ...options,
        locale,
        timezoneId: 'Europe/Paris',
        colorScheme,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await scene.open(page, standIn);
      const picture = await page.screenshot({ fullPage: true, caret: 'hide' });
      writeFileSync(join(folder, `${scene.name}-${screen}-${colorScheme}.png`), smallPng(picture));
      await context.close();
      await standIn.close();
    }
  }
}
await browser.close();
