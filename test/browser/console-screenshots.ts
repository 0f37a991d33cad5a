import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { changeMembership } from '../../src/accounts/index.ts';
import { startApplicationServer } from '../support/application-server.ts';
import { desktopScreen, phoneScreen } from '../support/chromium.ts';
import { startConsoleSite } from '../support/console-browser.ts';
import { addCrowd } from '../support/crowd.ts';
import { startRealSenders } from '../support/real-senders.ts';
import { smallPng } from './support/small-png.ts';

/**
 * Takes the pictures of the console's pages for docs/images: `node test/browser/console-screenshots.ts [folder] [part of a
 * name]`, after `npm run build:web`. A real gateway answers, with people, sessions and messages on it.
 */
const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../docs/images'));
const wanted = process.argv[3] ?? '';
mkdirSync(folder, { recursive: true });

const pages = {
  home: '/',
  users: '/users',
  sessions: '/sessions',
  applications: '/applications',
  messages: '/messages',
  settings: '/settings',
  branding: '/branding',
  alerts: '/alerts',
  'rdp-whitelist': '/rdp-whitelist',
  audit: '/audit',
  administrators: '/administrators',
  licence: '/licence',
  subscriptions: '/subscriptions',
};
const looks = [
  { name: 'desktop-light', ...desktopScreen, colorScheme: 'light' },
  { name: 'desktop-dark', ...desktopScreen, colorScheme: 'dark' },
  { name: 'phone-light', ...phoneScreen, deviceScaleFactor: 1, colorScheme: 'light' },
] as const;

const server = await startApplicationServer();
const senders = await startRealSenders();
const site = await startConsoleSite({
  config: {
    ...senders.config,
    applications: [
      { name: 'desktops', path: '/desktops', servers: [server.url] },
      { name: 'accounting', path: '/accounting', servers: [server.url] },
    ],
  },
});
await senders.configure(site.site);
const keys = await addCrowd(site.rooms, { users: 40, enrolled: 28 });
await site.rooms.groups.create('staff');
for (const key of keys.slice(0, 12)) {
  await changeMembership(site.rooms.administration, key, 'staff', true, keys[0] ?? 'system');
}
await site.rooms.settings.update('default', { codeLifespan: 5, helpdesk: 'ext. 4100' }, keys[1] ?? 'system');
for (const [name, path] of [
  ['anna', '/desktops/ws'],
  ['bruno', '/desktops/ws'],
  ['carla', '/accounting/ws'],
] as const) {
  await (await site.site.signedIn(name)).open(path);
}

for (const { name: look, ...screen } of looks) {
  for (const [name, path] of Object.entries(pages).filter(([each]) => each.includes(wanted))) {
    await site.visit(async ({ page, open, faults }) => {
      await open(path);
      await page.waitForLoadState('networkidle');
      const picture = await page.screenshot({ caret: 'hide' });
      writeFileSync(join(folder, `console-${name}-${look}.png`), smallPng(picture));
      // What a page does wrong is told by its test.
      faults.length = 0;
    }, screen);
  }
}
await site.stop();
await server.close();
await senders.close();
