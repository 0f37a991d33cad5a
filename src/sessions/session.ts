import type { Settings } from '../settings/index.ts';

/** How a session was proven (RFC 8176 style): `pwd`, plus `otp`, `sms`, `email`, `recovery`, `bypass`. */
export type AuthenticationMethods = readonly string[];

/** The person a session belongs to, as known when it was granted. */
export type SessionUser = {
  /** `directory:id`, immutable; the `sub` of tokens. */
  readonly key: string;
  /** The name they sign in with. */
  readonly name: string;
  readonly displayName: string;
  readonly directory: string;
  readonly groups: readonly string[];
};

/** Times are Unix milliseconds. The frozen deadlines may only be shortened by later settings. */
export type SessionState =
  | {
      readonly name: 'granted';
      /** T0. */
      readonly grantedAt: number;
      readonly opensUntil: number;
      /** Milliseconds; frozen at grant, as is `countFrom`. */
      readonly validityAfter: number;
      readonly countFrom: Settings['countFrom'];
    }
  | {
      readonly name: 'active';
      /** T1; a renewal sets it anew. */
      readonly firstSessionAt: number;
      readonly lastSessionAt: number;
      readonly endsAt: number;
      /** Milliseconds. */
      readonly validityAfter: number;
      readonly countFrom: Settings['countFrom'];
    }
  | { readonly name: 'expired'; readonly at: number }
  | { readonly name: 'revoked'; readonly at: number; readonly reason: string };

/** The stored record of a 2FA session, keyed `subscription/user key/session id`. */
export type SessionRecord = {
  readonly id: string;
  readonly subscription: string;
  readonly user: SessionUser;
  readonly amr: AuthenticationMethods;
  /** T0: when the second factor was validated last, Unix milliseconds. */
  readonly verifiedAt: number;
  /** When a second factor was proven anew in the middle of it: from then on it can outlive its tokens. */
  readonly renewedAt?: number;
  readonly state: SessionState;
  readonly shared: boolean;
  readonly address: string;
  readonly browser: string;
};
