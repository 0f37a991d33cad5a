import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const secretIn = async (page: Page): Promise<string> => (await page.locator('.key').textContent()) ?? '';

describe('administrators, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  let alice: string;
  before(async () => {
    site = await startConsoleSite();
    alice = await site.site.addUser('alice');
  });
  after(() => site.stop());

  it('fit and are accessible on a desktop and a phone, by day and by night', async () => {
    await site.looks('administrators', '/administrators', (page) =>
      page.getByRole('cell', { name: /Owner, whole site/ }).waitFor(),
    );
    await site.looks('administrators-tokens', '/administrators?view=tokens', (page) =>
      page.getByRole('heading', { name: 'No API token yet' }).waitFor(),
    );
  });

  it('get a role from the list, another one, and none', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/administrators');
      await button(page, 'Give a role').click();
      await page.getByRole('searchbox').fill('ali');
      await page.getByRole('checkbox', { name: /alice/ }).click();
      await page.getByRole('radio', { name: /^Helpdesk/ }).click();
      await look();
      await button(page, 'Give the role').click();
      await page.getByText('alice is Helpdesk from now on.').waitFor();
      assert.equal(await site.rooms.roles.roleIn(alice, undefined), 'helpdesk');
      await page.getByRole('link', { name: 'alice' }).click();
      const drawer = page.getByRole('dialog', { name: 'alice' });
      await drawer.getByText(/by olivia/).waitFor();
      await drawer.getByRole('radio', { name: /^Auditor/ }).click();
      await look();
      await button(page, 'Save').click();
      await page.getByText('alice is Auditor from now on.').waitFor();
      await button(page, 'Take the role away').click();
      await page.getByRole('heading', { name: 'Take the role of alice away?' }).waitFor();
      await look();
      await page
        .getByRole('dialog', { name: /Take the role/ })
        .getByRole('button', { name: 'Take the role away' })
        .click();
      await page.getByText('alice no longer has that role.').waitFor();
      assert.equal(await site.rooms.roles.isAdministrator(alice), false);
    }));

  it('are told what somebody else changed meanwhile, and decide', () =>
    site.visit(async ({ page, open, look }) => {
      await site.rooms.roles.grant(alice, { role: 'helpdesk', by: 'cli' });
      await open(`/administrators/${encodeURIComponent(alice)}`);
      const drawer = page.getByRole('dialog', { name: 'alice' });
      await drawer.getByRole('radio', { name: /^Administrator/ }).click();
      await site.rooms.roles.grant(alice, { role: 'auditor', by: 'cli' });
      await button(page, 'Save').click();
      await page.getByRole('columnheader').first().waitFor();
      await page.getByRole('cell', { name: 'Auditor', exact: true }).waitFor();
      await look();
      await button(page, 'Save mine instead').click();
      await page.getByText('alice is Administrator from now on.').waitFor();
      assert.equal(await site.rooms.roles.roleIn(alice, undefined), 'administrator');
    }));

  it('keep their last owner, and say so', () =>
    site.visit(async ({ page, open }) => {
      const olivia = (await site.rooms.directories.lookUp('olivia'))?.key ?? '';
      await open(`/administrators/${encodeURIComponent(olivia)}`);
      await button(page, 'Take the role away').click();
      await page
        .getByRole('dialog', { name: /Take the role/ })
        .getByRole('button', { name: 'Take the role away' })
        .click();
      await page.getByRole('alert').waitFor();
      assert.equal(await site.rooms.roles.roleIn(olivia, undefined), 'owner');
    }));

  it('are invited by a link, and come in by it with a second factor', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/administrators');
      await button(page, 'Invite').click();
      await button(page, 'Make the link').click();
      await page.getByText('Type the name.').waitFor();
      await page.getByLabel('Name to sign in with').fill('vera');
      await page.getByRole('radio', { name: /^Somebody new/ }).click();
      await page.getByRole('radio', { name: /^Auditor/ }).click();
      await look();
      await button(page, 'Make the link').click();
      await page.getByRole('heading', { name: 'The link for vera' }).waitFor();
      await look();
      const link = await secretIn(page);
      await button(page, 'Done').click();
      await page.goto(`${site.origin}/administrators?view=invitations`);
      await page.getByRole('cell', { name: 'vera' }).waitFor();
      await look();

      const context = await site.browser.newContext();
      try {
        const guest = await context.newPage();
        await guest.goto(link);
        await guest.getByText('You are invited to administer this site as vera', { exact: false }).waitFor();
        assert.doesNotMatch(guest.url(), /#/, 'the ticket is out of sight at once');
        await guest.getByLabel('New password', { exact: true }).fill('a very long password of vera');
        await guest.getByRole('button', { name: 'Continue' }).click();
        await guest.getByText('authenticator', { exact: false }).first().waitFor();
      } finally {
        await context.close();
      }
      const vera = await site.rooms.directories.lookUp('vera');
      assert.ok(vera);
      assert.equal(await site.rooms.roles.isAdministrator(vera.key), false, 'not without a second factor');

      await button(page, 'Withdraw').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
      await page.getByText('The invitation of vera is withdrawn.').waitFor();
      assert.deepEqual(await site.rooms.administrators.invitations(), []);
    }));

  it('make API tokens, see them once, and revoke them', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/administrators?view=tokens');
      await button(page, 'New API token').click();
      await button(page, 'Make the token').click();
      await page.getByText('Say what it is for.').waitFor();
      await page.getByLabel('What is it for?').fill('Nightly export');
      await look();
      await button(page, 'Make the token').click();
      await page.getByRole('heading', { name: 'The token of Nightly export' }).waitFor();
      await look();
      const secret = await secretIn(page);
      assert.ok(await site.rooms.apiTokens.verify(secret, '192.0.2.1'));
      await button(page, 'Done').click();
      await page.getByRole('cell', { name: 'Nightly export' }).waitFor();
      await look();
      await button(page, 'Revoke').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await page.getByText('Nightly export is revoked.').waitFor();
      assert.equal(await site.rooms.apiTokens.verify(secret, '192.0.2.1'), undefined);
    }));

  it('see who administers without being able to change it, when they own nothing', async () => {
    const who = await site.administrator('ines', 'auditor');
    await site.visit(
      async ({ page, open, look }) => {
        await open('/administrators');
        await page.getByRole('cell', { name: /Owner, whole site/ }).waitFor();
        assert.equal(await button(page, 'Invite').count(), 0);
        await page.getByRole('link', { name: /olivia/ }).click();
        await page.getByRole('dialog').getByText('usable').waitFor();
        assert.equal(await button(page, 'Take the role away').count(), 0);
        await look();
      },
      { who },
    );
  });
});
