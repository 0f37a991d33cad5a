import { z } from 'zod';
import { type AlertReceivers, type AlertReceiverView, type Alerts, alertKinds } from '../attention/index.ts';
import { type Catalogue, type Language, languages } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import { type AdminCall, adminCall } from './admin-call.ts';

export type AlertsParts = {
  readonly receivers: AlertReceivers;
  readonly alerts: Pick<Alerts, 'test'>;
  readonly catalogue: Pick<Catalogue, 'text'>;
};

const kinds = z.enum(alertKinds);
const channel = z.enum(['email', 'webhook']);
const language = z.enum(languages);

export const alertReceiverShape = z.object({
  id: z.string(),
  name: z.string(),
  channel,
  events: z.array(kinds),
  language,
  hint: z.string().describe('Where to, masked: the first letter and the domain, or scheme and host'),
  addedAt: z.iso.datetime(),
  addedBy: z.string(),
});
export type AlertReceiverShape = z.infer<typeof alertReceiverShape>;

export const alertsAnswer = z.object({
  items: z.array(alertReceiverShape),
  events: z
    .array(z.object({ id: kinds, title: z.string() }))
    .describe('Everything that can be told of, in the language asked for'),
});
export type AlertsAnswer = z.infer<typeof alertsAnswer>;

export const alertReceiverBody = z.strictObject({
  name: z.string().min(1).max(100),
  channel,
  target: z.string().min(1).max(2_048).describe('An email address, or an https address'),
  events: z.array(kinds).min(1).max(20),
  language: language.optional().describe('English unless said'),
  ca: z
    .string()
    .max(65_536)
    .optional()
    .describe('Of webhooks: certificates (PEM) to trust instead of the public authorities'),
});
export type AlertReceiverBody = z.infer<typeof alertReceiverBody>;

export const addedReceiverAnswer = z.object({
  receiver: alertReceiverShape,
  secret: z
    .string()
    .optional()
    .describe('Of webhooks: what bodies are signed with (HMAC-SHA-256); shown this once'),
});
export type AddedReceiverAnswer = z.infer<typeof addedReceiverAnswer>;

export const alertTestAnswer = z.object({
  sent: z.boolean(),
  reason: z.string().optional(),
  explanation: z.string().optional(),
});
export type AlertTestAnswer = z.infer<typeof alertTestAnswer>;

/** Why a test did not arrive, in words. */
function explainAlertFailure(catalogue: Pick<Catalogue, 'text'>, spoken: Language, reason: string): string {
  switch (reason) {
    case 'unreachable':
    case 'no-answer':
    case 'insecure':
    case 'refused':
      return catalogue.text(spoken, `attention.failure.${reason}`);
    default:
      return catalogue.text(spoken, 'attention.failure.other', { reason });
  }
}

/** Who is told of what needs attention. */
export function alertsCalls({ receivers, alerts, catalogue }: AlertsParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/alerts',
      summary: 'Who is told of what.',
      may: 'see',
      scope: 'site',
      answer: { status: 200, schema: alertsAnswer },
      problems: [],
      async handle({ language: spoken }) {
        const items = (await receivers.list()).map(shapeOf);
        const events = alertKinds.map((id) => ({
          id,
          title: catalogue.text(spoken, `attention.kind.${id}`),
        }));
        return { body: { items, events } };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/alerts',
      summary: 'Adds a receiver: an email address, or a webhook that gets signed JSON.',
      may: 'administer',
      scope: 'site',
      body: alertReceiverBody,
      longestBody: 128 * 1024,
      answer: { status: 201, schema: addedReceiverAnswer },
      problems: ['invalid-setting', 'invalid-address'],
      async handle({ body, caller }) {
        const { language: spoken, ca, events, ...wish } = body;
        const { receiver, secret } = await receivers.add(
          {
            ...wish,
            kinds: events,
            ...(spoken === undefined ? {} : { language: spoken }),
            ...(ca === undefined ? {} : { ca }),
          },
          caller.actor,
        );
        return { body: { receiver: shapeOf(receiver), ...(secret === undefined ? {} : { secret }) } };
      },
    }),
    adminCall({
      method: 'delete',
      path: 'api/v1/admin/alerts/:receiver',
      summary: 'Takes a receiver away.',
      may: 'administer',
      scope: 'site',
      answer: { status: 204 },
      problems: ['not-found'],
      async handle({ params, caller }) {
        if (!(await receivers.remove(params.receiver ?? '', caller.actor)))
          throw new GatewayError('not-found');
        return {};
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/alerts/:receiver/test',
      summary: 'Sends a receiver a test, and says whether it arrived.',
      may: 'administer',
      scope: 'site',
      answer: { status: 200, schema: alertTestAnswer },
      problems: ['not-found'],
      async handle({ params, language: spoken }) {
        const receiver = await receivers.open(params.receiver ?? '');
        if (receiver === undefined) throw new GatewayError('not-found');
        const test = await alerts.test(receiver);
        if (test.sent) return { body: { sent: true } };
        const explanation = explainAlertFailure(catalogue, spoken, test.reason);
        return { body: { sent: false, reason: test.reason, explanation } };
      },
    }),
  ];
}

const shapeOf = ({ kinds: events, addedAt, ...receiver }: AlertReceiverView): AlertReceiverShape => ({
  id: receiver.id,
  name: receiver.name,
  channel: receiver.channel,
  events: [...events],
  language: receiver.language,
  hint: receiver.hint,
  addedAt: new Date(addedAt).toISOString(),
  addedBy: receiver.addedBy,
});
