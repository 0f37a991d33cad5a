export type SecondFactorMethod = 'app' | 'sms' | 'email';

/** Run-time settings of one subscription; units in the names' comments, ranges in `settings-schema.ts`. */
export type Settings = {
  readonly enabled: boolean;
  readonly methods: readonly SecondFactorMethod[];
  /** 30-second steps. */
  readonly discrepancy: number;
  /** 30-second steps. */
  readonly driftTolerance: number;
  readonly issuer: string;
  /** Minutes. */
  readonly validityAfterFirstSession: number;
  readonly countFrom: 'first-session' | 'last-session';
  /** Seconds. */
  readonly validityBeforeFirstSession: number;
  readonly digits: number;
  readonly smsMessage: string;
  /** Minutes. */
  readonly codeLifespan: number;
  readonly closeAtExpiry: boolean;
  readonly unlistedUsers: 'allow' | 'deny';
  /** What logons to application servers by RDP or SSH need of users who are enabled. */
  readonly rdpLogon: 'deny' | 'on-request' | 'after-verification';
  /** `open`, `ticket`, or the number of days after being enabled. */
  readonly enrolment: 'open' | 'ticket' | { readonly days: number };
  readonly helpdesk: string;
};

/** What other rooms need of settings: the values in force now, read from memory. */
export interface SettingsReader {
  current(subscription: string): Settings;
  /** Calls back after any change, at once and on every replica within a second. Returns how to stop. */
  onChange(listener: (subscription: string) => void): () => void;
}
