import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { changeMembership, enable, exempt, subjectOfGroup, subjectOfUser } from '../../src/accounts/index.ts';
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

/** Milliseconds. */
const hour = 3_600_000;
const day = 24 * hour;

type Page = Parameters<Parameters<typeof site.visit>[0]>[0]['page'];
const first = () => `/users/${encodeURIComponent(keys[0] ?? '')}`;
const pages: Readonly<Record<string, string | (() => string)>> = {
  home: '/',
  users: '/users',
  'users-list': '/users?view=list',
  'users-user': first,
  'users-add': '/users/add',
  'users-reset': '/users',
  'users-import': '/users/import',
  sessions: '/sessions',
  'sessions-remote': '/sessions?view=remote',
  applications: '/applications',
  messages: '/messages',
  settings: '/settings',
  branding: '/branding',
  alerts: '/alerts',
  'rdp-whitelist': '/rdp-whitelist',
  audit: '/audit',
  'audit-why': () => `/audit?view=why&user=${encodeURIComponent(keys[0] ?? '')}`,
  administrators: '/administrators',
  licence: '/licence',
  subscriptions: '/subscriptions',
};
/** What somebody has done on a page before its picture is taken. */
const before: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  home: (page) => page.locator('svg').nth(1).waitFor(),
  sessions: (page) => page.getByText(/^Live:/).waitFor(),
  'sessions-remote': (page) => page.locator('.list tbody tr').first().waitFor(),
  async 'users-add'(page) {
    await page.getByLabel('Search in every directory').fill('c');
    for (const name of ['Carla Eriksson', 'Chen Fischer']) {
      await page.getByRole('dialog').getByRole('checkbox', { name }).check();
    }
  },
  async 'users-reset'(page) {
    for (const name of ['Alice Abadie', 'Amir Bernard', 'Anouk Costa']) {
      await page.getByRole('checkbox', { name: `Select ${name}` }).check();
    }
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
  },
  async 'users-import'(page) {
    const lines =
      'user,method,phone\nfiona.lambert,sms,+33612345678\ngrace.martin,sms,+33612\nhana.nguyen,app,';
    await page.getByLabel('Or paste its lines here').fill(lines);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.locator('section.panel').waitFor();
  },
};
/** The pages that are shown in the dark and on a phone too: the others look alike there. */
const examples = ['home', 'users', 'users-user'];
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
const { administration } = site.rooms;
for (const [index, key] of keys.slice(0, 9).entries()) {
  const method = (['app', 'sms', 'email'] as const)[index % 3];
  const phone = method === 'sms' ? { phone: '+33612345678' } : {};
  await enable(administration, subjectOfUser(key), 'system', { ...(method && { method }), ...phone });
}
await enable(administration, subjectOfGroup('local', 'staff'), 'system');
const why = { reason: 'Kiosk in the hall', until: site.clock.now() + 90 * day };
await exempt(administration, subjectOfUser(keys[10] ?? ''), 'system', why);

// A day behind it: people come in the morning, and some mistype.
const byHour = [2, 1, 1, 0, 1, 4, 19, 61, 118, 74, 38, 29, 22, 47, 33, 26, 19, 14, 9, 7, 6, 4, 3, 2];
const thisHour = Math.floor(site.clock.now() / hour) * hour;
for (let ago = 24; ago > 0; ago -= 1) {
  const from = thisHour - ago * hour;
  // As the pictures have it, in Paris in winter.
  const ofDay = (from / hour + 1) % 24;
  const signIns = byHour[ofDay] ?? 0;
  const refusals = Math.round(signIns / 9) + (ofDay === 16 ? 21 : 0);
  const counts = { signIns, refusals, sessions: signIns + (ofDay % 5) };
  await site.rooms.store.put(
    'statistics',
    `default/hour/${new Date(from).toISOString().slice(0, 13)}`,
    counts,
  );
}
for (const [name, path] of [
  ['anna', '/desktops/ws'],
  ['bruno', '/desktops/ws'],
  ['carla', '/accounting/ws'],
] as const) {
  await (await site.site.signedIn(name)).open(path);
}
const owner = await site.adminOf(site.owner);
const doors = { users: [keys[20], keys[21]], reason: 'Door terminal', until: '2031-01-01T00:00:00Z' };
await owner.admin('POST', 'rdp-whitelist', doors);
await owner.admin('POST', 'rdp-whitelist', { users: [keys[22]], reason: 'Label printer of the warehouse' });

for (const { name: look, ...screen } of looks) {
  for (const [name, path] of Object.entries(pages).filter(
    ([each]) => each.includes(wanted) && (look === 'desktop-light' || examples.includes(each)),
  )) {
    await site.visit(async ({ page, open, faults }) => {
      await open(typeof path === 'string' ? path : path());
      await before[name]?.(page);
      await page.waitForLoadState('networkidle');
      const picture = await page.screenshot({ caret: 'hide', fullPage: name === 'home' });
      writeFileSync(join(folder, `console-${name}-${look}.png`), smallPng(picture));
      // What a page does wrong is told by its test.
      faults.length = 0;
    }, screen);
  }
}
await site.stop();
await server.close();
await senders.close();
