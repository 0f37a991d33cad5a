import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A self-signed certificate for `localhost` in `folder`, as `name.pem` and `name.key`, made by OpenSSL. */
export function makeCertificate(
  folder: string,
  name = 'site',
  commonName = 'localhost',
): { cert: string; key: string } {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      files.key,
      '-out',
      files.cert,
      '-subj',
      `/CN=${commonName}`,
      '-addext',
      'subjectAltName=DNS:localhost,DNS:*.localhost',
    ],
    { stdio: 'ignore' },
  );
  return files;
}
