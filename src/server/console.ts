import type { IncomingMessage, ServerResponse } from 'node:http';
import { cookieNames, createNetworkTest, type GateKeeper } from '../access/index.ts';
import { type AdminCall, type AdminOptions, createAdmin, createConsolePages } from '../admin/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { Build } from '../http/index.ts';
import { createPortal, type PortalApplication, type PortalOptions } from '../portal/index.ts';
import { referenceTo } from '../sessions/index.ts';
import { PublicListeners, prepareCertificates } from './public-listeners.ts';
import type { Rooms } from './rooms.ts';
import { strictTransport } from './strict-transport.ts';

export type ConsoleOptions = {
  readonly config: Config;
  readonly rooms: Rooms;
  readonly gate: Pick<GateKeeper, 'find'>;
  /** Those of the portal: the console signs people in the same way, at its own origin. */
  readonly portal: PortalOptions;
  readonly build: Build;
  readonly calls: readonly AdminCall[];
  readonly live?: AdminOptions['live'];
  readonly clock: Clock;
  /** Told with each answer. */
  readonly answering: (request: IncomingMessage, response: ServerResponse) => void;
};

/** What stands where administrators arrive; its certificates are read, nothing is opened yet. */
export function createConsole(options: ConsoleOptions): PublicListeners {
  const { config, rooms, gate, clock, answering } = options;
  const { publicUrl: origin, host, port, tls, networks } = config.console;
  const { audit, metrics, sessions, roles, catalogue } = rooms;
  const { log, random, version, addressOf } = options.portal;
  const { signIn, accountChanges, renewals, ownerSetup } = rooms.entrance(origin);
  const title = catalogue.text('en', 'console.title');
  const application: PortalApplication = { name: 'console', title, url: `${origin}/` };
  const portal = createPortal({
    ...options.portal,
    at: 'console',
    site: { name: config.serverName, origin },
    hostOf: ({ headers }) => headers.host,
    applications: () => [application],
    signIn,
    account: accountChanges,
    renewals,
    owner: ownerSetup,
  });
  const pages = createConsolePages({
    catalogue,
    random,
    siteName: config.serverName,
    build: options.build,
    portalUrl: `${config.publicUrl}/`,
  });
  const isNamed = networks === undefined ? () => true : createNetworkTest(networks);
  const admin = createAdmin({
    origin,
    version,
    names: cookieNames(origin.startsWith('https:'), 'console'),
    calls: options.calls,
    portal,
    page: pages.page,
    strangerPage: pages.stranger,
    sessions: {
      find: (token, audience) => gate.find(token, audience),
      async opened(session) {
        const opening = await sessions.open(referenceTo(session), clock.now());
        return opening.result === 'opened' ? opening.session : undefined;
      },
    },
    roles: { grantsOf: (session) => roles.rolesOf(session.user.key) },
    tokens: { verify: async () => undefined },
    ...(options.live === undefined ? {} : { live: options.live }),
    isAdmitted: isNamed,
    catalogue,
    clock,
    audit,
    addressOf,
    log,
  });
  const listen: Config['listen'] = { ...config.listen, host, port };
  const { tls: _public, redirectFrom: _redirect, proxyProtocol: _introduced, ...plain } = listen;
  const own: Config['listen'] = { ...plain, ...(tls === undefined ? {} : { tls }) };
  const hsts = strictTransport({ ...config, listen: own, publicUrl: origin });
  return new PublicListeners({
    config: own,
    certificates: prepareCertificates(own),
    origins: { originNamed: () => origin },
    clock,
    log: rooms.log,
    audit,
    metrics,
    to: {
      isOwn: () => true,
      own(request, response) {
        answering(request, response);
        if (hsts !== undefined) response.setHeader('Strict-Transport-Security', hsts);
        admin.handle(request, response);
      },
      request: (request) => request.destroy(),
      upgrade: admin.upgrade,
    },
  });
}
