import type { AdmittedSession, LiveConnection } from '../access/index.ts';
import type { Origin } from '../audit/index.ts';
import { randomName } from '../random.ts';
import type { Route } from './route.ts';
import type { ProxySite } from './site.ts';
import type { UpstreamServer } from './upstream-server.ts';

/** An open remote session, as administrators see it. */
export type RemoteSessionView = {
  readonly id: string;
  readonly application: string;
  readonly server: string;
  /** The 2FA session it belongs to. */
  readonly session: string;
  readonly subscription: string;
  readonly user: string;
  readonly name: string;
  readonly address: string;
  readonly browser?: string;
  /** Unix milliseconds. */
  readonly openedAt: number;
  /** Bytes from the client and to it. */
  readonly bytesIn: number;
  readonly bytesOut: number;
};

/** One remote session from its opening to its end, however it is carried. */
export class RemoteSession {
  readonly id: string;
  /** Follows a reload. */
  route: Route;
  readonly server: UpstreamServer;
  readonly session: AdmittedSession;
  readonly origin: Origin;
  /** Unix milliseconds, for people; the duration is measured by the clock that never jumps. */
  readonly openedAt: number;
  readonly beganAt: number;
  /** By `InFlight.now`. */
  readonly openedTick: number;
  bytesIn = 0;
  bytesOut = 0;
  carrier: LiveConnection | undefined;

  constructor(
    id: string,
    route: Route,
    server: UpstreamServer,
    session: AdmittedSession,
    origin: Origin,
    at: Times,
  ) {
    this.id = id;
    this.route = route;
    this.server = server;
    this.session = session;
    this.origin = origin;
    this.openedAt = at.now;
    this.beganAt = at.monotonic;
    this.openedTick = at.tick;
  }

  close(reason: string): void {
    this.carrier?.close(reason);
  }
}

type Times = { now: number; monotonic: number; tick: number };

/** The remote sessions that this process carries, and what is told about them. */
export class RemoteSessions {
  readonly #open = new Set<RemoteSession>();
  readonly #site: ProxySite;

  constructor(site: ProxySite) {
    this.#site = site;
  }

  /** A remote session has been opened: it keeps its user on that server until `end`. */
  begin(route: Route, server: UpstreamServer, session: AdmittedSession, origin: Origin): RemoteSession {
    const { clock, random, audit, metrics, inFlight } = this.#site;
    const times = { now: clock.now(), monotonic: clock.monotonic(), tick: inFlight.now };
    const remote = new RemoteSession(randomName(random, 9), route, server, session, origin, times);
    this.#open.add(remote);
    route.pool.pin(session.user.key, server);
    metrics.tunnelOpened(route.application.name);
    audit.record({ type: 'remote-session.start', ...subjectOf(remote) });
    return remote;
  }

  /** Idempotent. */
  end(remote: RemoteSession, reason: string): void {
    if (!this.#open.delete(remote)) return;
    const { clock, audit, metrics } = this.#site;
    const { route, server, session, bytesIn, bytesOut } = remote;
    const duration = Math.round((clock.monotonic() - remote.beganAt) / 1000);
    route.pool.unpin(session.user.key, server);
    if (remote.carrier !== undefined) session.detach(remote.carrier);
    metrics.tunnelClosed(route.application.name, duration);
    metrics.bytes('tunnel', route.application.name, bytesIn, bytesOut);
    audit.record({ type: 'remote-session.end', ...subjectOf(remote), reason, duration, bytesIn, bytesOut });
  }

  /** The open one of that id. */
  find(id: string): RemoteSession | undefined {
    for (const remote of this.#open) if (remote.id === id) return remote;
    return undefined;
  }

  /** All of them, as they are now. */
  get open(): readonly RemoteSession[] {
    return [...this.#open];
  }

  list(): RemoteSessionView[] {
    return [...this.#open].map(viewOf);
  }
}

/** As it is now, for administrators. */
export const viewOf = (remote: RemoteSession): RemoteSessionView => ({
  id: remote.id,
  application: remote.route.application.name,
  server: remote.server.url,
  session: remote.session.id,
  subscription: remote.session.subscription,
  user: remote.session.user.key,
  name: remote.session.user.name,
  ...remote.origin,
  openedAt: remote.openedAt,
  bytesIn: remote.bytesIn,
  bytesOut: remote.bytesOut,
});

const subjectOf = (remote: RemoteSession) => ({
  user: remote.session.user.key,
  name: remote.session.user.name,
  session: remote.session.id,
  application: remote.route.application.name,
  server: remote.server.url,
  tunnel: remote.id,
  origin: remote.origin,
  ...(remote.session.subscription === 'default' ? {} : { subscription: remote.session.subscription }),
});
