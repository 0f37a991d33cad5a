import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';

describe('the home page, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  before(async () => {
    site = await startConsoleSite();
  });
  after(() => site?.stop());

  it('says that nothing needs attention, and how it stands', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/');
      await page.getByText('Nothing needs attention.').waitFor();
      await page.getByText('Enabled users').waitFor();
      await page.getByRole('img', { name: /Sign-ins and refusals\. Sign-ins: \d+; Refusals: \d+/ }).waitFor();
      await look();
    }));

  it('names what needs somebody, and leads to where it is mended', () =>
    site.visit(async ({ page, open, look }) => {
      await site.rooms.settings.update('default', { driftTolerance: 480 }, 'test');
      site.rooms.audit.record({ type: 'clock.off', offset: 7 });
      await site.rooms.attention.concerns.settled();
      await open('/');
      await page.getByText("The server's clock is off by 7 s").waitFor();
      await page.getByText('The drift guard is switched off').waitFor();
      await look();
      await page.getByRole('link', { name: 'Open Settings' }).click();
      await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
      await site.rooms.settings.reset('default', ['driftTolerance'], 'test');
    }));

  it('shows the same numbers as a table, at an address of its own', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/?over=month');
      await page.getByRole('switch', { name: 'As a table' }).click({ force: true });
      await page.getByRole('columnheader', { name: 'Refusals' }).waitFor();
      assert.match(page.url(), /over=month.*as=table/);
      assert.equal(await page.getByRole('row').count(), 31);
      await look();
    }));

  it('fits and is accessible on a desktop and a phone, by day and by night', async () => {
    const { statistics } = site.rooms.attention;
    const origin = { address: '192.0.2.7' };
    for (let index = 0; index < 40; index += 1) {
      const who = { user: `local:u${index}`, name: 'somebody', session: `s${index}`, origin };
      statistics.hear({ type: 'sign-in.done', amr: ['pwd', 'otp'], ...who });
      if (index % 5 === 0)
        statistics.hear({ type: 'sign-in.password', result: 'refused', name: 'x', origin });
    }
    await statistics.flush();
    await site.looks('home', '/', (page) => page.getByText('Over time').waitFor());
  });
});
