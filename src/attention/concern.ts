/** Everything that can need an administrator. */
export const concernKinds = [
  'two-factors-off',
  'no-local-owner',
  'sender-missing',
  'sender-down',
  'certificate-expiring',
  'certificate-unusable',
  'store-not-persistent',
  'guard-off',
  'clock-off',
  'not-enrolled',
  'lockout-wave',
  'directory-down',
  'server-down',
  'password-known',
] as const;
export type ConcernKind = (typeof concernKinds)[number];

/** One thing that needs somebody. */
export type Concern = {
  readonly kind: ConcernKind;
  /** Which of several: a file, a directory, a server, a user. Never a secret. */
  readonly subject: string;
  /** Whether people are kept from working or a door stands open; otherwise it can wait for tomorrow. */
  readonly serious: boolean;
  /** For the text `attention.<kind>`. */
  readonly params: Readonly<Record<string, string | number>>;
};

/** As it is shown. */
export type ConcernView = Concern & {
  /** When it was first seen, Unix milliseconds; absent: as long as the configuration is as it is. */
  readonly since?: number;
};
