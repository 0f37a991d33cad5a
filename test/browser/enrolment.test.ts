import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import jsqr from 'jsqr';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { comesTrue, desktopScreen, launchChromium, phoneScreen } from '../support/chromium.ts';
import { missing } from '../support/real-part.ts';
import {
  appSetup,
  enterPassword,
  reachChoice,
  reachCode,
  reachEnrolment,
  reachPhone,
  reachTicket,
  recoveryCodes,
  sentTo,
} from './support/scenes.ts';
import { type Visit, visiting } from './support/visit.ts';

const done = { status: 'done', session: {} };

/** What a phone's camera would read from the page. */
async function scan(page: Page): Promise<string | undefined> {
  const image = PNG.sync.read(await page.getByRole('img', { name: 'QR code' }).screenshot());
  return jsqr.default(new Uint8ClampedArray(image.data), image.width, image.height)?.data;
}

describe('setting up an authenticator app, in a browser', { skip: missing('chromium') }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());
  const onDesktop = (work: (visit: Visit) => Promise<void>) => () => visiting(browser, desktopScreen, work);
  const onPhone = (work: (visit: Visit) => Promise<void>) => () =>
    visiting(browser, { ...phoneScreen, colorScheme: 'dark' }, work);

  it(
    'shows a QR code that a phone can read, and the key in readable groups',
    onDesktop(async ({ page, standIn }) => {
      await reachEnrolment(page, standIn);
      assert.equal(await scan(page), appSetup.uri);
      assert.equal(await page.locator('.key').textContent(), 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP');
    }),
  );

  it(
    'copies the key without its spaces',
    onDesktop(async ({ page, standIn, context }) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await reachEnrolment(page, standIn);
      await page.getByRole('button', { name: 'Copy key' }).click();
      await page.getByRole('status').getByText('Copied.').waitFor();
      assert.equal(await page.evaluate('navigator.clipboard.readText()'), appSetup.secret);
    }),
  );

  it(
    'says what to do where the browser doesn’t allow copying',
    onDesktop(async ({ page, standIn }) => {
      await reachEnrolment(page, standIn);
      await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))");
      await page.getByRole('button', { name: 'Copy key' }).click();
      await page.getByText("Your browser didn't allow copying.").waitFor();
    }),
  );

  it(
    'opens the app on a phone, which can’t scan itself, and shows the QR code on demand, also in the dark',
    onPhone(async ({ page, standIn }) => {
      await reachEnrolment(page, standIn);
      const link = page.getByRole('link', { name: 'Open in my authenticator' });
      assert.equal(await link.getAttribute('href'), appSetup.uri);
      assert.equal(await page.getByRole('img', { name: 'QR code' }).count(), 0);
      await page.getByRole('button', { name: 'Show the QR code' }).click();
      assert.equal(await scan(page), appSetup.uri);
      const order = await page
        .locator('.card a, .card button, .card input')
        .evaluateAll((all) => all.map((each) => (each as unknown as { textContent: string }).textContent));
      assert.deepEqual(order.slice(0, 2), ['Open in my authenticator', 'Copy key']);
    }),
  );

  it(
    'leads from the first code over the recovery codes to the application',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST enrol/verify', {
        status: 200,
        body: { ...done, recoveryCodes, returnTo: '/accounting/' },
      });
      await reachEnrolment(page, standIn);
      await page.locator('input[name=code]').fill('123456');
      await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
      assert.deepEqual(await page.locator('.codes li').allTextContents(), recoveryCodes);
      assert.equal(await page.evaluate('document.activeElement.tagName'), 'H1');

      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download' }).click(),
      ]);
      assert.equal(file.suggestedFilename(), 'recovery-codes.txt');
      const text = readFileSync(await file.path(), 'utf8');
      assert.match(text, /^Recovery codes of alice for Northwind Remote, made on /);
      assert.deepEqual(text.trimEnd().split('\r\n').slice(2), recoveryCodes);

      await page.getByRole('button', { name: 'I have kept them' }).click();
      await page.waitForURL('**/accounting/');
    }),
  );

  it(
    'has what shows the recovery codes before it asks for them, which come only once',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST enrol/verify', { status: 200, body: { ...done, recoveryCodes } });
      const fetched = page.waitForResponse('**/recovery-codes-*.js');
      await reachEnrolment(page, standIn);
      await (await fetched).finished();
      await page.route('**/*.js', (route) => route.abort());
      await page.locator('input[name=code]').fill('123456');
      await page.getByText(recoveryCodes[9] ?? '').waitFor();
    }),
  );

  it(
    'prints the codes with whose they are, and nothing to press',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST enrol/verify', { status: 200, body: { ...done, recoveryCodes } });
      await reachEnrolment(page, standIn);
      await page.locator('input[name=code]').fill('123456');
      await page.locator('.codes').waitFor();
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.getByText('Recovery codes of alice for Northwind Remote').isVisible(), true);
      assert.equal(await page.getByText(recoveryCodes[9] ?? '').isVisible(), true);
      assert.equal(await page.locator('button:visible').count(), 0);
    }),
  );

  it(
    'asks for a second code when the new phone’s clock looks off',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST enrol/verify', { status: 200, body: { status: 'confirm-drift' } });
      await reachEnrolment(page, standIn);
      await page.locator('input[name=code]').fill('123456');
      await page.getByText("Your phone's clock looks off. Enter the next code that the app shows.").waitFor();
      assert.equal(await page.locator('.key').count(), 1);
    }),
  );

  it(
    'can be tried again when the key could not be made',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST sign-in', {
        status: 200,
        body: { status: 'enrol', methods: [{ id: 'app' }], default: 'app' },
      });
      standIn.answer('POST enrol/app', { status: 503, body: { code: 'store-unavailable' } });
      await enterPassword(page, standIn);
      await page.getByRole('alert').waitFor();
      standIn.answer('POST enrol/app', { status: 200, body: appSetup });
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('.key').waitFor();
    }),
  );

  it(
    'goes back to sign-in when somebody enrolled meanwhile',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST enrol/verify', { status: 409, body: { code: 'already-enrolled' } });
      await reachEnrolment(page, standIn);
      await page.locator('input[name=code]').fill('123456');
      await page.getByText('Your verification codes are already set up.').waitFor();
      assert.equal(await page.locator('input[name=username]').inputValue(), 'alice');
    }),
  );

  it(
    'asks for the old password with the new one where the directory wants both',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST sign-in/verify', {
        status: 200,
        body: { status: 'change-password', needsCurrent: true },
      });
      standIn.answer('POST sign-in/password', ({ current }) =>
        current === 'the old one'
          ? { status: 200, body: done }
          : { status: 401, body: { code: 'wrong-password' } },
      );
      await reachCode(page, standIn);
      await page.locator('input[name=code]').fill('123456');
      await page.locator('input[name=current]').fill('not the old one');
      await page.locator('input[name=password]').fill('four words that stay');
      await page.keyboard.press('Enter');
      await page
        .getByText('That is not your current password.')
        .or(page.getByRole('alert'))
        .first()
        .waitFor();
      await page.locator('input[name=current]').fill('the old one');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/.sallyport/');
    }),
  );

  it(
    'lets nobody in with an initial password before it is replaced',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST sign-in/verify', {
        status: 200,
        body: { status: 'change-password', needsCurrent: false },
      });
      standIn.answer('POST sign-in/password', ({ password }) =>
        password === 'short'
          ? { status: 400, body: { code: 'password-too-weak', minimum: 10 } }
          : { status: 200, body: done },
      );
      await reachCode(page, standIn);
      await page.locator('input[name=code]').fill('123456');
      await page.locator('input[name=password]').fill('short');
      await page.keyboard.press('Enter');
      await page.getByText('Choose one of at least 10 characters').waitFor();
      await page.locator('input[name=password]').fill('four words that stay');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/.sallyport/');
    }),
  );

  it(
    'makes the owner from the link’s ticket, which leaves the address bar at once',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST owner', {
        status: 200,
        body: { status: 'enrol', methods: [{ id: 'app' }], default: 'app' },
      });
      standIn.answer('POST enrol/app', { status: 200, body: appSetup });
      await page.goto(`${standIn.origin}/.sallyport/owner#s3cr3t-ticket`);
      await page.locator('input[name=username]').fill('olive');
      assert.equal(page.url(), `${standIn.origin}/.sallyport/owner`);
      await page.locator('input[name=displayName]').fill('Olive Owner');
      await page.locator('input[name=password]').fill('four words that stay');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Set up your authenticator app' }).waitFor();
      assert.deepEqual(standIn.calls[0], {
        call: 'POST owner',
        body: {
          ticket: 's3cr3t-ticket',
          username: 'olive',
          displayName: 'Olive Owner',
          password: 'four words that stay',
        },
      });
      await page.goBack();
      assert.doesNotMatch(page.url(), /s3cr3t/);
    }),
  );

  it(
    'asks for the ticket where one is needed, says at the field that it is wrong, and goes on with the right one',
    onDesktop(async ({ page, standIn }) => {
      await reachTicket(page, standIn);
      await page.getByText('Your administrator gave you a ticket.').waitFor();
      const focused = "document.activeElement.getAttribute('name') ?? document.activeElement.tagName";
      assert.equal(await page.evaluate(focused), 'ticket');
      await page.keyboard.type('K7QM-2XHD-9RTB-4WPF');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText("That ticket doesn't match").waitFor();
      await comesTrue(page, "document.activeElement.getAttribute('name') === 'ticket'");
      assert.equal(await page.locator('input[name=ticket]').inputValue(), 'K7QM-2XHD-9RTB-4WPF');
      await page.locator('input[name=ticket]').fill(' K7QM-2XHD-9RTB-4WPE ');
      await page.keyboard.press('Enter');
      await page.locator('.key').waitFor();
      assert.equal(await page.evaluate(focused), 'H1');
      assert.deepEqual(
        standIn.calls.filter(({ call }) => call === 'POST enrol/app').map(({ body }) => body),
        [{}, { ticket: 'K7QM-2XHD-9RTB-4WPF' }, { ticket: 'K7QM-2XHD-9RTB-4WPE' }],
      );
    }),
  );

  it(
    'leaves the choice of a way to get codes, the usual one first, and nothing begins before it is made',
    onDesktop(async ({ page, standIn }) => {
      await reachChoice(page, standIn);
      const names = await page.locator('.doors button').allInnerTexts();
      assert.deepEqual(
        names.map((name) => name.split('\n')[0]),
        ['Authenticator app', 'SMS', 'Email'],
      );
      assert.deepEqual(
        standIn.calls.map(({ call }) => call),
        ['POST sign-in'],
      );
      await page.getByRole('button', { name: 'Authenticator app' }).click();
      await page.locator('.key').waitFor();
      await page.getByRole('button', { name: 'Choose another way' }).click();
      standIn.answer('POST enrol/verify', { status: 200, body: done });
      await page.getByRole('button', { name: 'Email a•••@northwind.example' }).click();
      await page.getByText('Enter the 6-digit code that we sent to a•••@northwind.example.').waitFor();
      await page.keyboard.type('123456');
      await page.waitForURL('**/.sallyport/');
      assert.deepEqual(
        standIn.calls.filter(({ call }) => call === 'POST enrol/verify').map(({ body }) => body),
        [{ method: 'email', code: '123456' }],
      );
    }),
  );

  it(
    'takes a mobile number as people write it, says at the field what is wrong with it, and lets it be changed',
    onDesktop(async ({ page, standIn }) => {
      await reachPhone(page, standIn);
      const phone = page.locator('input[name=phone]');
      const sent = () =>
        standIn.calls.filter(({ call }) => call === 'POST enrol/sms').map(({ body }) => body);
      assert.deepEqual(await Promise.all(['type', 'autocomplete'].map((name) => phone.getAttribute(name))), [
        'tel',
        'tel',
      ]);
      await page.keyboard.type('06 12 34 56 71');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('Begin with + and your country code.').waitFor();
      assert.deepEqual(sent(), []);

      standIn.answer('POST enrol/sms', { status: 422, body: { code: 'invalid-phone-number' } });
      await phone.fill('+33 6 12');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('Begin with + and').waitFor();
      await phone.fill('+33 (0)1 02 03 04 05');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText("That isn't a phone number").waitFor();
      await comesTrue(page, "document.activeElement.getAttribute('name') === 'phone'");

      standIn.answer('POST enrol/sms', sentTo('••• 71'));
      await phone.fill('+33 6-12.34 56 71');
      await page.keyboard.press('Enter');
      await page.getByText('Enter the 6-digit code that we sent by SMS to ••• 71.').waitFor();
      await page.getByRole('button', { name: 'Use another number' }).click();
      assert.equal(await phone.inputValue(), '+33612345671');
      await page.keyboard.press('Enter');
      await page.locator('input[name=code]').waitFor();
      assert.deepEqual(sent(), [
        { phone: '+33102030405' },
        { phone: '+33612345671' },
        { phone: '+33612345671' },
      ]);
    }),
  );

  it(
    'shows a number that an administrator has set, masked and not to be changed',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST sign-in', {
        status: 200,
        body: { status: 'enrol', methods: [{ id: 'sms', hint: '••• 71' }], default: 'sms' },
      });
      standIn.answer('POST enrol/sms', sentTo('••• 71'));
      await enterPassword(page, standIn);
      await page.getByText('Enter the 6-digit code that we sent by SMS to ••• 71.').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Use another number' }).count(), 0);
      assert.deepEqual(standIn.calls.at(-1), { call: 'POST enrol/sms', body: {} });
    }),
  );

  it(
    'asks for the ticket before a number too, and doesn’t ask for the number again',
    onDesktop(async ({ page, standIn }) => {
      await reachPhone(page, standIn);
      standIn.answer('POST enrol/sms', ({ ticket }) =>
        ticket === undefined ? { status: 403, body: { code: 'ticket-required' } } : sentTo('••• 71'),
      );
      await page.keyboard.type('+33612345671');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Enter your ticket' }).waitFor();
      await page.keyboard.type('K7QM-2XHD-9RTB-4WPE');
      await page.keyboard.press('Enter');
      await page.locator('input[name=code]').waitFor();
      assert.deepEqual(standIn.calls.at(-1), {
        call: 'POST enrol/sms',
        body: { phone: '+33612345671', ticket: 'K7QM-2XHD-9RTB-4WPE' },
      });
    }),
  );

  it(
    'sets a new password for the one user that the link names, and for nobody else',
    onDesktop(async ({ page, standIn }) => {
      standIn.answer('POST owner', {
        status: 200,
        body: { status: 'enrol', methods: [{ id: 'app' }], default: 'app' },
      });
      standIn.answer('POST enrol/app', { status: 200, body: appSetup });
      await page.goto(`${standIn.origin}/.sallyport/recover#s3cr3t-ticket/zo%C3%A9%2Fb`);
      await page.getByRole('heading', { name: 'Set a new password' }).waitFor();
      await page.getByText('New password for zoé/b.').waitFor();
      assert.equal(page.url(), `${standIn.origin}/.sallyport/recover`);
      assert.equal(await page.locator('input:not([hidden])').count(), 1);
      await page.keyboard.type('four words that stay');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Set up your authenticator app' }).waitFor();
      assert.deepEqual(standIn.calls[0], {
        call: 'POST owner',
        body: { ticket: 's3cr3t-ticket', username: 'zoé/b', password: 'four words that stay' },
      });
      for (const part of ['', '#s3cr3t-ticket', '#s3cr3t-ticket/', '#s3cr3t-ticket/%E0%A4%A']) {
        await page.goto('about:blank');
        await page.goto(`${standIn.origin}/.sallyport/recover${part}`);
        await page.getByText("This link isn't complete.").waitFor();
      }
    }),
  );

  it(
    'says what is wrong with an owner’s link without its ticket, and with an old one',
    onDesktop(async ({ page, standIn }) => {
      await page.goto(`${standIn.origin}/.sallyport/owner`);
      await page.getByText("This link isn't complete.").waitFor();
      standIn.answer('POST owner', { status: 403, body: { code: 'invalid-ticket' } });
      await page.goto('about:blank');
      await page.goto(`${standIn.origin}/.sallyport/owner#old`);
      await page.locator('input[name=username]').fill('olive');
      await page.locator('input[name=password]').fill('four words that stay');
      await page.keyboard.press('Enter');
      await page.getByText('This link or ticket was already used, is too old, or is incomplete.').waitFor();
    }),
  );
});
