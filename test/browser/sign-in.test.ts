import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { comesTrue, desktopScreen, launchChromium } from '../support/chromium.ts';
import { missing } from '../support/real-part.ts';
import { enterPassword, reachCode, verify } from './support/scenes.ts';
import { type StandIn, startStandIn } from './support/stand-in.ts';
import { type Visit, visiting } from './support/visit.ts';

const done = { status: 200, body: { status: 'done', session: {} } };
const callsTo = (standIn: StandIn, call: string): unknown[] =>
  standIn.calls.filter((each) => each.call === call).map(({ body }) => body);
const focused = (page: Page): Promise<string> =>
  page.evaluate("document.activeElement.getAttribute('name') ?? document.activeElement.tagName");
const field = (page: Page) => page.locator('input[name=code]');
/** The words a screen reader adds to the focused field. */
const description = (page: Page): Promise<string> =>
  page.evaluate(`
    (document.activeElement.getAttribute('aria-describedby') ?? '').split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim()`);

describe('signing in, in a browser', { skip: missing('chromium') }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());
  const visit = (work: (visit: Visit) => Promise<void>) => () => visiting(browser, desktopScreen, work);

  it(
    'goes the whole way by keyboard alone, and on to what was wanted',
    visit(async ({ page, standIn }) => {
      standIn.begin('sign-in', { application: 'Accounting', returnTo: '/accounting/' });
      standIn.answer('POST sign-in', { status: 200, body: verify });
      standIn.answer('POST sign-in/verify', {
        status: 200,
        body: { ...done.body, returnTo: '/accounting/' },
      });
      await page.goto(`${standIn.origin}/.sallyport/sign-in`);
      await page.getByText('Please sign in to continue to Accounting.').waitFor();
      await page.keyboard.type('alice');
      await page.keyboard.press('Tab');
      await page.keyboard.type('correct horse');
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate("document.activeElement.getAttribute('aria-label')"), 'Show password');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await field(page).waitFor();
      assert.equal(await focused(page), 'code');
      await page.keyboard.type('123456');
      await page.waitForURL('**/accounting/');
      assert.deepEqual(callsTo(standIn, 'POST sign-in'), [
        { username: 'alice', password: 'correct horse', shared: true, returnTo: '/accounting/' },
      ]);
      assert.deepEqual(callsTo(standIn, 'POST sign-in/verify'), [{ method: 'app', code: '123456' }]);
    }),
  );

  it(
    'never leaves for anything but a page',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST sign-in/verify', {
        status: 200,
        body: { ...done.body, returnTo: 'javascript:document.title="taken"' },
      });
      await reachCode(page, standIn);
      await field(page).fill('123456');
      await page.waitForURL('**/.sallyport/');
      assert.notEqual(await page.title(), 'taken');
    }),
  );

  it(
    'shows a password on demand and hides it again',
    visit(async ({ page, standIn }) => {
      await page.goto(`${standIn.origin}/.sallyport/sign-in`);
      const password = page.locator('input[name=password]');
      await page.getByRole('button', { name: 'Show password' }).click();
      assert.equal(await password.getAttribute('type'), 'text');
      await page.getByRole('button', { name: 'Hide password' }).click();
      assert.equal(await password.getAttribute('type'), 'password');
    }),
  );

  it(
    'says that name and password don’t match, keeps the name and asks for the password again',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST sign-in', { status: 401, body: { code: 'invalid-credentials' } });
      await enterPassword(page, standIn);
      await page.getByRole('alert').waitFor();
      await comesTrue(page, "document.activeElement.getAttribute('name') === 'password'");
      assert.equal(await description(page), "That name and password don't match.");
      assert.equal(await page.locator('input[name=username]').inputValue(), 'alice');
      assert.equal(await page.locator('input[name=password]').inputValue(), '');
    }),
  );

  it(
    'takes a code with spaces, pasted, and sends it once',
    visit(async ({ page, standIn }) => {
      let release = (): void => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      standIn.answer('POST sign-in/verify', { ...done, after: held });
      await reachCode(page, standIn);
      assert.equal(await field(page).getAttribute('autocomplete'), 'one-time-code');
      assert.equal(await field(page).getAttribute('inputmode'), 'numeric');
      await page.evaluate(`
        const data = new DataTransfer();
        data.setData('text/plain', ' 123 456 ');
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
        document.execCommand('insertText', false, ' 123 456 ');`);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Checking…' }).click();
      release();
      await page.waitForURL('**/.sallyport/');
      assert.deepEqual(callsTo(standIn, 'POST sign-in/verify'), [{ method: 'app', code: '123456' }]);
    }),
  );

  it(
    'doesn’t spend a try on what can’t be a code',
    visit(async ({ page, standIn }) => {
      await reachCode(page, standIn);
      for (const typed of ['12345', '12345x', '1234567', '']) {
        await field(page).fill(typed);
        await page.keyboard.press('Enter');
        await page.getByText('The code has 6 digits and nothing else.').waitFor();
      }
      assert.deepEqual(callsTo(standIn, 'POST sign-in/verify'), []);
    }),
  );

  it(
    'tells how many tries are left, and is ready for the next code',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST sign-in/verify', { status: 401, body: { code: 'wrong-code', triesLeft: 3 } });
      await reachCode(page, standIn);
      await page.keyboard.type('111111');
      await page.getByRole('alert').waitFor();
      assert.equal(await field(page).inputValue(), '');
      assert.equal(await focused(page), 'code');
      assert.match(await description(page), /^That code didn't match\. .* 3 tries left\.$/);
      standIn.answer('POST sign-in/verify', done);
      await page.keyboard.type('222222');
      await page.waitForURL('**/.sallyport/');
    }),
  );

  it(
    'asks for the next code when the clock looks off, and then says by how much',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST sign-in/verify', { status: 200, body: { status: 'confirm-drift' } });
      await reachCode(page, standIn);
      await page.keyboard.type('111111');
      await page.getByText("Your phone's clock looks off. Enter the next code that the app shows.").waitFor();
      assert.equal(await field(page).inputValue(), '');
      assert.equal(await focused(page), 'code');
      standIn.answer('POST sign-in/verify', { status: 200, body: { ...done.body, clockOffset: -247 } });
      await page.keyboard.type('222222');
      await page.getByText("Your phone's clock is about 4 mins behind.").waitFor();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForURL('**/.sallyport/');
    }),
  );

  it(
    'offers a recovery code and the helpdesk to somebody who can’t use their code',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST sign-in/verify', { status: 401, body: { code: 'wrong-code', triesLeft: 1 } });
      await reachCode(page, standIn);
      await page.getByRole('button', { name: "I can't use my code" }).click();
      await page.getByRole('heading', { name: 'Other ways to sign in' }).waitFor();
      assert.equal(await focused(page), 'H1');
      await page.getByText('ask the helpdesk: helpdesk@northwind.example').waitFor();
      await page.getByRole('button', { name: 'Use a recovery code' }).click();
      await page.keyboard.type(' 7qh2-m0xv-9ert-c4kd ');
      await page.keyboard.press('Enter');
      await page.getByText("That recovery code didn't match, or it was already used. 1 try left.").waitFor();
      assert.deepEqual(callsTo(standIn, 'POST sign-in/verify'), [
        { method: 'recovery', code: '7qh2-m0xv-9ert-c4kd' },
      ]);
    }),
  );

  it(
    'says in the reader’s own time when a lock ends, and goes on then',
    visit(async ({ page, standIn }) => {
      await page.clock.install({ time: new Date('2026-11-21T13:20:30Z') });
      standIn.answer('POST sign-in', { status: 429, body: { code: 'locked' }, retryAfter: 900 });
      await enterPassword(page, standIn);
      const time = await page.evaluate<string>(
        "new Date('2026-11-21T13:35:30Z').toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })",
      );
      await page.getByText(`You can try again at ${time}, or ask the helpdesk`).waitFor();
      await page.clock.runFor(60_000);
      await page.getByText(/^1[34]:\d\d left$/).waitFor();
      await page.clock.runFor(15 * 60_000);
      standIn.answer('POST sign-in', { status: 200, body: verify });
      await page.getByRole('button', { name: 'Try again' }).click();
      assert.equal(await page.locator('input[name=username]').inputValue(), 'alice');
    }),
  );

  it(
    'shows the lock at once when a wrong code was the last try, and comes back to the code',
    visit(async ({ page, standIn }) => {
      await page.clock.install({ time: new Date('2026-11-21T13:20:30Z') });
      standIn.answer('POST sign-in/verify', {
        status: 401,
        body: { code: 'wrong-code', triesLeft: 0 },
        retryAfter: 60,
      });
      await reachCode(page, standIn);
      await page.keyboard.type('111111');
      await page.getByRole('heading', { name: 'Too many tries' }).waitFor();
      await page.getByRole('timer').waitFor();
      assert.equal(await field(page).count(), 0);
      await page.clock.runFor(61_000);
      await page.getByRole('button', { name: 'Try again' }).click();
      await field(page).waitFor();
    }),
  );

  it(
    'says once that nobody owns the gateway, also to somebody who tries to sign in',
    visit(async ({ page, standIn }) => {
      standIn.begin('sign-in', { ready: false });
      standIn.answer('POST sign-in', { status: 403, body: { code: 'no-owner-yet' } });
      await enterPassword(page, standIn);
      await page.getByRole('alert').getByText('This gateway has no owner yet.').waitFor();
      assert.equal(await page.locator('.message').count(), 1);
    }),
  );

  it(
    'names only the helpdesk when nothing but an administrator can lift a lock',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST sign-in', { status: 429, body: { code: 'locked' } });
      await enterPassword(page, standIn);
      await page.getByText('Ask the helpdesk to unlock you: helpdesk@northwind.example').waitFor();
      assert.equal(await page.getByRole('timer').count(), 0);
    }),
  );

  it(
    'starts again with the name kept when the sign-in took too long',
    visit(async ({ page, standIn }) => {
      standIn.answer('POST sign-in/verify', { status: 401, body: { code: 'sign-in-expired' } });
      await reachCode(page, standIn);
      await page.keyboard.type('123456');
      await page.getByText('That took a little long. Please sign in again.').waitFor();
      assert.equal(await page.locator('input[name=username]').inputValue(), 'alice');
      assert.equal(await focused(page), 'password');
    }),
  );

  it(
    'keeps what was typed when the gateway can’t be reached',
    visit(async ({ page, standIn }) => {
      await reachCode(page, standIn);
      await page.route('**/sign-in/verify', (route) => route.abort());
      await page.keyboard.type('123456');
      await page.getByText("We can't reach the gateway. Check your connection and try again.").waitFor();
      assert.equal(await field(page).inputValue(), '123456');
      await page.unroute('**/sign-in/verify');
      standIn.answer('POST sign-in/verify', done);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/.sallyport/');
    }),
  );

  it(
    'stays clear when an answer is no answer of ours',
    visit(async ({ page, standIn }) => {
      await page.route('**/api/v1/sign-in', (route) =>
        route.fulfill({ status: 502, body: '<h1>Bad Gateway</h1>' }),
      );
      await enterPassword(page, standIn);
      await page.getByText('Something went wrong on our side.').waitFor();
      assert.equal(await page.locator('input[name=password]').inputValue(), 'correct horse');
    }),
  );

  it('asks to be loaded again when a step can’t be fetched any more, instead of going blank', async () => {
    const standIn = await startStandIn();
    const page = await browser.newPage({ locale: 'en-GB' });
    try {
      await reachCode(page, standIn);
      await page.route('**/other-ways-step-*.js', (route) => route.fulfill({ status: 404 }));
      await page.getByRole('button', { name: "I can't use my code" }).click();
      await page.getByRole('heading', { name: 'Please load this page again' }).waitFor();
      await page.unroute('**/other-ways-step-*.js');
      await page.getByRole('button', { name: 'Load again' }).click();
      await page.locator('input[name=username]').waitFor();
    } finally {
      await page.close();
      await standIn.close();
    }
  });

  it(
    'speaks another language at once, for good, and keeps what was typed',
    visit(async ({ page, standIn, context }) => {
      await page.goto(`${standIn.origin}/.sallyport/sign-in`);
      await page.locator('input[name=username]').fill('alice');
      await page.locator('input[name=password]').fill('correct horse');
      await page.getByLabel('This is a shared computer').check();
      await page.getByRole('button', { name: 'Français' }).click();
      await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
      assert.match(await page.title(), /^Se connecter/);
      assert.equal(await page.locator('input[name=username]').inputValue(), 'alice');
      assert.equal(await page.locator('input[name=password]').inputValue(), 'correct horse');
      assert.equal(await page.getByLabel('Cet ordinateur est partagé').isChecked(), true);
      const [cookie] = await context.cookies();
      assert.equal(
        `${cookie?.name}=${cookie?.value}; ${cookie?.path}; ${cookie?.sameSite}`,
        'sallyport-language=fr; /; Lax',
      );
      standIn.answer('POST sign-in', { status: 401, body: { code: 'invalid-credentials' } });
      await page.getByRole('button', { name: 'Se connecter' }).click();
      await page.getByText('Ce nom et ce mot de passe ne correspondent pas.').waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
    }),
  );

  it(
    'keeps the page as it is when another language can’t be fetched just now',
    visit(async ({ page, standIn }) => {
      await page.goto(`${standIn.origin}/.sallyport/sign-in`);
      await page.locator('input[name=username]').fill('alice');
      await page.route('**/.sallyport/sign-in', (route) => route.abort());
      const failed = page.waitForEvent('requestfailed');
      await page.getByRole('button', { name: 'Français' }).click();
      await failed;
      assert.equal(await page.locator('input[name=username]').inputValue(), 'alice');
      await page.unroute('**/.sallyport/sign-in');
      await page.getByRole('button', { name: 'Français' }).click();
      await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
      assert.equal(await page.locator('input[name=username]').inputValue(), 'alice');
    }),
  );

  it(
    'says how to begin while nobody owns the gateway',
    visit(async ({ page, standIn }) => {
      standIn.begin('sign-in', { ready: false });
      await page.goto(`${standIn.origin}/.sallyport/sign-in`);
      await page.getByText('Nobody owns this gateway yet. Open the link that was printed').waitFor();
    }),
  );
});
