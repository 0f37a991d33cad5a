import type {
  Destinations,
  DirectoryUser,
  Factors,
  KnownUsers,
  Newcomers,
  Obligation,
} from '../accounts/index.ts';
import type { Audit, Origin } from '../audit/index.ts';
import type { Catalogue, Language } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import type { Senders } from '../delivery/index.ts';
import type { LockoutPolicy, PasswordVerdict } from '../first-factors/index.ts';
import type { Random } from '../random.ts';
import type { MethodId, OfferedMethod, SecondFactor } from '../second-factors/index.ts';
import type { Grant, IssuedToken, SessionRecord, TokenVerdict } from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { Sealer } from '../storage/index.ts';
import type { DirectoryLockout } from './directory-lockout.ts';
import type { KnownDevices } from './known-devices.ts';
import type { OwnerTickets } from './owner-tickets.ts';
import type { PendingSignIns } from './pending-sign-ins.ts';
import type { Roles } from './roles.ts';
import type { SendAllowance } from './send-allowance.ts';
import type { SentCodes } from './sent-codes.ts';
import type { Claims } from './sign-in-claims.ts';
import type { Throttle } from './throttle.ts';

/**
 * Who asks: address and browser for the audit log, the opaque cookie of a known device, and the language that
 * messages to them are written in.
 */
export type Visitor = Origin & { readonly device?: string; readonly language?: Language };

/** Where a procedure stands after a step. A `pending` token replaces the one before. */
export type SignInStep =
  | {
      readonly status: 'verify';
      readonly pending: IssuedToken;
      readonly methods: readonly OfferedMethod[];
      readonly default: MethodId;
    }
  | {
      readonly status: 'enrol';
      readonly pending: IssuedToken;
      readonly methods: readonly OfferedMethod[];
      readonly default: MethodId;
    }
  | {
      readonly status: 'change-password';
      readonly pending?: IssuedToken;
      /** The old password has to be typed once more. */
      readonly needsCurrent: boolean;
    }
  | {
      readonly status: 'accept-terms';
      readonly pending?: IssuedToken;
      readonly version: string;
      readonly text: string;
    }
  | { readonly status: 'confirm-drift' }
  | {
      readonly status: 'done';
      readonly session: SessionRecord;
      readonly issued: IssuedToken;
      /** The cookie of the device that is known from now on. */
      readonly device?: IssuedToken;
      readonly returnTo?: string;
      /** Shown once, after the first enrolment. */
      readonly recoveryCodes?: readonly string[];
      /** Seconds the device is ahead, when a second code has just proven it. */
      readonly clockOffset?: number;
    };

/** All directories as one, as far as signing in needs them. */
export interface SignInDirectories {
  /** The one user that `name` stands for; undefined when there is none. */
  lookUp(name: string): Promise<DirectoryUser | undefined>;
  /** One way to write a typed name, so that a name nobody has is one name however it is typed. */
  bareName(typed: string): string;
  /** Unknown names and wrong passwords: one answer, in the same time. */
  verify(name: string, password: string): Promise<PasswordVerdict>;
  /** When the directory that checks this name's password locks accounts; undefined when it doesn't. */
  lockoutOf(typed: string): Promise<LockoutPolicy | undefined>;
  /** The user as the directory has them now; undefined when gone. */
  find(userKey: string): Promise<DirectoryUser | undefined>;
  /** Whether users of this directory change their password here. */
  canChangePassword(userKey: string): boolean;
  /** Rejects with `wrong-password`, `password-too-weak`, `password-unchanged`. */
  changePassword(userKey: string, current: string, next: string): Promise<void>;
  /** The same for a user. */
  lockoutOfUser(userKey: string): Promise<LockoutPolicy | undefined>;
  /** Whether a password can be replaced without typing the old one again. */
  canReplacePassword(userKey: string): boolean;
  /** Replaces a password that was checked before. Rejects with `password-too-weak`, `password-unchanged`. */
  replacePassword(userKey: string, next: string): Promise<void>;
}

/** Whether two factors are asked of a user, and why. */
export interface Obligations {
  of(subscription: string, user: DirectoryUser, administrator: boolean): Promise<Obligation>;
}

export type FactorsDocument = { readonly factors: Factors; readonly version: number | 'absent' };

/** One document per user, so that enrolment and reset are atomic. */
export interface FactorStore {
  read(subscription: string, user: string): Promise<FactorsDocument>;
  /** Rejects with `conflict` when the document is not at `version` any more. */
  save(subscription: string, user: string, factors: Factors, version: number | 'absent'): Promise<void>;
  /** The record that secrets within the document are sealed to. */
  record(subscription: string, user: string): { collection: string; key: string };
}

export interface SessionGranter {
  grant(grant: Grant): Promise<SessionRecord>;
  revoke(
    reference: { subscription: string; user: string; id: string },
    revocation: { reason: string; actor: string },
  ): Promise<boolean>;
  revokeAll(
    user: { subscription: string; user: string },
    revocation: { reason: string; actor: string },
    only?: (session: SessionRecord) => boolean,
  ): Promise<number>;
}

export interface SignInTokens {
  issuePending(pending: {
    id: string;
    user: string;
    subscription: string;
    expiresAt: number;
  }): Promise<IssuedToken>;
  verifyPending(token: string): Promise<TokenVerdict>;
  issueSession(session: SessionRecord, origin: string): Promise<IssuedToken>;
}

/** Where an administrator says that a user's codes go. */
export interface DestinationsOf {
  of(subscription: string, user: DirectoryUser): Promise<Destinations>;
}

/** Where people and hosts belong, once there are several subscriptions; asked of nobody while there is one. */
export interface SignInSubscriptions {
  /** Where this user, by key, was the last time they signed in, before anything else of them is known. */
  lastOf(user: string): Promise<string>;
  /** Writes down where they are now. Resolves to where they were before when that was elsewhere. */
  arrived(user: DirectoryUser): Promise<string | undefined>;
  /** Undefined for a host, or the place that `returnTo` leads to, which is everybody's. */
  ofPlace(returnTo: string | undefined): string | undefined;
}

/** The terms of a subscription, and who has accepted them. */
export interface TermsOf {
  /** What this user has still to accept. */
  owed(
    subscription: string,
    user: string,
  ): Promise<{ readonly version: string; readonly text: string } | undefined>;
  accept(subscription: string, user: string, version: string): Promise<void>;
}

/** What the steps of the sign-in procedure work with. */
export type SignInParts = {
  /** Whose settings, factors and sessions these steps are about; before the user is known, `default`. */
  readonly subscription: string;
  readonly subscriptions?: SignInSubscriptions;
  /** Whoever has a say in whether somebody new may enrol; absent: nobody. */
  readonly newcomers?: Newcomers | undefined;
  /** `scheme://host[:port]` of the portal, for which session tokens are issued. */
  readonly origin: () => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Audit;
  readonly settings: SettingsReader;
  readonly sealer: Sealer;
  readonly directories: SignInDirectories;
  readonly obligations: Obligations;
  readonly factorStore: FactorStore;
  readonly secondFactors: readonly SecondFactor[];
  readonly destinations: DestinationsOf;
  readonly senders: Senders;
  /** A number as a person types it, in E.164. Rejects with `invalid-phone-number`. */
  readonly parsePhoneNumber: (text: string) => Promise<string>;
  readonly sentCodes: SentCodes;
  readonly sendAllowance: SendAllowance;
  readonly catalogue: Pick<Catalogue, 'text'>;
  readonly sessions: SessionGranter;
  readonly tokens: SignInTokens;
  readonly roles: Roles;
  readonly ownerTickets: OwnerTickets;
  readonly throttle: Throttle;
  readonly directoryLockout: DirectoryLockout;
  readonly devices: KnownDevices;
  /** Whom the pages of administrators list. */
  readonly known: Pick<KnownUsers, 'signedIn' | 'forget'>;
  readonly pendings: PendingSignIns;
  readonly claims: Claims;
  /** What users accept before they get in. Absent: nothing. */
  readonly terms?: TermsOf;
};
