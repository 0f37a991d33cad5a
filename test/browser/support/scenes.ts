import type { Page } from 'playwright-core';
import { renderSVG } from 'uqr';
import { type PlainPageKind, plainPages } from '../../../src/portal/plain-pages.ts';
import type { Script, StandIn } from './stand-in.ts';

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
const phone = { id: 'sms', hint: '••• 71' } as const;
const email = { id: 'email', hint: 'a•••@northwind.example' } as const;
/** Somebody who gets codes by SMS, and has another way for when that fails. */
export const verifySms = {
  status: 'verify',
  methods: [{ ...phone, digits: 6 }, { ...email, digits: 6 }, { id: 'app', digits: 6 }, { id: 'recovery' }],
  default: 'sms',
};
/** A code is on its way to `hint`. */
export const sentTo = (hint: string): { status: number; body: object } => ({
  status: 202,
  body: {
    hint,
    resendAfter: 30,
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    expiresAfter: 600,
    digits: 6,
  },
});
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
const renewal = {
  from: ago(0),
  remaining: 780,
  closesRemoteSessions: true,
  methods: [{ id: 'app', digits: 6 }, { id: 'recovery' }, { id: 'bypass' }],
};
const app = { digits: 6, issuer: 'Northwind - Sallyport' };
export const account = {
  user: { name: 'alice', displayName: 'Alice Martin', directory: 'local' },
  apps: [
    { ...app, id: 'one', label: 'Pixel 9', enrolledAt: ago(40 * 24 * hour), lastUsedAt: ago(hour) },
    { ...app, id: 'two', label: 'Old iPhone', enrolledAt: ago(400 * 24 * hour) },
  ],
  addable: [{ id: 'app', digits: 6 }],
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

/** The same person where the site also sends codes. */
export const accountWithSms = {
  ...account,
  apps: account.apps.slice(0, 1),
  phone: {
    ...phone,
    enrolledAt: ago(90 * 24 * hour),
    lastUsedAt: ago(5 * 24 * hour),
    setByAdministrator: false,
  },
  email: { ...email, enrolledAt: ago(30 * 24 * hour), setByAdministrator: true },
  addable: [{ id: 'app', digits: 6 }, { id: 'sms' }],
  methods: [{ id: 'app', digits: 6 }, { ...phone, digits: 6 }, { ...email, digits: 6 }, { id: 'recovery' }],
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

/** The code page of somebody whose code was sent, whatever became of that. */
export async function reachSent(
  page: Page,
  standIn: StandIn,
  method: 'sms' | 'email' = 'sms',
  sent: Script = sentTo(method === 'sms' ? phone.hint : email.hint),
): Promise<void> {
  standIn.answer('POST sign-in', { status: 200, body: { ...verifySms, default: method } });
  standIn.answer('POST sign-in/code', sent);
  await enterPassword(page, standIn);
  await page.locator('input[name=password]').waitFor({ state: 'detached' });
  await page.locator('input[name=code], .message, [role=timer]').first().waitFor();
}

/** The choice of a first way to get codes. */
export async function reachChoice(page: Page, standIn: StandIn): Promise<void> {
  standIn.answer('POST sign-in', {
    status: 200,
    body: { status: 'enrol', methods: [{ id: 'app', digits: 6 }, { id: 'sms' }, email], default: 'app' },
  });
  standIn.answer('POST enrol/app', { status: 200, body: appSetup });
  standIn.answer('POST enrol/sms', sentTo(phone.hint));
  standIn.answer('POST enrol/email', sentTo(email.hint));
  await enterPassword(page, standIn);
  await page.locator('.doors').waitFor();
}

/** Where somebody types the number that codes shall go to. */
export async function reachPhone(page: Page, standIn: StandIn): Promise<void> {
  await reachChoice(page, standIn);
  await page.locator('.doors button').nth(1).click();
  await page.locator('input[name=phone]').waitFor();
}

/** The enrolment page with its key. */
export async function reachEnrolment(page: Page, standIn: StandIn): Promise<void> {
  standIn.answer('POST sign-in', {
    status: 200,
    body: { status: 'enrol', methods: [{ id: 'app' }], default: 'app' },
  });
  standIn.answer('POST enrol/app', { status: 200, body: appSetup });
  await enterPassword(page, standIn);
  await page.locator('input[name=code]').waitFor();
}

/** The page that asks for a ticket before anybody sets up an app. */
export async function reachTicket(page: Page, standIn: StandIn): Promise<void> {
  standIn.answer('POST sign-in', {
    status: 200,
    body: { status: 'enrol', methods: [{ id: 'app' }], default: 'app' },
  });
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

async function openRenew(page: Page, standIn: StandIn, methods: readonly object[]): Promise<void> {
  const body = { ...session, renewal: { ...renewal, methods } };
  standIn.answer('GET session', { status: 200, body });
  await page.goto(`${standIn.origin}/.sallyport/renew`);
  await page.locator('input[name=code]').waitFor();
}

async function openAccount(page: Page, standIn: StandIn, known: object = account): Promise<void> {
  standIn.begin('account', { minimumPasswordLength: 10 });
  standIn.answer('GET account', { status: 200, body: known });
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
  { name: 'code-sms', open: (page, standIn) => reachSent(page, standIn) },
  { name: 'code-email', open: (page, standIn) => reachSent(page, standIn, 'email') },
  {
    name: 'code-sms-wrong',
    open: async (page, standIn) => {
      standIn.answer('POST sign-in/verify', { status: 401, body: { code: 'wrong-code', triesLeft: 3 } });
      await reachSent(page, standIn);
      await type(page, '123456');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'code-sms-expired',
    open: async (page, standIn) => {
      standIn.answer('POST sign-in/verify', { status: 409, body: { code: 'code-expired' } });
      await reachSent(page, standIn);
      await type(page, '123456');
      await page.locator('.message').waitFor();
    },
  },
  {
    name: 'code-sms-unavailable',
    open: (page, standIn) =>
      reachSent(page, standIn, 'sms', { status: 503, body: { code: 'sender-unavailable' } }),
  },
  {
    name: 'code-sms-many',
    open: (page, standIn) =>
      reachSent(page, standIn, 'sms', { status: 429, body: { code: 'too-many-codes' }, retryAfter: 2400 }),
  },
  {
    name: 'code-sms-soon',
    open: (page, standIn) =>
      reachSent(page, standIn, 'sms', { status: 429, body: { code: 'code-just-sent' }, retryAfter: 25 }),
  },
  {
    name: 'other-ways-sms',
    open: async (page, standIn) => {
      await reachSent(page, standIn);
      await page.locator('.plain.link').click();
      await page.locator('input[name=code]').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'bypass-code',
    open: async (page, standIn) => {
      standIn.answer('POST sign-in/verify', { status: 401, body: { code: 'wrong-code', triesLeft: 2 } });
      await reachCode(page, standIn);
      await page.locator('.plain.link').click();
      await page.locator('.actions button').last().click();
      await page.locator('input[name=bypass-code]').fill('K7QM-2XHD');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'enrol-choice', open: reachChoice },
  { name: 'enrol-phone', open: reachPhone },
  {
    name: 'enrol-phone-refused',
    open: async (page, standIn) => {
      await reachPhone(page, standIn);
      standIn.answer('POST enrol/sms', { status: 422, body: { code: 'country-not-allowed' } });
      await page.locator('input[name=phone]').fill('+33 6 12 34 56 71');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'enrol-sms',
    open: async (page, standIn) => {
      await reachPhone(page, standIn);
      await page.locator('input[name=phone]').fill('+33 6 12 34 56 71');
      await page.keyboard.press('Enter');
      await page.locator('input[name=code]').waitFor();
    },
  },
  {
    name: 'lost',
    open: async (page, standIn) => {
      await page.route('**/other-ways-step-*.js', (route) => route.fulfill({ status: 404 }));
      await reachCode(page, standIn);
      await page.locator('.plain.link').click();
      await page.locator('input[name=code]').waitFor({ state: 'detached' });
      await page.locator('.card button').waitFor();
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
      standIn.answer('POST sign-in/verify', {
        status: 200,
        body: { status: 'change-password', needsCurrent: false },
      });
      await reachCode(page, standIn);
      await type(page, '123456');
      await page.locator('input[name=password]').waitFor();
    },
  },
  {
    name: 'expired-password',
    open: async (page, standIn) => {
      standIn.begin('sign-in', {});
      standIn.answer('POST sign-in/verify', {
        status: 200,
        body: { status: 'change-password', needsCurrent: true },
      });
      await reachCode(page, standIn);
      await type(page, '123456');
      await page.locator('input[name=current]').waitFor();
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
  {
    name: 'launcher-desktops',
    open: async (page, standIn) => {
      const desktops = [
        { application: 'ts', title: 'Terminal server', server: 'ts1.corp.example', program: false },
        { application: 'books', title: 'Bookkeeping', server: 'ts2.corp.example', program: true },
      ];
      standIn.answer('GET session', { status: 200, body: { ...session, desktops } });
      standIn.answer('POST rdp/permit', {
        status: 200,
        body: { until: ago(-2 * 60_000), fileName: 'Terminal server.rdp', file: '//5mAA==' },
      });
      await page.goto(`${standIn.origin}/.sallyport/`);
      await page.getByRole('button', { name: /Terminal server/ }).click();
      await page.locator('.message.news').waitFor();
    },
  },
  { name: 'renew', open: (page, standIn) => openRenew(page, standIn, renewal.methods) },
  {
    name: 'renew-other',
    async open(page, standIn) {
      await openRenew(page, standIn, [
        { id: 'app', digits: 6 },
        phone,
        email,
        { id: 'recovery' },
        { id: 'bypass' },
      ]);
      await page.locator('main .link').click();
      await page.locator('main .actions').waitFor();
    },
  },
  {
    name: 'renew-sms',
    async open(page, standIn) {
      standIn.answer('POST session/code', sentTo(phone.hint));
      await openRenew(page, standIn, [{ ...phone, digits: 6 }, { id: 'recovery' }, { id: 'bypass' }]);
    },
  },
  {
    name: 'renew-elsewhere',
    async open(page, standIn) {
      standIn.begin('renew', { other: true });
      standIn.answer('GET session', { status: 200, body: session });
      await page.goto(`${standIn.origin}/.sallyport/renew?session=older`);
      await page.locator('main p').waitFor();
    },
  },
  {
    name: 'renew-done',
    async open(page, standIn) {
      await openRenew(page, standIn, renewal.methods);
      const renewed = { ...session, renewal: { ...renewal, remaining: 8 * 3600 } };
      standIn.answer('POST session/renew', { status: 200, body: { status: 'renewed', session: renewed } });
      await page.locator('input[name=code]').pressSequentially('123456');
      await page.locator('main p[role=status]').waitFor();
    },
  },
  { name: 'account', open: openAccount },
  { name: 'account-sms', open: (page, standIn) => openAccount(page, standIn, accountWithSms) },
  {
    name: 'account-choose',
    open: async (page, standIn) => {
      await openAccount(page, standIn, {
        ...account,
        addable: [{ id: 'app', digits: 6 }, { id: 'sms' }, email],
      });
      await page.locator('section[aria-labelledby=factors] > button').click();
      await page.locator('.doors').waitFor();
    },
  },
  {
    name: 'account-phone',
    open: async (page, standIn) => {
      await openAccount(page, standIn, accountWithSms);
      await page.locator('.entries .plain').nth(1).click();
      await page.locator('input[name=phone]').waitFor();
    },
  },
  {
    name: 'account-confirm',
    open: async (page, standIn) => {
      await openAccount(page, standIn, accountWithSms);
      await page.locator('.entries .plain').first().click();
      await page.locator('.links').waitFor();
    },
  },
  {
    name: 'account-add-sms',
    open: async (page, standIn) => {
      standIn.answer('POST account/sms', sentTo('••• 85'));
      await openAccount(page, standIn, accountWithSms);
      await page.locator('.entries .plain').nth(1).click();
      await page.locator('input[name=phone]').fill('+33 6 12 34 56 85');
      await page.keyboard.press('Enter');
      await type(page, '123456');
      await page.locator('.resend').waitFor();
    },
  },
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
