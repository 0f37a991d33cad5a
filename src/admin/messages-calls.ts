import { z } from 'zod';
import type { Catalogue } from '../catalogue/index.ts';
import {
  addressHint,
  type Delivery,
  DeliveryFailure,
  phoneHint,
  type SenderKind,
  type SenderPatch,
} from '../delivery/index.ts';
import { GatewayError } from '../errors.ts';
import { type AdminCall, adminCall } from './admin-call.ts';

export type MessagesParts = {
  readonly delivery: Pick<
    Delivery,
    'read' | 'change' | 'remove' | 'used' | 'configured' | 'sendSms' | 'sendEmail'
  >;
  readonly catalogue: Pick<Catalogue, 'text'>;
  /** What people call this gateway. */
  readonly serverName: string;
};

const budgets = {
  hourlyBudget: z.int().describe('Messages in any sixty minutes, of the whole subscription'),
  used: z.int().describe('Messages within the last sixty minutes, notices aside'),
};

const shared = z.literal(true).optional().describe('It has none of its own, and uses the one of `default`');

export const smsSenderAnswer = z.object({
  configured: z.boolean(),
  shared,
  sender: z
    .object({
      accountSid: z.string(),
      sender: z.string(),
      countries: z.array(z.string()).describe('Dialling prefixes and countries; empty: all'),
      ...budgets,
      authToken: z.boolean().describe('Whether one is kept; it never comes out'),
    })
    .optional(),
});
export type SmsSenderAnswer = z.infer<typeof smsSenderAnswer>;

export const emailSenderAnswer = z.object({
  configured: z.boolean(),
  shared,
  sender: z
    .object({
      host: z.string(),
      port: z.int(),
      security: z.enum(['starttls', 'tls', 'none']),
      user: z.string().optional(),
      from: z.string(),
      fromName: z.string().optional(),
      ca: z.string().optional(),
      ...budgets,
      password: z.boolean().describe('Whether one is kept; it never comes out'),
    })
    .optional(),
});
export type EmailSenderAnswer = z.infer<typeof emailSenderAnswer>;

const secret = z.string().min(1).max(1_024).optional();

/** What a field may be is judged where senders are kept, and told as `invalid-setting`. */
export const smsSenderBody = z.strictObject({
  accountSid: z.string().max(100).optional(),
  authToken: secret.describe('Left out: the one that is kept, as long as the account stays the same'),
  sender: z.string().max(100).optional(),
  countries: z.array(z.string().max(10)).max(300).optional(),
  hourlyBudget: z.int().optional(),
});

export const emailSenderBody = z.strictObject({
  host: z.string().max(253).optional(),
  port: z.int().optional(),
  security: z.enum(['starttls', 'tls', 'none']).optional(),
  user: z.string().max(256).nullable().optional().describe('null: without signing in'),
  password: secret.describe('Left out: the one that is kept, as long as server and user stay the same'),
  from: z.string().max(320).optional(),
  fromName: z.string().max(100).nullable().optional(),
  ca: z.string().max(65_536).nullable().optional(),
  hourlyBudget: z.int().optional(),
});

export const testMessageBody = z.strictObject({ to: z.string().min(1).max(320) });

export const testMessageAnswer = z.object({
  sent: z.boolean(),
  to: z.string().describe('Masked'),
  reason: z.string().optional().describe('Why not'),
  explanation: z.string().optional().describe('What it means and what to do, in the language asked for'),
  providerError: z.string().optional().describe("The provider's own code"),
  provider: z.string().optional().describe("The provider's own words"),
});
export type TestMessageAnswer = z.infer<typeof testMessageAnswer>;

/** How SMS and email are sent. */
export function messagesCalls(parts: MessagesParts): readonly AdminCall[] {
  const { delivery, catalogue, serverName } = parts;

  const withoutOwn = (subscription: string, kind: SenderKind) => ({
    configured: false,
    ...(delivery.configured(subscription, kind) ? { shared: true } : {}),
  });

  const remove = (kind: SenderKind): AdminCall =>
    adminCall({
      method: 'delete',
      path: `api/v1/admin/messages/${kind}`,
      summary: `Takes the ${kind === 'sms' ? 'SMS' : 'email'} sender away, with its secret.`,
      may: 'administer',
      scope: 'subscription',
      conditional: true,
      answer: { status: 204 },
      problems: [],
      async handle({ subscription, caller, ifMatch }) {
        await delivery.remove(subscription, kind, caller.actor, ifMatch);
        return {};
      },
    });

  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/messages/sms',
      summary: 'How SMS are sent.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: smsSenderAnswer },
      problems: [],
      async handle({ subscription }) {
        const { version, settings, secret: authToken } = await delivery.read(subscription, 'sms');
        if (settings === undefined) return { body: withoutOwn(subscription, 'sms'), etag: version };
        const used = await delivery.used(subscription, 'sms');
        return { body: { configured: true, sender: { ...settings, used, authToken } }, etag: version };
      },
    }),
    adminCall({
      method: 'patch',
      path: 'api/v1/admin/messages/sms',
      summary: 'Sets up or changes how SMS are sent.',
      may: 'administer',
      scope: 'subscription',
      body: smsSenderBody,
      conditional: true,
      answer: { status: 204 },
      problems: ['invalid-setting'],
      async handle({ subscription, body: { authToken, ...fields }, caller, ifMatch }) {
        const patch: SenderPatch<'sms'> = { ...fields, secret: authToken };
        await delivery.change(subscription, 'sms', given(patch), caller.actor, ifMatch);
        return { etag: (await delivery.read(subscription, 'sms')).version };
      },
    }),
    remove('sms'),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/messages/sms/test',
      summary: 'Sends a test message, and explains why it could not be sent.',
      may: 'administer',
      scope: 'subscription',
      body: testMessageBody,
      answer: { status: 200, schema: testMessageAnswer },
      problems: ['invalid-phone-number'],
      async handle({ subscription, body: { to }, language }) {
        const text = catalogue.text(language, 'senders.sms.test.text', { name: serverName });
        const sent = delivery.sendSms({ subscription, to, text, purpose: 'test' });
        return { body: { to: phoneHint(to), ...(await outcome(sent, parts, language)) } };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/messages/email',
      summary: 'How email is sent.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: emailSenderAnswer },
      problems: [],
      async handle({ subscription }) {
        const { version, settings, secret: password } = await delivery.read(subscription, 'email');
        if (settings === undefined) return { body: withoutOwn(subscription, 'email'), etag: version };
        const used = await delivery.used(subscription, 'email');
        return { body: { configured: true, sender: { ...settings, used, password } }, etag: version };
      },
    }),
    adminCall({
      method: 'patch',
      path: 'api/v1/admin/messages/email',
      summary: 'Sets up or changes how email is sent.',
      may: 'administer',
      scope: 'subscription',
      body: emailSenderBody,
      longestBody: 128 * 1024,
      conditional: true,
      answer: { status: 204 },
      problems: ['invalid-setting'],
      async handle({ subscription, body: { password, user, fromName, ca, ...fields }, caller, ifMatch }) {
        const cleared = Object.fromEntries(
          Object.entries({ user, fromName, ca }).flatMap(([field, value]) =>
            value === undefined ? [] : [[field, value ?? undefined]],
          ),
        );
        const patch: SenderPatch<'email'> = { ...given({ ...fields, secret: password }), ...cleared };
        await delivery.change(subscription, 'email', patch, caller.actor, ifMatch);
        return { etag: (await delivery.read(subscription, 'email')).version };
      },
    }),
    remove('email'),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/messages/email/test',
      summary: 'Sends a test mail, and explains why it could not be sent.',
      may: 'administer',
      scope: 'subscription',
      body: testMessageBody,
      answer: { status: 200, schema: testMessageAnswer },
      problems: ['invalid-address'],
      async handle({ subscription, body: { to }, language }) {
        const subject = catalogue.text(language, 'senders.email.test.subject', { name: serverName });
        const text = catalogue.text(language, 'senders.email.test.text', { name: serverName });
        const sent = delivery.sendEmail({ subscription, to, subject, text, purpose: 'test' });
        return { body: { to: addressHint(to), ...(await outcome(sent, parts, language)) } };
      },
    }),
  ];
}

/** Without what was left out, which would otherwise be taken away. */
function given<Patch extends object>(patch: Patch): Patch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Patch;
}

/** What became of a test message. A provider that refuses is an answer, not a problem of ours. */
async function outcome(
  sent: Promise<void>,
  { catalogue }: MessagesParts,
  language: Parameters<Catalogue['text']>[0],
): Promise<Omit<TestMessageAnswer, 'to'>> {
  try {
    await sent;
    return { sent: true };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { cause, code } = error;
    if (cause instanceof DeliveryFailure) {
      return {
        sent: false,
        reason: cause.kind,
        explanation: catalogue.text(language, `senders.failure.${cause.kind}`),
        ...(cause.providerError === undefined ? {} : { providerError: cause.providerError }),
        ...(cause.message === '' ? {} : { provider: cause.message }),
      };
    }
    const ours = {
      'budget-exhausted': ['budget', 'senders.refused.budget'],
      'country-not-allowed': ['country', 'senders.refused.country'],
      'sender-unavailable': ['not-configured', 'senders.nothing'],
    } as const;
    if (!Object.hasOwn(ours, code)) throw error;
    const [reason, key] = ours[code as keyof typeof ours];
    return { sent: false, reason, explanation: catalogue.text(language, key) };
  }
}
