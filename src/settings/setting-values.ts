import { GatewayError } from '../errors.ts';
import type { Settings } from './settings.ts';
import {
  isSettingKey,
  type SettingKey,
  type SettingRow,
  settingKeys,
  settingRows,
} from './settings-schema.ts';

/** What is stored of a subscription: only what somebody changed. */
export type StoredSettings = { readonly [key: string]: unknown };

type Patch = Partial<Settings>;

/** The row of a key, seen without its type of value; the row's own schema judges whatever goes in. */
const rowOf = (key: SettingKey): SettingRow<unknown> => settingRows[key] as SettingRow<unknown>;

/** The values in force, and the keys whose stored value could not be read and is replaced by its shut one. */
export function readSettings(
  stored: unknown,
  serverName: string,
): { settings: Settings; unreadable: readonly SettingKey[] } {
  const whole = stored === undefined ? {} : stored;
  const readable = typeof whole === 'object' && whole !== null && !Array.isArray(whole);
  const unreadable: SettingKey[] = [];
  const values = settingKeys.map((key): [SettingKey, unknown] => {
    const row = rowOf(key);
    const standard = row.default(serverName);
    if (readable && !Object.hasOwn(whole, key)) return [key, standard];
    const parsed = readable ? row.schema.safeParse(Reflect.get(whole, key)) : undefined;
    if (parsed?.success === true) return [key, parsed.data];
    unreadable.push(key);
    return [key, row.shut === 'default' ? standard : row.shut];
  });
  return { settings: Object.freeze(Object.fromEntries(values) as Settings), unreadable };
}

/**
 * The patch as values that may be stored. Throws `unknown-setting` {setting}, or `invalid-setting`
 * {setting, allowed} for the first bad one; then nothing of it may be used.
 */
export function checkPatch(patch: Readonly<Record<string, unknown>>): Patch {
  const checked: [SettingKey, unknown][] = [];
  for (const [key, value] of Object.entries(patch)) {
    if (!isSettingKey(key))
      throw new GatewayError('unknown-setting', { params: { setting: key.slice(0, 64) } });
    const parsed = rowOf(key).schema.safeParse(value);
    if (!parsed.success) {
      throw new GatewayError('invalid-setting', { params: { setting: key, allowed: rowOf(key).range } });
    }
    checked.push([key, parsed.data]);
  }
  return Object.fromEntries(checked) as Patch;
}

/** What was typed for each key (`on`, `3`, `days(14)`, `app, sms`) as a patch. Throws `unknown-setting`. */
export function parsePatch(typed: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(typed).map(([key, text]) => {
      if (!isSettingKey(key)) {
        throw new GatewayError('unknown-setting', { params: { setting: key.slice(0, 64) } });
      }
      return [key, rowOf(key).parse(text)];
    }),
  );
}

/** The value of one key as it can be typed again. */
export const formatSetting = (key: SettingKey, settings: Settings): string =>
  rowOf(key).format(settings[key]);
