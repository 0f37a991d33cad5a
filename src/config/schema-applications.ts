import { z } from 'zod';
import { remoteDesktopParts } from './schema-remote-desktops.ts';
import { noteOf, setting } from './setting.ts';
import {
  exactPath,
  filePath,
  hostName,
  line,
  origin,
  pathOrPrefix,
  routePath,
  seconds,
  slug,
} from './values.ts';

const serverUrlAllowed = 'http:// or https://, a host and a port; no path';

export const serverUrl = setting(origin, {
  description: 'The address of an application server.',
  allowed: serverUrlAllowed,
  remedy: 'Write it like http://10.0.0.11:8080. A WebSocket server is written with http:// too.',
  example: 'http://10.0.0.11:8080',
});

export const serverTls = setting(
  z.strictObject({
    verify: setting(z.boolean().default(true), {
      description:
        'Whether the certificate must be valid for the server. `false` trusts whoever answers: for a server whose certificate can not be replaced, on a network you trust.',
    }),
    ca: setting(filePath.exactOptional(), {
      description: 'Certificates of the authorities that may vouch for this server, in PEM form.',
      allowed: 'the path of a file',
      defaultsTo: 'the authorities that Node.js knows',
      example: '/etc/sallyport/tls/internal-ca.pem',
    }),
    serverName: setting(hostName.exactOptional(), {
      description: 'The name that the certificate must be for, where it is not the host of the address.',
      allowed: 'a host name',
      defaultsTo: 'the host of `url`',
      example: 'desktop1.corp.example',
    }),
  }),
  { description: 'How an https:// server proves itself.' },
);

export const serverObject = z.strictObject({
  url: serverUrl,
  weight: setting(z.int().min(1).max(100).default(1), {
    description: 'The share of users it gets, compared with the other servers of this application.',
  }),
  drain: setting(z.boolean().default(false), {
    description: 'Takes no new remote sessions; the open ones stay. For maintenance.',
  }),
  tls: serverTls.exactOptional(),
});

const server = setting(z.union([serverUrl, serverObject]), {
  description: 'An application server: its address, or a map with more to say about it.',
  allowed: `an address (${serverUrlAllowed}), or a map with url, weight, drain, tls`,
  remedy: 'Write it like http://10.0.0.11:8080. A WebSocket server is written with http:// too.',
});

const names = (what: string, example: string) =>
  setting(z.array(line(256)).exactOptional(), {
    description: what,
    allowed: 'a list of names',
    example: [example],
  });

const allow = setting(
  z
    .strictObject({
      users: names('Users by name, in any directory; `directory:name` means that one alone.', 'alice'),
      groups: names('Groups by name, in any directory; `directory:name` means that one alone.', 'staff'),
      subscriptions: names(
        'Users of these subscriptions, by id; alone, it allows all of them. Absent: of `default`.',
        'default',
      ),
    })
    .refine(
      (value) => Object.keys(value).length > 0,
      'It names nobody, which could mean everybody or nobody.',
    ),
  {
    description:
      'Who may use it: whoever `users` or `groups` names, of the subscriptions that are named. Absent: every verified user of `default`. An empty list names nobody.',
    allowed: 'a map with at least one of users, groups, subscriptions',
    remedy: 'Name users, groups or subscriptions, or leave allow out so that every verified user may use it.',
  },
);

const health = setting(
  z.strictObject({
    path: setting(exactPath.default('/'), {
      description: 'What each server is asked for (GET). Any answer below 500 says that it lives.',
      allowed: 'a path, beginning with a slash',
      example: '/health',
    }),
    interval: setting(seconds(1, 3600).default(10), {
      description: 'Seconds between two checks of one server.',
    }),
    timeout: setting(seconds(1, 300).default(5), {
      description: 'Seconds until a check counts as failed.',
    }),
  }),
  {
    description:
      'Asks each server regularly whether it lives; after two failed checks it gets nobody until it answers again. Absent: only failed connections of users tell, after which a server rests for 1, 2, 4 … 60 seconds.',
  },
);

const timeouts = setting(
  z
    .strictObject({
      connect: setting(seconds(1, 300).default(10), {
        description: 'Seconds until a server must have accepted a connection.',
      }),
      response: setting(seconds(1, 3600).default(60), {
        description: 'Seconds until a server must have begun to answer, once it has the whole request.',
      }),
      idle: setting(seconds(1, 86_400).default(300), {
        description:
          'Seconds that a body, up or down, may stand still. There is no limit on its whole time or size.',
      }),
    })
    .prefault({}),
  { description: 'How long the gateway waits for the servers of this application.' },
);

const tunnel = setting(
  z
    .strictObject({
      idle: setting(seconds(10, 2_592_000).exactOptional(), {
        description: 'Seconds without a byte in either direction until a tunnel is closed.',
        defaultsTo: 'no limit',
        example: 28_800,
      }),
      maximum: setting(seconds(60, 2_592_000).exactOptional(), {
        description: 'Seconds that a tunnel may last altogether.',
        defaultsTo: 'no limit',
        example: 86_400,
      }),
    })
    .prefault({}),
  { description: 'Limits on WebSocket tunnels, the remote sessions themselves.' },
);

const pathList = (description: string, example: string) =>
  setting(z.array(pathOrPrefix).default([]), {
    description,
    allowed: 'a list of paths, each with an optional * at its end for everything that begins so',
    example: [example],
  });

const name = setting(slug, {
  description: 'A short name that never changes: it stands in the audit log, in metrics and in cookies.',
  allowed: 'up to 32 lower-case letters, digits and hyphens, not beginning or ending with a hyphen',
  remedy: 'Write a name like remote-desktops; what people read goes into title.',
  example: 'desktops',
});
const title = setting(line(64).exactOptional(), {
  description: 'What people call it, on pages and in the launcher.',
  allowed: '1 to 64 characters on one line',
  defaultsTo: '`name`',
  example: 'Remote desktops',
});

/** A named route to a pool of application servers, with the users it is for. */
export const application = z.strictObject({
  name,
  title,
  type: setting(z.literal('web').exactOptional(), noteOf(remoteDesktopParts.type) ?? { description: '' }),
  host: setting(hostName.exactOptional(), {
    description:
      'The host it answers on. Its scheme and port are those of `publicUrl`. Absent: every host that no other application names.',
    allowed: 'a host name without scheme and port',
    defaultsTo: 'every other host',
    example: 'desktops.example.com',
  }),
  path: setting(routePath.default('/'), {
    description:
      'Everything at and below this path goes to it; the longest match wins. Paths are passed on unchanged.',
    allowed: 'a path, beginning with a slash',
    remedy: 'Write it like /desktops.',
  }),
  servers: setting(z.array(server).min(1).max(1000), {
    description:
      'Its application servers. A user stays with one server while it is healthy. With `type: rdp`: each `host:port`, or a map with `address` and the `name` that its agent has; each has a card of its own.',
    allowed: 'a list of at least one address',
    remedy: 'Name at least one server, like http://10.0.0.11:8080.',
    example: ['http://10.0.0.11:8080', 'http://10.0.0.12:8080'],
  }),
  allow: allow.exactOptional(),
  sessionPaths: pathList(
    'Requests that open a remote session, for an application that has no WebSocket. With them, a WebSocket opens one as well.',
    '/session/*',
  ),
  sessionSilence: setting(seconds(10, 86_400).default(300), {
    description:
      'Seconds without a request to `sessionPaths` after which that remote session counts as ended.',
  }),
  signOutPaths: pathList(
    'Requests that also end the 2FA session: the sign-out of the application.',
    '/logout',
  ),
  health: health.exactOptional(),
  timeouts,
  tunnel,
  identityHeaders: setting(z.boolean().default(true), {
    description:
      'Whether servers are told who the user is: `X-Sallyport-User`, `X-Sallyport-Groups` and the signed `X-Sallyport-Assertion`. Whatever comes from outside under these names is dropped either way.',
  }),
});

/** Servers that people reach with an RDP client of their own. */
export const remoteDesktop = z.strictObject({
  name,
  title,
  ...remoteDesktopParts,
  allow: allow.exactOptional(),
});

const anyApplication = z.discriminatedUnion('type', [application, remoteDesktop]);

export const applications = setting(z.array(anyApplication).max(1000).default([]), {
  description: 'What stands behind the two doors.',
  allowed: 'a list of applications',
});
