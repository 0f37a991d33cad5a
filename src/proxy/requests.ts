import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdmittedSession, Decision, Refusal } from '../access/index.ts';
import type { Arrivals } from './arrivals.ts';
import { Exchange } from './exchange.ts';
import { refusalFor } from './failure-table.ts';
import type { PathSessions } from './path-sessions.ts';
import { formOf, hasBody, type RequestForm } from './request-form.ts';
import type { Route } from './route.ts';
import { originOf, type RefusalContext } from './site.ts';

/** Takes requests in: inspected, routed, admitted by the gate anew each time, and then carried. */
export class Requests {
  readonly #arrivals: Arrivals;
  readonly #pathSessions: PathSessions;

  constructor(arrivals: Arrivals, pathSessions: PathSessions) {
    this.#arrivals = arrivals;
    this.#pathSessions = pathSessions;
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const { site } = this.#arrivals;
    if (site.inFlight.closing) {
      this.#refuse(request, response, refusalFor('shutting-down'));
      return;
    }
    const route = this.#arrivals.routeOf(request);
    if (typeof route === 'string') {
      this.#refuse(request, response, refusalFor('bad-target'), { fault: route });
      return;
    }
    const form = formOf(request);
    const fault = formFault(request, form);
    if (fault !== undefined) {
      this.#refuse(request, response, refusalFor(fault), { application: route?.application });
      return;
    }
    const decision = site.gate.admit(request, route?.application, 'request');
    if (!(decision instanceof Promise)) this.#decided(request, response, form, route, decision);
    else decision.then((late) => this.#decided(request, response, form, route, late));
  }

  #decided(
    request: IncomingMessage,
    response: ServerResponse,
    form: RequestForm,
    route: Route | undefined,
    decision: Decision,
  ): void {
    if (isGone(request, response)) return;
    const application = route?.application;
    if (decision.kind === 'refusal' || route === undefined) {
      const refusal = decision.kind === 'refusal' ? decision : refusalFor('not-found');
      this.#refuse(request, response, refusal, { application });
      return;
    }
    if (form.serviceWorker && isOfAll(request)) {
      this.#arrivals.suspicious(request, 'service-worker');
      this.#refuse(request, response, refusalFor('service-worker-refused'), { application });
      return;
    }
    const assertion = this.#arrivals.assertionFor(decision, route);
    if (!(assertion instanceof Promise)) this.#forward(request, response, form, route, decision, assertion);
    else {
      assertion.then(
        (signed) => this.#forward(request, response, form, route, decision, signed),
        (cause) => this.#refuse(request, response, refusalFor('internal'), { application, cause }),
      );
    }
  }

  #forward(
    request: IncomingMessage,
    response: ServerResponse,
    form: RequestForm,
    route: Route,
    session: AdmittedSession,
    assertion: string | undefined,
  ): void {
    if (isGone(request, response)) return;
    const { site } = this.#arrivals;
    if (site.inFlight.closing) {
      this.#refuse(request, response, refusalFor('shutting-down'));
      return;
    }
    const target = request.url ?? '';
    const visit = route.opensSession(target)
      ? this.#pathSessions.visit(route, session, originOf(site, request))
      : undefined;
    const need = visit === undefined || visit.isOpen ? 'request' : 'session';
    const server = route.pool.pick(session.user.key, site.identities.seedOf(session.user), need);
    if (server === undefined) {
      visit?.leave(0, 0);
      const refusal = refusalFor('no-healthy-server', route.pool.retryAfter);
      this.#refuse(request, response, refusal, { application: route.application });
      return;
    }
    const origin = this.#arrivals.originOf(request);
    new Exchange(request, response, {
      site,
      route,
      session,
      server,
      need,
      form,
      lines: this.#arrivals.headersFor(request, origin, session, assertion),
      publicOrigin: origin,
      signsOut: route.signsOut(target),
      visit,
    }).start();
  }

  #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    refusal: Refusal,
    context: Omit<RefusalContext, 'upgrade'> = {},
  ): void {
    if (isGone(request, response)) return;
    const { site } = this.#arrivals;
    // A body that nobody will read must not be read as a request.
    if (site.inFlight.closing || hasBody(formOf(request))) response.setHeader('Connection', 'close');
    site.refuse(request, response, refusal, { ...context, upgrade: false });
  }
}

const isGone = (request: IncomingMessage, response: ServerResponse): boolean =>
  response.destroyed || request.socket.destroyed;

/** A TRACE would echo what only the server may see; a transfer coding besides chunked can't be re-framed. */
function formFault(
  request: IncomingMessage,
  form: RequestForm,
): 'method-not-allowed' | 'invalid-request' | undefined {
  if (request.method === 'TRACE' || request.method === 'CONNECT') return 'method-not-allowed';
  return form.malformed ? 'invalid-request' : undefined;
}

/**
 * A service worker whose script lies in `/` could answer for `/.sallyport/` too (tried in Chromium); one in a folder
 * reaches no further than that folder.
 */
function isOfAll(request: IncomingMessage): boolean {
  const [path = ''] = (request.url ?? '').split('?');
  return path.lastIndexOf('/') === 0;
}
