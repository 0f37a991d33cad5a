import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';
import type { Tunnel } from '../support/site-client.ts';

const stale = 16 * 60_000;

async function giveCode(page: Page, code: () => string): Promise<void> {
  await page.getByRole('heading', { name: 'Enter a code to go on' }).waitFor();
  await page.keyboard.type(code());
}

describe('the sessions, in a browser', { skip: missing('chromium') }, () => {
  let server: ApplicationServer;
  let site: ConsoleSite;
  let annas: Tunnel;

  before(async () => {
    server = await startApplicationServer();
    const applications = [
      { name: 'desk', path: '/desk', servers: [server.url] },
      { name: 'mail', path: '/mail', servers: [server.url] },
    ];
    site = await startConsoleSite({ config: { applications } });
    annas = await (await site.site.signedIn('anna')).open('/desk/ws');
    (await site.site.signedIn('bert')).call('GET', 'session');
  });
  after(async () => {
    await site.stop();
    await server.close();
  });

  it('fit and are accessible on a desktop and a phone, by day and by night', async () => {
    await site.looks('sessions', '/sessions', (page) => page.getByRole('link', { name: 'anna' }).waitFor());
    await site.looks('sessions-remote', '/sessions?view=remote', (page) =>
      page.getByRole('link', { name: 'anna' }).waitFor(),
    );
  });

  it('come and go by themselves', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/sessions?view=remote');
      await page.getByText('Live: the list updates by itself.').waitFor();
      const carla = await site.site.signedIn('carla');
      const tunnel = await carla.open('/mail/ws');
      const row = page.getByRole('row', { name: /carla/ });
      await row.waitFor();
      await page.getByLabel('Application', { exact: true }).selectOption('desk');
      await row.waitFor({ state: 'detached' });
      assert.equal(new URL(page.url()).searchParams.get('application'), 'desk');
      await page.getByLabel('Application', { exact: true }).selectOption('mail');
      await row.waitFor();
      await look();
      tunnel.close();
      await page.getByText('Nothing matches').waitFor();
      await look();
    }));

  it('close one remote session, with a reason', () =>
    site.visit(async ({ page, open, look, code }) => {
      await open('/sessions?view=remote');
      await page.getByRole('link', { name: 'anna' }).click();
      await page.getByText('To the browser').waitFor();
      await look();
      await page.getByRole('button', { name: 'Close remote session' }).click();
      const dialog = page.getByRole('dialog', { name: 'Close the remote session of anna on desk?' });
      await dialog.getByRole('button', { name: 'Close remote session' }).click();
      await page.getByText('Say why: the audit log keeps it.').waitFor();
      await look();
      await dialog.getByLabel('Reason').fill('maintenance tonight');
      site.clock.ahead += stale;
      await dialog.getByRole('button', { name: 'Close remote session' }).click();
      await giveCode(page, code);
      await page.getByText('The remote session of anna is closed.').waitFor();
      await annas.closed;
    }));

  it('find and end a 2FA session', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/sessions');
      await page.getByLabel('Name of the user').fill('ber');
      await page.getByRole('link', { name: 'anna' }).waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'bert' }).click();
      await page.getByText('None is open.').waitFor();
      await look();
      await page.getByRole('button', { name: 'End session' }).click();
      await page.getByLabel('Reason').fill('left the company');
      await page.getByRole('dialog').last().getByRole('button', { name: 'End session' }).click();
      await page.getByText('1 session of bert has ended.').waitFor();
      await page.getByLabel('State').selectOption('ended');
      await page.getByRole('row', { name: /bert.*Ended/ }).waitFor();
    }));

  it('are shown to an auditor without what they may not do', async () => {
    const who = await site.administrator('audrey', 'auditor');
    await site.visit(
      async ({ page, open }) => {
        await open('/sessions');
        await page.getByRole('link', { name: 'anna' }).click();
        await page.getByText('Proven by').waitFor();
        assert.equal(await page.getByRole('button', { name: 'End session' }).count(), 0);
      },
      { who },
    );
  });
});
