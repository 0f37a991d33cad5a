import { z } from 'zod';
import { setting } from './setting.ts';
import { filePath, syslogUrl } from './values.ts';

const facilities = [
  'kern',
  'user',
  'daemon',
  'auth',
  'syslog',
  'authpriv',
  'audit',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;

const syslog = setting(
  z.strictObject({
    url: setting(syslogUrl, {
      description:
        'The syslog server: over TCP or TLS each message is counted in octets (RFC 6587, RFC 5425), over UDP it is one datagram (RFC 5426).',
      allowed: 'tls://host[:6514], tcp://host[:601] or udp://host[:514]',
      remedy: 'Write it like tls://logs.corp.example:6514.',
      example: 'tls://logs.corp.example:6514',
    }),
    facility: setting(z.enum(facilities).default('authpriv'), {
      description: 'Which facility the messages name.',
    }),
    verify: setting(z.boolean().default(true), {
      description: 'Whether the certificate of the server has to be right. Only of tls://.',
    }),
    ca: setting(filePath.exactOptional(), {
      description: 'Certificates of authorities to trust in place of the usual ones, in PEM form.',
      allowed: 'the path of a file',
      example: '/etc/sallyport/tls/logs-ca.pem',
    }),
  }),
  {
    description:
      'A copy of every audit entry to a syslog server, as RFC 5424 with the entry as JSON. Entries wait in memory while the server is away; nothing waits for it.',
  },
);

/** Where audit entries go besides the store; how long the store keeps them is set at run time. */
export const audit = setting(
  z
    .strictObject({
      standardOutput: setting(z.boolean().default(false), {
        description:
          'Whether the gateway writes every audit entry to standard output, as a line `{"audit": …}`, whatever `log.level` is.',
      }),
      syslog: syslog.exactOptional(),
    })
    .prefault({}),
  { description: 'Copies of the audit log.' },
);
