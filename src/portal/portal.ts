import type { IncomingMessage, ServerResponse } from 'node:http';
import Koa, { type Middleware } from 'koa';
import { cookieNames, isAllowed } from '../access/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import {
  type AddressOf,
  createRenderErrors,
  type DescribedCall,
  dropCookie,
  type FailureLog,
  giveReply,
  prefix,
  readCredential,
  serveAssets,
} from '../http/index.ts';
import type { Random } from '../random.ts';
import type { SessionRecord } from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import { accountCalls } from './account-calls.ts';
import { addRoutes } from './add-routes.ts';
import { createAnswerCall } from './answer-call.ts';
import { createApplicationHost, toPortal } from './application-host.ts';
import type {
  PortalAccount,
  PortalApplication,
  PortalDesktops,
  PortalHandOffs,
  PortalLook,
  PortalOwner,
  PortalRenewal,
  PortalSessions,
  PortalSignIn,
  PortalSubscriptions,
} from './contracts.ts';
import { createSentDelivery } from './deliver-sent.ts';
import { createStepDelivery } from './deliver-step.ts';
import { describePortal } from './describe-portal.ts';
import { createDescribeSession } from './describe-session.ts';
import { desktopCalls } from './desktop-calls.ts';
import { enrolmentCalls } from './enrolment-calls.ts';
import { logoReply } from './logo-reply.ts';
import type { BuiltPages } from './page-assets.ts';
import { pageRoutes } from './page-routes.ts';
import { createPages } from './pages.ts';
import { createRefuse, type RefusalContext, type RefusalFacts } from './refuse.ts';
import { createRenewal } from './renewal.ts';
import { renewalCalls } from './renewal-calls.ts';
import { createRenewalFiles } from './renewal-files.ts';
import { accountCodeCalls, sentCodeCalls } from './sent-code-calls.ts';
import { sessionCalls } from './session-calls.ts';
import { createSessionCookie } from './session-cookie.ts';
import { signInCalls } from './sign-in-calls.ts';
import { createSite } from './site.ts';

export type PortalOptions = {
  /** Whose people it signs in; the portal's unless said. */
  readonly at?: 'portal' | 'console';
  /** Its name above every page, and the origin of `publicUrl`. */
  readonly site: { readonly name: string; readonly origin: string };
  readonly version: string;
  /** Asked each time, since a reload changes them; in the order to show. */
  readonly applications: () => readonly PortalApplication[];
  readonly catalogue: Catalogue;
  readonly settings: SettingsReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly signIn: PortalSignIn;
  readonly account: PortalAccount;
  readonly owner: PortalOwner;
  readonly sessions: PortalSessions;
  readonly renewals: PortalRenewal;
  readonly handOffs: PortalHandOffs;
  /** Absent: there are none. */
  readonly desktops?: PortalDesktops;
  /** Calls beside those of the portal, for its OpenAPI document. */
  readonly described?: readonly DescribedCall[];
  /** Absent: there is one subscription. */
  readonly subscriptions?: PortalSubscriptions;
  /** Absent: as it comes. */
  readonly look?: PortalLook;
  /** The public keys of assertions as a JWK set. */
  readonly assertionKeys: () => unknown;
  readonly addressOf: AddressOf;
  /** The authority the client asked for; absent: what `Host` says. */
  readonly hostOf?: (request: IncomingMessage) => string | undefined;
  /** From `portalPages`. */
  readonly assets: BuiltPages;
  readonly log: FailureLog;
  readonly audit: Pick<Audit, 'record'>;
};

export interface Portal {
  /** Answers everything below `/.sallyport/`. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** The one answer to a request that is not carried on to an application. Never throws. */
  refuse(
    request: IncomingMessage,
    response: ServerResponse,
    refusal: RefusalFacts,
    context?: RefusalContext,
  ): void;
}

export function createPortal(options: PortalOptions): Portal {
  const {
    catalogue,
    settings,
    clock,
    random,
    sessions,
    renewals,
    signIn,
    owner,
    account,
    handOffs,
    assets,
    addressOf,
  } = options;
  const site = createSite(
    options.site.name,
    options.site.origin,
    options.applications,
    options.hostOf ?? (({ headers }) => headers.host),
  );
  const secure = site.origin.startsWith('https:');
  const names = cookieNames(secure, options.at);
  const forget = [dropCookie(names.session, secure), dropCookie(names.pending, secure)];

  const applicationsFor = (session: SessionRecord): readonly PortalApplication[] =>
    options.applications().filter(({ allow }) => isAllowed(allow, session.subscription, session.user));
  const describeSession = createDescribeSession(
    sessions,
    applicationsFor,
    (session) => options.desktops?.of(session) ?? [],
  );
  const sessionCookie = createSessionCookie({ clock, names, secure });
  const deliverStep = createStepDelivery({ clock, names, secure, sessionCookie, describeSession });
  const renewal = createRenewal({ renewal: renewals, sessions, settings, clock });
  const renewalFiles = createRenewalFiles({ site, names, sessions, renewal, catalogue });
  const deliverSent = createSentDelivery({ clock, names, secure });
  const pages = createPages({
    catalogue,
    settings,
    site,
    random,
    assets: assets.pages,
    subscriptions: options.subscriptions,
    look: options.look,
  });
  const refusal = createRefuse({ catalogue, pages, site, handOffs, names, secure });

  const calls = [
    ...signInCalls({ signIn, owner, deliverStep, site }),
    ...enrolmentCalls(signIn, deliverStep),
    ...sentCodeCalls(signIn, deliverSent),
    ...sessionCalls({ sessions, describeSession, renewal, forget }),
    ...renewalCalls({ renewals, renewal, describeSession, deliverSent, sessionCookie }),
    ...accountCalls({ account, sessions, forget }),
    ...accountCodeCalls(account, deliverSent),
    ...(options.desktops === undefined ? [] : desktopCalls(options.desktops)),
  ];
  const answerCall = createAnswerCall({ site, names, sessions, addressOf });
  const applicationHost = createApplicationHost({ site, handOffs, sessions, names, secure, clock });
  const openApi = JSON.stringify(describePortal(calls, options.version, options.described));

  const app = new Koa();
  app.use(
    createRenderErrors({
      replyTo: (request, facts, navigation) => refusal.replyTo(request, facts, {}, navigation),
      log: options.log,
      audit: options.audit,
      addressOf,
    }),
  );
  app.use(rejectSeveralHosts);
  app.use(rejectServiceWorkers);
  app.use(async (context, next) => {
    const place = site.placeOf(context.req);
    const path = context.path.slice(prefix.length);
    const picture = logoReply(context.req, path, options.look);
    if (picture !== undefined) {
      giveReply(context, picture);
      return;
    }
    const file = await renewalFiles(context.req, path, place);
    if (file !== undefined) {
      giveReply(context, file);
      return;
    }
    if (place.kind === 'portal') return next();
    const query = new URLSearchParams(context.querystring);
    giveReply(
      context,
      place.kind === 'application'
        ? await applicationHost(context.req, path, query, place)
        : toPortal(context.req, path, site),
    );
  });
  app.use(serveAssets(assets.files));
  addRoutes(app, {
    calls,
    answerCall,
    pages: pageRoutes({
      pages,
      site,
      owner,
      sessions,
      handOffs,
      subscriptions: options.subscriptions,
      applicationsFor,
      hasDesktops: (session) => (options.desktops?.of(session).length ?? 0) > 0,
      forget,
    }),
    async findSession(request) {
      const credential = readCredential(request, names, 'session');
      return credential && sessions.find(credential.token, site.origin);
    },
    documents: [
      { path: 'api/openapi.json', type: 'application/json', body: () => openApi },
      {
        path: 'jwks.json',
        type: 'application/jwk-set+json',
        // Applications' servers ask again when a `kid` is new; a rotation must not wait longer than this.
        maxAge: 300,
        body: () => JSON.stringify(options.assertionKeys()),
      },
    ],
  });
  app.silent = true;
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') {
      options.log.error({ error }, 'an answer could not be sent');
    }
  });
  const handle = app.callback();

  return {
    handle(request, response) {
      handle(request, response).catch((error: unknown) => {
        options.log.error({ error }, 'an answer could not be sent');
        response.destroy();
      });
    },
    refuse: refusal.refuse,
  };
}

/** Node takes the first of several, a proxy in front of it perhaps the last: then they disagree whose page this is. */
const rejectSeveralHosts: Middleware = async (context, next) => {
  if ((context.req.headersDistinct.host?.length ?? 0) > 1) throw new GatewayError('bad-target');
  return next();
};

/** A worker of any scope below our prefix could answer for the sign-in page (architecture, Origins). */
const rejectServiceWorkers: Middleware = async (context, next) => {
  if (context.req.headers['service-worker'] !== undefined) throw new GatewayError('service-worker-refused');
  return next();
};
