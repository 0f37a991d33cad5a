import { z } from 'zod';
import type { SecondFactorMethod, Settings } from './settings.ts';

export type SettingKey = keyof Settings;

/** One row of the settings (product section 5). */
export type SettingRow<Value> = {
  readonly title: string;
  readonly unit: 'switch' | 'set' | 'steps' | 'text' | 'minutes' | 'seconds' | 'choice' | 'digits';
  /** What is allowed, in words and numbers that need no translation. */
  readonly range: string;
  /** The least and the most: of a number its value, of a text its characters. */
  readonly bounds?: { readonly minimum: number; readonly maximum: number };
  /** What there is to choose from. */
  readonly choices?: readonly string[];
  readonly schema: z.ZodType<Value>;
  /** `serverName`: what people call this gateway. */
  default(serverName: string): Value;
  /** In force while the stored value cannot be read: never weaker than any value it could have been. */
  readonly shut: Value | 'default';
  /** What a person typed, as a value that the schema can judge. */
  parse(text: string): unknown;
  /** The value as it can be typed again. */
  format(value: Value): string;
};

const allMethods: readonly SecondFactorMethod[] = ['app', 'sms', 'email'];
const smsDefault = 'Your %ISSUER% verification code is: %CODE%';

const characters = (text: string): number => [...text].length;
/** Neither control characters nor halves of surrogate pairs: the text ends up in URIs, messages and pages. */
const isPlain = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);

const text = (minimum: number, maximum: number) =>
  z
    .string()
    .trim()
    .refine((value) => isPlain(value) && characters(value) >= minimum && characters(value) <= maximum);

const number = (
  unit: SettingRow<number>['unit'],
  title: string,
  [minimum, maximum]: readonly [number, number],
  standard: number,
  shut: number,
): SettingRow<number> => ({
  title,
  unit,
  range: `${minimum}–${maximum}`,
  bounds: { minimum, maximum },
  schema: z.int().min(minimum).max(maximum),
  default: () => standard,
  shut,
  parse: (typed) => (/^\d{1,9}$/.test(typed.trim()) ? Number(typed) : Number.NaN),
  format: String,
});

const choice = <Value extends string>(
  title: string,
  values: readonly [Value, ...Value[]],
  standard: Value,
  shut: Value,
): SettingRow<Value> => ({
  title,
  unit: 'choice',
  range: values.join(', '),
  choices: values,
  schema: z.enum(values),
  default: () => standard,
  shut,
  parse: (typed) => typed.trim().toLowerCase(),
  format: (value) => value,
});

const toggle = (title: string, standard: boolean, shut: boolean): SettingRow<boolean> => ({
  title,
  unit: 'switch',
  range: 'on, off',
  schema: z.boolean(),
  default: () => standard,
  shut,
  parse: (typed) => ({ on: true, off: false })[typed.trim().toLowerCase()],
  format: (value) => (value ? 'on' : 'off'),
});

const words = (
  title: string,
  { range, least, most }: { readonly range: string; readonly least: number; readonly most: number },
  schema: z.ZodType<string>,
  standard: SettingRow<string>['default'],
): SettingRow<string> => ({
  title,
  unit: 'text',
  range,
  bounds: { minimum: least, maximum: most },
  schema,
  default: standard,
  shut: 'default',
  parse: (typed) => typed,
  format: (value) => value,
});

const methods: SettingRow<readonly SecondFactorMethod[]> = {
  title: 'Methods',
  unit: 'set',
  range: `${allMethods.join(', ')}; at least one`,
  choices: allMethods,
  schema: z
    .array(z.enum(['app', 'sms', 'email']))
    .min(1)
    .max(100)
    .transform((chosen) => allMethods.filter((method) => chosen.includes(method))),
  default: () => allMethods,
  shut: ['app'],
  parse: (typed) =>
    typed
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((word) => word !== ''),
  format: (value) => value.join(', '),
};

const enrolment: SettingRow<Settings['enrolment']> = {
  title: 'Enrolment',
  unit: 'choice',
  range: 'open, days(1–365), ticket',
  choices: ['open', 'days', 'ticket'],
  schema: z.union([z.enum(['open', 'ticket']), z.strictObject({ days: z.int().min(1).max(365) })]),
  default: () => 'open',
  shut: 'ticket',
  parse(typed) {
    const word = typed.trim().toLowerCase();
    const days = /^days\s*\(\s*(\d{1,9})\s*\)$/.exec(word)?.[1];
    return days === undefined ? word : { days: Number(days) };
  },
  format: (value) => (typeof value === 'string' ? value : `days(${value.days})`),
};

const issuerSuffix = ' - Sallyport';

/** `<server name> - Sallyport`, shortened and without colons, so that it always is a valid issuer. */
function defaultIssuer(serverName: string): string {
  const room = 64 - characters(issuerSuffix);
  const plain = serverName
    .toWellFormed()
    .replaceAll(/[\p{Cc}:]/gu, '-')
    .trim();
  const name = [...plain].slice(0, room).join('').trim();
  return name === '' ? 'Sallyport' : `${name}${issuerSuffix}`;
}

/** Every setting of a subscription, in the order of product section 5. */
export const settingRows: { readonly [Key in SettingKey]: SettingRow<Settings[Key]> } = {
  enabled: toggle('Two-factor authentication', true, true),
  methods,
  discrepancy: number('steps', 'Discrepancy', [0, 480], 480, 0),
  driftTolerance: number('steps', 'Drift tolerance', [0, 480], 2, 0),
  issuer: words(
    'Issuer',
    { range: '1–64 characters, no colon', least: 1, most: 64 },
    text(1, 64).refine((value) => !value.includes(':')),
    defaultIssuer,
  ),
  validityAfterFirstSession: number('minutes', 'Validity After First Session', [1, 43_200], 480, 1),
  countFrom: choice('Count from', ['first-session', 'last-session'], 'first-session', 'first-session'),
  validityBeforeFirstSession: number('seconds', 'Validity Before First Session', [30, 86_400], 3_600, 30),
  digits: number('digits', 'Digits', [4, 12], 6, 12),
  smsMessage: words(
    'SMS Verification Code Message',
    { range: '1–480 characters, with %CODE%', least: 1, most: 480 },
    text(1, 480).refine((value) => value.includes('%CODE%')),
    () => smsDefault,
  ),
  codeLifespan: number('minutes', 'Code lifespan', [1, 60], 10, 1),
  closeAtExpiry: toggle('Close remote sessions at expiry', false, true),
  unlistedUsers: choice('Users who are not enabled', ['allow', 'deny'], 'allow', 'deny'),
  rdpLogon: choice('RDP logons', ['deny', 'on-request', 'after-verification'], 'on-request', 'deny'),
  enrolment,
  helpdesk: words(
    'Helpdesk contact',
    { range: '0–200 characters', least: 0, most: 200 },
    text(0, 200),
    () => '',
  ),
};

export const settingKeys = Object.keys(settingRows) as readonly SettingKey[];

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(settingRows, key);
