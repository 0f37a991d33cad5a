import type { AdmittedSession, Decision, LiveConnection, Refusal } from '../access/index.ts';
import type { Origin } from '../audit/index.ts';
import type { Work } from './in-flight.ts';
import type { RemoteSession, RemoteSessions } from './remote-sessions.ts';
import type { Route } from './route.ts';
import type { ProxySite } from './site.ts';
import type { UpstreamServer } from './upstream-server.ts';

/**
 * A remote session of an application without WebSockets: opened by a request to one of its session paths, alive as long as
 * such requests come, over after a silence.
 */
class PathSession implements LiveConnection, Work {
  readonly kind = 'tunnel';
  slot = -1;
  readonly remote: RemoteSession;
  over = false;
  previous: Work | undefined = undefined;
  next: Work | undefined = undefined;
  #visits = 0;
  #seen: number;
  readonly #site: ProxySite;
  readonly #ended: (session: PathSession, reason: string) => void;

  constructor(site: ProxySite, remote: RemoteSession, ended: (session: PathSession, reason: string) => void) {
    this.#site = site;
    this.remote = remote;
    this.#seen = site.inFlight.now;
    this.#ended = ended;
    site.inFlight.add(this);
  }

  get application(): string {
    return this.remote.route.application.name;
  }

  enter(): void {
    this.#visits += 1;
  }

  leave(bytesIn: number, bytesOut: number): void {
    this.#visits -= 1;
    this.#seen = this.#site.inFlight.now;
    this.remote.bytesIn += bytesIn;
    this.remote.bytesOut += bytesOut;
  }

  sweep(now: number): void {
    const { sessionSilence, tunnelMaximum } = this.remote.route;
    if (this.#visits === 0 && now - this.#seen >= sessionSilence) this.close('silence');
    else if (tunnelMaximum > 0 && now - this.remote.openedTick >= tunnelMaximum) this.close('maximum');
  }

  close(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.#site.inFlight.delete(this);
    this.#ended(this, reason);
  }
}

/** Knows who has a remote session open by way of requests; one per 2FA session and application. */
export class PathSessions {
  readonly #site: ProxySite;
  readonly #remotes: RemoteSessions;
  readonly #open = new Map<string, PathSession>();
  /** Asked of the gate and not answered yet: requests that arrive together open one. */
  readonly #opening = new Map<string, Promise<Decision>>();

  constructor(site: ProxySite, remotes: RemoteSessions) {
    this.#site = site;
    this.#remotes = remotes;
  }

  visit(route: Route, session: AdmittedSession, origin: Origin): PathVisit {
    return new PathVisit(this, route, session, origin, this.#site.clock.now());
  }

  find(session: AdmittedSession, route: Route): PathSession | undefined {
    return this.#open.get(keyOf(session, route));
  }

  /** The open one, opened by the gate if need be; a refusal when the gate says no. Never rejects. */
  async open(visit: PathVisit, server: UpstreamServer): Promise<PathSession | Refusal> {
    const key = keyOf(visit.session, visit.route);
    const already = this.#open.get(key);
    if (already !== undefined) return already;
    let pending = this.#opening.get(key);
    if (pending === undefined) {
      const origin = { ...visit.origin, arrivedAt: visit.arrivedAt };
      pending = this.#site.gate.open(visit.session, visit.route.application, origin);
      this.#opening.set(key, pending);
    }
    const decision = await pending;
    this.#opening.delete(key);
    if (decision.kind === 'refusal') return decision;
    return this.#open.get(key) ?? this.#begin(key, visit, decision, server);
  }

  #begin(key: string, visit: PathVisit, session: AdmittedSession, server: UpstreamServer): PathSession {
    const remote = this.#remotes.begin(visit.route, server, session, visit.origin);
    const opened = new PathSession(this.#site, remote, (ended, reason) => {
      if (this.#open.get(key) === ended) this.#open.delete(key);
      this.#remotes.end(ended.remote, reason);
    });
    remote.carrier = opened;
    this.#open.set(key, opened);
    session.attach(opened);
    return opened;
  }
}

/** One request to a session path. */
export class PathVisit {
  readonly route: Route;
  readonly session: AdmittedSession;
  readonly origin: Origin;
  readonly arrivedAt: number;
  readonly #sessions: PathSessions;
  #entered: PathSession | undefined;

  constructor(
    sessions: PathSessions,
    route: Route,
    session: AdmittedSession,
    origin: Origin,
    arrivedAt: number,
  ) {
    this.#sessions = sessions;
    this.route = route;
    this.session = session;
    this.origin = origin;
    this.arrivedAt = arrivedAt;
    this.#enter(sessions.find(session, route));
  }

  /** Whether a remote session is open already, so that nobody has to be asked. */
  get isOpen(): boolean {
    return this.#entered !== undefined && !this.#entered.over;
  }

  /** The server has accepted: opens the remote session, and resolves to the gate's refusal if there is one. */
  async open(server: UpstreamServer): Promise<Refusal | undefined> {
    const opened = await this.#sessions.open(this, server);
    if ('code' in opened) return opened;
    if (this.#entered === undefined) this.#enter(opened);
    return undefined;
  }

  /** The request is over; bytes of its body and of the answer's. */
  leave(bytesIn: number, bytesOut: number): void {
    this.#entered?.leave(bytesIn, bytesOut);
    this.#entered = undefined;
  }

  #enter(session: PathSession | undefined): void {
    this.#entered = session;
    session?.enter();
  }
}

const keyOf = (session: AdmittedSession, route: Route): string => `${session.id} ${route.application.name}`;
