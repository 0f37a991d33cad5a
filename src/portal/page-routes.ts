import type { IncomingMessage } from 'node:http';
import type { Language } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import { minimumPasswordLength } from '../first-factors/index.ts';
import { isOwnNavigation, prefix, type Reply, redirectTo } from '../http/index.ts';
import type { SessionRecord } from '../sessions/index.ts';
import type {
  PortalApplication,
  PortalHandOffs,
  PortalOwner,
  PortalSessions,
  PortalSubscriptions,
} from './contracts.ts';
import type { Pages } from './pages.ts';
import { markOf } from './renewal.ts';
import { localPath, type Site } from './site.ts';

/** One navigation to a page of the portal's own origin. */
export type PageVisit = {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  readonly language: Language;
  /** The live session of the portal's cookie; asked for only where a page depends on it. */
  readonly session: () => Promise<SessionRecord | undefined>;
};

/** A page by its path below the prefix. */
export type PageRoute = { readonly path: string; answer(visit: PageVisit): Promise<Reply> | Reply };

type PageRouteOptions = {
  readonly pages: Pages;
  readonly site: Site;
  readonly owner: Pick<PortalOwner, 'exists'>;
  readonly sessions: Pick<PortalSessions, 'revoke'>;
  readonly handOffs: Pick<PortalHandOffs, 'issue'>;
  readonly subscriptions?: Pick<PortalSubscriptions, 'ofPlace'> | undefined;
  readonly applicationsFor: (session: SessionRecord) => readonly PortalApplication[];
  readonly hasDesktops: (session: SessionRecord) => boolean;
  /** `Set-Cookie` values that make a browser forget the session. */
  readonly forget: readonly string[];
};

/** The pages of the portal's own host. */
export function pageRoutes(options: PageRouteOptions): readonly PageRoute[] {
  const { pages, site, owner, sessions, handOffs, subscriptions, applicationsFor, hasDesktops, forget } =
    options;

  const toSignIn = (returnTo?: string): Reply =>
    redirectTo(`${prefix}sign-in${returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo })}`}`);

  return [
    {
      path: '',
      async answer({ session: find, language }) {
        const session = await find();
        if (session === undefined) return toSignIn();
        const [only, ...others] = applicationsFor(session);
        if (only !== undefined && others.length === 0 && !hasDesktops(session)) return redirectTo(only.url);
        return pages.shell('launcher', language, {}, session.subscription);
      },
    },
    {
      path: 'sign-in',
      async answer({ query, language }) {
        const returnTo = site.safeReturn(query.get('returnTo') ?? undefined);
        const application = returnTo === undefined ? undefined : wantedApplication(returnTo, site);
        const reason = query.get('reason');
        const state = {
          ...(returnTo === undefined ? {} : { returnTo }),
          ...(application === undefined ? {} : { application }),
          ...(reason === 'expired' || reason === 'signed-out' ? ({ reason } as const) : {}),
          ready: await owner.exists(),
          minimumPasswordLength,
        };
        return pages.shell('sign-in', language, state, subscriptions?.ofPlace(returnTo));
      },
    },
    {
      path: 'account',
      async answer({ session, language }) {
        const found = await session();
        if (found === undefined) return toSignIn(`${prefix}account`);
        return pages.shell('account', language, { minimumPasswordLength }, found.subscription);
      },
    },
    {
      path: 'renew',
      async answer({ query, session: find, language }) {
        const session = await find();
        // Too late: what has ended begins anew with a sign-in.
        if (session === undefined) return redirectTo(`${prefix}sign-in?reason=expired`);
        // The host of an application may have an older session than the portal: a code would renew the wrong one.
        const meant = query.get('session');
        const other = meant !== null && meant !== markOf(session);
        return pages.shell('renew', language, other ? { other } : {}, session.subscription);
      },
    },
    {
      path: 'owner',
      answer: ({ language }) => pages.shell('owner', language, { minimumPasswordLength }),
    },
    {
      path: 'recover',
      answer: ({ language }) => pages.shell('recover', language, { minimumPasswordLength }),
    },
    {
      path: 'invitation',
      answer: ({ language }) => pages.shell('invitation', language, { minimumPasswordLength }),
    },
    {
      path: 'signed-out',
      answer: ({ language }) => pages.plain('signed-out', language),
    },
    {
      path: 'sign-out',
      async answer({ request, query, session: find, language }) {
        const returnTo = site.safeReturn(query.get('returnTo') ?? undefined);
        // Another site may lead here, but only the person's own click may end their session.
        if (request.method !== 'GET' || !isOwnNavigation(request)) {
          return pages.shell('sign-out', language, returnTo === undefined ? {} : { returnTo });
        }
        const session = await find();
        if (session !== undefined) await sessions.revoke(session, 'sign-out');
        return redirectTo(`${prefix}signed-out`, forget);
      },
    },
    {
      path: 'hand-off',
      async answer({ request, query, session: find }) {
        if (request.method !== 'GET') throw new GatewayError('method-not-allowed');
        const place = site.placeNamed(query.get('host') ?? undefined);
        const challenge = query.get('nonce') ?? '';
        if (place.kind !== 'application' || !/^[\w-]{43}$/.test(challenge)) {
          throw new GatewayError('invalid-hand-off');
        }
        const wanted = localPath(query.get('returnTo'), place.origin);
        const session = await find();
        // Back to the application, which begins anew: the nonce would not outlive a long way through sign-in.
        if (session === undefined) return toSignIn(`${place.origin}${wanted}`);
        const code = await handOffs.issue(session, place.host, challenge);
        const arrival = new URLSearchParams({ code, returnTo: wanted });
        return redirectTo(`${place.origin}${prefix}hand-off?${arrival}`);
      },
    },
  ];
}

/** "Please sign in to continue to …": the application behind a return. */
function wantedApplication(returnTo: string, site: Site): string | undefined {
  const url = new URL(returnTo, site.origin);
  if (url.origin === site.origin && url.pathname.startsWith(prefix)) return undefined;
  return site.applicationAt(url.href)?.title;
}
