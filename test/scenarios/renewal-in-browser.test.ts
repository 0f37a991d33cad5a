import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { subscription } from '../../src/server/index.ts';
import { collectFaults, comesTrue, desktopScreen, launchChromium } from '../support/chromium.ts';
import { missing } from '../support/real-part.ts';
import { type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { walk } from './walk.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A page whose own styles would hide anything, under a policy that allows no inline style and no foreign script. */
const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Desk</title>
<link rel="stylesheet" href="/desk.css">
<script src="/desk.js" defer></script><script src="/.sallyport/renewal.js" defer></script></head>
<body><h1>Desk</h1><input id="line"></body></html>`;
const style =
  'body > *, html > :not(head):not(body), sallyport-renewal { display: none; opacity: 0; color: red }';
const script = `'use strict';
window.socket = new WebSocket(location.href.replace('http', 'ws'));
window.echoes = 0;
socket.onmessage = () => { window.echoes += 1; };
window.ended = false;
socket.onclose = () => { window.ended = true; };
// What a page can do to see what is typed into it: listen before anybody else.
window.seen = [];
for (const type of ['keydown', 'keypress', 'input']) {
  addEventListener(type, (event) => seen.push(event.key ?? event.data), true);
}
`;

async function startDesk(): Promise<{ url: string; close(): Promise<void> }> {
  const files: Record<string, readonly [string, string]> = {
    '/': ['text/html', page],
    '/desk.css': ['text/css', style],
    '/desk.js': ['text/javascript', script],
  };
  const server: Server = createServer((request, response) => {
    const [type, body] = files[request.url ?? ''] ?? ['text/plain', ''];
    response.setHeader('content-type', type);
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'",
    );
    response.end(body);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(String(message))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** What a screen reader finds in the script's part of the page, which is closed to everything else: role and name. */
async function told(desk: Page): Promise<readonly (readonly [string, string])[]> {
  const session = await desk.context().newCDPSession(desk);
  try {
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const wanted = ['region', 'link', 'button', 'paragraph', 'StaticText'];
    return nodes
      .filter(({ ignored, role }) => !ignored && wanted.includes(String(role?.value)))
      .map(({ role, name }) => [String(role?.value), String(name?.value ?? '')] as const)
      .filter(([, name]) => name !== '');
  } finally {
    await session.detach();
  }
}

const says = async (desk: Page, text: RegExp): Promise<boolean> =>
  (await told(desk)).some(([, name]) => text.test(name));

/** Back at the page, as when its tab comes to the front again; resolves when it says this, or says it no more. */
async function comesToSay(desk: Page, text: RegExp, wanted = true): Promise<void> {
  // Behind others a page draws no frames.
  await desk.bringToFront();
  for (let round = 0; (await says(desk, text)) !== wanted; round += 1) {
    assert.ok(round < 400, `${JSON.stringify(await told(desk))} ${wanted ? 'lacks' : 'still has'} ${text}`);
    await desk.evaluate("dispatchEvent(new Event('focus'))");
    await desk.evaluate('new Promise((done) => requestAnimationFrame(() => done()))');
  }
}

describe('the renewal script on the page of an application', { skip: missing('chromium') }, () => {
  let desk: Awaited<ReturnType<typeof startDesk>>;
  let site: Site;
  let browser: Browser;
  let origin: string;
  before(async () => {
    desk = await startDesk();
    site = await startSite({
      config: {
        serverName: 'Northwind',
        applications: [
          { name: 'desk', title: 'Desk', host: 'desk.localhost', servers: [desk.url] },
          { name: 'home', title: 'Home', path: '/', servers: [desk.url] },
        ],
      },
    });
    origin = `http://desk.localhost:${site.port}`;
    // Short: each tick of a manual clock is run.
    const patch = { closeAtExpiry: true, validityAfterFirstSession: 60 };
    await site.gateway.rooms.settings.update(subscription, patch, 'test');
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await desk?.close();
  });

  /** A browser with the cookies of somebody who has signed in at the portal and been to the desk. */
  async function visiting(
    client: SiteClient,
    options: object,
    work: (context: BrowserContext, open: () => Promise<Page>) => Promise<void>,
    address = `${origin}/`,
  ): Promise<void> {
    await walk(site, client, address);
    const context = await browser.newContext({ ...desktopScreen, ...options });
    for (const [host, jar] of client.cookies) {
      for (const [name, value] of jar) await context.addCookies([{ name, value, url: `http://${host}/` }]);
    }
    const faults: string[][] = [];
    try {
      await work(context, async () => {
        const opened = await context.newPage();
        faults.push(collectFaults(opened));
        await opened.goto(address);
        await comesTrue(opened, 'socket.readyState === 1');
        return opened;
      });
      assert.deepEqual(faults.flat(), []);
    } finally {
      await context.close();
    }
  }

  it('says nothing while there is time', async () => {
    const anna = await site.signedIn('anna');
    await visiting(anna, {}, async (_context, open) => {
      const opened = await open();
      await opened.waitForLoadState('networkidle');
      assert.deepEqual(
        (await told(opened)).filter(([role]) => role === 'region' || role === 'link'),
        [],
      );
      assert.equal(await opened.locator('sallyport-renewal').count(), 0);
    });
  });

  it('leads to a code typed out of reach of the page, and what is open lives on beyond the old end', async () => {
    const ben = await site.signedIn('ben');
    await visiting(ben, {}, async (context, open) => {
      const first = await open();
      site.clock.advance(hour - 12 * minute);
      const second = await open();
      for (const each of [first, second]) await each.reload();
      await first.bringToFront();
      await comesToSay(first, /^Your remote sessions close at \d\d:\d\d, in 12 min\.$/);
      await comesToSay(second, /in 12 min\.$/);
      assert.ok(
        (await told(first)).some(([role, name]) => role === 'region' && name === 'Northwind: time left'),
      );
      const box = await first.locator('sallyport-renewal').boundingBox();
      assert.ok(box !== null && box.width > 200 && box.height > 60, JSON.stringify(box));
      assert.equal(await first.evaluate("document.querySelector('sallyport-renewal').shadowRoot"), null);
      await comesTrue(first, 'socket.readyState === 1');

      // By keyboard alone, as somebody who uses no mouse.
      const [tab] = await Promise.all([
        context.waitForEvent('page'),
        (async () => {
          await first.bringToFront();
          await first.keyboard.press('Tab');
          await first.keyboard.press('Enter');
        })(),
      ]);
      assert.equal(new URL(tab.url()).origin === origin, false);
      await tab.locator('input[name=code]').waitFor();
      assert.ok(tab.url().startsWith(`${site.origin}/.sallyport/renew?session=`));
      assert.equal(await tab.evaluate('window.opener'), null);
      await tab.getByText(/^With a new code you can go on after \d\d:\d\d/).waitFor();
      const code = ben.code();
      await tab.locator('input[name=code]').pressSequentially(code);
      await tab.getByRole('heading', { name: 'You stay signed in' }).waitFor();
      await tab.getByText(/^You can go on until/).waitFor();
      const closing = tab.waitForEvent('close');
      await tab.getByRole('button', { name: 'Close this tab' }).click();
      await closing;

      await comesToSay(first, /^You can go on until \d\d:\d\d\.$/);
      await comesToSay(second, /^You can go on until \d\d:\d\d\.$/);
      const seen = await first.evaluate<string[]>('seen');
      assert.ok(![...code].every((digit) => seen.includes(digit)));

      site.clock.advance(20 * minute);
      for (const each of [first, second]) {
        await each.bringToFront();
        await each.evaluate("socket.send('still here')");
        await comesTrue(each, 'echoes > 0 && !ended');
      }
      site.clock.advance(hour);
      for (const each of [first, second]) {
        await each.bringToFront();
        await comesTrue(each, 'ended');
      }
    });
  });

  it('speaks French, waits when it is told to, and comes back for the last five minutes', async () => {
    const cleo = await site.signedIn('cleo');
    await visiting(cleo, { locale: 'fr-FR', colorScheme: 'dark' }, async (_context, open) => {
      const early = await open();
      await early.close();
      site.clock.advance(hour - 10 * minute);
      const opened = await open();
      await comesToSay(opened, /^Vos sessions à distance se ferment à \d\d:\d\d, dans 10 min\.$/);
      await opened.bringToFront();
      await opened.keyboard.press('Tab');
      await opened.keyboard.press('Tab');
      await opened.keyboard.press('Enter');
      await comesToSay(opened, /se ferment/, false);
      await opened.reload();
      await opened.waitForLoadState('networkidle');
      assert.equal(await says(opened, /se ferment/), false, 'nor with the next page');
      site.clock.advance(6 * minute);
      await opened.reload();
      await comesToSay(opened, /dans 4 min\.$/);
    });
  });

  it('works the same on the portal’s own host, where small sites have their applications', async () => {
    const dora = await site.signedIn('dora');
    await visiting(
      dora,
      {},
      async (_context, open) => {
        const early = await open();
        await early.close();
        site.clock.advance(hour - 5 * minute);
        await comesToSay(await open(), /^Your remote sessions close at .*in 5 min\.$/);
      },
      `${site.origin}/`,
    );
  });
});
