import { type Application, defaultSessionSilence, type Timeouts, timeoutsOf } from './application.ts';
import { PathSet } from './path-set.ts';
import type { Routed } from './route-table.ts';
import type { ServerPool } from './server-pool.ts';

/** An application as the proxy runs it: compiled from the configuration once per reload. Times in milliseconds. */
export class Route implements Routed {
  readonly application: Application;
  readonly host?: string;
  readonly path: string;
  readonly pool: ServerPool;
  readonly timeouts: Timeouts;
  readonly sessionSilence: number;
  readonly tunnelIdle: number;
  readonly tunnelMaximum: number;
  readonly #sessionPaths: PathSet;
  readonly #signOutPaths: PathSet;

  constructor(application: Application, pool: ServerPool) {
    const timeouts = timeoutsOf(application);
    this.application = application;
    if (application.host !== undefined) this.host = application.host;
    this.path = application.path;
    this.pool = pool;
    this.timeouts = {
      connect: timeouts.connect * 1000,
      response: timeouts.response * 1000,
      idle: timeouts.idle * 1000,
    };
    this.sessionSilence = (application.sessionSilence ?? defaultSessionSilence) * 1000;
    this.tunnelIdle = (application.tunnel?.idle ?? 0) * 1000;
    this.tunnelMaximum = (application.tunnel?.maximum ?? 0) * 1000;
    this.#sessionPaths = new PathSet(application.sessionPaths);
    this.#signOutPaths = new PathSet(application.signOutPaths);
  }

  /** Whether a request to this target opens, or belongs to, a remote session. */
  opensSession(target: string): boolean {
    return this.#sessionPaths.has(target);
  }

  /** Whether a request to this target also ends the 2FA session. */
  signsOut(target: string): boolean {
    return this.#signOutPaths.has(target);
  }
}
