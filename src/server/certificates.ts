import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import type { CertificateFiles, TlsConfig } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { tlsPolicy } from './tls-policy.ts';

/** A certificate with its key, tried and ready to be shown. */
export type Certificate = {
  readonly files: CertificateFiles;
  /** The file that people know it by. */
  readonly file: string;
  /** The host names it is for, in lower case; a wildcard stands for one label (RFC 6125 section 6.4.3). */
  readonly names: readonly string[];
  /** Unix milliseconds. */
  readonly expiresAt: number;
  /** Whether a browser would accept it for this host, a name or an IP address. */
  covers(host: string): boolean;
  /** What a server is given for its default certificate. */
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
};

/** Reads and tries every certificate, in order. Throws `certificate-unusable` for the first that fails. */
export const readCertificates = (tls: TlsConfig): readonly Certificate[] =>
  tls.certificates.map(readCertificate);

/**
 * Reads and tries one certificate: that its key belongs to it, that the passphrase opens it. Throws
 * `certificate-unusable`; then nothing has changed. One that has expired is none the less usable.
 */
export function readCertificate(files: CertificateFiles): Certificate {
  const file = nameOf(files);
  try {
    const options = { ...tlsPolicy, ...materialOf(files) };
    const context = createSecureContext(options);
    const shown = certificateIn(context);
    return {
      files,
      file,
      names: namesOf(shown),
      expiresAt: shown.validToDate.getTime(),
      covers: (host) =>
        (isIP(host) === 0 ? shown.checkHost(host, { subject: 'never' }) : shown.checkIP(host)) !== undefined,
      options,
      context,
    };
  } catch (cause) {
    throw new GatewayError('certificate-unusable', {
      params: { reason: `${file}: ${isUnopened(files, cause) ? unopened(cause) : reasonOf(cause)}` },
      cause,
    });
  }
}

/**
 * Whether a key was not opened by its passphrase. What a wrong one makes of it is noise, which once in 256 times ends
 * as padding does: then OpenSSL complains of whatever the noise looks like.
 */
function isUnopened(files: CertificateFiles, cause: unknown): boolean {
  if ('pfx' in files || !(cause instanceof Error) || !('code' in cause)) return false;
  if (!String(cause.code).startsWith('ERR_OSSL_') || /MISMATCH/.test(String(cause.code))) return false;
  return readFileSync(files.key, 'latin1').includes('ENCRYPTED');
}

const unopened = (cause: unknown): string =>
  `the passphrase is wrong or missing (${cause instanceof Error ? cause.message : ''})`;

export const nameOf = (files: CertificateFiles): string => ('pfx' in files ? files.pfx : files.cert);

/** Reads and tries the authorities that vouch for an application server, PEM. Throws `authority-unusable`. */
export function readAuthorities(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    new X509Certificate(text);
    return text;
  } catch (cause) {
    throw new GatewayError('authority-unusable', { params: { file, reason: reasonOf(cause) }, cause });
  }
}

function materialOf(files: CertificateFiles): SecureContextOptions {
  const { passphraseFile } = files;
  const passphrase = passphraseFile === undefined ? {} : { passphrase: firstLineOf(passphraseFile) };
  if ('pfx' in files) return { pfx: readFileSync(files.pfx), ...passphrase };
  return { cert: readFileSync(files.cert), key: readFileSync(files.key), ...passphrase };
}

const firstLineOf = (file: string): string => readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] ?? '';

/** What a server with this context would show. Of a PKCS #12 file there is no other way to look inside. */
function certificateIn(secureContext: SecureContext): X509Certificate {
  const nobody = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const socket = new TLSSocket(nobody, { isServer: true, secureContext });
  const shown = socket.getX509Certificate();
  socket.destroy();
  if (shown === undefined) throw new Error('there is no certificate in it');
  return shown;
}

/** DNS names among the subject alternative names. Browsers look at no others (RFC 9110 section 4.3.4). */
const namesOf = ({ subjectAltName = '' }: X509Certificate): string[] =>
  [...subjectAltName.matchAll(/(?:^|, )DNS:((?:\*\.)?[A-Za-z0-9._-]+)(?=,|$)/g)].map(([, name = '']) =>
    name.toLowerCase(),
  );

/** What OpenSSL says, and what it means to whoever keeps the files. */
const meanings: readonly [pattern: RegExp, meaning: string][] = [
  [/mac verify failure|bad decrypt|interrupted or cancelled/i, 'the passphrase is wrong or missing'],
  [/key values mismatch/i, 'the key does not belong to the certificate'],
  [
    /unsupported pkcs12/i,
    'its encryption is outdated (RC2 or 3DES); export it again with AES256-SHA256, or convert it with: openssl pkcs12 -legacy',
  ],
  [/wrong tag|not enough data|header too long/i, 'this is not a PKCS #12 file'],
];

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unreadable';
  const meaning = meanings.find(([pattern]) => pattern.test(cause.message))?.[1];
  return meaning === undefined ? cause.message : `${meaning} (${cause.message})`;
}
