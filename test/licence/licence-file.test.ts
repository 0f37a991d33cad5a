import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  issueLicence,
  type LicenceTerms,
  newLicenceKey,
  publicKeyFor,
  readLicence,
  readSerialNumber,
  serialNumber,
} from '../../src/licence/index.ts';

const day = 86_400_000;
const terms: LicenceTerms = {
  serial: serialNumber('an installation'),
  users: 250,
  edition: 'Standard',
  until: 400 * day,
  issuedAt: 20 * day,
};
const { privateKey, publicKey } = newLicenceKey();
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A JWS as anybody could make one. */
function forged(header: unknown, body: unknown, with_: (signed: string) => Buffer): string {
  const signed = `${encoded(header)}.${encoded(body)}`;
  return `${signed}.${with_(signed).toString('base64url')}`;
}
const header = { alg: 'EdDSA', typ: 'sallyport-licence' };
const body = { serial: terms.serial, users: 9, edition: 'x', exp: 2_000_000_000, iat: 1 };
const byDistributor = (signed: string): Buffer =>
  sign(null, Buffer.from(signed), createPrivateKey(privateKey));

describe('a licence file', () => {
  it('says what the distributor signed, with white space around it or not', () => {
    const file = issueLicence(terms, privateKey);
    assert.deepEqual(readLicence(file, publicKey), terms);
    assert.deepEqual(readLicence(`\n ${file}\r\n`, publicKey), terms);
    assert.equal(publicKeyFor(privateKey), publicKey);
    assert.deepEqual(readLicence(forged(header, body, byDistributor), publicKey), {
      serial: terms.serial,
      users: 9,
      edition: 'x',
      until: 2_000_000_000_000,
      issuedAt: 1000,
    });
  });

  const other = newLicenceKey();
  for (const [what, file, fault] of [
    ['by another key', issueLicence(terms, other.privateKey), 'signature'],
    ['of no algorithm', forged({ ...header, alg: 'none' }, body, () => Buffer.alloc(64)), 'malformed'],
    [
      'by HS256 over the public key',
      forged({ ...header, alg: 'HS256' }, body, (signed) =>
        createHmac('sha256', publicKey).update(signed).digest(),
      ),
      'malformed',
    ],
    [
      'of another type',
      forged({ ...header, typ: 'sallyport-session+jwt' }, body, byDistributor),
      'malformed',
    ],
    ['that brings its own key', forged({ ...header, jwk: {} }, body, byDistributor), 'malformed'],
    ['without a signature', `${encoded(header)}.${encoded(body)}.`, 'signature'],
    ['without users', forged(header, { ...body, users: undefined }, byDistributor), 'malformed'],
    ['for half a user', forged(header, { ...body, users: 0.5 }, byDistributor), 'malformed'],
    ['for nobody', forged(header, { ...body, users: 0 }, byDistributor), 'malformed'],
    ['without an end', forged(header, { ...body, exp: undefined }, byDistributor), 'malformed'],
    ['that says more than it may', forged(header, { ...body, admin: true }, byDistributor), 'malformed'],
    ['that is none', 'hello', 'malformed'],
    ['that is empty', '', 'malformed'],
    ['that is endless', 'a'.repeat(100_000), 'malformed'],
  ] as const) {
    it(`is worth nothing ${what}`, () => assert.equal(readLicence(file, publicKey), fault));
  }

  it('is worth nothing once a bit of it has changed', () => {
    const file = issueLicence(terms, privateKey);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.constantFrom('A', 'b', '0', '_', '.', ' '), (at, letter) => {
        const changed = file.slice(0, at) + letter + file.slice(at + 1);
        const read = readLicence(changed, publicKey);
        // The last letter of base64url has bits that mean nothing.
        if (changed !== file && at < file.length - 1) assert.equal(typeof read, 'string');
      }),
    );
  });

  it('is issued only for a serial number, with an Ed25519 key', () => {
    assert.throws(() => issueLicence({ ...terms, serial: 'AAAA-AAAA-AAAA-A' }, privateKey), RangeError);
    assert.throws(() => issueLicence({ ...terms, users: 0 }, privateKey), RangeError);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const pem = String(rsa.export({ type: 'pkcs8', format: 'pem' }));
    assert.throws(() => issueLicence(terms, pem), RangeError);
  });
});

describe('a serial number', () => {
  it('is the same for the same installation alone, and tells nothing of its id', () => {
    assert.equal(serialNumber('a'), serialNumber('a'));
    assert.notEqual(serialNumber('a'), serialNumber('b'));
    assert.match(
      serialNumber('a'),
      /^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}-[0-9A-HJKMNP-TV-Z]$/,
    );
  });

  it('is read however it is typed', () => {
    const serial = serialNumber('an installation');
    const spoken = serial.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    assert.equal(readSerialNumber(spoken), serial);
    assert.equal(readSerialNumber(''), undefined);
    assert.equal(readSerialNumber('U'.repeat(13)), undefined);
  });

  it('shows every single mistake', () => {
    const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    fc.assert(
      fc.property(fc.string(), fc.nat(12), fc.nat(31), (id, at, other) => {
        const plain = serialNumber(id).replaceAll('-', '');
        const wrong = plain.slice(0, at) + letters.charAt(other) + plain.slice(at + 1);
        if (wrong !== plain) assert.equal(readSerialNumber(wrong), undefined);
      }),
    );
  });
});
