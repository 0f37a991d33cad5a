import type { IncomingMessage } from 'node:http';
import type { AdmittedSession } from '../access/index.ts';
import { inspectTarget, type TargetFault } from './inspect-target.ts';
import { outboundHeaders } from './outbound-headers.ts';
import type { Route } from './route.ts';
import type { RouteSet } from './route-set.ts';
import { ambiguous } from './route-table.ts';
import { originOf, type ProxySite, type PublicOrigin } from './site.ts';

/** What requests and upgrades have in common on their way in. */
export class Arrivals {
  readonly site: ProxySite;
  readonly #routes: RouteSet;
  readonly #ownPrefix: string;

  constructor(site: ProxySite, routes: RouteSet, ownPrefix: string) {
    this.site = site;
    this.#routes = routes;
    this.#ownPrefix = ownPrefix;
  }

  /** The route of a request, `undefined` when there is none, or why it can't be named safely. */
  routeOf(request: IncomingMessage): Route | undefined | TargetFault {
    const target = request.url ?? '';
    const fault = inspectTarget(target, request.rawHeaders, this.#ownPrefix);
    if (fault !== undefined) return this.suspicious(request, fault);
    const route = this.#routes.table.find(this.site.hostOf(request), target);
    return route === ambiguous ? this.suspicious(request, 'ambiguous-route') : route;
  }

  suspicious<Reason extends string>(request: IncomingMessage, reason: Reason): Reason {
    const origin = originOf(this.site, request);
    this.site.audit.record({ type: 'request.suspicious', reason, origin });
    return reason;
  }

  /** What the application is told about the user, signed; `undefined` when it isn't told. */
  assertionFor(session: AdmittedSession, route: Route): string | undefined | Promise<string> {
    const { identityHeaders, name } = route.application;
    return identityHeaders === false ? undefined : session.assertion(name);
  }

  /** The header lines that the application server gets. */
  headersFor(
    request: IncomingMessage,
    origin: PublicOrigin,
    session: AdmittedSession,
    assertion: string | undefined,
  ): string {
    const { site } = this;
    return outboundHeaders(request.rawHeaders, {
      origin,
      address: site.addressOf(request),
      othersIn: (cookie) => site.identities.othersIn(cookie, session.user),
      isOwnToken: site.isOwnToken,
      identity: assertion === undefined ? undefined : site.identities.identity(session, assertion),
    });
  }

  originOf(request: IncomingMessage): PublicOrigin {
    return { scheme: this.site.schemeOf(request), host: this.site.hostOf(request) };
  }
}
