import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { enable, issueBypass } from '../../src/accounts/index.ts';
import { subscription } from '../../src/server/index.ts';
import { violations } from '../support/accessibility.ts';
import { makeCertificate } from '../support/certificate.ts';
import { collectFaults, comesTrue, desktopScreen, launchChromium, phoneScreen } from '../support/chromium.ts';
import { type MailServer, startMailServer, type TakenMail } from '../support/mail-server.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { password, type Site, startSite } from '../support/site.ts';
import { startTwilioServer, type TwilioServer } from '../support/twilio-server.ts';

const french: BrowserContextOptions = { ...phoneScreen, locale: 'fr-FR', colorScheme: 'dark' };
const code = (message: string | undefined): string => /\b\d{6}\b/.exec(message ?? '')?.[0] ?? 'no code';

describe('codes by SMS, by email and from the helpdesk, in a browser over HTTPS', {
  skip: missing('chromium', 'openssl'),
}, () => {
  const scratch = scratchFolder();
  let twilio: TwilioServer;
  let mail: MailServer;
  let site: Site;
  let browser: Browser;
  before(async () => {
    twilio = await startTwilioServer();
    mail = await startMailServer();
    site = await startSite({
      tls: makeCertificate(scratch.path),
      config: { serverName: 'Northwind', delivery: { twilioUrl: twilio.url } },
    });
    const { delivery } = site.gateway.rooms;
    await delivery.change(
      subscription,
      'sms',
      { accountSid: twilio.accountSid, sender: '+14155550100', secret: twilio.authToken },
      'test',
    );
    await delivery.change(
      subscription,
      'email',
      { host: '127.0.0.1', port: mail.port, security: 'none', from: 'codes@northwind.example' },
      'test',
    );
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await twilio?.close();
    await mail?.close();
    scratch.remove();
  });

  /** A fresh browser, which finds no fault with any page and leaves the site for nowhere. */
  async function visit(
    screen: BrowserContextOptions,
    walk: (page: Page, look: () => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({
      ...screen,
      ignoreHTTPSErrors: true,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    const faults = collectFaults(page);
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (/^https?:$/.test(url.protocol) && url.origin !== site.origin) faults.push(`asks ${url.origin}`);
      if (/\d{6}|password/.test(url.search)) faults.push('a secret in an address');
    });
    /** At each page on the way: accessible, as wide as its screen, and faultless so far. */
    async function look(): Promise<void> {
      await page.locator('h1').waitFor();
      assert.deepEqual(faults, []);
      assert.deepEqual(await violations(page), []);
      // axe itself breaks the policy of pages that turn no text into markup.
      faults.length = 0;
      const wide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
      assert.equal(await page.evaluate<boolean>(wide), false);
    }
    try {
      await walk(page, look);
      assert.deepEqual(faults, []);
      assert.ok(sockets.length > 0 && sockets.every((url) => url.startsWith('wss://')));
      for (const cookie of await context.cookies()) {
        const own = /^__Host-/.test(cookie.name);
        assert.ok(cookie.secure && (own || cookie.name === 'sallyport-language'), cookie.name);
      }
    } finally {
      await context.close();
    }
  }

  /** Name and password, by the keyboard. */
  async function enter(page: Page, name: string): Promise<void> {
    await page.goto(site.origin);
    await page.locator('input[name=username]').fill(name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.locator('input[name=password]').waitFor({ state: 'detached' });
  }

  /** The application answers over its WebSocket, and knows whom it has before it. */
  async function reaches(page: Page, said: string): Promise<void> {
    await page.waitForURL(`${site.origin}/`);
    await comesTrue(page, 'document.activeElement.id === "line"');
    await page.keyboard.type('whoami');
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText(said).waitFor();
  }

  async function signOut(page: Page, done: string): Promise<void> {
    await page.goto(`${site.origin}/.sallyport/sign-out`);
    await page.getByRole('heading', { name: done }).waitFor();
  }

  const heading = (page: Page, name: string): Promise<void> =>
    page.getByRole('heading', { name, exact: true }).waitFor();
  const typeCode = async (page: Page, typed: string): Promise<void> => {
    await comesTrue(page, 'document.activeElement.getAttribute("name") === "code"');
    await page.keyboard.type(typed);
  };

  it('lets somebody in by SMS, from the choice at the first sign-in to a live session, and again the next time', async () => {
    await site.addUser('anna');
    await visit(desktopScreen, async (page, look) => {
      await enter(page, 'anna');
      await heading(page, 'Choose how you get your codes');
      await look();
      await page.getByRole('button', { name: /^SMS/ }).click();
      await heading(page, 'Your mobile number');
      await look();
      await page.keyboard.type('+1 555 555 5555');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText("That isn't a phone number").waitFor();
      await page.locator('input[name=phone]').fill('0033 6 12 34 56 71');
      await page.keyboard.press('Enter');
      await page.getByText('Enter the 6-digit code that we sent by SMS to ••• 71.').waitFor();
      await look();
      assert.equal(twilio.taken.at(-1)?.To, '+33612345671');
      assert.match(
        twilio.taken.at(-1)?.Body ?? '',
        /^Your Northwind - Sallyport verification code is: \d{6}$/,
      );
      await typeCode(page, code(twilio.taken.at(-1)?.Body));
      await heading(page, 'Your recovery codes');
      await look();
      const kept = (await page.locator('.codes li').allTextContents())[0] ?? '';
      await page.getByRole('button', { name: 'I have kept them' }).click();
      await reaches(page, 'You are anna. The gateway says so, not you.');

      await signOut(page, "You're signed out");
      site.clock.advance(31_000);
      await enter(page, 'anna');
      await page.getByText('Enter the 6-digit code that we sent by SMS to ••• 71.').waitFor();
      const right = code(twilio.taken.at(-1)?.Body);
      await typeCode(page, right === '000000' ? '111111' : '000000');
      await page.getByText("That code didn't match. Check the newest message.").waitFor();
      await look();
      await typeCode(page, right);
      await reaches(page, 'You are anna.');

      // The provider is down: everything else is offered at once, and goes on.
      await signOut(page, "You're signed out");
      site.clock.advance(31_000);
      twilio.fail(503, 20_500, 'Internal Server Error');
      await enter(page, 'anna');
      await page.getByRole('alert').getByText("The message couldn't be sent right now.").waitFor();
      await look();
      await page.getByRole('button', { name: 'Use a recovery code' }).click();
      await page.locator('input[name=recovery-code]').fill(kept);
      await page.keyboard.press('Enter');
      await reaches(page, 'You are anna.');
      twilio.answer();
    });
  });

  it('lets somebody in by email in French on a phone, and tells them of it in French', async () => {
    const address = 'benoit@northwind.example';
    await site.gateway.rooms.local.create({ name: 'benoît', password, email: address }, 'test');
    const mails = (): TakenMail[] => mail.taken.filter(({ to }) => to.includes(address));
    const lastCode = (): string => code(mails().findLast(({ text }) => /\b\d{6}\b/.test(text))?.text);
    await visit(french, async (page, look) => {
      await enter(page, 'benoît');
      await heading(page, 'Choisissez comment recevoir vos codes');
      await look();
      await page.getByRole('button', { name: 'E-mail b•••@northwind.example' }).click();
      await page
        .getByText('Entrez le code à 6 chiffres que nous avons envoyé à b•••@northwind.example.')
        .waitFor();
      await look();
      assert.match(mails().at(-1)?.subject ?? '', /^Votre code de vérification/);
      await typeCode(page, lastCode());
      await heading(page, 'Vos codes de secours');
      await page.getByRole('button', { name: 'Je les ai mis de côté' }).click();
      await reaches(page, 'Vous êtes benoît.');

      await page.goto(`${site.origin}/.sallyport/account`);
      await page.getByText('E-mail à b•••@northwind.example').waitFor();
      await look();

      await signOut(page, 'Vous êtes déconnecté');
      site.clock.advance(31_000);
      await enter(page, 'benoît');
      await page.getByText('Rien reçu ?').waitFor();
      // A code that nobody typed in time is void, and so is its sign-in; the next one is good.
      const late = lastCode();
      site.clock.advance(10 * 60_000 + 1_000);
      await typeCode(page, late);
      await page.getByText('Cela a pris un peu trop de temps.').waitFor();
      await look();
      await page.keyboard.type(password);
      await page.keyboard.press('Enter');
      await page.getByText('Rien reçu ?').waitFor();
      assert.notEqual(lastCode(), late);
      await typeCode(page, lastCode());
      await reaches(page, 'Vous êtes benoît.');
    });
  });

  it('lets somebody in by SMS in French, to a number that an administrator has set and nobody can change', async () => {
    const key = await site.addUser('dora');
    const { administration } = site.gateway.rooms;
    await enable(administration, `user:${key}`, 'test', { method: 'sms', phone: '+33612345685' });
    await visit(french, async (page, look) => {
      await enter(page, 'dora');
      await heading(page, 'Choisissez comment recevoir vos codes');
      await page.keyboard.press('Tab');
      assert.match((await page.locator(':focus').textContent()) ?? '', /^SMS••• 85$/);
      await page.keyboard.press('Enter');
      await page.getByText('Entrez le code à 6 chiffres que nous avons envoyé par SMS au ••• 85.').waitFor();
      await look();
      assert.equal(twilio.taken.at(-1)?.To, '+33612345685');
      assert.equal(await page.getByRole('button', { name: 'Utiliser un autre numéro' }).count(), 0);
      await typeCode(page, code(twilio.taken.at(-1)?.Body));
      await page.getByRole('button', { name: 'Je les ai mis de côté' }).click();
      await reaches(page, 'Vous êtes dora.');
      await page.goto(`${site.origin}/.sallyport/account`);
      await page.getByText('Défini par votre administrateur.').waitFor();
      await look();
      assert.equal(await page.getByRole('button', { name: /^(Changer|Retirer) SMS/ }).count(), 0);
    });
  });

  it('lets somebody in by email in English, and lets them add a number with a code of each', async () => {
    const address = 'emil@northwind.example';
    await site.gateway.rooms.local.create({ name: 'emil', password, email: address }, 'test');
    const lastCode = (): string =>
      code(mail.taken.findLast(({ to, text }) => to.includes(address) && /\b\d{6}\b/.test(text))?.text);
    await visit(desktopScreen, async (page, look) => {
      await enter(page, 'emil');
      await page.getByRole('button', { name: 'Email e•••@northwind.example' }).click();
      await page.getByText('Look in your spam folder too.').waitFor();
      await typeCode(page, lastCode());
      await page.getByRole('button', { name: 'I have kept them' }).click();
      await reaches(page, 'You are emil.');

      await page.goto(`${site.origin}/.sallyport/account`);
      await page.getByRole('button', { name: 'Add another way' }).click();
      await page.getByRole('button', { name: /^SMS/ }).click();
      await page.locator('input[name=phone]').fill('+33 6 12 34 56 99');
      await page.keyboard.press('Enter');
      await page.getByText('Enter the 6-digit code that we sent to e•••@northwind.example.').waitFor();
      await look();
      await typeCode(page, lastCode());
      await page.getByText('Enter the 6-digit code that we sent by SMS to ••• 99.').waitFor();
      await look();
      await typeCode(page, code(twilio.taken.at(-1)?.Body));
      await page.getByText('Your number is added.').waitFor();
      await look();
    });
  });

  for (const { name, screen, words } of [
    {
      name: 'in English',
      screen: desktopScreen,
      words: {
        question: 'Enter the 6-digit code from your authenticator app.',
        stuck: "I can't use my code",
        helpdesk: 'Use a code from the helpdesk',
        heading: 'Code from the helpdesk',
        wrong: "That code didn't match, was already used, or is too old.",
        said: 'The gateway says so, not you.',
        signOut: "You're signed out",
      },
    },
    {
      name: 'in French',
      screen: french,
      words: {
        question: "Entrez le code à 6 chiffres de votre application d'authentification.",
        stuck: 'Je ne peux pas utiliser mon code',
        helpdesk: "Utiliser un code de l'assistance",
        heading: "Code de l'assistance",
        wrong: 'Ce code ne correspond pas, a déjà servi ou est trop ancien.',
        said: 'La passerelle le dit, pas vous.',
        signOut: 'Vous êtes déconnecté',
      },
    },
  ]) {
    it(`lets somebody in once with a code from the helpdesk, ${name}`, async () => {
      const user = `carla-${name.at(-2)}`;
      const key = await site.addUser(user);
      assert.equal((await site.client().signIn(user, password)).json.status, 'done');
      const { administration, store } = site.gateway.rooms;
      await visit(screen, async (page, look) => {
        await enter(page, user);
        await page.getByText(words.question).waitFor();
        await page.getByRole('button', { name: words.stuck }).click();
        await look();
        // The helpdesk is asked only now, in the middle of the sign-in.
        const issued = await issueBypass(
          { ...administration, store },
          key,
          { lifetime: 3_600_000, reason: 'phone at home' },
          'test',
        );
        await page.getByRole('button', { name: words.helpdesk }).click();
        await heading(page, words.heading);
        await look();
        await page.keyboard.type(issued.code);
        await page.keyboard.press('Enter');
        await reaches(page, words.said);

        await signOut(page, words.signOut);
        await enter(page, user);
        await page.getByRole('button', { name: words.stuck }).click();
        await page.getByRole('button', { name: words.helpdesk }).click();
        await page.locator('input[name=bypass-code]').fill(issued.code);
        await page.keyboard.press('Enter');
        await page.getByRole('alert').getByText(words.wrong).waitFor();
        await look();
      });
    });
  }
});
