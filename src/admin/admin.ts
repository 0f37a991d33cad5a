import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import Router, { type RouterContext } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import type { CookieNames } from '../access/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Catalogue, Language } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import {
  type AddressOf,
  apiHeaders,
  createRenderErrors,
  type FailureLog,
  giveReply,
  languageOf,
  prefix,
  problemReply,
  type Reply,
  redirectTo,
  rejectCrossOrigin,
} from '../http/index.ts';
import type { AdminCall } from './admin-call.ts';
import { callerAt, createAnswerAdminCall } from './answer-admin-call.ts';
import { roleAt } from './authorise.ts';
import { describeAdmin } from './describe-admin.ts';
import { type Visit, Visits, type VisitsOptions } from './visits.ts';

export type AdminOptions = Pick<VisitsOptions, 'names' | 'sessions' | 'roles' | 'tokens'> & {
  /** Of the console: scheme, host and port, as browsers write `Origin`. */
  readonly origin: string;
  readonly version: string;
  readonly names: CookieNames;
  readonly calls: readonly AdminCall[];
  /** Signs people in and renews their sessions, for the console's origin. */
  readonly portal: { handle(request: IncomingMessage, response: ServerResponse): void };
  /** The page that the console's browser app draws, for somebody who is signed in. */
  readonly page: (language: Language, visit: Visit) => Reply;
  /** What is told to somebody signed in who administers nothing. */
  readonly strangerPage: (language: Language) => Reply;
  /** Takes over an upgrade that is admitted; absent: there is none. */
  readonly live?: (visit: Visit, request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Whether the console may be used from an address. */
  readonly isAdmitted: (address: string) => boolean;
  readonly catalogue: Catalogue;
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Pick<Audit, 'record' | 'flush'>;
  readonly addressOf: AddressOf;
  /** Whether there is a subscription of this id. */
  readonly isSubscription: (id: string) => boolean;
  readonly log: FailureLog;
};

export interface Admin {
  /** Answers everything on the console's listener. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const api = `${prefix}api/v1/admin/`;
const livePath = `${api}live`;

/** The console's listener: the administrators' API, the pages that speak it, and beside them the portal's sign-in. */
export function createAdmin(options: AdminOptions): Admin {
  const { origin, catalogue, portal, addressOf, isAdmitted, audit, log } = options;
  const visits = new Visits({ ...options, addressOf });
  const answerCall = createAnswerAdminCall({ ...options, visits });
  const ownHosts = hostsOf(origin);
  const openApi = JSON.stringify(describeAdmin(options.calls, options.version));

  const app = new Koa();
  app.use(
    createRenderErrors({
      replyTo: (request, facts) => problemReply(catalogue, languageOf(request), facts),
      log,
      audit,
      addressOf,
    }),
  );
  app.use(async (context, next) => {
    requirePlace(context.req);
    return next();
  });
  const router = new Router({ sensitive: true, strict: true });
  for (const call of options.calls) router.register(`${prefix}${call.path}`, [call.method], answer(call));
  router.get(`${api}openapi.json`, (context) =>
    giveReply(context, {
      status: 200,
      headers: { ...apiHeaders, 'Content-Type': 'application/json' },
      body: openApi,
    }),
  );
  app.use(router.routes());
  app.use(async (context) => {
    const layers = (context as RouterContext).matched ?? [];
    const allowed = [...new Set(layers.flatMap((layer) => layer.methods))];
    if (allowed.length > 0) {
      context.set('Allow', allowed.join(', '));
      throw new GatewayError('method-not-allowed');
    }
    if (context.path.startsWith(prefix)) throw new GatewayError('not-found');
    if (context.method !== 'GET' && context.method !== 'HEAD') throw new GatewayError('method-not-allowed');
    giveReply(context, await pageFor(context.req));
  });
  app.silent = true;
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') {
      log.error({ error }, 'an answer could not be sent');
    }
  });
  const handle = app.callback();

  function answer(call: AdminCall): Middleware {
    return async (context) => {
      const { params } = context as RouterContext;
      const { status, body, etag, headers, stream } = await answerCall(call, context.req, params);
      const common = { ...apiHeaders, ...headers, ...(etag === undefined ? {} : { ETag: `"${etag}"` }) };
      if (stream === undefined) {
        giveReply(context, {
          status: status ?? call.answer.status,
          headers: { ...common, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
          body: body === undefined ? '' : JSON.stringify(body),
        });
        return;
      }
      context.status = status ?? call.answer.status;
      context.body = stream;
      context.set({ ...common, 'Content-Type': call.answer.type ?? 'application/json' });
    };
  }

  /** Of this host alone (another name that leads here could be anybody's), and from a network that may. */
  function requirePlace(request: IncomingMessage): void {
    const hosts = request.headersDistinct.host ?? [];
    if (hosts.length !== 1) throw new GatewayError('bad-target');
    if (!ownHosts.includes((hosts[0] ?? '').toLowerCase())) throw new GatewayError('not-found');
    if (!isAdmitted(addressOf(request))) throw new GatewayError('network-not-allowed');
    if (request.headers['service-worker'] !== undefined) throw new GatewayError('service-worker-refused');
  }

  async function pageFor(request: IncomingMessage): Promise<Reply> {
    const visit = await visits.of(request);
    if (visit?.session === undefined) {
      const returnTo =
        request.url?.startsWith('/') === true && request.url.length <= 2048 ? request.url : '/';
      return redirectTo(`${prefix}sign-in?${new URLSearchParams({ returnTo })}`);
    }
    const language = languageOf(request);
    return visit.grants.length === 0 ? options.strangerPage(language) : options.page(language, visit);
  }

  /** The live feed. Whoever isn't admitted hears a plain status, never a redirect. */
  async function admitLive(request: IncomingMessage): Promise<Visit> {
    requirePlace(request);
    if (new URL(request.url ?? '/', origin).pathname !== livePath || options.live === undefined) {
      throw new GatewayError('not-found');
    }
    const visit = await visits.of(request);
    rejectCrossOrigin(request.headers, origin, visit?.session !== undefined);
    if (visit === undefined) throw new GatewayError('sign-in-required');
    const [first] = visit.grants;
    const everywhere = roleAt(visit.grants, { scope: 'site' }) !== undefined;
    callerAt(
      visit,
      everywhere || first?.subscription === undefined
        ? { scope: 'site' }
        : { scope: 'subscription', subscription: first.subscription },
      { may: 'see' },
    );
    return visit;
  }

  return {
    handle(request, response) {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
      const own = path.startsWith(api) || !(path === prefix.slice(0, -1) || path.startsWith(prefix));
      if (!own && isPlaced(request)) {
        portal.handle(request, response);
        return;
      }
      handle(request, response).catch((error: unknown) => {
        log.error({ error }, 'an answer could not be sent');
        response.destroy();
      });
    },
    upgrade(request, socket, head) {
      admitLive(request).then(
        (visit) => options.live?.(visit, request, socket, head),
        (error: unknown) => {
          const status = error instanceof GatewayError ? error.status : 500;
          if (status >= 500) log.error({ error }, 'the live feed could not be opened');
          socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        },
      );
    },
  };

  /** The portal keeps guards of its own, but not of networks. */
  function isPlaced(request: IncomingMessage): boolean {
    try {
      requirePlace(request);
      return true;
    } catch {
      return false;
    }
  }
}

/** A client may write the scheme's own port, which an origin leaves out. */
function hostsOf(origin: string): readonly string[] {
  const { host, port, protocol } = new URL(origin);
  return port === '' ? [host, `${host}:${protocol === 'https:' ? 443 : 80}`] : [host];
}
