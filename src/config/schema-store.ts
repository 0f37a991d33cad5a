import { z } from 'zod';
import { Secret } from './secret.ts';
import { setting } from './setting.ts';
import { filePath, hostName, line, redisUrl, seconds, sentinelAddress } from './values.ts';

const file = 'the path of a file';

/** Never shown again, neither in messages nor in the log. */
const password = z
  .string()
  .min(1)
  .max(1000)
  .transform((text) => new Secret(text));

const tls = z.strictObject({
  verify: setting(z.boolean().default(true), {
    description:
      'Whether the certificates of Redis and its sentinels have to be right; `false` trusts whoever answers.',
  }),
  ca: setting(filePath.exactOptional(), {
    description: 'Certificates of authorities to trust in place of the usual ones, in PEM form.',
    allowed: file,
    example: '/etc/sallyport/tls/redis-ca.pem',
  }),
  cert: setting(filePath.exactOptional(), {
    description: 'The certificate that the gateway presents, in PEM form. Goes with `key`.',
    allowed: file,
    example: '/etc/sallyport/tls/redis-client.pem',
  }),
  key: setting(filePath.exactOptional(), {
    description: 'The private key of that certificate, in PEM form.',
    allowed: file,
    example: '/etc/sallyport/tls/redis-client-key.pem',
  }),
  serverName: setting(hostName.exactOptional(), {
    description: 'The name that the certificate must carry.',
    allowed: 'a host name',
    defaultsTo: 'the host',
    example: 'redis.corp.example',
  }),
});

const redis = z.strictObject({
  url: setting(redisUrl.exactOptional(), {
    description: 'One server. Either this or `sentinels`.',
    allowed: 'redis://host[:port][/database], or rediss:// for TLS',
    remedy: 'Write it like redis://redis.corp.example:6379.',
    example: 'redis://redis.corp.example:6379',
  }),
  sentinels: setting(z.array(sentinelAddress).min(1).max(20).exactOptional(), {
    description: 'The sentinels that know which server is the master, with their ports (usually 26379).',
    allowed: 'a list of host:port',
    remedy: 'Write each like sentinel1.corp.example:26379.',
    example: ['sentinel1.corp.example:26379'],
  }),
  name: setting(line(100).exactOptional(), {
    description: 'What the sentinels call the master. Goes with `sentinels`.',
    allowed: '1 to 100 characters on one line',
    example: 'sallyport',
  }),
  sentinelUsername: setting(line(200).exactOptional(), {
    description: 'The user that the sentinels ask for, where they do.',
    allowed: '1 to 200 characters on one line',
    example: 'gateway',
  }),
  sentinelPasswordFile: setting(filePath.exactOptional(), {
    description: 'The file whose first line is the password that the sentinels ask for.',
    allowed: file,
    example: '/run/secrets/sentinel-password',
  }),
  username: setting(line(200).exactOptional(), {
    description: 'The user of the access list (ACL) of Redis.',
    allowed: '1 to 200 characters on one line',
    defaultsTo: '`default`, the user without a name',
    example: 'sallyport',
  }),
  password: setting(password.exactOptional(), {
    description:
      'The password of that user. Better in `passwordFile`, or in the variable `SALLYPORT_STORE_REDIS_PASSWORD`.',
    allowed: 'text; digits alone in quotation marks',
    remedy: 'Write it in quotation marks, or put it into a file and name that in passwordFile.',
  }),
  passwordFile: setting(filePath.exactOptional(), {
    description: 'The file whose first line is that password.',
    allowed: file,
    example: '/run/secrets/redis-password',
  }),
  tls: setting(tls.exactOptional(), {
    description: 'How TLS is spoken with Redis and its sentinels. With `url`, `rediss://` alone is enough.',
  }),
  database: setting(z.int().min(0).max(100_000).exactOptional(), {
    description: 'The number of the database.',
    allowed: 'a whole number from 0',
    defaultsTo: 'as in `url`, else `0`',
    example: 0,
  }),
  keyPrefix: setting(
    z
      .string()
      .regex(/^[\w:./-]{1,100}$/, 'Letters, digits and _ : . / - belong here.')
      .default('sallyport:'),
    {
      description:
        'What every key and channel begins with: installations that share a server need different ones.',
      allowed: '1 to 100 letters, digits and _ : . / -',
    },
  ),
  commandTimeout: setting(seconds(1, 30).default(1), {
    description: 'Seconds after which a command that Redis has not answered counts as failed.',
  }),
});

/** Where the records are. */
export const store = setting(
  z
    .strictObject({
      redis: setting(redis.exactOptional(), {
        description:
          'A Redis server that any number of gateways share. Made ready once, by `sallyport init`; needs `masterKeyFile` or `SALLYPORT_MASTER_KEY`.',
      }),
    })
    .prefault({}),
  { description: 'Where the gateway keeps its records. Absent: the embedded store in `dataDir`.' },
);
