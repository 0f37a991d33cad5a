import type { Actor, Audit, Log } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import {
  changeDocument,
  type Json,
  requireVersion,
  type Store,
  TopicFollower,
  versionTag,
} from '../storage/index.ts';
import {
  checkPatch,
  formatSetting,
  parsePatch,
  readSettings,
  type StoredSettings,
} from './setting-values.ts';
import type { Settings, SettingsReader } from './settings.ts';
import { type SettingKey, type SettingRow, settingKeys, settingRows } from './settings-schema.ts';

export type SettingsOptions = {
  store: Store;
  clock: Clock;
  audit: Audit;
  log: Pick<Log, 'error' | 'warn'>;
  /** What people call this gateway; part of the default issuer. */
  serverName: string;
};

/** One setting as an administrator sees it. Values are as they can be typed. */
export type SettingView = {
  readonly key: SettingKey;
  readonly title: string;
  readonly unit: string;
  readonly range: string;
  /** The least and the most: of a number its value, of a text its characters. */
  readonly bounds?: { readonly minimum: number; readonly maximum: number };
  readonly choices?: readonly string[];
  readonly value: string;
  readonly default: string;
  /** What is stored cannot be read; the strictest value is in force instead. */
  readonly unreadable: boolean;
};

/** The settings of one subscription as they are stored. */
export type StoredSettingsView = {
  /** For `update`. */
  readonly version: string;
  readonly settings: Settings;
  readonly defaults: Settings;
  readonly views: readonly SettingView[];
};

type Held = { settings: Settings; unreadable: readonly SettingKey[] };

const collection = 'settings';
const topic = 'settings';

/**
 * The settings of every subscription, in memory, as stored. Changes are in force when their call returns here,
 * and within a second in every process on the same store; after deafness everything is read again.
 */
export class SettingsService implements SettingsReader {
  readonly #options: SettingsOptions;
  readonly #held = new Map<string, Held>();
  readonly #listeners = new Set<(subscription: string) => void>();
  readonly #defaults: Held;
  readonly #follower: TopicFollower;

  private constructor(options: SettingsOptions) {
    this.#options = options;
    this.#defaults = readSettings(undefined, options.serverName);
    const { store, clock, log } = options;
    this.#follower = new TopicFollower({
      store,
      clock,
      topic,
      read: () => this.#readAll(),
      failed: (error) => log.warn({ error }, 'settings cannot be read; those known so far stay in force'),
    });
  }

  /** Reads all settings and follows their changes. Rejects with `store-unavailable`. */
  static async open(options: SettingsOptions): Promise<SettingsService> {
    const service = new SettingsService(options);
    await service.#follower.start();
    return service;
  }

  current(subscription: string): Settings {
    return (this.#held.get(subscription) ?? this.#defaults).settings;
  }

  onChange(listener: (subscription: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every setting in the order of the documentation. */
  describe(subscription: string): readonly SettingView[] {
    return this.#describe(this.#held.get(subscription) ?? this.#defaults);
  }

  /** The same as it is stored at this moment, with the version that a change can be bound to. */
  async read(subscription: string): Promise<StoredSettingsView> {
    const found = await this.#options.store.get<Json>(collection, subscription);
    const held = readSettings(found?.value, this.#options.serverName);
    return {
      version: versionTag(found?.version),
      settings: held.settings,
      defaults: this.#defaults.settings,
      views: this.#describe(held),
    };
  }

  /**
   * What would be in force with a patch, without storing anything. Throws `unknown-setting` {setting} or
   * `invalid-setting` {setting, allowed}.
   */
  draft(subscription: string, typed: Readonly<Record<string, string>>): Settings {
    return { ...this.current(subscription), ...checkPatch(parsePatch(typed)) };
  }

  /**
   * Changes some settings at once, all or none, and records each change; null puts a setting back to its default.
   * `seen`: the version it is a change of. Resolves to the settings then in force. Rejects with `unknown-setting`
   * {setting}, `invalid-setting` {setting, allowed}, `changed-meanwhile` or `store-unavailable`.
   */
  async update(
    subscription: string,
    patch: Readonly<Record<string, unknown>>,
    actor: Actor,
    seen?: string,
  ): Promise<Settings> {
    const given = Object.entries(patch);
    const cleared = given.flatMap(([key, value]) => (value === null ? [key] : []));
    parsePatch(Object.fromEntries(cleared.map((key) => [key, ''])));
    const checked = checkPatch(Object.fromEntries(given.filter(([, value]) => value !== null)));
    return this.#change(subscription, (stored) => ({ ...without(stored, cleared), ...checked }), actor, seen);
  }

  /** The same for values as a person types them: `on`, `3`, `days(14)`, `app, sms`. */
  async updateTyped(
    subscription: string,
    typed: Readonly<Record<string, string>>,
    actor: Actor,
  ): Promise<Settings> {
    return this.update(subscription, parsePatch(typed), actor);
  }

  /** Puts settings back to their defaults, also later ones. Rejects like `update`. */
  async reset(subscription: string, keys: readonly string[], actor: Actor): Promise<Settings> {
    parsePatch(Object.fromEntries(keys.map((key) => [key, ''])));
    return this.#change(subscription, (stored) => without(stored, keys), actor);
  }

  close(): void {
    this.#follower.close();
    this.#listeners.clear();
  }

  #describe({ settings, unreadable }: Held): readonly SettingView[] {
    return settingKeys.map((key) => ({
      key,
      ...outline(settingRows[key] as SettingRow<unknown>),
      value: formatSetting(key, settings),
      default: formatSetting(key, this.#defaults.settings),
      unreadable: unreadable.includes(key),
    }));
  }

  async #change(
    subscription: string,
    change: (stored: StoredSettings) => StoredSettings,
    actor: Actor,
    seen?: string,
  ): Promise<Settings> {
    const { store, serverName, audit } = this.#options;
    let before = this.#defaults;
    let changed: readonly SettingKey[] = [];
    const value = await changeDocument<Json>(store, { collection, key: subscription }, (found, version) => {
      requireVersion(version, seen);
      before = readSettings(found, serverName);
      const stored = asStored(found, before);
      const next = change(stored);
      const after = readSettings(next, serverName);
      changed = settingKeys.filter(
        (key) => formatSetting(key, before.settings) !== formatSetting(key, after.settings),
      );
      const repaired = before.unreadable.length !== after.unreadable.length;
      const same = changed.length === 0 && !repaired && sameKeys(stored, next);
      if (same) return undefined;
      return { value: next as Json, options: { announce: { topic, message: { subscription } } } };
    });
    const after = readSettings(value, serverName);
    for (const key of changed) {
      const from = formatSetting(key, before.settings);
      audit.record({
        type: 'setting.changed',
        subscription,
        key,
        from,
        to: formatSetting(key, after.settings),
        actor,
      });
    }
    // Read rather than held at once: another change, newer than this one, may be stored by now.
    await this.#follower.refresh();
    if (this.#follower.stale) this.#hold(subscription, after);
    return after.settings;
  }

  async #readAll(): Promise<void> {
    const seen = new Set<string>();
    let after: string | undefined;
    do {
      const page = await this.#options.store.list<Json>(collection, {
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      for (const { key, value } of page.items) {
        seen.add(key);
        this.#hold(key, readSettings(value, this.#options.serverName));
      }
      after = page.next;
    } while (after !== undefined);
    for (const subscription of this.#held.keys()) {
      if (!seen.has(subscription)) this.#hold(subscription, this.#defaults);
    }
  }

  #hold(subscription: string, next: Held): void {
    const before = this.#held.get(subscription) ?? this.#defaults;
    this.#held.set(subscription, next);
    if (next.unreadable.length > 0 && String(next.unreadable) !== String(before.unreadable)) {
      this.#options.log.error(
        { subscription, settings: next.unreadable },
        'stored settings cannot be read; the strictest values are in force until they are set again',
      );
    }
    const same = settingKeys.every(
      (key) => formatSetting(key, before.settings) === formatSetting(key, next.settings),
    );
    if (same) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener(subscription);
      } catch (error) {
        // One that fails must not keep the others from hearing of it.
        this.#options.log.error({ error, subscription }, 'a listener to settings failed');
      }
    }
  }
}

/**
 * What is stored, keys of a newer version included. Of a document that cannot be read at all, the strict values
 * in its place: changing one setting must not put all others back to their defaults.
 */
const asStored = (found: Json | undefined, { settings }: Held): StoredSettings => {
  if (found === undefined) return {};
  return typeof found === 'object' && found !== null && !Array.isArray(found)
    ? { ...found }
    : { ...settings };
};

const outline = ({ title, unit, range, bounds, choices }: SettingRow<unknown>) => ({
  title,
  unit,
  range,
  ...(bounds === undefined ? {} : { bounds }),
  ...(choices === undefined ? {} : { choices }),
});

const without = (stored: StoredSettings, keys: readonly string[]): StoredSettings =>
  Object.fromEntries(Object.entries(stored).filter(([key]) => !keys.includes(key)));

const sameKeys = (one: StoredSettings, other: StoredSettings): boolean =>
  String(Object.keys(one).sort()) === String(Object.keys(other).sort());
