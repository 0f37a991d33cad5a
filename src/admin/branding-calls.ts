import { z } from 'zod';
import { type Branding, type Brandings, longestLogo } from '../branding/index.ts';
import { GatewayError } from '../errors.ts';
import { contrast, deriveAccent, palette } from '../http/index.ts';
import type { SettingsService } from '../settings/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';

export type BrandingParts = {
  readonly brandings: Pick<Brandings, 'read' | 'change'>;
  readonly settings: Pick<SettingsService, 'current' | 'update'>;
  /** What people call the site, or the subscription, where branding says nothing. */
  nameOf(subscription: string): string;
  /** The address of a logo. */
  addressOf(hash: string): string;
};

const side = z.object({
  accent: z.string(),
  fill: z.string(),
  hover: z.string(),
  soft: z.string(),
  onFill: z.string(),
  contrast: z.number().describe('Of the accent on the page; 4.5 at least'),
  adjusted: z.boolean().describe('The chosen colour had to give way to be readable'),
});

export const accentAnswer = z.object({ light: side, dark: side });
export type AccentAnswer = z.infer<typeof accentAnswer>;

export const brandingAnswer = z.object({
  name: z.string().optional().describe('Absent: the name of the site'),
  usualName: z.string(),
  accent: z.string().optional(),
  colours: accentAnswer.describe('What pages use, derived from the accent'),
  logo: z.object({ url: z.string(), type: z.enum(['image/png', 'image/svg+xml']) }).optional(),
  helpdesk: z.string().describe('The setting of that name'),
  terms: z
    .object({ text: z.string(), version: z.string(), since: z.iso.datetime() })
    .optional()
    .describe('Shown after both factors; who has not accepted this version is asked before they get in'),
});
export type BrandingAnswer = z.infer<typeof brandingAnswer>;

export const brandingBody = z.strictObject({
  name: z.string().max(200).nullable().optional(),
  accent: z.string().max(20).nullable().optional().describe('#rrggbb'),
  helpdesk: z.string().max(1_000).nullable().optional(),
  terms: z.string().max(30_000).nullable().optional().describe('Plain text; another text is another version'),
  logo: z
    .base64()
    .max(Math.ceil(longestLogo / 3) * 4)
    .nullable()
    .optional()
    .describe('PNG, or SVG without scripts and links, in base64; 64 KB'),
});
export type BrandingBody = z.infer<typeof brandingBody>;

/** How the pages of a subscription look; null takes a field back to how it comes. */
export function brandingCalls({
  brandings,
  settings,
  nameOf,
  addressOf,
}: BrandingParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/branding',
      summary: 'How the pages look, and what users agree to.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: brandingAnswer },
      problems: [],
      async handle({ subscription }) {
        const { branding, version } = await brandings.read(subscription);
        const { helpdesk } = settings.current(subscription);
        return {
          body: answerOf(branding, { usualName: nameOf(subscription), helpdesk, addressOf }),
          etag: version,
        };
      },
    }),
    adminCall({
      method: 'patch',
      path: 'api/v1/admin/branding',
      summary: 'Changes how the pages look; null takes a field back to how it comes.',
      may: 'administer',
      scope: 'subscription',
      body: brandingBody,
      longestBody: 160 * 1024,
      conditional: true,
      answer: { status: 204 },
      problems: ['invalid-setting'],
      async handle({ subscription, body: { helpdesk, logo, ...fields }, caller, ifMatch }) {
        const picture = typeof logo === 'string' ? Buffer.from(logo, 'base64') : logo;
        await brandings.change(subscription, { ...fields, logo: picture }, caller.actor, ifMatch);
        if (helpdesk !== undefined) await settings.update(subscription, { helpdesk }, caller.actor);
        return { etag: (await brandings.read(subscription)).version };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/branding/colours',
      summary: 'What pages would use of an accent colour, in light and dark.',
      may: 'see',
      scope: 'subscription',
      query: z.object({ accent: z.string().max(20) }),
      answer: { status: 200, schema: accentAnswer },
      problems: ['invalid-setting'],
      async handle({ query }) {
        if (!/^#[0-9a-f]{6}$/i.test(query.accent)) {
          throw new GatewayError('invalid-setting', { params: { setting: 'accent', allowed: '#0f5e63' } });
        }
        return { body: coloursOf(query.accent.toLowerCase()) };
      },
    }),
  ];
}

function answerOf(
  { name, accent, logo, terms }: Branding,
  {
    usualName,
    helpdesk,
    addressOf,
  }: {
    readonly usualName: string;
    readonly helpdesk: string;
    readonly addressOf: (hash: string) => string;
  },
): BrandingAnswer {
  return {
    usualName,
    helpdesk,
    ...(name === undefined ? {} : { name }),
    ...(accent === undefined ? {} : { accent }),
    colours: coloursOf(accent ?? palette.light.accent),
    ...(logo === undefined ? {} : { logo: { url: addressOf(logo.hash), type: logo.type } }),
    ...(terms === undefined
      ? {}
      : { terms: { text: terms.text, version: terms.version, since: new Date(terms.since).toISOString() } }),
  };
}

function coloursOf(chosen: string): AccentAnswer {
  const derived = deriveAccent(chosen);
  const of = (which: 'light' | 'dark'): AccentAnswer['light'] => {
    const colours = derived[which];
    return {
      accent: colours.accent,
      fill: colours['accent-fill'],
      hover: colours['accent-hover'],
      soft: colours['accent-soft'],
      onFill: colours['on-accent'],
      contrast: Math.floor(contrast(colours.accent, palette[which].page) * 100) / 100,
      adjusted: derived.adjusted[which],
    };
  };
  return { light: of('light'), dark: of('dark') };
}
