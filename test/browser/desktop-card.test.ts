import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { LogonPermits } from '../../src/rdp/index.ts';
import { collectFaults, desktopScreen, launchChromium } from '../support/chromium.ts';
import { missing } from '../support/real-part.ts';
import { type Site, startSite } from '../support/site.ts';

describe('the card of a remote desktop', { skip: missing('chromium') }, () => {
  let site: Site;
  let browser: Browser;

  before(async () => {
    browser = await launchChromium();
    site = await startSite({
      config: {
        applications: [
          {
            name: 'ts',
            title: 'Terminal server',
            type: 'rdp',
            servers: ['ts1.corp.example'],
            domain: 'CORP',
          },
        ],
      },
    });
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  it('permits one logon with a click, says so, and saves the file for that user and server', async () => {
    const client = await site.signedIn('alice');
    const context = await browser.newContext({ ...desktopScreen, acceptDownloads: true });
    const [cookies] = client.cookies.values();
    await context.addCookies(
      [...(cookies ?? [])].map(([name, value]) => ({ name, value, url: site.origin, httpOnly: true })),
    );
    const page = await context.newPage();
    const faults = collectFaults(page);
    await page.goto(`${site.origin}/.sallyport/`);
    const card = page.getByRole('button', { name: /Terminal server.*Office network only/s });
    const [download] = await Promise.all([page.waitForEvent('download'), card.click()]);
    assert.equal(download.suggestedFilename(), 'Terminal server.rdp');
    const file = readFileSync(await download.path());
    assert.deepEqual([...file.subarray(0, 2)], [0xff, 0xfe]);
    assert.match(
      file.toString('utf16le'),
      /full address:s:ts1\.corp\.example:3389\r\nusername:s:CORP\\alice\r\n/,
    );
    await page.getByRole('status').filter({ hasText: 'This click is good for one logon.' }).waitFor();
    const user = (await site.gateway.rooms.local.lookUp('alice'))?.key ?? '';
    const permits = new LogonPermits({ store: site.gateway.rooms.store, clock: site.clock });
    const place = { subscription: 'default', user, server: 'ts1.corp.example' };
    assert.equal((await permits.find(place))?.application, 'ts');
    assert.deepEqual(faults, []);
    await context.close();
  });
});
