import type { Page } from 'playwright-core';
import { renderSVG } from 'uqr';
import { type PlainPageKind, plainPages } from '../../../src/portal/plain-pages.ts';
import type { StandIn } from './stand-in.ts';

/** A page in one of its moments: how to get there. */
export type Scene = {
  readonly name: string;
  readonly open: (page: Page, standIn: StandIn) => Promise<unknown>;
};

const uri =
  'otpauth://totp/Northwind:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Northwind&digits=6&period=30';
export const appSetup = {
  uri,
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  qrSvg: renderSVG(uri, { ecc: 'M', border: 4 }),
  digits: 6,
};
export const recoveryCodes = [
  '7QH2-M0XV-9ERT-C4KD',
  'R4NB-8VZT-3JCY-1WPE',
  'W9EK-5GXS-7HQA-M2DB',
  'M3TV-6PDZ-4BNF-8KXR',
  'H8CY-2WRK-9XJQ-5SGT',
  'B5ZG-7MTP-3VSE-0NHA',
  'Q2XF-4HNA-8KWD-6YCJ',
  'T6JR-9YBC-5GZM-3QVX',
  'D4VP-3KSW-7EQH-9FTB',
  'X8NA-6FZT-2MRB-4PGK',
];
export const verify = {
  status: 'verify',
  methods: [{ id: 'app', digits: 6 }, { id: 'recovery' }],
  default: 'app',
};
const hour = 3_600_000;
const ago = (span: number): string => new Date(Date.now() - span).toISOString();
const session = {
  user: { name: 'alice', displayName: 'Alice Martin' },
  state: 'active',
  verifiedAt: ago(hour),
  expiresAt: ago(-7.2 * hour),
  amr: ['pwd', 'otp'],
  applications: [
    { name: 'Accounting', url: '/accounting/' },
    { name: 'Design desktop', url: '/desktop/' },
    { name: 'Payroll', url: '/payroll/' },
  ],
};
const app = { digits: 6, issuer: 'Northwind - Sallyport' };
export const account = {
  user: { name: 'alice', displayName: 'Alice Martin', directory: 'local' },
  apps: [
    { ...app, id: 'one', label: 'Pixel 9', enrolledAt: ago(40 * 24 * hour), lastUsedAt: ago(hour) },
    { ...app, id: 'two', label: 'Old iPhone', enrolledAt: ago(400 * 24 * hour) },
  ],
  recoveryCodes: { total: 10, left: 8 },
  methods: [{ id: 'app', digits: 6 }, { id: 'recovery' }],
  canChangePassword: true,
  sessions: [
    { ...session, id: 'here', current: true, address: '203.0.113.7', browser: 'Firefox 145 on Windows' },
    {
      ...session,
      id: 'there',
      current: false,
      state: 'granted',
      verifiedAt: ago(26 * hour),
      address: '2001:db8:85a3::8a2e:370:7334',
      browser: 'Safari 19 on iOS',
    },
  ],
};

/** Types a name and a password, and goes on. */
export async function enterPassword(page: Page, standIn: StandIn): Promise<void> {
  await page.goto(`${standIn.origin}/.sallyport/sign-in`);
  await page.locator('input[name=username]').fill('alice');
  await page.locator('input[name=password]').fill('correct horse');
  await page.locator('button[type=submit]').click();
}

/** The code page. */
export async function reachCode(page: Page, standIn: StandIn): Promise<void> {
  standIn.answer('POST sign-in', { status: 200, body: verify });
  await enterPassword(page, standIn);
  await page.locator('input[name=code]').waitFor();
}

/** The enrolment page with its key. */
export async function reachEnrolment(page: Page, standIn: StandIn): Promise<void> {
  standIn.answer('POST sign-in', { status: 200, body: { status: 'enrol', methods: [{ id: 'app' }] } });
  standIn.answer('POST enrol/app', { status: 200, body: appSetup });
  await enterPassword(page, standIn);
  await page.locator('input[name=code]').waitFor();
}

/** The page that asks for a ticket before anybody sets up an app. */
export async function reachTicket(page: Page, standIn: StandIn): Promise<void> {
  standIn.answer('POST sign-in', { status: 200, body: { status: 'enrol', methods: [{ id: 'app' }] } });
  standIn.answer('POST enrol/app', ({ ticket }) => {
    if (ticket === undefined) return { status: 403, body: { code: 'ticket-required' } };
    return ticket === 'K7QM-2XHD-9RTB-4WPE'
      ? { status: 200, body: appSetup }
      : { status: 403, body: { code: 'invalid-ticket' } };
  });
  await enterPassword(page, standIn);
  await page.locator('input[name=ticket]').waitFor();
}

async function type(page: Page, code: string): Promise<void> {
  await page.locator('input[name=code]').fill(code);
}

async function openAccount(page: Page, standIn: StandIn): Promise<void> {
  standIn.begin('account', { minimumPasswordLength: 10 });
  standIn.answer('GET account', { status: 200, body: account });
  await page.goto(`${standIn.origin}/.sallyport/account`);
  await page.locator('#sessions').waitFor();
}

const drawn: readonly Scene[] = [
  {
    name: 'sign-in',
    open: async (page, standIn) => {
      standIn.begin('sign-in', { application: 'Accounting', returnTo: '/accounting/' });
      await page.goto(`${standIn.origin}/.sallyport/sign-in`);
      await page.locator('input[name=username]').waitFor();
    },
  },
  {
    name: 'sign-in-refused',
    open: async (page, standIn) => {
      standIn.answer('POST sign-in', { status: 401, body: { code: 'invalid-credentials' } });
      await enterPassword(page, standIn);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'code', open: reachCode },
  {
    name: 'code-wrong',
    open: async (page, standIn) => {
      standIn.answer('POST sign-in/verify', { status: 401, body: { code: 'wrong-code', triesLeft: 3 } });
      await reachCode(page, standIn);
      await type(page, '123456');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'code-drift',
    open: async (page, standIn) => {
      standIn.answer('POST sign-in/verify', { status: 200, body: { status: 'confirm-drift' } });
      await reachCode(page, standIn);
      await type(page, '123456');
      await page.locator('.message').waitFor();
    },
  },
  {
    name: 'clock',
    open: async (page, standIn) => {
      standIn.answer('POST sign-in/verify', {
        status: 200,
        body: { status: 'done', session, clockOffset: 247 },
      });
      await reachCode(page, standIn);
      await type(page, '123456');
      await page.locator('input[name=code]').waitFor({ state: 'detached' });
      await page.locator('button').first().waitFor();
    },
  },
  {
    name: 'other-ways',
    open: async (page, standIn) => {
      await reachCode(page, standIn);
      await page.locator('.plain.link').click();
      await page.locator('input[name=code]').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'recovery-code',
    open: async (page, standIn) => {
      await reachCode(page, standIn);
      await page.locator('.plain.link').click();
      await page.locator('.actions button').first().click();
      await page.locator('input[name=recovery-code]').waitFor();
    },
  },
  {
    name: 'locked',
    open: async (page, standIn) => {
      standIn.answer('POST sign-in', { status: 429, body: { code: 'locked' }, retryAfter: 899 });
      await enterPassword(page, standIn);
      await page.getByRole('timer').waitFor();
    },
  },
  { name: 'enrol', open: reachEnrolment },
  { name: 'ticket', open: reachTicket },
  {
    name: 'ticket-wrong',
    open: async (page, standIn) => {
      await reachTicket(page, standIn);
      await page.locator('input[name=ticket]').fill('K7QM-2XHD-9RTB-4WPF');
      await page.locator('button[type=submit]').click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'recovery-codes',
    open: async (page, standIn) => {
      standIn.answer('POST enrol/verify', { status: 200, body: { status: 'done', session, recoveryCodes } });
      await reachEnrolment(page, standIn);
      await type(page, '123456');
      await page.locator('.codes').waitFor();
    },
  },
  {
    name: 'change-password',
    open: async (page, standIn) => {
      standIn.begin('sign-in', { minimumPasswordLength: 10 });
      standIn.answer('POST sign-in/verify', { status: 200, body: { status: 'change-password' } });
      await reachCode(page, standIn);
      await type(page, '123456');
      await page.locator('input[name=password]').waitFor();
    },
  },
  {
    name: 'owner',
    open: async (page, standIn) => {
      standIn.begin('owner', { minimumPasswordLength: 12 });
      await page.goto(`${standIn.origin}/.sallyport/owner#s3cr3t-ticket`);
      await page.locator('input[name=username]').waitFor();
    },
  },
  {
    name: 'recover',
    open: async (page, standIn) => {
      standIn.begin('recover', { minimumPasswordLength: 10 });
      await page.goto(`${standIn.origin}/.sallyport/recover#s3cr3t-ticket/olive`);
      await page.locator('input[name=password]').waitFor();
    },
  },
  {
    name: 'launcher',
    open: async (page, standIn) => {
      standIn.answer('GET session', { status: 200, body: session });
      await page.goto(`${standIn.origin}/.sallyport/`);
      await page.locator('.doors').waitFor();
    },
  },
  { name: 'account', open: openAccount },
  {
    name: 'account-remove',
    open: async (page, standIn) => {
      await openAccount(page, standIn);
      await page.locator('section .plain').first().click();
      await page.locator('input[name=code]').waitFor();
    },
  },
  {
    name: 'account-add',
    open: async (page, standIn) => {
      standIn.answer('POST account/app', { status: 200, body: appSetup });
      await openAccount(page, standIn);
      await page.locator('section button.mantine-Button-root').first().click();
      await type(page, '123456');
      await page.locator('.key').waitFor();
    },
  },
  {
    name: 'account-password',
    open: async (page, standIn) => {
      await openAccount(page, standIn);
      await page.locator('section[aria-labelledby=password] button').click();
      await page.locator('input[name=next]').waitFor();
    },
  },
  {
    name: 'account-everywhere',
    open: async (page, standIn) => {
      await openAccount(page, standIn);
      await page.locator('.grave').click();
      await page.locator('form').waitFor();
    },
  },
  {
    name: 'account-end',
    open: async (page, standIn) => {
      await openAccount(page, standIn);
      await page.locator('section[aria-labelledby=sessions] .plain').click();
      await page.locator('form').waitFor();
    },
  },
  {
    name: 'sign-out',
    open: async (page, standIn) => {
      await page.goto(`${standIn.origin}/.sallyport/sign-out`);
      await page.locator('form').waitFor();
    },
  },
  {
    name: 'sign-out-done',
    open: async (page, standIn) => {
      standIn.answer('DELETE session', { status: 204 });
      await page.goto(`${standIn.origin}/.sallyport/sign-out`);
      await page.locator('button[type=submit]').click();
      await page.locator('a.button').waitFor();
    },
  },
];

const plain: readonly Scene[] = (Object.keys(plainPages) as PlainPageKind[]).map((kind) => ({
  name: `plain-${kind}`,
  open: (page, standIn) => page.goto(`${standIn.origin}/.sallyport/plain/${kind}`),
}));

/** Every page that people see. */
export const scenes: readonly Scene[] = [...drawn, ...plain];
