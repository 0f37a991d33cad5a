import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type CertificateWish = {
  /** Subject alternative names. Default: localhost and everything below it. */
  readonly names?: readonly string[];
  /** From now on. Default 2. */
  readonly days?: number;
  /** Encrypts the key. */
  readonly passphrase?: string;
};

/** A self-signed certificate in `folder`, as `name.pem` and `name.key`, made by OpenSSL. */
export function makeCertificate(
  folder: string,
  name = 'site',
  commonName = 'localhost',
  { names = ['DNS:localhost', 'DNS:*.localhost'], days = 2, passphrase }: CertificateWish = {},
): { cert: string; key: string } {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ...(passphrase === undefined ? ['-nodes'] : ['-passout', `pass:${passphrase}`]),
    ...['-days', String(days), '-keyout', files.key, '-out', files.cert, '-subj', `/CN=${commonName}`],
    ...['-addext', `subjectAltName=${names.join(',')}`],
  );
  return files;
}

/** The same in one PKCS #12 file, `name.pfx`, with its passphrase in `name.txt`. `legacy`: encrypted as Windows did. */
export function makePfx(
  folder: string,
  name: string,
  commonName: string,
  wish: Pick<CertificateWish, 'names' | 'days'> & { readonly legacy?: boolean } = {},
): { pfx: string; passphraseFile: string } {
  const { cert, key } = makeCertificate(folder, name, commonName, wish);
  const files = { pfx: join(folder, `${name}.pfx`), passphraseFile: join(folder, `${name}.txt`) };
  writeFileSync(files.passphraseFile, 'open sesame\n');
  openssl(
    ...['pkcs12', '-export', ...(wish.legacy === true ? ['-legacy'] : [])],
    ...['-inkey', key, '-in', cert, '-passout', 'pass:open sesame', '-out', files.pfx],
  );
  return files;
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
