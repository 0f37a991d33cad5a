/** Holds what administrators tune at run time, per subscription: validated, watched, effective within a second. */
export { describeSettings } from './describe-settings.ts';
export { isWideOpen } from './is-wide-open.ts';
export type { ServerDrain } from './server-drain.ts';
export { formatSetting, readSettings } from './setting-values.ts';
export type * from './settings.ts';
export { type SettingChange, settingHistory } from './settings-history.ts';
export { type SettingKey, settingKeys } from './settings-schema.ts';
export {
  type SettingsOptions,
  SettingsService,
  type SettingView,
  type StoredSettingsView,
} from './settings-service.ts';
export {
  type ApplicationChange,
  type ApplicationsFile,
  type ApplicationView,
  type StoredApplication,
  StoredApplications,
} from './stored-applications.ts';
export {
  type KnownDirectory,
  type OpenDirectory,
  StoredDirectories,
  type StoredDirectoryView,
} from './stored-directories.ts';
