import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { violations } from '../support/accessibility.ts';
import { phoneScreen } from '../support/chromium.ts';
import {
  type Administrator,
  type ConsoleSite,
  signInAtConsole,
  startConsoleSite,
  typeSignIn,
} from '../support/console-browser.ts';
import { missing } from '../support/real-part.ts';

/** Milliseconds: longer than a second factor is fresh. */
const stale = 16 * 60_000;

const navigation = (page: Page) => page.getByRole('navigation', { name: 'Console' });
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
const pathOf = (page: Page): string => new URL(page.url()).pathname + new URL(page.url()).search;

describe('the console’s frame, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  let paul: Administrator;
  before(async () => {
    site = await startConsoleSite();
    paul = await site.administrator('paul', 'owner');
  });
  after(() => site.stop());
  const current = () => site.rooms.settings.current('default');

  it('fits and is accessible on a desktop and a phone, by day and by night', () =>
    site.looks('frame', '/nowhere', (page) => page.getByRole('heading', { name: 'Nothing here' }).waitFor()));

  it('says who is signed in, as what, and leads to every page by keyboard', () =>
    site.visit(async ({ page, open }) => {
      await open('/messages');
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the page');
      const who = page.getByRole('region', { name: 'Signed in' });
      await who.getByText('olivia').waitFor();
      await who.getByText('Owner').waitFor();
      await navigation(page).getByRole('link', { name: 'Settings' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
      assert.equal(await page.evaluate('document.activeElement.id'), 'main');
      assert.equal(await page.title(), 'Settings · Northwind');
      assert.equal(
        await navigation(page).locator('a[aria-current=page]').textContent(),
        'Settings',
        'where one is',
      );
      await page.goBack();
      await page.getByRole('heading', { name: 'Messages', level: 1 }).waitFor();
    }));

  it('keeps its navigation behind a button on a phone', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/messages');
      assert.equal(await navigation(page).isVisible(), false);
      await page.getByRole('button', { name: 'Menu' }).click();
      await look();
      await navigation(page).getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
      assert.equal(await navigation(page).isVisible(), false);
    }, phoneScreen));

  it('changes its language without losing what was typed', () =>
    site.visit(async ({ page, open }) => {
      await open('/settings');
      await field(page, 'Issuer').fill('Half done');
      await page.getByRole('button', { name: 'Français' }).click();
      await page.getByRole('heading', { name: 'Paramètres', level: 1 }).waitFor();
      await page
        .getByText('Nombre de chiffres', { exact: false })
        .or(page.getByLabel('Chiffres'))
        .first()
        .waitFor();
      assert.equal(await page.locator('#issuer input').inputValue(), 'Half done');
      assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
    }));

  it('asks once for a code that was sent or is in a list, when there is no app at hand', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/settings');
      await field(page, 'Code lifespan').fill('7');
      site.clock.ahead += stale;
      await save(page);
      await page.getByRole('button', { name: "I can't use my code" }).click();
      await page.getByRole('button', { name: 'Use a recovery code' }).click();
      await look();
      await page.locator('input[name=recovery-code]').fill('aaaaa-aaaaa-aaaaa');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      assert.equal(current().codeLifespan, 10);
      await page.keyboard.press('Escape');
      assert.equal(await field(page, 'Code lifespan').inputValue(), '7');
    }));

  it('goes on after a session that has ended, with what was typed still there', () =>
    site.visit(
      async ({ page, open, look, code }) => {
        await open('/settings');
        await field(page, 'Code lifespan').fill('9');
        const { value } = (await page.context().cookies()).find(({ name }) => name.includes('session')) ?? {};
        assert.ok(value);
        await page.context().clearCookies();
        await save(page);
        await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
        await look();
        const [elsewhere] = await Promise.all([
          page.context().waitForEvent('page'),
          page.getByRole('link', { name: 'Sign in' }).click(),
        ]);
        await signInAtConsole(elsewhere, 'paul', code());
        await elsewhere.close();
        await page.getByRole('button', { name: 'Continue here' }).click();
        await page.getByText('Saved, and in force.').waitFor();
        assert.equal(current().codeLifespan, 9);
      },
      { who: paul },
    ));

  it('names the subscription only once there are two, and keeps the chosen one in every address', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/settings');
      assert.equal(await page.getByRole('combobox', { name: 'Subscription' }).count(), 0);
      await site.rooms.subscriptions.create({ name: 'Contoso', id: 'contoso' }, 'test');
      await site.rooms.settings.update('contoso', { digits: 8 }, 'test');
      await open('/settings');
      await page.getByRole('combobox', { name: 'Subscription' }).selectOption({ label: 'Contoso' });
      assert.equal(await field(page, 'Digits').inputValue(), '8');
      assert.equal(pathOf(page), '/settings?subscription=contoso');
      await look();
      await navigation(page).getByRole('link', { name: 'Messages' }).click();
      await page.getByRole('heading', { name: 'Messages', level: 1 }).waitFor();
      assert.equal(pathOf(page), '/messages?subscription=contoso');
      await page.reload();
      await page.getByText('Nothing is set up, so nobody gets codes by SMS', { exact: false }).waitFor();
    }));

  it('shows an administrator of one subscription that one alone', async () => {
    const { id } = await site.rooms.subscriptions.create({ name: 'Fabrikam' }, 'test');
    await site.rooms.settings.update(id, { digits: 9 }, 'test');
    const client = await site.site.signedIn('sam');
    const key = (await site.rooms.local.lookUp('sam'))?.key ?? '';
    await site.rooms.roles.grant(key, { role: 'administrator', subscription: id, by: 'test' });
    await site.visit(
      async ({ page, open }) => {
        await open('/settings');
        assert.equal(await field(page, 'Digits').inputValue(), '9');
        assert.equal(await page.getByRole('combobox', { name: 'Subscription' }).count(), 0);
        assert.equal(await navigation(page).getByRole('link', { name: 'Applications' }).count(), 0);
        await open('/settings?subscription=default');
        assert.equal(await field(page, 'Digits').inputValue(), '9');
      },
      { who: { name: 'sam', client } },
    );
  });

  it('tells somebody who administers nothing, and nothing else', async () => {
    const client = await site.site.signedIn('nora');
    const context = await site.browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${site.origin}/settings`);
    site.clock.ahead += 30_000;
    await typeSignIn(page, 'nora', client.code());
    await page
      .getByText("You're signed in, but you don't administer this gateway", { exact: false })
      .waitFor();
    assert.deepEqual(await violations(page), []);
    await context.close();
  });

  it('wears the name and the mark that an owner chose for the site', () =>
    site.visit(async ({ page, open, look }) => {
      const logo = Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4" fill="#a03"/></svg>',
      );
      await site.rooms.brandings.change('default', { name: 'Fabrikam', logo, accent: '#7a1f5c' }, 'test');
      await open('/messages');
      await page.getByRole('banner').getByText('Fabrikam').waitFor();
      assert.equal(await page.evaluate("document.querySelector('.top img').naturalWidth > 0"), true);
      assert.equal(await page.title(), 'Messages · Fabrikam');
      await look();
    }));

  it('signs out, and is shut then', () =>
    site.visit(
      async ({ page, open }) => {
        await open('/settings');
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.locator('input[name=username]').waitFor();
        await page.goto(`${site.origin}/settings`);
        await page.locator('input[name=username]').waitFor();
      },
      { who: paul },
    ));
});
