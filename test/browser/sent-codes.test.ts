import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { comesTrue, desktopScreen, launchChromium } from '../support/chromium.ts';
import { missing } from '../support/real-part.ts';
import { reachCode, reachSent, sentTo } from './support/scenes.ts';
import type { StandIn } from './support/stand-in.ts';
import { type Visit, visiting } from './support/visit.ts';

const done = { status: 200, body: { status: 'done', session: {} } };
const callsTo = (standIn: StandIn, call: string): unknown[] =>
  standIn.calls.filter((each) => each.call === call).map(({ body }) => body);
const field = (page: Page) => page.locator('input[name=code]');
const focusedIs = (page: Page, name: string): Promise<void> =>
  comesTrue(page, `document.activeElement.getAttribute('name') === '${name}'`);
const resend = (page: Page) => page.getByRole('button', { name: 'Send a new code' });
const start = new Date('2026-11-21T13:20:30Z');
/** A moment in the zone of the browser. */
const timeOf = (page: Page, moment: string): Promise<string> =>
  page.evaluate<string>(
    `new Date('${moment}').toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })`,
  );

describe('codes by SMS and email, in a browser', { skip: missing('chromium') }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());
  const visit = (work: (visit: Visit) => Promise<void>) => () => visiting(browser, desktopScreen, work);

  it(
    'sends one as the step begins, says where it went and how long it works, and takes it with its last digit',
    visit(async ({ page, standIn }) => {
      await page.clock.install({ time: start });
      standIn.answer('POST sign-in/verify', done);
      await reachSent(page, standIn);
      await page.getByText('Enter the 6-digit code that we sent by SMS to ••• 71.').waitFor();
      await page.getByText(`It works until ${await timeOf(page, '2026-11-21T13:30:30Z')}.`).waitFor();
      assert.equal(await field(page).getAttribute('autocomplete'), 'one-time-code');
      await focusedIs(page, 'code');
      await page.keyboard.type('123456');
      await page.waitForURL('**/.sallyport/');
      assert.deepEqual(callsTo(standIn, 'POST sign-in/code'), [{ method: 'sms' }]);
      assert.deepEqual(callsTo(standIn, 'POST sign-in/verify'), [{ method: 'sms', code: '123456' }]);
    }),
  );

  it(
    'counts down to the next one, which leaves nothing of the one before, and the keyboard in the field',
    visit(async ({ page, standIn }) => {
      await page.clock.install({ time: start });
      await reachSent(page, standIn);
      await page.getByText(/^in 0:\d\d$/).waitFor();
      await resend(page).click({ force: true });
      await page.keyboard.press('Enter');
      assert.equal(callsTo(standIn, 'POST sign-in/code').length, 1);
      await page.clock.runFor(30_000);
      await page.getByText(/^in 0:\d\d$/).waitFor({ state: 'detached' });
      await field(page).fill('123');
      await resend(page).click();
      await page.getByText('A new code is on its way. Only the newest one works').waitFor();
      assert.equal(await field(page).inputValue(), '');
      await focusedIs(page, 'code');
      assert.equal(callsTo(standIn, 'POST sign-in/code').length, 2);
    }),
  );

  it(
    'says that a code has expired, by whatever clock the device has, and offers a new one',
    visit(async ({ page, standIn }) => {
      // The device is a year behind: only how long the code works counts.
      await page.clock.install({ time: new Date('2025-11-21T13:20:30Z') });
      await reachSent(page, standIn);
      await page.clock.runFor(601_000);
      await page.getByText('That code is no longer valid. Have a new one sent.').waitFor();
      assert.equal(await field(page).count(), 0);
      await page.keyboard.press('Enter');
      await field(page).waitFor();
      await focusedIs(page, 'code');
    }),
  );

  it(
    'takes the server’s word that there is no code any more, and waits with the next one as long as it must',
    visit(async ({ page, standIn }) => {
      await page.clock.install({ time: start });
      standIn.answer('POST sign-in/verify', { status: 409, body: { code: 'code-expired' } });
      await reachSent(page, standIn);
      await page.keyboard.type('123456');
      await page.getByText('That code is no longer valid.').waitFor();
      await page.getByRole('button', { name: /^Send a new code in 0:\d\d$/ }).click({ force: true });
      assert.equal(callsTo(standIn, 'POST sign-in/code').length, 1);
      await page.clock.runFor(30_000);
      await page.getByRole('button', { name: 'Send a new code', exact: true }).click();
      await field(page).waitFor();
      assert.equal(callsTo(standIn, 'POST sign-in/code').length, 2);
    }),
  );

  it(
    'speaks of the message when a code is wrong, and counts only the tries that a wait follows',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST sign-in/verify', { status: 401, body: { code: 'wrong-code', triesLeft: 3 } });
      await reachSent(page, standIn);
      await page.keyboard.type('111111');
      await page.getByText("That code didn't match. Check the newest message. 3 tries left.").waitFor();
      await focusedIs(page, 'code');
      standIn.answer('POST sign-in/verify', { status: 401, body: { code: 'wrong-code', triesLeft: 0 } });
      await page.keyboard.type('222222');
      await page.getByText("That code didn't match. Check the newest message.", { exact: true }).waitFor();
    }),
  );

  for (const code of ['sender-unavailable', 'budget-exhausted']) {
    it(
      `offers every other way at once when no message can be sent: ${code}`,
      visit(async ({ page, standIn }) => {
        standIn.answer('POST sign-in/verify', done);
        await reachSent(page, standIn, 'sms', { status: 503, body: { code } });
        await page.getByRole('alert').waitFor();
        assert.equal(await field(page).count(), 0);
        const ways = await page.locator('.actions button').allTextContents();
        assert.deepEqual(ways, [
          'Send a code by email to a•••@northwind.example',
          'Use my authenticator app',
          'Use a recovery code',
          'Use a code from the helpdesk',
        ]);
        await page.getByRole('button', { name: 'Use my authenticator app' }).click();
        await page.keyboard.type('123456');
        await page.waitForURL('**/.sallyport/');
        assert.deepEqual(callsTo(standIn, 'POST sign-in/verify'), [{ method: 'app', code: '123456' }]);
      }),
    );
  }

  it(
    'can be tried again when a message could not be sent',
    visit(async ({ page, standIn }) => {
      await reachSent(page, standIn, 'sms', { status: 503, body: { code: 'sender-unavailable' } });
      standIn.answer('POST sign-in/code', sentTo('••• 71'));
      await page.getByRole('button', { name: 'Try again' }).click();
      await field(page).waitFor();
    }),
  );

  it(
    'keeps the code that came when another one can’t be sent',
    visit(async ({ page, standIn }) => {
      await page.clock.install({ time: start });
      standIn.answer('POST sign-in/verify', done);
      await reachSent(page, standIn);
      await page.clock.runFor(31_000);
      standIn.answer('POST sign-in/code', {
        status: 429,
        body: { code: 'too-many-codes' },
        retryAfter: 2400,
      });
      await resend(page).click();
      const again = await timeOf(page, '2026-11-21T14:01:01Z');
      await page.getByText(`You asked for many codes. You can have another one sent at ${again}.`).waitFor();
      await field(page).fill('123456');
      await page.waitForURL('**/.sallyport/');
    }),
  );

  it(
    'sends by itself what has to wait some seconds, because another sign-in had one sent just now',
    visit(async ({ page, standIn }) => {
      await page.clock.install({ time: start });
      await reachSent(page, standIn, 'sms', {
        status: 429,
        body: { code: 'code-just-sent' },
        retryAfter: 25,
      });
      await page.getByText('You asked for a code a moment ago.').waitFor();
      standIn.answer('POST sign-in/code', sentTo('••• 71'));
      await page.clock.runFor(26_000);
      await field(page).waitFor();
      assert.equal(callsTo(standIn, 'POST sign-in/code').length, 2);
    }),
  );

  it(
    'sends nothing again to somebody who looks at the other ways and comes back',
    visit(async ({ page, standIn }) => {
      await reachSent(page, standIn);
      await page.getByRole('button', { name: "I can't use my code" }).click();
      await page.getByRole('button', { name: 'Back' }).click();
      await field(page).waitFor();
      await focusedIs(page, 'code');
      await page.getByRole('button', { name: "I can't use my code" }).click();
      await page.getByRole('button', { name: 'Send a code by email' }).click();
      await page.getByText('Look in your spam folder too.').waitFor();
      assert.deepEqual(callsTo(standIn, 'POST sign-in/code'), [{ method: 'sms' }, { method: 'email' }]);
    }),
  );

  it(
    'has a new one sent in a new sign-in',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST sign-in/verify', { status: 401, body: { code: 'sign-in-expired' } });
      await reachSent(page, standIn);
      await page.keyboard.type('123456');
      await page.getByText('That took a little long. Please sign in again.').waitFor();
      await page.keyboard.type('correct horse');
      await page.keyboard.press('Enter');
      await field(page).waitFor();
      assert.equal(callsTo(standIn, 'POST sign-in/code').length, 2);
    }),
  );

  it(
    'takes a code from the helpdesk from anybody who is stuck, though none was offered',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST sign-in/verify', { status: 401, body: { code: 'wrong-code', triesLeft: 2 } });
      await reachCode(page, standIn);
      await page.getByRole('button', { name: "I can't use my code" }).click();
      await page.getByRole('button', { name: 'Use a code from the helpdesk' }).click();
      await page.getByRole('heading', { name: 'Code from the helpdesk' }).waitFor();
      await page.keyboard.type(' K7QM-2XHD ');
      await page.keyboard.press('Enter');
      await page
        .getByRole('alert')
        .getByText("That code didn't match, was already used, or is too old.")
        .waitFor();
      await focusedIs(page, 'bypass-code');
      standIn.answer('POST sign-in/verify', done);
      await page.keyboard.type('K7QM-2XHE');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/.sallyport/');
      assert.deepEqual(callsTo(standIn, 'POST sign-in/verify'), [
        { method: 'bypass', code: 'K7QM-2XHD' },
        { method: 'bypass', code: 'K7QM-2XHE' },
      ]);
    }),
  );

  it('waits in French like in English', async () =>
    visiting(browser, { ...desktopScreen, locale: 'fr-FR' }, async ({ page, standIn }) => {
      await reachSent(page, standIn, 'email');
      await page
        .getByText('Entrez le code à 6 chiffres que nous avons envoyé à a•••@northwind.example.')
        .waitFor();
      await page.getByText(/^dans 0:\d\d$/).waitFor();
    }));
});
