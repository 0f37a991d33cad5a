import { GatewayError } from '../errors.ts';

/** Why a directory does not let an account in although its password may be right. */
export type Restriction =
  | 'disabled'
  | 'expired'
  | 'logon-hours'
  | 'workstation'
  | 'password-expired'
  | 'locked';

/** What a server says to a name and password. */
export type BindAnswer =
  | {
      readonly result: 'accepted' /** The password is right and must be replaced first. */;
      readonly mustChange: boolean;
    }
  | { readonly result: 'refused' }
  /** `locked` is said to right and wrong passwords alike; everything else only to the right one. */
  | { readonly result: 'restricted'; readonly by: Restriction };

/** The numbers that Active Directory adds to "invalid credentials": Windows error codes (MS-ADTS, MS-ERREF section 2.2). */
const windowsErrors: Readonly<Record<string, Restriction>> = {
  '530': 'logon-hours',
  '531': 'workstation',
  '532': 'password-expired',
  '533': 'disabled',
  '701': 'expired',
  '773': 'password-expired',
  '775': 'locked',
};

/** Errors of the password policy control (draft-behera-ldap-password-policy section 6.2). */
const policy = { passwordExpired: 0, accountLocked: 1, changeAfterReset: 2 } as const;

/** Whether an accepted password is good for nothing but its own change. `error`: of the password policy control. */
export const mustChange = (error: number | undefined): boolean => error === policy.changeAfterReset;

/** The result code of an answer (RFC 4511 section 4.1.9); undefined when the error is none. */
export const resultCode = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;

/** RFC 4511 section 4.1.9. */
const invalidCredentials = 49;
const inappropriateAuthentication = 48;
const unwillingToPerform = 53;
const constraintViolation = 19;

/**
 * What the failure of a bind means; undefined when the server didn't answer the question, so that another one may be
 * asked. `policyError`: of the password policy control. Anything that isn't clearly about this account is no answer.
 */
export function bindAnswer(
  error: unknown,
  policyError?: number,
): Exclude<BindAnswer, { result: 'accepted' }> | undefined {
  const code = resultCode(error);
  if (code === invalidCredentials) {
    // OpenLDAP looks at a password's age only once it is right, and at a lock before.
    if (policyError === policy.passwordExpired) return { result: 'restricted', by: 'password-expired' };
    if (policyError === policy.accountLocked) return { result: 'restricted', by: 'locked' };
    const number = /\bdata ([0-9a-f]{1,8})\b/i.exec(error instanceof Error ? error.message : '')?.[1];
    const by = number === undefined ? undefined : windowsErrors[number.toLowerCase()];
    return by === undefined ? { result: 'refused' } : { result: 'restricted', by };
  }
  // Accounts without a password, and servers whose policy forbids this account to bind: not this password's fault.
  if (code === inappropriateAuthentication || code === constraintViolation || code === unwillingToPerform) {
    return { result: 'refused' };
  }
  return undefined;
}

/** Answers about the question, which every other server would give as well (RFC 4511 section 4.1.9). */
const ownAnswers = new Set([
  4, // sizeLimitExceeded
  16, // noSuchAttribute
  19, // constraintViolation
  20, // attributeOrValueExists
  32, // noSuchObject
  34, // invalidDNSyntax
  50, // insufficientAccessRights
  53, // unwillingToPerform
]);

/** Whether asking another server is worth it: anything but an answer to the question itself. */
export const isServerFailure = (error: unknown): boolean => {
  if (error instanceof GatewayError) return false;
  const code = resultCode(error);
  return code === undefined || !ownAnswers.has(code);
};
