/** Decides who gets in: the sign-in procedure, the lockout, roles, and the one gate that everything passes. */

export { AccountChanges, type OwnApp, type OwnFactors } from './account-changes.ts';
export type { Proof } from './account-proof.ts';
export type { OwnDestination, SentWish } from './account-sent-factors.ts';
export {
  Administrators,
  type AdministratorsParts,
  type Granter,
  type Place,
} from './administrators.ts';
export {
  type ApiToken,
  ApiTokens,
  type TokenRole,
  type TokenWish,
  type VerifiedToken,
} from './api-tokens.ts';
export { type Credentials, readCredentials } from './credentials.ts';
export { type CookieNames, cookieNames } from './credentials-cookies.ts';
export { DirectoryLockout } from './directory-lockout.ts';
export {
  type Explanation,
  explainUser,
  type WhyFacts,
  type WhyRule,
  type WhyStep,
  type WhyVerdict,
  whyRules,
} from './explain-user.ts';
export type * from './gate.ts';
export { isAllowed } from './gate-allow.ts';
export { GateKeeper, type GateKeeperOptions, type LiveView } from './gate-keeper.ts';
export { OwnSessions } from './gate-own-sessions.ts';
export type { UserQuestions } from './gate-user.ts';
export { HandOffs } from './hand-off.ts';
export { auditOf } from './in-subscription.ts';
export { KeepSessions } from './keep-sessions.ts';
export { type KnownDestination, knownDestinations } from './known-destinations.ts';
export { type KnownDevice, KnownDevices } from './known-devices.ts';
export { mayActOn, requireMayActOn } from './may-act-on.ts';
export { Notices, type NoticesOptions } from './notices.ts';
export { type GuessingOdds, type OddsRules, oddsOfGuessing } from './odds-of-guessing.ts';
export { type LocalAccounts, OwnerSetup, type OwnerWish } from './owner-setup.ts';
export { type Invitation, type InvitedGrant, type OwnerTicket, OwnerTickets } from './owner-tickets.ts';
export { AccountDrafts } from './pending-account-changes.ts';
export { PendingSignIns } from './pending-sign-ins.ts';
export { type Answerer, type ReplicaAnswers, ReplicaQuestions } from './replica-questions.ts';
export { safeReturnTo } from './return-to.ts';
export { type Role, reaches, roleNames, strongestRole } from './role-rank.ts';
export { type Administrator, type RoleGrant, Roles, type RolesOptions } from './roles.ts';
export { SendAllowance } from './send-allowance.ts';
export { SentCodes } from './sent-codes.ts';
export { type RenewalStep, SessionRenewals } from './session-renewal.ts';
export { previewSettings, type SettingsPreview } from './settings-preview.ts';
export { createSignIn, type SignIn } from './sign-in.ts';
export type { NameAndPassword } from './sign-in-begin.ts';
export { Claims } from './sign-in-claims.ts';
export type { AppSetup } from './sign-in-enrol.ts';
export type { SentSetup } from './sign-in-enrol-sent.ts';
export type {
  DestinationsOf,
  FactorStore,
  FactorsDocument,
  Obligations,
  SessionGranter,
  SignInDirectories,
  SignInParts,
  SignInStep,
  SignInTokens,
  TermsOf,
  Visitor,
} from './sign-in-parts.ts';
export type { CodeSent } from './sign-in-send.ts';
export { Throttle } from './throttle.ts';
export { createNetworkTest } from './throttle-address.ts';
export { forgetDevicesOf, resetUsers, unlockUser } from './user-actions.ts';
export { UserLanguages } from './user-languages.ts';
export { type WatchDirectoryOptions, watchDirectory } from './watch-directory.ts';
export { type Refused, type WhyAnswer, type WhyParts, whyUser } from './why-user.ts';
