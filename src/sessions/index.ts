/** Is the 2FA session: its pure life cycle, signed tokens, stored records, and revocation. */
export { deadline, isFurther, judge, latestEnd, type Validity, validityOf } from './lifecycle.ts';
export type * from './session.ts';
export type { SessionSearch } from './session-search.ts';
export {
  type Grant,
  isPasswordOnly,
  type Opening,
  type Renewal,
  type Revocation,
  referenceTo,
  type SessionReference,
  Sessions,
} from './sessions.ts';
export { SigningKeys, type TokenPurpose } from './signing-keys.ts';
export { apiTokenBeginning, claimsToBeOurs, issuedBeginning, maximumTokenLength } from './token-shape.ts';
export { type IssuedToken, type TokenClaims, Tokens, type TokenVerdict } from './tokens.ts';
