import { cookieNames, createNetworkTest } from '../access/index.ts';
import { defaultSubscription } from '../accounts/index.ts';
import { type Admin, createAdmin, createConsolePages } from '../admin/index.ts';
import type { Build } from '../http/index.ts';
import { createPortal, type PortalApplication, type PortalOptions } from '../portal/index.ts';
import { referenceTo } from '../sessions/index.ts';
import { type AdminCallParts, adminCalls } from './admin-calls.ts';
import { createLiveFeed } from './create-live-feed.ts';
import { grantsThatHold } from './place-users.ts';

export type OpenAdminOptions = AdminCallParts & {
  /** Those of the portal: the console signs people in the same way, at its own origin. */
  readonly portal: PortalOptions;
  readonly build: Build;
};

/** Puts together what answers where administrators arrive. */
export function openAdmin(options: OpenAdminOptions): Admin {
  const { rooms, gate, clock, build } = options;
  const config = options.config();
  const { publicUrl: origin, networks } = config.console;
  const { audit, sessions, roles, catalogue } = rooms;
  const { log, random, version, addressOf } = options.portal;
  const { signIn, accountChanges, renewals, ownerSetup } = rooms.entrance(origin);
  const title = catalogue.text('en', 'console.title');
  const application: PortalApplication = { name: 'console', title, url: `${origin}/` };
  // No cards to click: what is permitted there is permitted by sessions of the portal.
  const { desktops: _desktops, described: _described, ...shared } = options.portal;
  const portal = createPortal({
    ...shared,
    at: 'console',
    site: { name: config.serverName, origin },
    hostOf: ({ headers }) => headers.host,
    // For administrators of every subscription; who is none is told so.
    applications: () => [
      { ...application, allow: { subscriptions: rooms.subscriptions.all().map(({ id }) => id) } },
    ],
    signIn,
    account: accountChanges,
    renewals,
    owner: ownerSetup,
  });
  const pages = createConsolePages({
    catalogue,
    random,
    siteName: config.serverName,
    look: () => options.portal.look?.of(defaultSubscription) ?? {},
    build,
    portalUrl: `${config.publicUrl}/`,
  });
  const feed = createLiveFeed(options);
  return createAdmin({
    origin,
    version,
    names: cookieNames(origin.startsWith('https:'), 'console'),
    calls: adminCalls(options),
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
    roles: { grantsOf: async (session) => grantsThatHold(session, await roles.rolesOf(session.user.key)) },
    isSubscription: (id) => rooms.subscriptions.get(id) !== undefined,
    tokens: {
      async verify(token, address) {
        const found = await rooms.apiTokens.verify(token, address);
        // Those of application servers ask about logons, and administer nothing.
        if (found === undefined || found.role === 'logon-check') return undefined;
        const { id, name, role, subscription } = found;
        return { id, name, grant: { role, ...(subscription === undefined ? {} : { subscription }) } };
      },
    },
    live: (visit, request, socket, head) => feed.take(visit, request, socket, head),
    isAdmitted: networks === undefined ? () => true : createNetworkTest(networks),
    catalogue,
    clock,
    audit,
    addressOf,
    log,
  });
}
