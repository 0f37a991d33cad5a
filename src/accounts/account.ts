import type { SecondFactorMethod } from '../settings/index.ts';

/** What a directory says of a user. */
export type DirectoryUser = {
  /** `directory:id`, where the id is the directory's immutable one. */
  readonly key: string;
  readonly directory: string;
  /** Name to sign in with, as the directory spells it. */
  readonly name: string;
  readonly displayName: string;
  /** As the directory has them: of other directories than the local one users can perhaps change them (decision 0022). */
  readonly email?: string;
  readonly phone?: string;
  /** What follows the `@` of the name that their directory has for them besides, where it isn't one of its own names. */
  readonly domain?: string;
  /** Where they belong, filled in by whoever knows the rules; absent: `default`. */
  readonly subscription?: string;
  /** Names of all groups, nested ones included. */
  readonly groups: readonly string[];
  /** False when membership could not be fully determined: then the user counts as enabled. */
  readonly groupsComplete: boolean;
  readonly disabled: boolean;
  /** When this gateway first knew them, Unix milliseconds; absent when the directory cannot tell. */
  readonly createdAt?: number;
};

/** One enrolled authenticator app. Digits and issuer are frozen at enrolment. */
export type AppEnrolment = {
  readonly id: string;
  readonly label: string;
  /** Base32, sealed and bound to this user's document. */
  readonly sealedSecret: string;
  readonly digits: number;
  readonly issuer: string;
  readonly enrolledAt: number;
  readonly lastUsedAt?: number;
  /** Learned drift in 30-second steps: positive when the device is ahead. */
  readonly drift: number;
  /** Unix days on which drift moved alone, and how often on the latest: at most two moves a day. */
  readonly driftMoves?: { readonly day: number; readonly count: number };
};

/** An enrolled phone number or email address. */
export type SentEnrolment = {
  readonly id: string;
  /** What a code has proven: the number (E.164) or the address, sealed and bound to this user's document. */
  readonly sealedTo: string;
  readonly enrolledAt: number;
  readonly lastUsedAt?: number;
};

/** A recovery code as stored: only a hash. */
export type RecoveryCode = { readonly hash: string; readonly usedAt?: number };

/** A helpdesk's code as stored: only a hash. Times in Unix milliseconds. */
export type BypassCode = {
  readonly hash: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly usedAt?: number;
};

/** Everything that can prove one user a second time, in one document so that enrolment and reset are atomic. */
export type Factors = {
  readonly apps: readonly AppEnrolment[];
  readonly recovery: readonly RecoveryCode[];
  /** One at a time: a new one replaces the one before. */
  readonly bypass?: BypassCode;
  readonly phone?: SentEnrolment;
  readonly email?: SentEnrolment;
  /** Set by a reset that asks for a one-time ticket at the next enrolment: its hash. */
  readonly ticketHash?: string;
  /** Had something enrolled when it was emptied, and still counts for the licence. */
  readonly seated?: true;
  /** When an administrator last emptied this document: the days of `enrolment: days(N)` count from here. */
  readonly resetAt?: number;
};

/** An entry of the list of users and groups enabled for 2FA. */
export type EnabledEntry = {
  /** `everyone`, `user:<user key>` or `group:<directory>:<name>`. */
  readonly subject: string;
  readonly mode: 'enabled' | 'exempt';
  readonly since: number;
  readonly method?: SecondFactorMethod;
  /** Where an administrator says that codes go, only of users: sealed and bound to this entry. */
  readonly sealedPhone?: string;
  readonly sealedEmail?: string;
  /** Only of exempt entries. */
  readonly reason?: string;
  /** Unix milliseconds, only of exempt entries. */
  readonly until?: number;
};

/** Why 2FA does or does not apply to a user; `since` is when they became subject to it. */
export type Obligation =
  | {
      readonly required: true;
      readonly rule: 'administrator' | 'user' | 'group' | 'everyone' | 'groups-unknown';
      readonly since: number;
      readonly method: SecondFactorMethod;
    }
  | { readonly required: false; readonly rule: 'switched-off' | 'exempt' | 'not-listed' };
