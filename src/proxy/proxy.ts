import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AdmittedSession, Decision, Gate, Refusal } from '../access/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Application } from './application.ts';
import { Exchange } from './exchange.ts';
import { refusalFor } from './failure-table.ts';
import { Identities } from './identities.ts';
import { inspectTarget, type TargetFault } from './inspect-target.ts';
import { outboundHeaders } from './outbound-headers.ts';
import { OwnCookies } from './own-cookies.ts';
import { RemoteSessions, type RemoteSessionView } from './remote-sessions.ts';
import { hasBody } from './request-body.ts';
import type { Route } from './route.ts';
import { RouteSet } from './route-set.ts';
import { ambiguous } from './route-table.ts';
import type { HealthState } from './server-health.ts';
import {
  originOf,
  type ProxyMetrics,
  type ProxySite,
  type RefusalContext,
  type RequestFacts,
} from './site.ts';
import { Sweeper } from './sweeper.ts';
import { responseOn, TunnelOpening } from './tunnel-opening.ts';
import { isHandshake } from './upgrade-head.ts';

export type ProxyOptions = RequestFacts & {
  readonly applications: readonly Application[];
  readonly gate: Gate;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Audit;
  readonly metrics: ProxyMetrics;
  /** The gateway's own first path segment with its slash, `/.sallyport`. */
  readonly ownPrefix: string;
  /** The gateway's own cookies, which application servers neither get nor set. */
  readonly cookieNames: readonly string[];
  /** Whether a bearer token is one of the gateway's. */
  isOwnToken(token: string): boolean;
  /** Renders a refusal: a page, a problem, a redirect; on an upgrade always a plain answer. */
  refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal, context: RefusalContext): void;
  /** A request to one of an application's `signOutPaths` ends its 2FA session. */
  onSignOutPath(session: AdmittedSession): void;
};

/** One application server as administrators see it. */
export type ServerView = {
  readonly application: string;
  readonly server: string;
  readonly state: HealthState;
  readonly exchanges: number;
  readonly tunnels: number;
};

export interface ReverseProxy {
  /** For `request` and `checkContinue`. */
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Takes over new applications; keeps the pools and tunnels of those that haven't changed. */
  reload(applications: readonly Application[]): void;
  /** No new users and sessions there; false when there is no such server. */
  drain(application: string, server: string): boolean;
  resume(application: string, server: string): boolean;
  servers(): ServerView[];
  tunnels(): RemoteSessionView[];
  /** No new work; requests finish and tunnels may live on for `graceMs` milliseconds. Resolves when nothing is left. */
  close(options: { graceMs: number }): Promise<void>;
}

/** Carries what the gate admits to application servers, and nothing else. */
export function createProxy(options: ProxyOptions): ReverseProxy {
  const { clock, ownPrefix } = options;
  const sweeper = new Sweeper(clock);
  const site: ProxySite = {
    gate: options.gate,
    clock,
    random: options.random,
    audit: options.audit,
    metrics: options.metrics,
    sweeper,
    identities: new Identities(),
    cookies: new OwnCookies(options.cookieNames),
    addressOf: (request) => options.addressOf(request),
    schemeOf: (request) => options.schemeOf(request),
    hostOf: (request) => options.hostOf(request),
    isOwnToken: (token) => options.isOwnToken(token),
    refuse: (request, response, refusal, context) => options.refuse(request, response, refusal, context),
    signOut: (session) => options.onSignOutPath(session),
  };
  const routes = new RouteSet(site);
  routes.replace(options.applications);
  const remotes = new RemoteSessions(site);
  const exchanges = new Set<Exchange>();
  const openings = new Set<TunnelOpening>();
  const exchangeEnded = (exchange: Exchange): void => {
    exchanges.delete(exchange);
    whenIdle();
  };
  const openingEnded = (opening: TunnelOpening): void => {
    openings.delete(opening);
    whenIdle();
  };
  let closing = false;
  let onIdle: (() => void) | undefined;
  const whenIdle = (): void => {
    if (exchanges.size === 0 && openings.size === 0 && remotes.size === 0) onIdle?.();
  };

  /** The route of a request, or why it has none that could be named safely. */
  function routeOf(request: IncomingMessage): Route | undefined | TargetFault {
    const target = request.url ?? '';
    const fault = inspectTarget(target, request.rawHeaders, ownPrefix);
    if (fault !== undefined) return fault;
    const route = routes.table.find(site.hostOf(request), target);
    return route === ambiguous ? 'ambiguous-route' : route;
  }

  function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    refusal: Refusal,
    context: RefusalContext,
  ): void {
    // A body that nobody will read must not be read as a request.
    if (closing || hasBody(request)) response.setHeader('Connection', 'close');
    site.refuse(request, response, refusal, context);
  }

  function request(req: IncomingMessage, res: ServerResponse): void {
    if (closing) {
      refuse(req, res, refusalFor('shutting-down'), { upgrade: false });
      return;
    }
    const route = routeOf(req);
    if (typeof route === 'string') {
      suspicious(req, route);
      refuse(req, res, refusalFor('bad-target'), { upgrade: false, fault: route });
      return;
    }
    if (!isForwardable(req)) {
      const code = req.method === 'TRACE' ? 'method-not-allowed' : 'invalid-request';
      refuse(req, res, refusalFor(code), { application: route?.application, upgrade: false });
      return;
    }
    const decision = site.gate.admit(req, route?.application, 'request');
    if (decision instanceof Promise) decision.then((late) => decided(req, res, route, late));
    else decided(req, res, route, decision);
  }

  function decided(
    req: IncomingMessage,
    res: ServerResponse,
    route: Route | undefined,
    decision: Decision,
  ): void {
    if (res.destroyed || req.socket.destroyed) return;
    const application = route?.application;
    if (decision.kind === 'refusal' || route === undefined) {
      const refusal = decision.kind === 'refusal' ? decision : refusalFor('not-found');
      refuse(req, res, refusal, { application, upgrade: false });
      return;
    }
    if (isServiceWorkerOfAll(req)) {
      suspicious(req, 'service-worker');
      refuse(req, res, refusalFor('service-worker-refused'), { application, upgrade: false });
      return;
    }
    const assertion = assertionFor(decision, route);
    if (typeof assertion === 'string' || assertion === undefined)
      forward(req, res, route, decision, assertion);
    else {
      assertion.then(
        (signed) => forward(req, res, route, decision, signed),
        (cause) => refuse(req, res, refusalFor('internal'), { application, upgrade: false, cause }),
      );
    }
  }

  function forward(
    req: IncomingMessage,
    res: ServerResponse,
    route: Route,
    session: AdmittedSession,
    assertion: string | undefined,
  ): void {
    if (res.destroyed || req.socket.destroyed) return;
    const seed = site.identities.seedOf(session.user);
    const server = route.pool.pick(session.user.key, seed, 'request');
    if (server === undefined) {
      const refusal = refusalFor('no-healthy-server', route.pool.retryAfter);
      refuse(req, res, refusal, { application: route.application, upgrade: false });
      return;
    }
    const exchange = new Exchange(req, res, {
      site,
      route,
      session,
      server,
      headers: headersFor(req, session, assertion),
      publicOrigin: publicOriginOf(req),
      signsOut: route.signsOut(req.url ?? ''),
      ended: exchangeEnded,
    });
    exchanges.add(exchange);
    exchange.start();
  }

  function upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refuseUpgrade = (refusal: Refusal, context: Omit<RefusalContext, 'upgrade'>): void =>
      site.refuse(req, responseOn(req, socket), refusal, { ...context, upgrade: true });
    if (closing) {
      refuseUpgrade(refusalFor('shutting-down'), {});
      return;
    }
    const route = routeOf(req);
    if (typeof route === 'string') {
      suspicious(req, route);
      refuseUpgrade(refusalFor('bad-target'), { fault: route });
      return;
    }
    if (!isHandshake(req)) {
      refuseUpgrade(refusalFor('invalid-request'), { application: route?.application });
      return;
    }
    const gone = new AbortController();
    const onGone = (): void => gone.abort();
    socket.on('error', onGone).on('close', onGone);
    void (async () => {
      const decision = await site.gate.admit(req, route?.application, 'upgrade');
      const admitted = decision.kind === 'session' && route !== undefined;
      const assertion = admitted ? await assertionFor(decision, route) : undefined;
      socket.off('error', onGone).off('close', onGone);
      if (gone.signal.aborted) return;
      if (!admitted) {
        const refusal = decision.kind === 'refusal' ? decision : refusalFor('not-found');
        refuseUpgrade(refusal, { application: route?.application });
        return;
      }
      const opening = new TunnelOpening(req, socket, head, {
        site,
        route,
        session: decision,
        remotes,
        headers: headersFor(req, decision, assertion),
        publicOrigin: publicOriginOf(req),
        ended: openingEnded,
      });
      openings.add(opening);
      opening.start();
    })().catch((cause) => refuseUpgrade(refusalFor('internal'), { application: route?.application, cause }));
  }

  function assertionFor(session: AdmittedSession, route: Route): string | undefined | Promise<string> {
    return route.application.identityHeaders === false
      ? undefined
      : session.assertion(route.application.name);
  }

  function headersFor(
    req: IncomingMessage,
    session: AdmittedSession,
    assertion: string | undefined,
  ): string[] {
    return outboundHeaders(req.rawHeaders, {
      host: site.hostOf(req),
      address: site.addressOf(req),
      scheme: site.schemeOf(req),
      cookies: site.cookies,
      isOwnToken: site.isOwnToken,
      identity: assertion === undefined ? undefined : site.identities.identity(session, assertion),
    });
  }

  const publicOriginOf = (req: IncomingMessage): string => `${site.schemeOf(req)}://${site.hostOf(req)}`;

  function suspicious(req: IncomingMessage, reason: string): void {
    site.audit.record({ type: 'request.suspicious', reason, origin: originOf(site, req) });
  }

  function setDraining(application: string, server: string, draining: boolean): boolean {
    const found = routes.find(application)?.pool.servers.find((candidate) => candidate.url === server);
    found?.health.setDraining(draining);
    return found !== undefined;
  }

  async function close({ graceMs }: { graceMs: number }): Promise<void> {
    closing = true;
    await new Promise<void>((resolve) => {
      const deadline = clock.after(graceMs, () => {
        for (const opening of [...openings]) opening.close('shutdown');
        for (const exchange of [...exchanges]) exchange.close('shutdown');
        remotes.close('shutdown');
      });
      onIdle = () => {
        deadline.cancel();
        resolve();
      };
      remotes.whenEmpty(whenIdle);
      whenIdle();
    });
    sweeper.stop();
    await routes.close();
  }

  return {
    request,
    upgrade,
    reload(applications) {
      routes.replace(applications);
    },
    drain: (application, server) => setDraining(application, server, true),
    resume: (application, server) => setDraining(application, server, false),
    servers: () =>
      routes.routes.flatMap((route) =>
        route.pool.servers.map((server) => ({
          application: route.application.name,
          server: server.url,
          state: server.health.state,
          exchanges: server.exchanges,
          tunnels: server.tunnels,
        })),
      ),
    tunnels: () => remotes.list(),
    close,
  };
}

/** A TRACE would echo what only the server may see; a transfer coding besides chunked can't be re-framed. */
function isForwardable(request: IncomingMessage): boolean {
  if (request.method === 'TRACE' || request.method === 'CONNECT') return false;
  const coding = request.headers['transfer-encoding'];
  return coding === undefined || (coding.toLowerCase() === 'chunked' && request.httpVersionMinor === 1);
}

/**
 * A service worker whose script lies in `/` could answer for `/.sallyport/` too (tried in Chromium); one in a folder
 * reaches no further than that folder.
 */
function isServiceWorkerOfAll(request: IncomingMessage): boolean {
  if (request.headers['service-worker'] === undefined) return false;
  const [path = ''] = (request.url ?? '').split('?');
  return path.lastIndexOf('/') === 0;
}
