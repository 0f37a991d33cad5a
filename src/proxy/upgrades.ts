import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../access/index.ts';
import type { Arrivals } from './arrivals.ts';
import { refusalFor } from './failure-table.ts';
import type { RemoteSessions } from './remote-sessions.ts';
import type { Route } from './route.ts';
import type { RefusalContext } from './site.ts';
import { responseOn, TunnelOpening } from './tunnel-opening.ts';
import { isHandshake } from './upgrade-head.ts';

/** Takes WebSocket upgrades in, through the same inspection and the same gate as requests. */
export class Upgrades {
  readonly #arrivals: Arrivals;
  readonly #remotes: RemoteSessions;

  constructor(arrivals: Arrivals, remotes: RemoteSessions) {
    this.#arrivals = arrivals;
    this.#remotes = remotes;
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { site } = this.#arrivals;
    const arrivedAt = site.clock.now();
    // Stays: a socket without it would end the process when its peer resets it.
    socket.on('error', destroyItself);
    if (site.inFlight.closing) {
      this.#refuse(request, socket, refusalFor('shutting-down'));
      return;
    }
    const route = this.#arrivals.routeOf(request);
    if (typeof route === 'string') {
      this.#refuse(request, socket, refusalFor('bad-target'), { fault: route });
    } else if (!isHandshake(request)) {
      this.#refuse(request, socket, refusalFor('invalid-request'), { application: route?.application });
    } else {
      this.#admit(request, socket, head, route, arrivedAt).catch((cause) => {
        this.#refuse(request, socket, refusalFor('internal'), { application: route?.application, cause });
      });
    }
  }

  async #admit(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    route: Route | undefined,
    arrivedAt: number,
  ): Promise<void> {
    const { site } = this.#arrivals;
    const decision = await site.gate.admit(request, route?.application, 'upgrade');
    if (decision.kind === 'refusal' || route === undefined) {
      const refusal = decision.kind === 'refusal' ? decision : refusalFor('not-found');
      this.#refuse(request, socket, refusal, { application: route?.application });
      return;
    }
    const assertion = await this.#arrivals.assertionFor(decision, route);
    if (socket.destroyed) return;
    if (site.inFlight.closing) {
      this.#refuse(request, socket, refusalFor('shutting-down'));
      return;
    }
    const origin = this.#arrivals.originOf(request);
    new TunnelOpening(request, socket, head, {
      site,
      route,
      session: decision,
      arrivedAt,
      remotes: this.#remotes,
      lines: this.#arrivals.headersFor(request, origin, decision, assertion),
      publicOrigin: origin,
    }).start();
  }

  #refuse(
    request: IncomingMessage,
    socket: Duplex,
    refusal: Refusal,
    context: Omit<RefusalContext, 'upgrade'> = {},
  ): void {
    if (socket.destroyed) return;
    const response = responseOn(request, socket);
    this.#arrivals.site.refuse(request, response, refusal, { ...context, upgrade: true });
  }
}

function destroyItself(this: Duplex): void {
  this.destroy();
}
