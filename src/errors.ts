/** Every failure that a person or a client can be told about: its stable code and its HTTP status (RFC 9457 `type`, `status`). */
export const problems = {
  'invalid-request': 400,
  'unsupported-media-type': 415,
  'request-too-large': 413,
  'request-timeout': 408,
  'not-found': 404,
  'method-not-allowed': 405,
  'cross-origin': 403,
  'ambiguous-credentials': 400,
  'bad-target': 400,
  'invalid-credentials': 401,
  'sign-in-required': 401,
  'sign-in-expired': 401,
  'not-assigned': 403,
  'not-allowed': 403,
  'not-administrator': 403,
  'network-not-allowed': 403,
  'fresh-code-required': 403,
  'if-match-required': 428,
  'changed-meanwhile': 412,
  'account-disabled': 403,
  'account-expired': 403,
  'outside-logon-hours': 403,
  'logon-restricted': 403,
  'not-enabled': 403,
  'no-owner-yet': 403,
  'enrolment-closed': 403,
  'ticket-required': 403,
  'method-not-available': 409,
  'wrong-step': 409,
  'already-enrolled': 409,
  'nothing-enrolled': 409,
  'code-malformed': 400,
  'wrong-code': 401,
  'code-already-used': 409,
  'code-expired': 409,
  'code-just-sent': 429,
  'too-many-codes': 429,
  'set-by-administrator': 403,
  locked: 429,
  'too-many-requests': 429,
  'sender-unavailable': 503,
  'invalid-phone-number': 422,
  'invalid-address': 422,
  'country-not-allowed': 422,
  'budget-exhausted': 503,
  'password-too-weak': 400,
  'password-unchanged': 400,
  'wrong-password': 401,
  'last-factor': 409,
  'last-owner': 409,
  'not-local': 409,
  'group-listed': 409,
  'confirmation-required': 409,
  'invalid-ticket': 403,
  'invalid-hand-off': 400,
  'name-taken': 409,
  'unknown-user': 404,
  'unknown-setting': 404,
  'foreign-subscription': 403,
  'licence-expired': 403,
  'licence-exhausted': 403,
  'licence-invalid': 422,
  'licence-off': 409,
  'unknown-subscription': 404,
  'assignment-taken': 409,
  'subscription-not-empty': 409,
  'invalid-setting': 400,
  'invalid-application': 422,
  'invalid-directory': 422,
  'unknown-application': 404,
  'unknown-directory': 404,
  'set-by-file': 409,
  'own-listener': 409,
  conflict: 409,
  'upstream-unreachable': 502,
  'upstream-invalid': 502,
  'no-healthy-server': 503,
  'upstream-timeout': 504,
  'store-unavailable': 503,
  'store-too-new': 503,
  'store-not-initialised': 503,
  'store-in-use': 503,
  'store-may-evict': 503,
  'master-key-missing': 503,
  'master-key-wrong': 503,
  'directory-unavailable': 503,
  'password-file-unusable': 503,
  'address-unusable': 503,
  'certificate-unusable': 503,
  'authority-unusable': 503,
  'shutting-down': 503,
  'service-worker-refused': 403,
  'expectation-failed': 417,
  internal: 500,
} as const;

export type ProblemCode = keyof typeof problems;

export type GatewayErrorOptions = {
  /** Values for the placeholders of the catalogue text `problem.<code>`; public, so never a secret. */
  params?: Record<string, string | number>;
  /** Seconds until another try can succeed; becomes `Retry-After`. */
  retryAfter?: number;
  /** What in particular is wrong with what was sent; public. */
  issues?: readonly { readonly path: string; readonly rule: string }[];
  /** For the log alone; never shown to a client. */
  cause?: unknown;
};

/**
 * The one error class: thrown anywhere, rendered once at the edge. What people read comes from the
 * catalogue under `problem.<code>`; `cause` stays in the log.
 */
export class GatewayError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly params: Readonly<Record<string, string | number>>;
  readonly retryAfter: number | undefined;
  readonly issues: readonly { readonly path: string; readonly rule: string }[] | undefined;

  constructor(code: ProblemCode, options: GatewayErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.status = problems[code];
    this.params = options.params ?? {};
    this.retryAfter = options.retryAfter;
    this.issues = options.issues;
  }
}
