/** Answers administrators: the JSON API of administration, and the console's pages that speak it. */
export { type Admin, type AdminOptions, createAdmin } from './admin.ts';
export type { AdminCall } from './admin-call.ts';
export {
  type AdministratorShape,
  type AdministratorsParts,
  administratorsCalls,
  type GrantBody,
  type InvitationShape,
  type InvitationsAnswer,
  type InviteBody,
  type InvitedAnswer,
} from './administrators-calls.ts';
export {
  type AddedReceiverAnswer,
  type AlertReceiverBody,
  type AlertReceiverShape,
  type AlertsAnswer,
  type AlertsParts,
  type AlertTestAnswer,
  alertsCalls,
} from './alerts-calls.ts';
export {
  type ApplicationAnswer,
  type ApplicationShape,
  type ApplicationsAnswer,
  type ApplicationsParts,
  type ApplicationTest,
  applicationsCalls,
  describeApplication,
  type ServersAnswer,
  sumUp,
} from './applications-calls.ts';
export {
  type AuditEntryShape,
  type AuditParts,
  type AuditTypesAnswer,
  auditCalls,
  type RetentionShape,
} from './audit-calls.ts';
export type { Caller, Grant, Permission } from './authorise.ts';
export {
  type AccentAnswer,
  type BrandingAnswer,
  type BrandingBody,
  type BrandingParts,
  brandingCalls,
} from './branding-calls.ts';
export { type ConsolePagesOptions, createConsolePages } from './console-page.ts';
export type * from './console-state.ts';
export {
  type DirectoriesAnswer,
  type DirectoriesParts,
  type DirectoryAnswer,
  type DirectoryShape,
  type DirectoryTest,
  directoriesCalls,
} from './directories-calls.ts';
export { type EnabledParts, enabledCalls } from './enabled-calls.ts';
export type * from './enabled-shapes.ts';
export { type GroupsParts, groupsCalls } from './groups-calls.ts';
export type * from './groups-shapes.ts';
export {
  type ConcernShape,
  type HomeAnswer,
  type HomeParts,
  homeCalls,
  type StatisticsAnswer,
} from './home-calls.ts';
export { type ImportCallParts, importCalls } from './import-calls.ts';
export type * from './import-shapes.ts';
export { type LicenceAnswer, type LicenceParts, licenceCalls } from './licence-calls.ts';
export { LiveFeed, type LiveFeedOptions } from './live-feed.ts';
export type { LiveMessage, LiveWish } from './live-watcher.ts';
export { type MeAnswer, type MeParts, meCalls } from './me-calls.ts';
export {
  type EmailSenderAnswer,
  type MessagesParts,
  messagesCalls,
  type SmsSenderAnswer,
  type TestMessageAnswer,
} from './messages-calls.ts';
export type * from './people-shapes.ts';
export { type PickersParts, pickersCalls } from './pickers-calls.ts';
export { type RdpWhitelistParts, rdpWhitelistCalls } from './rdp-whitelist-calls.ts';
export type * from './rdp-whitelist-shapes.ts';
export {
  describeSession,
  type SessionShape,
  type SessionsAnswer,
  type SessionsParts,
  sessionsCalls,
} from './sessions-calls.ts';
export {
  type SettingChangeShape,
  type SettingShape,
  type SettingsAnswer,
  type SettingsParts,
  type SettingsPatch,
  type SettingsPreviewAnswer,
  settingsCalls,
} from './settings-calls.ts';
export {
  type SubscriptionAnswer,
  type SubscriptionShape,
  type SubscriptionsAnswer,
  type SubscriptionsParts,
  subscriptionsCalls,
} from './subscriptions-calls.ts';
export {
  type CreatedTokenAnswer,
  type TokenBody,
  type TokenShape,
  type TokensAnswer,
  type TokensParts,
  tokensCalls,
} from './tokens-calls.ts';
export {
  describeTunnel,
  type TunnelShape,
  type TunnelsAnswer,
  type TunnelsParts,
  type TunnelView,
  tunnelsCalls,
} from './tunnels-calls.ts';
export { type UserActionsParts, userActionsCalls } from './user-actions-calls.ts';
export { type UsersParts, usersCalls } from './users-calls.ts';
export type * from './users-shapes.ts';
export type { ConsoleRoles, ConsoleSessions, ConsoleTokens, Visit } from './visits.ts';
export { type WhyCallParts, type WhyShape, whyCalls } from './why-calls.ts';
