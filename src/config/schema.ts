import { z } from 'zod';
import { applications } from './schema-applications.ts';
import { audit } from './schema-audit.ts';
import { delivery } from './schema-delivery.ts';
import { directories } from './schema-directories.ts';
import { consoleListener, listen, management, publicUrl } from './schema-listeners.ts';
import { store } from './schema-store.ts';
import { setting } from './setting.ts';
import { filePath, host, line, network, port, seconds } from './values.ts';

const networks = (description: string, example: string) =>
  setting(z.array(network).max(1000).default([]), {
    description,
    allowed: 'a list of IP addresses and networks such as 10.0.0.0/8',
    remedy: 'Write each like 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32.',
    example: [example],
  });

const log = setting(
  z
    .strictObject({
      level: setting(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'), {
        description: 'The least important lines to write. Secrets are in none of them.',
      }),
    })
    .prefault({}),
  { description: 'The log, as JSON lines on standard output.' },
);

const timeouts = setting(
  z
    .strictObject({
      drain: setting(seconds(0, 3600).default(0), {
        description:
          'Seconds that the gateway goes on as before when it is told to stop, while `/readyz` answers 503: time for load balancers to notice.',
      }),
      shutdown: setting(seconds(0, 86_400).default(30), {
        description:
          'Seconds that open tunnels and running requests get to end when the gateway stops, after `drain`.',
      }),
    })
    .prefault({}),
  {
    description: 'How long the gateway itself waits; what it waits for servers stands with each application.',
  },
);

const ntp = setting(
  z.strictObject({
    server: setting(host, {
      description: "The NTP server that this machine's clock is compared with.",
      allowed: 'a host name or an IPv4 address',
      example: 'pool.ntp.org',
    }),
    port: setting(port(1).default(123), { description: 'Its UDP port.' }),
    interval: setting(seconds(60, 604_800).default(3600), {
      description: 'Seconds between two comparisons.',
    }),
    tolerance: setting(seconds(1, 3600).default(10), {
      description: 'Seconds that the clock may be off before a warning is written.',
    }),
  }),
  {
    description:
      'Codes depend on the time. The gateway warns when the clock is off; it never sets it and never refuses to start. Absent: no comparison.',
  },
);

const licence = setting(
  z.strictObject({
    publicKey: setting(z.string().regex(/^[A-Za-z0-9_-]{43}$/), {
      description:
        'The public half of the key that licences are signed with, as `sallyport license key` prints it (Ed25519).',
      allowed: '43 characters of A-Z, a-z, 0-9, - and _',
      remedy: 'Ask whoever distributes this gateway to you.',
      example: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    }),
  }),
  {
    description:
      'For distributors. With it, a new installation may enable 10 users for 30 days; more needs a licence file. Absent: nothing is limited.',
  },
);

/** The whole file. Every key of it can be read here, from top to bottom. */
export const fileSchema = z.strictObject({
  listen,
  publicUrl,
  allowPlainHttp: setting(z.array(host).max(100).default([]), {
    description:
      'Hosts that may be reached by plain HTTP although they are not this machine. Passwords, codes and sessions can then be read and stolen on the way: for a trial on a network you trust.',
    allowed: 'a list of host names, without scheme and port',
    remedy: 'Name the host as it stands in publicUrl, like gateway.lab.example.',
    example: ['gateway.lab.example'],
  }),
  console: consoleListener,
  management,
  serverName: setting(
    line(52)
      .refine(
        (text) => !text.includes(':'),
        'A colon does not belong here: authenticator apps cut names at it.',
      )
      .exactOptional(),
    {
      description: 'What the site is called on pages and, followed by “ - Sallyport”, in authenticator apps.',
      allowed: '1 to 52 characters on one line, without a colon',
      defaultsTo: 'the host of `publicUrl`',
      example: 'Example Corp',
    },
  ),
  dataDir: setting(filePath.default('data'), {
    description: 'The folder of the embedded store and the generated master key. Made when it is missing.',
    allowed: 'the path of a folder',
    example: '/var/lib/sallyport',
  }),
  masterKeyFile: setting(filePath.exactOptional(), {
    description:
      'The file that holds the master key, under which every secret in the store is sealed. Its content may come by `SALLYPORT_MASTER_KEY` instead.',
    allowed: 'the path of a file',
    defaultsTo: 'generated, in `dataDir`',
    example: '/run/secrets/sallyport-master-key',
  }),
  store,
  closeWhenStoreLostFor: setting(seconds(0, 86_400).default(900), {
    description:
      'Seconds that open tunnels live on while the store cannot be reached. Nobody new is let in meanwhile.',
  }),
  trustedProxies: networks(
    'Reverse proxies and load balancers in front of the gateway: only from them is `X-Forwarded-For` believed.',
    '10.0.0.0/8',
  ),
  trustedNetworks: networks(
    'Networks whose people share an address, such as an office: they are spared the limits per address, never those per user.',
    '192.168.0.0/16',
  ),
  directories,
  applications,
  demo: setting(z.boolean().exactOptional(), {
    description:
      'A built-in application to try the whole way with: a small terminal in the browser, at `/` of the portal.',
    defaultsTo: 'on while no application is configured',
    example: false,
  }),
  ntp: ntp.exactOptional(),
  delivery,
  timeouts,
  log,
  audit,
  licence: licence.exactOptional(),
});

/** The file as validated: defaults filled in, nothing resolved yet. */
export type ParsedFile = z.output<typeof fileSchema>;
type Listed = ParsedFile['applications'][number];
/** One of type `rdp`. */
export type ParsedRemoteDesktop = Extract<Listed, { type: 'rdp' }>;
/** One that the gateway carries. */
export type ParsedApplication = Exclude<Listed, ParsedRemoteDesktop>;

export const isRemoteDesktop = (application: Listed): application is ParsedRemoteDesktop =>
  application.type === 'rdp';
