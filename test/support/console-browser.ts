import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { type Role, roleNames } from '../../src/access/index.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { Rooms } from '../../src/server/index.ts';
import { violations } from './accessibility.ts';
import { AdminClient } from './admin-client.ts';
import { collectFaults, desktopScreen, launchChromium, phoneScreen } from './chromium.ts';
import { password, type Site, startSite } from './site.ts';
import type { SiteClient } from './site-client.ts';

/** The machine's clock, some time ahead: so that a code that was used is followed by the next one without a wait. */
export class ShiftedClock implements Clock {
  /** Milliseconds ahead. */
  ahead = 0;
  readonly monotonic = systemClock.monotonic;
  readonly after = systemClock.after;
  readonly every = systemClock.every;

  now(): number {
    return systemClock.now() + this.ahead;
  }
}

/** Somebody who administers: a name, and an authenticator app. */
export type Administrator = { readonly name: string; readonly client: SiteClient };

/** What a page of the console is looked at on. */
export const screens: Readonly<Record<string, BrowserContextOptions>> = {
  desktop: desktopScreen,
  phone: phoneScreen,
};

export type ConsoleVisit = {
  readonly page: Page;
  /** Policy violations, exceptions, and requests to other hosts, so far. */
  readonly faults: string[];
  /** Goes to an address of the console: `/users?q=anna`. */
  open(path: string): Promise<void>;
  /** Accessible, as wide as its screen, and without a fault so far. */
  look(): Promise<void>;
  /** The code that the person's app shows now, never one that was used. */
  code(): string;
};

export type VisitOptions = BrowserContextOptions & { readonly who?: Administrator };

/** A gateway with its console, and a Chromium to look at it. */
export type ConsoleSite = {
  readonly site: Site<ShiftedClock>;
  readonly rooms: Rooms;
  readonly clock: ShiftedClock;
  readonly browser: Browser;
  /** Of the console. */
  readonly origin: string;
  readonly owner: Administrator;
  /** Somebody at the console by its API, signed in with a code of their own. */
  adminOf(who: Administrator): Promise<AdminClient>;
  /** A new user with this role in the whole site, and an enrolled app. */
  administrator(name: string, role: Role): Promise<Administrator>;
  /**
   * A fresh browser in which `who` (the owner unless said) is signed in at the console: by the keyboard the first time,
   * later with the cookies that this gave. Expects no fault.
   */
  visit(work: (visit: ConsoleVisit) => Promise<void>, options?: VisitOptions): Promise<void>;
  /** Looks at an address on a desktop and a phone, by day and by night; with SALLYPORT_PICTURES set, keeps pictures there. */
  looks(name: string, path: string, ready: (page: Page) => Promise<unknown>): Promise<void>;
  stop(): Promise<void>;
};

/** Milliseconds, for anything that a page has to do. */
const longestWait = 10_000;
/** Milliseconds: a code is good once in its 30 s. */
const step = 30_000;

/** Starts a gateway with its console on an own port, its owner `olivia`, and Chromium. */
export async function startConsoleSite(
  options: { readonly config?: Record<string, unknown> } = {},
): Promise<ConsoleSite> {
  const clock = new ShiftedClock();
  const site = await startSite({
    clock,
    config: { serverName: 'Northwind', ...options.config },
  });
  const browser = await launchChromium();
  const origin = `http://localhost:${site.consolePort}`;
  const { rooms } = site.gateway;
  const cookies = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();
  const owner: Administrator = { name: 'olivia', client: site.owner };

  async function visit(
    work: (visit: ConsoleVisit) => Promise<void>,
    { who = owner, ...screen }: VisitOptions = {},
  ): Promise<void> {
    const known = cookies.get(who.name);
    const context = await browser.newContext({
      ...desktopScreen,
      timezoneId: 'Europe/Paris',
      reducedMotion: 'reduce',
      ...(known === undefined ? {} : { storageState: known }),
      ...screen,
    });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(longestWait);
      const faults = collectFaults(page);
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (/^https?:$/.test(url.protocol) && url.origin !== origin) faults.push(`asks ${url.origin}`);
      });
      const code = (): string => {
        clock.ahead += step;
        return who.client.code();
      };
      if (known === undefined) {
        await page.goto(origin);
        await signInAtConsole(page, who.name, code());
        cookies.set(who.name, await context.storageState());
      }
      await whatHappened(page, () =>
        work({
          page,
          faults,
          code,
          async open(path) {
            await page.goto(`${origin}${path}`);
            await page.locator('h1').waitFor();
          },
          async look() {
            assert.deepEqual(faults, []);
            assert.deepEqual(await violations(page), []);
            // axe itself breaks the policy of pages that turn no text into markup.
            faults.length = 0;
            const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
            assert.equal(await page.evaluate<number>(wide), 0, 'wider than its screen');
          },
        }),
      );
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
    }
  }

  return {
    site,
    rooms,
    clock,
    browser,
    origin,
    owner,
    visit,
    async adminOf({ name, client }) {
      clock.ahead += step;
      const admin = new AdminClient(site.consolePort, clock);
      admin.secret = client.secret;
      const done = await admin.signIn(name, password);
      assert.equal(done.json?.status, 'done', done.text);
      return admin;
    },
    async administrator(name, role) {
      assert.ok(roleNames.includes(role));
      const client = await site.signedIn(name);
      const user = (await rooms.local.lookUp(name))?.key ?? '';
      await rooms.roles.grant(user, { role, by: 'test' });
      return { name, client };
    },
    async looks(name, path, ready) {
      for (const [screen, screenOptions] of Object.entries(screens)) {
        await visit(async ({ page, open, look }) => {
          await open(path);
          await ready(page);
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            await keepPicture(page, `${name}-${screen}-${colorScheme}`);
            await look();
          }
        }, screenOptions);
      }
    },
    async stop() {
      await browser.close();
      await site.stop();
    },
  };
}

/** From the sign-in page to the console, as somebody does it who never touches the mouse. */
export async function signInAtConsole(page: Page, name: string, code: string): Promise<void> {
  await typeSignIn(page, name, code);
  await page.locator('#navigation').waitFor({ state: 'attached' });
}

/** The same for whoever may not get there. */
export async function typeSignIn(page: Page, name: string, code: string): Promise<void> {
  await page.locator('input[name=username]').fill(name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.locator('input[name=code]').waitFor();
  await page.locator('input[name=code]').focus();
  await page.keyboard.type(code);
}

/** Keeps a picture of what the page looked like when it failed. */
async function whatHappened(page: Page, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await keepPicture(page, 'failed');
    throw error;
  }
}

/** For whoever wants to see what the tests see. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SALLYPORT_PICTURES;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  // What lies over a page is as tall as its screen.
  const fullPage = (await page.getByRole('dialog').count()) === 0;
  writeFileSync(join(folder, `${name}.png`), await page.screenshot({ fullPage, caret: 'hide' }));
}
