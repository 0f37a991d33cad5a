import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { freePort } from '../support/free-port.ts';
import { missing } from '../support/real-part.ts';

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

describe('the applications, in a browser', { skip: missing('chromium') }, () => {
  let server: ApplicationServer;
  let site: ConsoleSite;

  before(async () => {
    server = await startApplicationServer();
    const applications = [
      { name: 'desk', title: 'Desktops', path: '/desk', servers: [server.url], allow: { groups: ['staff'] } },
    ];
    site = await startConsoleSite({ config: { applications } });
  });
  after(async () => {
    await site.stop();
    await server.close();
  });

  it('are added after a test, changed and removed', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/applications');
      await page.getByRole('button', { name: 'Add application' }).click();
      await field(page, 'Short name').fill('mail');
      await field(page, 'What people call it').fill('Post');
      await field(page, 'Path').fill('/desk');
      await field(page, 'Servers').fill(`${server.url}\nhttp://127.0.0.1:${await freePort()} 2`);
      await page.getByRole('dialog').getByRole('button', { name: 'Add application' }).click();
      await page.getByText('The application desk has this host and path.', { exact: false }).waitFor();
      await look();
      await field(page, 'Path').fill('/mail');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText(/Answered with 200/).waitFor();
      await page.getByText(/ECONNREFUSED/).waitFor();
      await look();
      await field(page, 'Servers').fill(server.url);
      await page.getByRole('dialog').getByRole('button', { name: 'Add application' }).click();
      await page.getByText('mail is added, and in force.').waitFor();
      assert.equal(new URL(page.url()).pathname, '/applications/mail');
      await page.getByText('Remote sessions: 0').waitFor();
      await look();

      await field(page, 'For whom').selectOption('some');
      await field(page, 'Users').fill('anna\nbert');
      await page.getByText('More settings').click();
      await field(page, 'Paths that sign out').fill('/mail/logout');
      await look();
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('mail is saved, and in force.').waitFor();
      const [stored] = site.rooms.storedApplications.all;
      assert.deepEqual(stored?.application.allow, { users: ['anna', 'bert'] });
      assert.deepEqual(stored?.application.signOutPaths, ['/mail/logout']);

      await page.getByRole('button', { name: 'Remove' }).click();
      await page.getByText('Its remote sessions close now', { exact: false }).waitFor();
      await look();
      await page.getByRole('dialog').last().getByRole('button', { name: 'Remove' }).click();
      await page.getByText('mail is removed.').waitFor();
      await page.getByRole('link', { name: /Post/ }).waitFor({ state: 'detached' });
      assert.deepEqual(site.rooms.storedApplications.all, []);
    }));

  it('drain and resume a server of the file, whose application is shown read-only', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/applications/desk');
      await page.getByText('This application stands in the configuration file', { exact: false }).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Save', exact: true }).count(), 0);
      await page.getByRole('button', { name: `Drain ${server.url}` }).click();
      await page.getByText('It takes no new users', { exact: false }).waitFor();
      await page.getByRole('dialog').last().getByRole('button', { name: 'Drain', exact: true }).click();
      await page.getByText(/Takes nobody new since/).waitFor();
      await look();
      assert.equal(site.site.gateway.proxy.servers()[0]?.state, 'draining');
      await page.getByRole('button', { name: `Resume ${server.url}` }).click();
      await page.getByText(`${server.url} takes new users again.`).waitFor();
    }));

  it('do not lead back to the gateway unless somebody says that they mean it', () =>
    site.visit(async ({ page, open, look }) => {
      await open(`/applications/${encodeURIComponent('+')}`);
      await field(page, 'Short name').fill('metrics');
      await field(page, 'Path').fill('/metrics');
      await field(page, 'Servers').fill(`http://localhost:${site.site.managementPort}`);
      await page.getByRole('dialog').getByRole('button', { name: 'Add application' }).click();
      await page.getByRole('heading', { name: 'Let it lead back to the gateway?' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Cancel' }).click();
      assert.deepEqual(site.rooms.storedApplications.all, []);
    }));

  it('show what somebody else changed meanwhile', () =>
    site.visit(async ({ page, open, look }) => {
      const change = { actor: 'test' };
      const wiki = { name: 'wiki', title: 'Wiki', path: '/wiki', servers: [server.url] };
      await site.rooms.storedApplications.add(wiki, change);
      await open('/applications/wiki');
      await field(page, 'What people call it').fill('Mine');
      await site.rooms.storedApplications.replace('wiki', { ...wiki, title: 'Theirs' }, undefined, change);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('row', { name: 'What people call it Theirs Mine' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Keep what is there now' }).click();
      assert.equal(await field(page, 'What people call it').inputValue(), 'Theirs');
    }));

  it('come with directories, which can be tried, added, and keep their password to themselves', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/applications?view=directories');
      await page.getByRole('link', { name: 'local' }).waitFor();
      await page.getByRole('button', { name: 'Add directory' }).click();
      await field(page, 'Short name').fill('corp');
      await field(page, 'Servers').fill(`ldaps://127.0.0.1:${await freePort()}`);
      await field(page, 'Where its people are').fill('DC=corp,DC=example');
      await field(page, 'Account of the gateway').fill('CN=sallyport,DC=corp,DC=example');
      await page.getByRole('dialog').getByRole('button', { name: 'Add directory' }).click();
      await page.getByText('password: This is missing', { exact: false }).waitFor();
      await look();
      await field(page, 'Password of that account').fill('a secret of the directory');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText(/Does not work: ldaps:/).waitFor();
      await look();
      await page.getByRole('dialog').getByRole('button', { name: 'Add directory' }).click();
      await page.getByText('corp is added', { exact: false }).waitFor();
      assert.equal(await field(page, 'Password of that account').inputValue(), '');
      await look();
      assert.equal(site.rooms.storedDirectories.inForce()[0]?.password, 'a secret of the directory');
    }));

  it('fit and are accessible on a desktop and a phone, by day and by night', async () => {
    await site.looks('applications', '/applications', (page) =>
      page.getByRole('link', { name: /Desktops/ }).waitFor(),
    );
    await site.looks('applications-one', '/applications/wiki', (page) => field(page, 'Servers').waitFor());
    await site.looks('directories', '/applications?view=directories', (page) =>
      page.getByRole('link', { name: 'corp' }).waitFor(),
    );
  });
});
