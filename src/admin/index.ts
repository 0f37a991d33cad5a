/** Answers administrators: the JSON API of administration, and the console's pages that speak it. */
export { type Admin, type AdminOptions, createAdmin } from './admin.ts';
export type { AdminCall } from './admin-call.ts';
export type { Caller, Grant, Permission } from './authorise.ts';
export { type ConsolePagesOptions, createConsolePages } from './console-page.ts';
export type * from './console-state.ts';
export { type MeAnswer, type MeParts, meCalls } from './me-calls.ts';
export {
  type EmailSenderAnswer,
  type EmailSenderBody,
  type MessagesParts,
  messagesCalls,
  type SmsSenderAnswer,
  type SmsSenderBody,
  type TestMessageAnswer,
} from './messages-calls.ts';
export {
  type SettingChangeShape,
  type SettingShape,
  type SettingsAnswer,
  type SettingsParts,
  type SettingsPatch,
  type SettingsPreviewAnswer,
  settingsCalls,
} from './settings-calls.ts';
export type { ConsoleRoles, ConsoleSessions, ConsoleTokens, Visit } from './visits.ts';
