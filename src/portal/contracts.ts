import type {
  AccountChanges,
  GatedApplication,
  HandOffs,
  OwnerSetup,
  OwnSessions,
  SessionRenewals,
  SignIn,
} from '../access/index.ts';
import type { Origin } from '../audit/index.ts';
import type { SessionRecord } from '../sessions/index.ts';

/** What the portal needs of other rooms; the composition root supplies it. */

/** An application as people know it. */
export type PortalApplication = GatedApplication & {
  /** What people call it. */
  readonly title: string;
  /** Absolute: the origin of its host and its path. */
  readonly url: string;
};

/** The steps from password to session. */
export type PortalSignIn = Pick<SignIn, keyof SignIn>;

/** What a signed-in user may change of their own account. */
export type PortalAccount = Pick<
  AccountChanges,
  | 'factors'
  | 'beginApp'
  | 'confirmApp'
  | 'sendCode'
  | 'beginSent'
  | 'resendSent'
  | 'confirmSent'
  | 'removeFactor'
  | 'renewRecoveryCodes'
  | 'changePassword'
  | 'signOutEverywhere'
>;

/** The way the first owner comes to be. */
export type PortalOwner = Pick<OwnerSetup, 'exists' | 'create'>;

/** Sessions as their own users see and end them. */
export type PortalSessions = Pick<OwnSessions, 'find' | 'list' | 'revoke' | 'endsAt'>;

/** Keeping a session from ending by a code typed now. */
export type PortalRenewal = Pick<SessionRenewals, 'methods' | 'sendCode' | 'renew'>;

/** One sign-in for several hosts: both sides of the hand-off. */
export type PortalHandOffs = Pick<HandOffs, 'begin' | 'issue' | 'redeem'>;

/** Servers that people reach with an RDP client of their own. */
export interface PortalDesktops {
  /** Those that the user of this session may use. */
  of(session: SessionRecord): readonly {
    readonly application: string;
    readonly title: string;
    readonly server: string;
    readonly program: boolean;
  }[];
  /** Permits one logon. Rejects with `not-found`, `not-assigned`, `invalid-request`, `store-unavailable`. */
  click(
    session: SessionRecord,
    wanted: { readonly application: string; readonly server: string },
    origin: Origin,
  ): Promise<{ readonly until?: number; readonly fileName: string; readonly file: Uint8Array }>;
}

/** Whose pages are shown where, once there are several subscriptions. */
export interface PortalSubscriptions {
  /** The subscription whose host an address leads to; undefined for everybody's. */
  ofPlace(address: string | undefined): string | undefined;
  /** Undefined for `default`, whose pages carry the site's name. */
  nameOf(subscription: string): string | undefined;
}

/** How the pages of a subscription look; what is absent is as it comes. */
export interface PortalLook {
  /** `logo`: an address. `style`: the whole style of a page in other colours. */
  of(subscription: string): {
    readonly name?: string | undefined;
    readonly logo?: string | undefined;
    readonly style?: string | undefined;
  };
  /** The picture of this hash, whosever it is. */
  logo(hash: string): { readonly type: string; readonly bytes: Buffer } | undefined;
}
