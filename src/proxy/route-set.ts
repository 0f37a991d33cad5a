import { isDeepStrictEqual } from 'node:util';
import type { Application, ApplicationServer } from './application.ts';
import { timeoutsOf } from './application.ts';
import { HealthChecks } from './health-checks.ts';
import { Route } from './route.ts';
import { RouteTable } from './route-table.ts';
import { ServerPool } from './server-pool.ts';
import type { ProxySite } from './site.ts';
import { UpstreamServer } from './upstream-server.ts';

/** A server as it runs, with all that it was made from. */
type Running = {
  readonly key: string;
  readonly server: UpstreamServer;
  readonly checks: HealthChecks | undefined;
};

type Entry = { readonly route: Route; readonly running: readonly Running[] };

/**
 * The routes as configured now, and the servers behind them. A reload keeps every route whose application hasn't
 * changed, and every server of a changed application that is still the same.
 */
export class RouteSet {
  table: RouteTable<Route> = new RouteTable<Route>([]);
  #entries = new Map<string, Entry>();
  readonly #site: ProxySite;

  constructor(site: ProxySite) {
    this.#site = site;
  }

  get routes(): Route[] {
    return [...this.#entries.values()].map((entry) => entry.route);
  }

  find(application: string): Route | undefined {
    return this.#entries.get(application)?.route;
  }

  replace(applications: readonly Application[]): void {
    const before = this.#entries;
    const after = new Map<string, Entry>();
    for (const application of applications) {
      const old = before.get(application.name);
      const same = old !== undefined && isDeepStrictEqual(old.route.application, application);
      after.set(application.name, same ? old : this.#start(application, old));
    }
    const kept = new Set([...after.values()].flatMap((entry) => entry.running));
    for (const [name, entry] of before) {
      for (const running of entry.running) if (!kept.has(running)) this.#stop(name, running);
    }
    this.#entries = after;
    this.table = new RouteTable(this.routes);
  }

  close(): void {
    for (const { running } of this.#entries.values()) {
      for (const { server, checks } of running) {
        checks?.stop();
        server.destroy();
      }
    }
  }

  #start(application: Application, old: Entry | undefined): Entry {
    const running = application.servers.map((server) => {
      const key = keyOf(application, server);
      const kept = old?.running.find((candidate) => candidate.key === key);
      kept?.server.configure(server);
      return kept ?? this.#run(application, server, key);
    });
    const pool = new ServerPool(running.map(({ server }) => server));
    if (old !== undefined) pool.adopt(old.route.pool);
    return { route: new Route(application, pool), running };
  }

  #run(application: Application, server: ApplicationServer, key: string): Running {
    const { clock, audit, metrics, scratch, turn } = this.#site;
    const { name } = application;
    const upstream = new UpstreamServer(server, {
      clock,
      memory: scratch.memory,
      turn,
      connectTimeout: timeoutsOf(application).connect * 1000,
      changed: (changed, state, reason) => {
        metrics.serverUp(name, changed.url, state === 'up');
        const because = reason === undefined ? {} : { reason };
        audit.record({ type: 'server.health', application: name, server: changed.url, state, ...because });
      },
    });
    metrics.serverUp(name, server.url, true);
    const { health } = application;
    return { key, server: upstream, checks: health && new HealthChecks(upstream, health, clock) };
  }

  #stop(application: string, running: Running): void {
    running.checks?.stop();
    running.server.retire();
    this.#site.metrics.serverUp(application, running.server.url, undefined);
  }
}

/** What a running server can't change: where it is, how it is verified, how it is checked. */
const keyOf = (application: Application, { url, tls }: ApplicationServer): string =>
  JSON.stringify([url, tls, application.health, timeoutsOf(application).connect]);
