import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { desktopScreen, launchChromium } from '../support/chromium.ts';
import { missing } from '../support/real-part.ts';
import { account, accountWithSms, appSetup, recoveryCodes, sentTo } from './support/scenes.ts';
import type { StandIn } from './support/stand-in.ts';
import { type Visit, visiting } from './support/visit.ts';

async function openAccount(page: Page, standIn: StandIn, changes: object = {}): Promise<void> {
  standIn.answer('GET account', { status: 200, body: { ...account, ...changes } });
  await page.goto(`${standIn.origin}/.sallyport/account`);
  await page.getByRole('heading', { name: "Where you're signed in" }).waitFor();
}
const callsTo = (standIn: StandIn, call: string): unknown[] =>
  standIn.calls.filter((each) => each.call === call).map(({ body }) => body);
const type = (page: Page, code: string): Promise<void> => page.locator('input[name=code]').fill(code);

describe('one’s own account, in a browser', { skip: missing('chromium') }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());
  const visit = (work: (visit: Visit) => Promise<void>) => () => visiting(browser, desktopScreen, work);

  it(
    'says who is signed in and for how long',
    visit(async ({ page, standIn }) => {
      await openAccount(page, standIn);
      await page.getByText("You're signed in as Alice Martin.").waitFor();
      await page.getByText(/You can open applications until .* \(7 hrs \d+ mins? left\)\./).waitFor();
      await page.getByText('8 of 10 left.').waitFor();
    }),
  );

  it(
    'adds a phone with a code of the old one and a code of the new one',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST account/app', { status: 200, body: appSetup });
      standIn.answer('POST account/app/verify', { status: 200, body: { status: 'added', id: 'three' } });
      await openAccount(page, standIn);
      await page.getByRole('button', { name: 'Add an authenticator app' }).click();
      await page.getByText('To confirm, enter the code that your authenticator app shows now.').waitFor();
      await type(page, '111111');
      await page.locator('.key').waitFor();
      await page.getByLabel('Name of the phone').fill('Pixel 12');
      await type(page, '222222');
      await page.getByText('The new app is added.').waitFor();
      assert.deepEqual(callsTo(standIn, 'POST account/app'), [{ method: 'app', code: '111111' }]);
      assert.deepEqual(callsTo(standIn, 'POST account/app/verify'), [{ code: '222222', label: 'Pixel 12' }]);
      assert.equal(callsTo(standIn, 'GET account').length, 2);
    }),
  );

  it(
    'removes a phone only after naming it and a code typed now',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST account/factors/two/remove', { status: 204 });
      await openAccount(page, standIn);
      await page.getByRole('button', { name: 'Remove Old iPhone' }).click();
      await page.getByRole('heading', { name: 'Remove Old iPhone?' }).waitFor();
      assert.deepEqual(callsTo(standIn, 'POST account/factors/two/remove'), []);
      await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
      await page.locator('input[name=recovery-code]').fill(recoveryCodes[0] ?? '');
      await page.keyboard.press('Enter');
      await page.getByText('Old iPhone is removed.').waitFor();
      assert.deepEqual(callsTo(standIn, 'POST account/factors/two/remove'), [
        { method: 'recovery', code: recoveryCodes[0] },
      ]);
    }),
  );

  it(
    'offers no way to remove the only phone, and says why',
    visit(async ({ page, standIn }) => {
      await openAccount(page, standIn, { apps: account.apps.slice(0, 1) });
      await page.getByText('Add another way before you remove this one.').waitFor();
      assert.equal(await page.getByRole('button', { name: /^Remove/ }).count(), 0);
    }),
  );

  it(
    'changes the mobile number with a code typed now and the code that went to the new one',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST account/sms', sentTo('••• 85'));
      standIn.answer('POST account/sms/verify', { status: 200, body: { status: 'added', id: 'three' } });
      await openAccount(page, standIn, accountWithSms);
      await page.getByRole('button', { name: 'Change SMS to ••• 71' }).click();
      await page.getByRole('heading', { name: 'Change your mobile number' }).waitFor();
      await page.keyboard.type('0033 (0)6 12.34-56 85');
      await page.keyboard.press('Enter');
      await page.getByText('To confirm, enter the code that your authenticator app shows now.').waitFor();
      assert.deepEqual(callsTo(standIn, 'POST account/sms'), []);
      await type(page, '111111');
      await page.getByText('Enter the 6-digit code that we sent by SMS to ••• 85.').waitFor();
      await type(page, '222222');
      await page.getByText('Your number is added.').waitFor();
      assert.deepEqual(callsTo(standIn, 'POST account/sms'), [
        { method: 'app', code: '111111', phone: '+33612345685' },
      ]);
      assert.deepEqual(callsTo(standIn, 'POST account/sms/verify'), [{ code: '222222' }]);
    }),
  );

  it(
    'brings back the number that was refused, and says why',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST account/sms', { status: 422, body: { code: 'country-not-allowed' } });
      await openAccount(page, standIn, accountWithSms);
      await page.getByRole('button', { name: 'Change SMS to ••• 71' }).click();
      await page.locator('input[name=phone]').fill('+33 6 12 34 56 85');
      await page.keyboard.press('Enter');
      await type(page, '111111');
      await page.getByRole('alert').getByText("Messages to this country aren't sent from here.").waitFor();
      assert.equal(await page.locator('input[name=phone]').inputValue(), '+33612345685');
      assert.equal(await page.evaluate("document.activeElement.getAttribute('name')"), 'phone');
    }),
  );

  it(
    'goes on to the new number when its message has to wait, and asks for no second proof',
    visit(async ({ page, standIn }) => {
      await page.clock.install();
      standIn.answer('POST account/sms', { status: 429, body: { code: 'code-just-sent' }, retryAfter: 20 });
      standIn.answer('POST account/sms/resend', {
        status: 429,
        body: { code: 'code-just-sent' },
        retryAfter: 20,
      });
      standIn.answer('POST account/sms/verify', { status: 200, body: { status: 'added', id: 'three' } });
      await openAccount(page, standIn, accountWithSms);
      await page.getByRole('button', { name: 'Change SMS to ••• 71' }).click();
      await page.locator('input[name=phone]').fill('+33 6 12 34 56 85');
      await page.keyboard.press('Enter');
      await type(page, '111111');
      await page.getByText('You asked for a code a moment ago.').waitFor();
      standIn.answer('POST account/sms/resend', sentTo('••• 85'));
      await page.clock.runFor(21_000);
      await type(page, '222222');
      await page.getByText('Your number is added.').waitFor();
      assert.equal(callsTo(standIn, 'POST account/sms').length, 1);
    }),
  );

  it(
    'confirms by a code that is sent only to somebody who asks for it',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST account/code', sentTo('••• 71'));
      standIn.answer('POST account/factors/one/remove', { status: 204 });
      await openAccount(page, standIn, accountWithSms);
      await page.getByRole('button', { name: 'Remove Pixel 9' }).click();
      await page.locator('input[name=code]').waitFor();
      assert.deepEqual(callsTo(standIn, 'POST account/code'), []);
      await page.getByRole('button', { name: 'Have a code sent by SMS instead' }).click();
      await page.getByText('Enter the 6-digit code that we sent by SMS to ••• 71.').waitFor();
      // Back and forth sends nothing again.
      await page.getByRole('button', { name: 'Use my authenticator app instead' }).click();
      await page.getByRole('button', { name: 'Have a code sent by SMS instead' }).click();
      await type(page, '333333');
      await page.getByText('Pixel 9 is removed.').waitFor();
      assert.deepEqual(callsTo(standIn, 'POST account/code'), [{ method: 'sms' }]);
      assert.deepEqual(callsTo(standIn, 'POST account/factors/one/remove'), [
        { method: 'sms', code: '333333' },
      ]);
    }),
  );

  it(
    'shows what an administrator has set, and no way to change or remove it',
    visit(async ({ page, standIn }) => {
      await openAccount(page, standIn, {
        ...accountWithSms,
        apps: [],
        email: undefined,
        phone: { ...accountWithSms.phone, setByAdministrator: true },
        addable: [],
      });
      await page.getByText('Set by your administrator.').waitFor();
      assert.equal(await page.getByRole('button', { name: /^(Change SMS|Remove)/ }).count(), 0);
      assert.equal(await page.getByText('Add another way').count(), 0);
    }),
  );

  it(
    'adds the address that the site knows, chosen among several ways',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST account/email', sentTo('a•••@northwind.example'));
      standIn.answer('POST account/email/verify', { status: 200, body: { status: 'added', id: 'three' } });
      await openAccount(page, standIn, {
        addable: [
          { id: 'app', digits: 6 },
          { id: 'email', hint: 'a•••@northwind.example' },
        ],
      });
      await page.getByRole('button', { name: 'Add another way' }).click();
      await page.getByRole('button', { name: 'Email a•••@northwind.example' }).click();
      await type(page, '111111');
      await page.getByText('Enter the 6-digit code that we sent to a•••@northwind.example.').waitFor();
      await type(page, '222222');
      await page.getByText('Your address is added.').waitFor();
      assert.deepEqual(callsTo(standIn, 'POST account/email'), [{ method: 'app', code: '111111' }]);
    }),
  );

  it(
    'makes new recovery codes, shows them once, and counts them',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST account/recovery', { status: 200, body: { recoveryCodes } });
      await openAccount(page, standIn);
      await page.getByRole('button', { name: 'Make new codes' }).click();
      await page.getByText('The codes you have now stop working.').waitFor();
      await type(page, '111111');
      await page.locator('.codes').waitFor();
      standIn.answer('GET account', {
        status: 200,
        body: { ...account, recoveryCodes: { total: 10, left: 10 } },
      });
      await page.getByRole('button', { name: 'I have kept them' }).click();
      await page.getByText('10 of 10 left.').waitFor();
      assert.equal(await page.getByText(recoveryCodes[0] ?? '').count(), 0);
    }),
  );

  it(
    'changes the password',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST account/password', { status: 401, body: { code: 'wrong-password' } });
      await openAccount(page, standIn);
      await page.getByRole('button', { name: 'Change password' }).click();
      await page.locator('input[name=current]').fill('old words');
      await page.locator('input[name=next]').fill('new and longer words');
      await page.keyboard.press('Enter');
      await page.getByText("That isn't your current password.").waitFor();
      standIn.answer('POST account/password', { status: 204 });
      await page.keyboard.press('Enter');
      await page.getByText('Your password is changed.').waitFor();
      assert.deepEqual(callsTo(standIn, 'POST account/password')[1], {
        current: 'old words',
        next: 'new and longer words',
      });
    }),
  );

  it(
    'ends another session after asking, and not this one by the way',
    visit(async ({ page, standIn }) => {
      standIn.answer('DELETE account/sessions/there', { status: 204 });
      await openAccount(page, standIn);
      assert.equal(await page.getByRole('button', { name: /^Sign out of/ }).count(), 1);
      await page.getByRole('button', { name: 'Sign out of Safari 19 on iOS, 2001:db8:85a3' }).click();
      await page.getByText('Its remote sessions close at once.').waitFor();
      assert.deepEqual(callsTo(standIn, 'DELETE account/sessions/there'), []);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('Signed out there.').waitFor();
      assert.deepEqual(callsTo(standIn, 'DELETE account/sessions/there'), [{}]);
    }),
  );

  it(
    'signs out everywhere after naming what closes',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST account/sign-out-everywhere', { status: 204 });
      await openAccount(page, standIn);
      await page.getByRole('button', { name: 'Sign out everywhere' }).click();
      await page.getByText('It ends 2 sign-ins, this one included.').waitFor();
      await page.getByRole('button', { name: 'Sign out everywhere' }).click();
      await page.waitForURL('**/.sallyport/sign-out');
      assert.deepEqual(callsTo(standIn, 'POST account/sign-out-everywhere'), [{}]);
    }),
  );

  it(
    'leads to sign-in and back when the session is over',
    visit(async ({ page, standIn }) => {
      standIn.answer('GET account', { status: 401, body: { code: 'sign-in-required' } });
      await page.goto(`${standIn.origin}/.sallyport/account`);
      await page.waitForURL('**/.sallyport/sign-in?returnTo=%2F.sallyport%2Faccount');
    }),
  );

  it(
    'asks somebody whom another site sent to sign out, and signs out on their word',
    visit(async ({ page, standIn }) => {
      standIn.answer('DELETE session', { status: 503, body: { code: 'store-unavailable' } });
      await page.goto(`${standIn.origin}/.sallyport/sign-out`);
      await page.getByRole('heading', { name: 'Sign out?' }).waitFor();
      assert.deepEqual(standIn.calls, []);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('alert').waitFor();
      standIn.answer('DELETE session', { status: 401, body: { code: 'sign-in-required' } });
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: "You're signed out" }).waitFor();
    }),
  );

  it(
    'lists the applications of somebody who has several, and says so to somebody who has none',
    visit(async ({ page, standIn }) => {
      const session = { user: account.user, state: 'granted', amr: ['pwd', 'otp'] };
      const applications = [
        { name: 'Accounting', url: '/accounting/' },
        { name: 'Payroll', url: '/payroll/' },
      ];
      standIn.answer('GET session', { status: 200, body: { ...session, applications } });
      await page.goto(`${standIn.origin}/.sallyport/`);
      await page.getByRole('link', { name: 'Payroll' }).click();
      await page.waitForURL('**/payroll/');
      standIn.answer('GET session', { status: 200, body: { ...session, applications: [] } });
      await page.goto(`${standIn.origin}/.sallyport/`);
      await page.getByText('No application is assigned to you yet. Ask the helpdesk:').waitFor();
    }),
  );
});
