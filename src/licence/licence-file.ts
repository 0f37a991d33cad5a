import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { z } from 'zod';
import { readSerialNumber } from './serial-number.ts';

/** What a distributor has sold. Times in Unix milliseconds. */
export type LicenceTerms = {
  /** Of the one installation it is for. */
  readonly serial: string;
  /** How many users may be enabled. */
  readonly users: number;
  readonly edition: string;
  readonly until: number;
  readonly issuedAt: number;
};

/** Why a file is not the licence of this installation. */
export type LicenceFault = 'malformed' | 'signature' | 'serial' | 'expired';

/** JWS (RFC 7515), EdDSA with Ed25519 alone (RFC 8037), with a type of its own (RFC 8725 section 3.11). */
const header = Buffer.from('{"alg":"EdDSA","typ":"sallyport-licence"}').toString('base64url');
/** Characters. */
const longest = 4_096;
/** What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410 section 4). */
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

const claims = z.strictObject({
  serial: z.string().max(32),
  users: z.int().min(1).max(10_000_000),
  edition: z.string().min(1).max(64),
  exp: z.int().positive(),
  iat: z.int().positive(),
});

/** Signs a licence with the distributor's private key (PEM, PKCS #8, Ed25519). Throws what `createPrivateKey` throws, and `RangeError` for terms that are none. */
export function issueLicence(terms: LicenceTerms, privateKey: string): string {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyType !== 'ed25519') throw new RangeError('not an Ed25519 key');
  const { serial, users, edition, until, issuedAt } = terms;
  const payload = claims.safeParse({
    serial: readSerialNumber(serial),
    users,
    edition,
    exp: Math.floor(until / 1000),
    iat: Math.floor(issuedAt / 1000),
  });
  if (!payload.success) throw new RangeError(payload.error.issues[0]?.path.join('.') ?? 'terms');
  const signed = `${header}.${Buffer.from(JSON.stringify(payload.data)).toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

/** What a file says that the distributor has signed; or why it is worth nothing. Says nothing of the installation it is for. */
export function readLicence(file: string, publicKey: string): LicenceTerms | LicenceFault {
  const text = file.trim();
  if (text.length > longest) return 'malformed';
  const [head, body = '', signature = '', ...more] = text.split('.');
  // The one header there is: no other algorithm, no key from the file itself.
  if (head !== header || more.length > 0) return 'malformed';
  const key = publicKeyOf(publicKey);
  const bytes = Buffer.from(signature, 'base64url');
  if (key === undefined || bytes.length !== 64) return 'signature';
  if (!verify(null, Buffer.from(`${head}.${body}`), key, bytes)) return 'signature';
  const parsed = claims.safeParse(jsonOf(body));
  if (!parsed.success) return 'malformed';
  const { serial, users, edition, exp, iat } = parsed.data;
  return { serial, users, edition, until: exp * 1000, issuedAt: iat * 1000 };
}

/** A new pair for a distributor: the private key as PEM, the public one as the configuration takes it. */
export function newLicenceKey(): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { privateKey: pem, publicKey: publicKeyFor(pem) };
}

/** The public key, as the configuration takes it, of a private one. Throws what `createPublicKey` throws. */
export function publicKeyFor(privateKey: string): string {
  const der = createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'der' });
  return der.subarray(publicPrefix.length).toString('base64url');
}

function publicKeyOf(text: string): KeyObject | undefined {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 32) return undefined;
  return createPublicKey({ key: Buffer.concat([publicPrefix, bytes]), format: 'der', type: 'spki' });
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
