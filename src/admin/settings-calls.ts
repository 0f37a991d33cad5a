import { z } from 'zod';
import { previewSettings } from '../access/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import {
  type SettingKey,
  type SettingsService,
  type SettingView,
  settingHistory,
  settingKeys,
} from '../settings/index.ts';
import type { Store } from '../storage/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { pageOf, pageQuery } from './paging.ts';

export type SettingsParts = {
  readonly settings: Pick<SettingsService, 'read' | 'update' | 'draft'>;
  readonly store: Pick<Store, 'read'>;
  readonly catalogue: Pick<Catalogue, 'text'>;
  /** What people call the user or program behind an actor of the audit log. */
  nameOf(actor: string): Promise<string | undefined>;
};

const settingKey = z.enum(settingKeys as readonly [SettingKey, ...SettingKey[]]);
const units = ['switch', 'set', 'steps', 'text', 'minutes', 'seconds', 'choice', 'digits'] as const;

export const settingShape = z.object({
  key: settingKey,
  title: z.string(),
  help: z.string().describe('What it means, in the language that the caller asked for'),
  unit: z.enum(units),
  range: z.string().describe('What is allowed, in words and numbers'),
  minimum: z.int().optional().describe('Of numbers the least value, of texts the least number of characters'),
  maximum: z.int().optional(),
  choices: z.array(z.string()).optional(),
  value: z.unknown().describe('As a change takes it: a number, a switch, a text, a list'),
  text: z.string().describe('The same as the command line takes it'),
  default: z.unknown(),
  defaultText: z.string(),
  unreadable: z.boolean().describe('What is stored cannot be read: the strictest value is in force instead'),
});
export type SettingShape = z.infer<typeof settingShape>;

export const settingsAnswer = z.object({ items: z.array(settingShape) });
export type SettingsAnswer = z.infer<typeof settingsAnswer>;

export const settingsPatch = z
  .partialRecord(settingKey, z.unknown())
  .describe('New values by key; null puts a setting back to its default');
export type SettingsPatch = z.infer<typeof settingsPatch>;

export const settingChangeShape = z.object({
  at: z.iso.datetime(),
  key: z.string(),
  from: z.string(),
  to: z.string(),
  actor: z.string(),
  name: z.string().optional().describe('What people call whoever it was'),
});
export type SettingChangeShape = z.infer<typeof settingChangeShape>;

const probability = z.object({ tries: z.int(), probability: z.number() });

export const settingsPreview = z.object({
  app: z.object({ label: z.string(), uri: z.string() }),
  sms: z.object({
    text: z.string(),
    encoding: z.enum(['GSM-7', 'UCS-2']),
    units: z.int(),
    segments: z.int(),
    costly: z.array(z.string()).describe('Characters that the SMS alphabet does not have'),
  }),
  acceptable: z
    .object({ alone: z.int(), withNextCode: z.int() })
    .describe('Seconds before and after its own 30 seconds that a code of an app is good'),
  odds: z
    .object({ chances: z.int(), day: probability, month: probability, monthSetBack: probability })
    .describe(
      'That somebody who has the password guesses a code; 30 days once with the count left alone, once set back daily',
    ),
  wideOpen: z.boolean().describe('The drift guard is switched off although the window is wide'),
});
export type SettingsPreviewAnswer = z.infer<typeof settingsPreview>;

const typed = z.string().max(1_000).optional();
const previewQuery = z.object(
  Object.fromEntries(settingKeys.map((key) => [key, typed])) as Record<SettingKey, typeof typed>,
);

/** The run-time settings of a subscription. */
export function settingsCalls({ settings, store, catalogue, nameOf }: SettingsParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/settings',
      summary: 'Every setting with its value, default, range and meaning.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: settingsAnswer },
      problems: [],
      async handle({ subscription, language }) {
        const { version, settings: values, defaults, views } = await settings.read(subscription);
        const items = views.map((view) => ({
          ...rowOf(view),
          title: catalogue.text(language, `settings.${view.key}.title`),
          help: catalogue.text(language, `settings.${view.key}.help`),
          value: values[view.key],
          default: defaults[view.key],
        }));
        return { body: { items }, etag: version };
      },
    }),
    adminCall({
      method: 'patch',
      path: 'api/v1/admin/settings',
      summary: 'Changes settings, all or none; null puts one back to its default.',
      may: 'administer',
      scope: 'subscription',
      body: settingsPatch,
      conditional: true,
      answer: { status: 204 },
      problems: ['invalid-setting', 'unknown-setting'],
      async handle({ subscription, body, caller, ifMatch }) {
        await settings.update(subscription, body, caller.actor, ifMatch);
        return { etag: (await settings.read(subscription)).version };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/settings/history',
      summary: 'Who changed what when, newest first.',
      may: 'see',
      scope: 'subscription',
      query: z.object({ ...pageQuery, key: settingKey.optional() }),
      answer: { status: 200, schema: pageOf(settingChangeShape) },
      problems: [],
      async handle({ subscription, query }) {
        const { items, next } = await settingHistory(store, subscription, query);
        const actors = [...new Set(items.map(({ actor }) => actor))];
        const names = new Map(
          await Promise.all(actors.map(async (actor) => [actor, await nameOf(actor)] as const)),
        );
        const told = items.map((item) => {
          const name = names.get(item.actor);
          return {
            ...item,
            at: new Date(item.at).toISOString(),
            ...(name === undefined ? {} : { name }),
          };
        });
        return { body: { items: told, ...(next === undefined ? {} : { next }) } };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/settings/preview',
      summary:
        'What settings come to, with those named in the query as the command line takes them: entries in apps, SMS, odds of guessing.',
      may: 'see',
      scope: 'subscription',
      query: previewQuery,
      answer: { status: 200, schema: settingsPreview },
      problems: ['invalid-setting'],
      async handle({ subscription, query, caller }) {
        const named = Object.fromEntries(
          Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
        );
        return { body: previewSettings(settings.draft(subscription, named), caller.name) };
      },
    }),
  ];
}

const rowOf = ({ key, unit, range, bounds, choices, value, default: standard, unreadable }: SettingView) => ({
  key,
  unit,
  range,
  ...bounds,
  ...(choices === undefined ? {} : { choices }),
  text: value,
  defaultText: standard,
  unreadable,
});
