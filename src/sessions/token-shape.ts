import type { TokenPurpose } from './signing-keys.ts';

/** Longer than any token we issue; what is longer is refused unread. Characters. */
export const maximumTokenLength = 3000;

const ours = 'sallyport-';

/** How the API tokens of programs begin; they are no JWS, but as much ours. */
export const apiTokenBeginning = 'spt_';

/** The `typ` of a purpose's tokens (RFC 8725 section 3.11). */
export const tokenType = (purpose: TokenPurpose): string => `${ours}${purpose}+jwt`;

/** Compact JWS with an Ed25519 signature (64 bytes, so 86 characters), in base64url without padding. */
const compact = /^([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{1,2500})\.([A-Za-z0-9_-]{86})$/;

/**
 * The protected header of a token that could be ours: exactly `alg` EdDSA, `typ` and `kid`, each part in its one
 * canonical encoding, so that no two strings are the same token. Undefined for anything else; verifies nothing.
 */
export function readTokenHeader(token: string): { typ: string; kid: string } | undefined {
  if (token.length > maximumTokenLength) return undefined;
  const match = compact.exec(token);
  const header = match?.[1];
  if (match === null || header === undefined) return undefined;
  if (!match.slice(1).every(isCanonical)) return undefined;
  const parsed = parse(header);
  if (parsed === undefined || Object.keys(parsed).length !== 3) return undefined;
  const { alg, typ, kid } = parsed;
  if (alg !== 'EdDSA' || typeof typ !== 'string' || typeof kid !== 'string' || kid.length > 64) {
    return undefined;
  }
  return { typ, kid };
}

/**
 * Whether a bearer token claims to be one of ours, whatever its algorithm and key: then it is judged as ours and
 * never forwarded. Cheap, since applications' own bearer tokens come through here on every request.
 */
export function claimsToBeOurs(token: string): boolean {
  if (token.startsWith(apiTokenBeginning)) return true;
  if (token.includes(issuedBeginning)) return true;
  const dot = token.indexOf('.');
  if (dot < 1 || dot > 1000) return false;
  return Buffer.from(token.slice(0, dot), 'base64url').toString('latin1').toLowerCase().includes(ours);
}

/** How every token that we sign begins; found anywhere in a header, it is one of ours, out of place or not. */
export const issuedBeginning = Buffer.from(`{"alg":"EdDSA","typ":"${ours}`)
  .subarray(0, 30)
  .toString('base64url');

const isCanonical = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

function parse(header: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
