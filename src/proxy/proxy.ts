import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { isAllowed } from '../access/index.ts';
import type { Application } from './application.ts';
import { Arrivals } from './arrivals.ts';
import { Identities } from './identities.ts';
import { InFlight } from './in-flight.ts';
import { OwnCookies } from './own-cookies.ts';
import { PathSessions } from './path-sessions.ts';
import type { ProxyOptions } from './proxy-options.ts';
import { ReadScratch } from './read-scratch.ts';
import { type RemoteSession, RemoteSessions, type RemoteSessionView, viewOf } from './remote-sessions.ts';
import { Requests } from './requests.ts';
import { RouteSet } from './route-set.ts';
import type { HealthState } from './server-health.ts';
import type { ProxySite } from './site.ts';
import { TurnEnd } from './turn-end.ts';
import { Upgrades } from './upgrades.ts';

/** One application server as administrators see it. */
export type ServerView = {
  readonly application: string;
  readonly server: string;
  readonly state: HealthState;
  readonly exchanges: number;
  readonly tunnels: number;
};

export interface ReverseProxy {
  /** For the events `request` and `checkContinue`. */
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Takes over new applications; ends only the remote sessions whose application, server or permission is gone. */
  reload(applications: readonly Application[]): void;
  /** No new users and sessions there; false when there is no such server. */
  drain(application: string, server: string): boolean;
  resume(application: string, server: string): boolean;
  servers(): ServerView[];
  tunnels(): RemoteSessionView[];
  /** Closes one at once; undefined when this process has none of that id, else what it was. */
  closeTunnel(id: string, reason: string): RemoteSessionView | undefined;
  /** No new work; requests finish and tunnels may live on for `graceMs` milliseconds. Resolves when nothing is left. */
  close(options: { graceMs: number }): Promise<void>;
}

/** Carries what the gate admits to application servers, and nothing else. */
export function createProxy(options: ProxyOptions): ReverseProxy {
  const { clock } = options;
  const cookies = new OwnCookies(options.cookieNames);
  const site: ProxySite = {
    gate: options.gate,
    clock,
    random: options.random,
    audit: options.audit,
    metrics: options.metrics,
    inFlight: new InFlight(clock),
    scratch: new ReadScratch(),
    turn: new TurnEnd(),
    identities: new Identities(cookies),
    cookies,
    addressOf: options.addressOf,
    schemeOf: options.schemeOf,
    hostOf: options.hostOf,
    isOwnToken: options.isOwnToken,
    refuse: options.refuse,
    signOut: options.onSignOutPath,
  };
  const routes = new RouteSet(site);
  routes.replace(options.applications);
  const remotes = new RemoteSessions(site);
  const arrivals = new Arrivals(site, routes, options.ownPrefix);
  const requests = new Requests(arrivals, new PathSessions(site, remotes));
  const upgrades = new Upgrades(arrivals, remotes);

  function setDraining(application: string, server: string, draining: boolean): boolean {
    const found = routes.find(application)?.pool.servers.find((candidate) => candidate.url === server);
    found?.health.setDraining(draining);
    return found !== undefined;
  }

  return {
    request: (request, response) => requests.take(request, response),
    upgrade: (request, socket, head) => upgrades.take(request, socket, head),
    reload(applications) {
      routes.replace(applications);
      for (const remote of remotes.open) follow(remote, routes);
    },
    drain: (application, server) => setDraining(application, server, true),
    resume: (application, server) => setDraining(application, server, false),
    servers: () =>
      routes.routes.flatMap(({ application, pool }) =>
        pool.servers.map(({ url, health, exchanges, tunnels }) => ({
          application: application.name,
          server: url,
          state: health.state,
          exchanges,
          tunnels,
        })),
      ),
    tunnels: () => remotes.list(),
    closeTunnel(id, reason) {
      const remote = remotes.find(id);
      const view = remote && viewOf(remote);
      remote?.close(reason);
      return view;
    },
    async close({ graceMs }) {
      site.inFlight.closing = true;
      if (graceMs <= 0) site.inFlight.closeAll('shutdown');
      const deadline = clock.after(graceMs, () => site.inFlight.closeAll('shutdown'));
      await site.inFlight.idle();
      deadline.cancel();
      site.inFlight.stop();
      routes.close();
    },
  };
}

/** A reload concerns a remote session only if its application, its server or its user's permission is gone. */
function follow(remote: RemoteSession, routes: RouteSet): void {
  const { name } = remote.route.application;
  const route = routes.find(name);
  if (route === undefined) {
    remote.close('application-removed');
  } else if (!route.pool.servers.includes(remote.server)) {
    remote.close('server-removed');
  } else if (!isAllowed(route.application.allow, remote.session.subscription, remote.session.user)) {
    remote.close('access-withdrawn');
  } else {
    remote.route = route;
  }
}
