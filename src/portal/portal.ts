import type { IncomingMessage, ServerResponse } from 'node:http';
import Router, { type RouterContext } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import { cookieNames, isAllowed } from '../access/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { SessionRecord } from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import { accountCalls } from './account-calls.ts';
import { createAnswerCall } from './answer-call.ts';
import { createApplicationHost, toPortal } from './application-host.ts';
import { type BuiltPages, serveAssets } from './assets.ts';
import type {
  FailureLog,
  PortalAccount,
  PortalApplication,
  PortalHandOffs,
  PortalOwner,
  PortalSessions,
  PortalSignIn,
} from './contracts.ts';
import { readCredential } from './credentials.ts';
import { createStepDelivery } from './deliver-step.ts';
import { createDescribeSession } from './describe-session.ts';
import { enrolmentCalls } from './enrolment-calls.ts';
import { languageOf } from './navigation.ts';
import { describeApi } from './open-api.ts';
import { apiHeaders } from './page-headers.ts';
import { pageRoutes } from './page-routes.ts';
import { createPages } from './pages.ts';
import { createRefuse, type RefusalContext, type RefusalFacts, refuseUpgrade } from './refuse.ts';
import { createRenderErrors } from './render-errors.ts';
import { giveReply, redirectTo } from './reply.ts';
import { sessionCalls } from './session-calls.ts';
import { dropCookie } from './set-cookie.ts';
import { signInCalls } from './sign-in-calls.ts';
import { createSite, prefix } from './site.ts';

export type PortalOptions = {
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
  readonly handOffs: PortalHandOffs;
  /** The public keys of assertions as a JWK set. */
  readonly assertionKeys: () => unknown;
  readonly addressOf: (request: IncomingMessage) => string;
  /** The authority the client asked for; absent: what `Host` says. */
  readonly hostOf?: (request: IncomingMessage) => string | undefined;
  /** From `readBuiltPages`. */
  readonly assets: BuiltPages;
  readonly log: FailureLog;
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
  /** The same for an upgrade: plain HTTP, then the end of the connection. */
  refuseUpgrade: typeof refuseUpgrade;
}

export function createPortal(options: PortalOptions): Portal {
  const { catalogue, settings, clock, random, sessions, signIn, owner, account, handOffs, assets } = options;
  const site = createSite(
    options.site.name,
    options.site.origin,
    options.applications,
    options.hostOf ?? (({ headers }) => headers.host),
  );
  const secure = site.origin.startsWith('https:');
  const names = cookieNames(secure);
  const forget = [dropCookie(names.session, secure), dropCookie(names.pending, secure)];

  const applicationsFor = (session: SessionRecord): readonly PortalApplication[] =>
    options.applications().filter(({ allow }) => isAllowed(allow, session.subscription, session.user));
  const describeSession = createDescribeSession(sessions, applicationsFor);
  const deliverStep = createStepDelivery({ clock, names, secure, describeSession });
  const pages = createPages({ catalogue, settings, site, random, assets: assets.pages });
  const refusal = createRefuse({ catalogue, pages, site, handOffs, names, secure });

  const calls = [
    ...signInCalls({ signIn, owner, deliverStep, site }),
    ...enrolmentCalls(signIn, deliverStep),
    ...sessionCalls({ sessions, describeSession, forget }),
    ...accountCalls({ account, sessions, forget }),
  ];
  const answerCall = createAnswerCall({ site, names, sessions, addressOf: options.addressOf });
  const applicationHost = createApplicationHost({ site, handOffs, sessions, names, secure, clock });
  const openApi = JSON.stringify(describeApi(calls, options.version));

  const router = new Router({ sensitive: true, strict: true, exclusive: false });
  for (const call of calls) {
    router.register(`${prefix}${call.path}`, [call.method], async (context: RouterContext) => {
      const {
        status = call.answer.status,
        body,
        cookies = [],
      } = await answerCall(call, context.req, context.params);
      context.status = status;
      if (body !== undefined) context.body = JSON.stringify(body);
      context.set(apiHeaders as Record<string, string>);
      if (body !== undefined) context.set('Content-Type', 'application/json');
      if (cookies.length > 0) context.set('Set-Cookie', [...cookies]);
    });
  }
  router.get(`${prefix}api/openapi.json`, (context) => {
    context.body = openApi;
    context.set({ ...apiHeaders, 'Content-Type': 'application/json' });
  });
  router.get(`${prefix}jwks.json`, (context) => {
    context.body = JSON.stringify(options.assertionKeys());
    // Applications' servers ask again when a `kid` is new; a rotation must not wait longer than this.
    context.set({
      ...apiHeaders,
      'Content-Type': 'application/jwk-set+json',
      'Cache-Control': 'public, max-age=300',
    });
  });
  router.get(prefix.slice(0, -1), (context) => giveReply(context, redirectTo(prefix)));
  for (const route of pageRoutes({ pages, site, owner, sessions, handOffs, applicationsFor, forget })) {
    router.get(`${prefix}${route.path}`, async (context) => {
      const reply = await route.answer({
        request: context.req,
        query: new URLSearchParams(context.querystring),
        language: languageOf(context.req),
        session: async () => {
          const credential = readCredential(context.req, names, 'session');
          return credential && sessions.find(credential.token, site.origin);
        },
      });
      giveReply(context, reply);
    });
  }

  const app = new Koa();
  app.use(createRenderErrors({ replyTo: refusal.replyTo, log: options.log }));
  app.use(rejectServiceWorkers);
  app.use(async (context, next) => {
    const place = site.placeOf(context.req);
    if (place.kind === 'portal') return next();
    const path = context.path.slice(prefix.length);
    const query = new URLSearchParams(context.querystring);
    giveReply(
      context,
      place.kind === 'application'
        ? await applicationHost(context.req, path, query, place)
        : toPortal(context.req, path, site),
    );
  });
  app.use(serveAssets(assets.files));
  app.use(router.routes());
  app.use(nothingHere);
  app.silent = true;
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') {
      options.log.error({ err: error }, 'an answer could not be sent');
    }
  });
  const handle = app.callback();

  return {
    handle(request, response) {
      handle(request, response).catch((error: unknown) => {
        options.log.error({ err: error }, 'an answer could not be sent');
        response.destroy();
      });
    },
    refuse: refusal.refuse,
    refuseUpgrade,
  };
}

/** A worker of any scope below our prefix could answer for the sign-in page (architecture, Origins). */
const rejectServiceWorkers: Middleware = async (context, next) => {
  if (context.req.headers['service-worker'] !== undefined) throw new GatewayError('service-worker-refused');
  return next();
};

/** After every route: 405 with `Allow` where the path exists, `OPTIONS` answered without any CORS, else 404. */
const nothingHere: Middleware = (context) => {
  const layers = (context as RouterContext).matched ?? [];
  const allowed = [...new Set(layers.flatMap((layer) => layer.methods))];
  if (allowed.length === 0) throw new GatewayError('not-found');
  context.set('Allow', [...allowed, 'OPTIONS'].join(', '));
  if (context.method !== 'OPTIONS') throw new GatewayError('method-not-allowed');
  context.status = 204;
  context.set('Cache-Control', 'no-store');
};
