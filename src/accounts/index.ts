/** Knows the users, their groups, who is enabled for two factors, and what each has enrolled. */
export type * from './account.ts';
export {
  type AdministrationParts,
  type AdministratorRoles,
  needsConfirmation,
  type SessionEnder,
} from './administration-parts.ts';
export {
  type BypassWish,
  bypassHash,
  bypassLetters,
  bypassLifetime,
  type IssuedBypass,
  isOpen,
  issueBypass,
  withdrawBypass,
} from './bypass-codes.ts';
export { type BypassExpiryParts, endBypassCodes, watchBypassCodes } from './bypass-expiry.ts';
export {
  changeMembership,
  deleteAccount,
  describeAccount,
  disableAccount,
  editAccount,
  enableAccount,
  forgetGoneAccount,
  renameAccount,
} from './change-account.ts';
export { createGroup, deleteGroup, type GroupParts } from './change-group.ts';
export {
  confirmTakingOff,
  type EnableWish,
  enable,
  exempt,
  takeOffList,
  undoTakeOff,
  usersLeavingWith,
} from './change-list.ts';
export { type Warning, type WarningCode, Warnings } from './collect-warnings.ts';
export { byteOrderMark, type CsvRow, formatCsvRow, parseCsv } from './csv.ts';
export {
  contentsOf,
  deleteSubscription,
  isEmpty,
  type SubscriptionContents,
  type SubscriptionDeletionParts,
} from './delete-subscription.ts';
export {
  type Destinations,
  EnabledList,
  type EnabledListOptions,
  everyone,
  isSubject,
  subjectOfGroup,
  subjectOfUser,
  type VersionedEntry,
} from './enabled-list.ts';
export { EnabledUsers, type Newcomers } from './enabled-users.ts';
export { ticketHash } from './enrolment-tickets.ts';
export { enrolmentsOf, isEnrolled } from './enrolments.ts';
export { watchExemptions } from './exemption-watch.ts';
export { type ExportColumn, type ExportedUser, exportUsers } from './export-users.ts';
export { FactorDocuments, type FactorsDocument, noFactors } from './factor-documents.ts';
export { foldName, foldTerm, isName } from './fold-name.ts';
export { Homes } from './homes.ts';
export {
  type ImportChange,
  type ImportParts,
  type ImportPlan,
  type ImportResult,
  importUsers,
  planImport,
} from './import-users.ts';
export { type KnownUser, KnownUsers } from './known-users.ts';
export { type EntriesQuery, listEntries } from './list-entries.ts';
export { type ListedState, listedStates, listStates, type StatesQuery } from './list-states.ts';
export type { ListedUser, ListUsersParts } from './list-users.ts';
export { type LocalGroup, LocalGroups } from './local-groups.ts';
export {
  LocalUsers,
  type LocalUsersOptions,
  localDirectory,
  type NewUser,
  type UserDetails,
} from './local-users.ts';
export { type Listing, type ObligationQuestion, obligation } from './obligation.ts';
export { Obligations } from './obligations.ts';
export { filterPages, joinPages, type PageQuery, type Pages } from './page-through.ts';
export type { PeopleParts } from './people-parts.ts';
export { type PlacedPerson, subscriptionOf } from './place-user.ts';
export {
  confirmedActions,
  type EntryChange,
  type Loss,
  type Preview,
  previewEntries,
  previewUsers,
  type Refused,
  type UserAction,
  warnOfEntry,
} from './preview-changes.ts';
export { isWhitelisted, RdpWhitelist, type WhitelistEntry } from './rdp-whitelist.ts';
export {
  exportColumns,
  type ImportColumn,
  type ImportProblem,
  type ImportProblemCode,
  importColumns,
  importProblemCodes,
} from './read-import.ts';
export { isReadableCode, newReadableCode, readableLetters } from './readable-code.ts';
export { RemovedFactorsArchive, type RemovedFactorsOptions } from './removed-factors.ts';
export { issueTicket, type ResetOptions, type ResetUser, resetFactors } from './reset-factors.ts';
export {
  type FoundGroup,
  type SearchedDirectory,
  type SearchParts,
  type SearchQuery,
  type SearchResult,
  searchGroups,
  searchUsers,
} from './search-people.ts';
export { knownSubjectsOf, type Subject, subjectsOf } from './subjects.ts';
export {
  type Assignment,
  type AssignmentKind,
  assignmentKinds,
  defaultSubscription,
  type Subscription,
  unknownSubscription,
} from './subscription.ts';
export { Subscriptions, type SubscriptionsOptions } from './subscriptions.ts';
export { directoryOf, userKey } from './user-key.ts';
export { type Locks, statesOf, type UserState, type UserStateParts } from './user-state.ts';
