import type { GatedApplication } from '../access/index.ts';
import type { Origin } from '../audit/index.ts';
import type { IssuedToken, SessionRecord } from '../sessions/index.ts';
import type { AccountAnswer, AppSetupAnswer, MethodId, OfferedMethodAnswer } from './answers.ts';
import type { OwnerBody, SignInBody } from './bodies.ts';

/** What the portal needs of other rooms; the composition root supplies it. */

/** Who asks: address and browser for the audit log, and the opaque cookie of a known device. */
export type Visitor = Origin & { readonly device?: string };

/** An application as people know it. */
export type PortalApplication = GatedApplication & {
  /** What people call it. */
  readonly title: string;
  /** Absolute: the origin of its host and its path. */
  readonly url: string;
};

/** Where a procedure stands after a step. A `pending` replaces the one before. */
export type Step =
  | {
      readonly status: 'verify';
      readonly pending: IssuedToken;
      readonly methods: readonly OfferedMethodAnswer[];
      readonly default: MethodId;
    }
  | {
      readonly status: 'enrol';
      readonly pending: IssuedToken;
      readonly methods: readonly OfferedMethodAnswer[];
    }
  | { readonly status: 'change-password'; readonly pending?: IssuedToken }
  | { readonly status: 'confirm-drift' }
  | {
      readonly status: 'done';
      readonly session: SessionRecord;
      readonly issued: IssuedToken;
      /** The cookie of the device that has just become known. */
      readonly device?: IssuedToken;
      readonly returnTo?: string;
      readonly recoveryCodes?: readonly string[];
      /** Seconds the device is ahead, when that was just proven. */
      readonly clockOffset?: number;
    };

/** The sign-in procedure. `pending` is a pending token as it came; every failure is a GatewayError. */
export interface SignInProcedure {
  begin(body: Omit<SignInBody, 'deliver'>, visitor: Visitor): Promise<Step>;
  verify(
    pending: string,
    proof: { readonly method: MethodId; readonly code: string },
    visitor: Visitor,
  ): Promise<Step>;
  changePassword(pending: string, password: string, visitor: Visitor): Promise<Step>;
  beginApp(pending: string, visitor: Visitor): Promise<AppSetup>;
  confirmApp(
    pending: string,
    proof: { readonly code: string; readonly label?: string },
    visitor: Visitor,
  ): Promise<Step>;
}

/** A new app before it is proven. */
export type AppSetup = Omit<AppSetupAnswer, 'qrSvg'>;

export type Proof = { readonly method: MethodId; readonly code: string };

/** What a signed-in user may change of their own account; changes to factors need a code typed now. */
export interface OwnAccount {
  read(session: SessionRecord): Promise<Omit<AccountAnswer, 'sessions'>>;
  beginApp(session: SessionRecord, proof: Proof, visitor: Visitor): Promise<AppSetup>;
  confirmApp(
    session: SessionRecord,
    proof: { readonly code: string; readonly label?: string },
    visitor: Visitor,
  ): Promise<{ readonly status: 'added'; readonly id: string } | { readonly status: 'confirm-drift' }>;
  removeFactor(session: SessionRecord, id: string, proof: Proof, visitor: Visitor): Promise<void>;
  renewRecoveryCodes(session: SessionRecord, proof: Proof, visitor: Visitor): Promise<readonly string[]>;
  changePassword(session: SessionRecord, current: string, next: string, visitor: Visitor): Promise<void>;
}

/** The way the first owner comes to be. */
export interface OwnerSetup {
  exists(): Promise<boolean>;
  create(body: OwnerBody, visitor: Visitor): Promise<Step>;
}

/** Sessions as their own users see and end them. */
export interface OwnSessions {
  /** The live session that a token for `audience` (an origin) names; asks the store. */
  find(token: string, audience: string): Promise<SessionRecord | undefined>;
  list(session: SessionRecord): Promise<readonly SessionRecord[]>;
  revoke(session: SessionRecord, reason: 'sign-out'): Promise<void>;
  /** Voids the user's known devices as well. */
  revokeAll(session: SessionRecord): Promise<void>;
  /** When a session can no longer open anything, Unix milliseconds. */
  endsAt(session: SessionRecord): number;
}

/** One sign-in for several hosts: both sides of the hand-off. */
export interface HandOffs {
  /** For an application host: the nonce cookie's value, and its challenge for the portal. */
  begin(): { readonly nonce: string; readonly challenge: string };
  /** At the portal: a one-time code bound to session, host and challenge, good for 60 seconds. */
  issue(
    session: SessionRecord,
    wish: { readonly host: string; readonly challenge: string; readonly returnTo: string },
  ): Promise<string>;
  /** At the application host: consumes the code. Rejects with `invalid-hand-off`. */
  redeem(
    code: string,
    at: { readonly host: string; readonly origin: string; readonly nonce: string },
  ): Promise<IssuedToken & { readonly shared: boolean; readonly returnTo: string }>;
}

/** Where unexpected failures go; never what a client sent. */
export interface FailureLog {
  error(fields: { readonly err: unknown; readonly path?: string }, message: string): void;
}
