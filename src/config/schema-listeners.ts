import { z } from 'zod';
import { tls } from './schema-tls.ts';
import { setting } from './setting.ts';
import { listenHost, network, origin, port, seconds } from './values.ts';

const hostAllowed =
  'a host name or an IP address without a port, such as localhost, 127.0.0.1, 0.0.0.0 or ::';
const publicUrlAllowed = 'http:// or https://, a host, and a port where it is not the usual one; no path';

const proxyProtocol = setting(
  z.strictObject({
    from: setting(z.array(network).min(1).max(1000), {
      description:
        'The load balancers. From them a header must come, first of all on each connection; connections from anywhere else are shut.',
      allowed: 'a list of IP addresses and networks such as 10.0.0.0/8',
      remedy: 'Write each like 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32.',
      example: ['10.0.0.5'],
    }),
  }),
  {
    description:
      'For load balancers that pass connections on unread and say by the PROXY protocol, version 1 or 2, whose they are. Also asked for on `redirectFrom`.',
  },
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
      redirectFrom: setting(port(0).exactOptional(), {
        description:
          'A second port, for plain HTTP, that sends people on to `https://`: to the host they named where it is one of this site, to `publicUrl` otherwise. Usually 80.',
        example: 80,
      }),
      proxyProtocol: proxyProtocol.exactOptional(),
      hsts: setting(seconds(0, 63_072_000).default(31_536_000), {
        description:
          "Seconds for which browsers shall use nothing but HTTPS with this host (HSTS, RFC 6797). Told on the gateway's own pages, where `publicUrl` is `https://` on the usual port; never on those of applications. `0` makes browsers forget it.",
      }),
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
      tls: tls.exactOptional(),
      networks: setting(z.array(network).min(1).max(1000).exactOptional(), {
        description:
          'The only networks that the console may be used from; elsewhere it answers nobody. Addresses are told as for `trustedProxies`.',
        allowed: 'a list of IP addresses and networks such as 10.0.0.0/8',
        remedy: 'Write each like 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32.',
        defaultsTo: 'every network that reaches the listener',
        example: ['10.0.0.0/8'],
      }),
    })
    .prefault({}),
  {
    description:
      'The administration console and its API, on an origin of its own, so that no page of an application can reach it.',
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
