import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ConsoleSite, keepPicture, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';

describe('the subscriptions, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  before(async () => {
    site = await startConsoleSite();
  });
  after(() => site.stop());

  it('stay hidden while there is one, and begin at the settings', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/settings');
      const pages = page.getByRole('navigation', { name: 'Console' });
      await pages.getByRole('link', { name: 'Settings' }).waitFor();
      assert.equal(await pages.getByRole('link', { name: 'Subscriptions' }).count(), 0);
      await page.getByRole('link', { name: 'Set up subscriptions' }).click();
      await page.getByRole('heading', { name: 'Subscriptions', level: 1 }).waitFor();
      await page.getByText('Everybody belongs to one subscription now.').waitFor();
      await look();

      await page.getByRole('button', { name: 'New subscription' }).click();
      await page.getByLabel('What people call it').fill('Acme');
      await look();
      await page.getByRole('button', { name: 'Create' }).click();
      await page.getByText('Acme is created. Say now who belongs to it.').waitFor();
      assert.equal(new URL(page.url()).pathname, '/subscriptions/acme');

      await page.getByLabel('What', { exact: true }).selectOption('domain');
      await page.getByLabel('Which').fill('acme.example');
      await page.getByRole('button', { name: 'Assign' }).click();
      await page.getByText('lose their open sessions now').waitFor();
      await look();
      await page.getByRole('dialog').last().getByRole('button', { name: 'Assign' }).click();
      await page.getByText('Domain acme.example belongs to Acme now.').waitFor();
      await page.getByLabel('Email', { exact: true }).click();
      await page.getByText('Saved.').waitFor();
      await keepPicture(page, 'subscription');
      await look();
      const acme = site.rooms.subscriptions.get('acme');
      assert.deepEqual(acme?.assignments, [{ kind: 'domain', value: 'acme.example' }]);
      assert.deepEqual(acme?.shares, ['email']);
    }));

  it('fit and are accessible on a desktop and a phone, by day and by night', () =>
    site.looks('subscriptions', '/subscriptions', (page) =>
      page.getByRole('link', { name: 'Acme' }).waitFor(),
    ));

  it('open the settings of one of them, and say in which one the reader is', () =>
    site.visit(async ({ page, open }) => {
      await open('/subscriptions/acme');
      await page.getByRole('button', { name: 'Open its settings' }).click();
      await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
      assert.equal(new URL(page.url()).searchParams.get('subscription'), 'acme');
    }));

  it('tell a second person what somebody else has changed meanwhile', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/subscriptions/acme');
      await page.getByLabel('Name', { exact: true }).fill('Acme & Sons');
      await site.rooms.subscriptions.rename('acme', 'Acme Ltd', 'test');
      await page.getByRole('button', { name: 'Rename' }).click();
      await page.getByRole('heading', { name: 'Somebody else changed this meanwhile' }).waitFor();
      await look();
      await page.getByRole('button', { name: 'Save mine instead' }).click();
      await page.getByText('Saved.').waitFor();
      assert.equal(site.rooms.subscriptions.get('acme')?.name, 'Acme & Sons');
      await site.rooms.subscriptions.rename('acme', 'Acme', 'test');
    }));

  it('are deleted only by who types the name, having read what is lost', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/subscriptions/acme');
      await page.getByRole('button', { name: 'Delete' }).click();
      const dialog = page.getByRole('dialog', { name: 'Delete Acme?' });
      await dialog.getByText('1 directory, domain, group or host').waitFor();
      await look();
      await dialog.getByLabel('Type Acme to delete it.').fill('acne');
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await dialog.getByText("That isn't Acme. Nothing was changed.").waitFor();
      assert.equal(site.rooms.subscriptions.get('acme')?.name, 'Acme');
      await dialog.getByLabel('Type Acme to delete it.').fill('Acme');
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Acme is deleted.').waitFor();
      assert.equal(site.rooms.subscriptions.get('acme'), undefined);
    }));
});
