import { z } from 'zod';
import { setting } from './setting.ts';
import { filePath } from './values.ts';

const allowed = 'the path of a file';

/** The files of one certificate: `cert` and `key`, or `pfx`. Which of them stand together is checked elsewhere. */
const files = {
  cert: setting(filePath.exactOptional(), {
    description: 'The certificate, followed by its chain, in PEM form. Goes with `key`.',
    allowed,
    example: '/etc/sallyport/tls/cert.pem',
  }),
  key: setting(filePath.exactOptional(), {
    description: 'The private key of the certificate, in PEM form.',
    allowed,
    example: '/etc/sallyport/tls/key.pem',
  }),
  pfx: setting(filePath.exactOptional(), {
    description:
      'Certificate, chain and key in one file, PKCS #12, as Windows exports them. Instead of `cert` and `key`.',
    allowed,
    example: '/etc/sallyport/tls/site.pfx',
  }),
  passphraseFile: setting(filePath.exactOptional(), {
    description: 'The file whose first line is the passphrase of `pfx`, or of an encrypted `key`.',
    allowed,
    example: '/run/secrets/sallyport-pfx',
  }),
};

/** The certificates that the gateway shows. */
export const tls = setting(
  z.strictObject({
    ...files,
    more: setting(z.array(z.strictObject(files)).max(200).default([]), {
      description:
        'Further certificates. A browser gets the one whose subject alternative names hold the host that it asks for, exactly or by a wildcard; the one above stands in where none does, or where no host is named.',
      allowed: 'a list of maps with cert and key, or pfx, and passphraseFile where one is needed',
    }),
  }),
  {
    description:
      'HTTPS, TLS 1.2 and 1.3. Absent: plain HTTP, for a newcomer or behind a reverse proxy that speaks HTTPS. Files that change are read again within ten seconds.',
  },
);
