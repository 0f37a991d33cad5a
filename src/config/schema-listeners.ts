import { z } from 'zod';
import { setting } from './setting.ts';
import { filePath, listenHost, origin, port } from './values.ts';

const hostAllowed =
  'a host name or an IP address without a port, such as localhost, 127.0.0.1, 0.0.0.0 or ::';
const publicUrlAllowed = 'http:// or https://, a host, and a port where it is not the usual one; no path';

const tls = setting(
  z.strictObject({
    cert: setting(filePath, {
      description: 'The certificate, followed by its chain, in PEM form. Read again when it changes.',
      allowed: 'the path of a file',
      example: '/etc/sallyport/tls/cert.pem',
    }),
    key: setting(filePath, {
      description: 'The private key of the certificate, in PEM form. Read again when it changes.',
      allowed: 'the path of a file',
      example: '/etc/sallyport/tls/key.pem',
    }),
  }),
  { description: 'HTTPS. Absent: plain HTTP, for a newcomer or behind a reverse proxy that speaks HTTPS.' },
);

/** Where people arrive. */
export const listen = setting(
  z
    .strictObject({
      host: setting(listenHost.default('localhost'), {
        description: 'The address to listen on; `0.0.0.0` or `::` for every one of the machine.',
        allowed: hostAllowed,
        example: '0.0.0.0',
      }),
      port: setting(port(0).default(8080), {
        description: 'The port to listen on; `0` lets the system choose one.',
      }),
      tls: tls.exactOptional(),
    })
    .prefault({}),
  { description: 'Where people arrive: pages, applications and tunnels.' },
);

/** Where people find it from outside. */
export const publicUrl = setting(origin.exactOptional(), {
  description:
    'The address that people type, as seen from outside: of the reverse proxy, where there is one. Sign-in pages and cookies belong to it.',
  allowed: publicUrlAllowed,
  remedy: 'Write it like https://gateway.example.com.',
  defaultsTo: '`listen.port` on localhost',
  example: 'https://gateway.example.com',
});

/** Where administrators arrive; an origin of its own, so that no application page can reach it. */
export const consoleListener = setting(
  z
    .strictObject({
      host: setting(listenHost.default('127.0.0.1'), {
        description: 'The address to listen on.',
        allowed: hostAllowed,
      }),
      port: setting(port(0).default(8081), {
        description: 'The port to listen on; `0` lets the system choose one.',
      }),
      publicUrl: setting(origin.exactOptional(), {
        description: 'The address that administrators type; another origin than `publicUrl`.',
        allowed: publicUrlAllowed,
        remedy: 'Write it like https://console.example.com.',
        defaultsTo: '`console.port` on localhost',
        example: 'https://console.example.com',
      }),
    })
    .prefault({}),
  {
    description:
      'The administration console, on an origin of its own. Validated and kept; the console itself is not in this version.',
  },
);

/** Where operators and their monitoring arrive. */
export const management = setting(
  z
    .strictObject({
      host: setting(listenHost.default('127.0.0.1'), {
        description: 'The address to listen on. It has no sign-in: keep it off the public side.',
        allowed: hostAllowed,
      }),
      port: setting(port(0).default(9464), {
        description: 'The port to listen on; `0` lets the system choose one.',
      }),
    })
    .prefault({}),
  { description: 'The management listener: `/healthz`, `/readyz` and `/metrics`.' },
);
