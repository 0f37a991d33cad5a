import type { IncomingMessage } from 'node:http';
import type { Audit, Metrics, SessionCounts } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import {
  deadline,
  type SessionRecord,
  type SessionReference,
  type Sessions,
  type SessionUser,
  type Tokens,
} from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { Store } from '../storage/index.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import type { AdmittedSession, Decision, Gate, GatedApplication, LiveConnection, Refusal } from './gate.ts';
import { decide } from './gate-decide.ts';
import { TunnelsElsewhere } from './gate-elsewhere.ts';
import { GateLoader } from './gate-loader.ts';
import { GateMemory, type KnownToken } from './gate-memory.ts';
import { refusals, refuseUser } from './gate-refusals.ts';
import { GateReport } from './gate-report.ts';
import { LiveSession, type SessionKeeper } from './gate-session.ts';
import type { UserQuestions } from './gate-user.ts';
import { GateWatch } from './gate-watch.ts';
import { inItsPlace } from './in-subscription.ts';
import type { ReplicaQuestions } from './replica-questions.ts';

export type GateKeeperOptions = {
  store: Pick<Store, 'subscribe' | 'health'>;
  sessions: Sessions;
  tokens: Tokens;
  settings: SettingsReader;
  clock: Clock;
  audit: Audit;
  metrics: Pick<Metrics, 'gateDecision' | 'storeState'>;
  questions: UserQuestions;
  /** The name of the session cookie on this listener; see `cookieNames`. */
  sessionCookie: string;
  /** The origin (`scheme://host[:port]`) that a `Host` header stands for; undefined for a host nobody configured. */
  originOf(host: string | undefined): string | undefined;
  /** Whose host it is, of one that belongs to a subscription; absent: none does. */
  subscriptionAt?(host: string | undefined): string | undefined;
  /** The application of that name as it is configured now. */
  findApplication(name: string): GatedApplication | undefined;
  /** Where a request came from, as far as it can be told. Default: the socket's address. */
  addressOf?(request: IncomingMessage): string;
  /** Milliseconds that open connections outlive a store that can't be reached. Default 15 minutes. */
  closeWhenStoreLostFor?: number;
  /** Tokens and idle sessions remembered at most, each. Default 100,000. */
  remembered?: number;
  /** Where other replicas carry tunnels of the same sessions. Absent: there are none. */
  replicas?: Pick<ReplicaQuestions, 'ask' | 'answer'>;
};

/** What goes on under one session in this process. */
export type LiveView = {
  readonly session: SessionRecord;
  readonly connections: readonly Pick<LiveConnection, 'application' | 'kind'>[];
};

/**
 * The gate as it stands in front of every request and upgrade. It remembers the sessions it has seen, forgets its
 * trust in them whenever something about them may have changed, and refuses when it can't tell.
 */
export class GateKeeper implements Gate {
  readonly #options: GateKeeperOptions;
  readonly #memory: GateMemory;
  readonly #loader: GateLoader;
  readonly #watch: GateWatch;
  readonly #report: GateReport;
  readonly #elsewhere: TunnelsElsewhere | undefined;
  /** Tokens being verified and looked up, by origin and token: whoever brings the same one waits for the same answer. */
  readonly #asking = new Map<string, Promise<KnownToken | Refusal>>();

  constructor(options: GateKeeperOptions) {
    this.#options = options;
    this.#memory = new GateMemory(options.remembered ?? 100_000);
    this.#loader = new GateLoader({
      sessions: options.sessions,
      settings: options.settings,
      clock: options.clock,
      questions: options.questions,
      memory: this.#memory,
      keeper: this.#sessionKeeper(),
    });
    this.#report = new GateReport(options);
    this.#watch = new GateWatch({ ...options, memory: this.#memory, loader: this.#loader });
    const { replicas, clock } = options;
    const find = (id: string): LiveSession | undefined => this.#memory.session(id);
    this.#elsewhere = replicas && new TunnelsElsewhere({ replicas, clock, find });
  }

  /** Begins to listen for what ends sessions. Before that, nothing remembered is trusted. */
  start(): void {
    this.#watch.start();
  }

  /** Stops listening; connections stay as they are. */
  close(): void {
    this.#watch.close();
  }

  admit(
    request: IncomingMessage,
    application: GatedApplication | undefined,
    kind: 'request' | 'upgrade',
  ): Decision | Promise<Decision> {
    const now = this.#options.clock.now();
    const credentials = readCredentials(request.rawHeaders, this.#options.sessionCookie);
    if (credentials.verdict !== 'token') {
      const refusal =
        credentials.verdict === 'ambiguous' ? refusals.ambiguousCredentials : refusals.signInRequired;
      return this.#report.refused(refusal, request, application, kind, credentials);
    }
    const known = this.#memory.token(credentials.token);
    if (known === undefined || known.session.stale || !this.#watch.trusting) {
      return this.#admitUnknown(request, application, kind, credentials, now);
    }
    return this.#judge(known, request, application, kind, credentials, now);
  }

  async open(
    session: AdmittedSession,
    application: GatedApplication,
    origin: { address: string; browser?: string; arrivedAt?: number },
  ): Promise<AdmittedSession | Refusal> {
    try {
      if (!(session instanceof LiveSession)) return refusals.signInRequired;
      return await this.#open(session, application, origin);
    } catch (error) {
      return refusalFor(error);
    }
  }

  /**
   * The session a token names for one origin, if it may still open something; asks the store. For the gateway's own
   * pages, which no application's tunnel keeps open. Rejects with `store-unavailable`.
   */
  async find(token: string, origin: string): Promise<SessionRecord | undefined> {
    const verdict = await this.#options.tokens.verifySession(token, origin);
    if (verdict.result === 'refused') return undefined;
    const session = await this.#loader.load(referenceOf(verdict.claims), 'afresh');
    if (session === undefined || session.endedBy !== undefined) return undefined;
    if (session.isOver(this.#options.clock.now())) return undefined;
    if (verdict.result === 'expired' && !session.outlivesTokens) return undefined;
    return { ...session.record, user: session.user };
  }

  /** Applications may be new objects, gone, or for others: closes what may no longer exist. Call after a reload. */
  applicationsChanged(): void {
    this.#watch.closeWithdrawn();
  }

  /** Users may belong elsewhere than before: asks about everybody again. Call after the subscriptions changed. */
  usersChanged(): void {
    this.#watch.usersChanged();
  }

  /** The sessions with open connections in this process. */
  live(): LiveView[] {
    return [...this.#memory.attached].map((session) => ({
      session: session.record,
      connections: [...session.connections],
    }));
  }

  /** Whose sessions this process remembers; a user with several comes as often. */
  users(): readonly SessionUser[] {
    return [...this.#memory.sessions].flatMap((session) =>
      session.endedBy === undefined ? [session.user] : [],
    );
  }

  /** How many sessions this process remembers, by state; for the metrics. */
  counts(): SessionCounts {
    const counts = { granted: 0, active: 0, expired: 0 };
    const now = this.#options.clock.now();
    for (const session of this.#memory.sessions) {
      if (session.endedBy !== undefined) continue;
      const { name } = session.record.state;
      if (session.isOver(now)) counts.expired++;
      else if (name === 'granted' || name === 'active') counts[name]++;
    }
    return counts;
  }

  async #admitUnknown(
    request: IncomingMessage,
    application: GatedApplication | undefined,
    kind: 'request' | 'upgrade',
    credentials: Credentials,
    arrival: number,
  ): Promise<Decision> {
    try {
      const known = await this.#ask(credentials);
      if ('code' in known) return this.#report.refused(known, request, application, kind, credentials);
      return this.#judge(known, request, application, kind, credentials, arrival);
    } catch (error) {
      return this.#report.refused(refusalFor(error), request, application, kind, credentials);
    }
  }

  #judge(
    known: KnownToken,
    request: IncomingMessage,
    application: GatedApplication | undefined,
    kind: 'request' | 'upgrade',
    credentials: Credentials,
    arrival: number,
    elsewhere?: boolean,
  ): Decision | Promise<Decision> {
    const origin = this.#options.originOf(credentials.host);
    const decision = decide(known, origin, application, kind, credentials, arrival, elsewhere);
    if (decision === refusals.signInExpired && elsewhere === undefined && kind === 'request') {
      const asked = this.#askElsewhere(known, application);
      const judge = (open: boolean): Decision | Promise<Decision> =>
        // Whatever was heard meanwhile counts too.
        this.#judge(known, request, application, kind, credentials, arrival, open && this.#mayBelieve(known));
      if (asked !== undefined) return typeof asked === 'boolean' ? judge(asked) : asked.then(judge);
    }
    if (decision.kind === 'session') {
      const place = this.#options.subscriptionAt?.(credentials.host);
      if (place !== undefined && place !== decision.subscription) {
        const refusal = refuseUser('not-assigned', decision.user);
        return this.#report.refused(refusal, request, application, kind, credentials, known.session);
      }
    }
    if (decision.kind === 'refusal') {
      return this.#report.refused(decision, request, application, kind, credentials, known.session);
    }
    this.#report.admitted();
    return decision;
  }

  /** Whether another replica carries a tunnel to the application; undefined when that is no question. */
  #askElsewhere(
    known: KnownToken,
    application: GatedApplication | undefined,
  ): boolean | Promise<boolean> | undefined {
    if (application === undefined || !this.#mayBelieve(known)) return undefined;
    const { session } = known;
    // Then nothing is left open anywhere.
    if (this.#options.settings.current(session.subscription).closeAtExpiry) return undefined;
    return this.#elsewhere?.isOpen(session, application.name);
  }

  #mayBelieve({ session }: KnownToken): boolean {
    return this.#watch.trusting && !session.stale;
  }

  #ask(credentials: Credentials): Promise<KnownToken | Refusal> | Refusal {
    const origin = this.#options.originOf(credentials.host);
    if (origin === undefined) return refusals.signInRequired;
    if (!this.#watch.trusting) return this.#know(credentials, origin);
    const key = `${origin} ${credentials.token}`;
    const asked = this.#asking.get(key);
    if (asked !== undefined) return asked;
    const asking = this.#know(credentials, origin).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  /** Verifies a token that is not known, and asks the store for a session that can't be trusted from memory. */
  async #know(credentials: Credentials, origin: string): Promise<KnownToken | Refusal> {
    const { tokens } = this.#options;
    const { generation } = this.#memory;
    let known = this.#memory.token(credentials.token);
    let reference = known?.session.reference;
    let expiresAt = known?.expiresAt ?? 0;
    if (reference === undefined) {
      const verdict = await tokens.verifySession(credentials.token, origin);
      if (verdict.result === 'refused') return refusals.signInRequired;
      reference = referenceOf(verdict.claims);
      expiresAt = verdict.claims.expiresAt;
    }
    const session = await this.#loader.load(reference, this.#watch.trusting ? 'shared' : 'afresh');
    if (session === undefined) return refusals.signInRequired;
    if (known?.session !== session) {
      known = { session, audience: known?.audience ?? origin, expiresAt };
      this.#memory.rememberToken(credentials.token, known, generation);
    }
    return known;
  }

  async #open(
    session: LiveSession,
    application: GatedApplication,
    origin: { address: string; browser?: string; arrivedAt?: number },
  ): Promise<AdmittedSession | Refusal> {
    const { sessions, clock, audit } = this.#options;
    if (session.stale || !this.#watch.trusting) await this.#loader.load(session.reference, 'afresh');
    if (session.endedBy !== undefined) return refusals.signInRequired;
    if (!session.mayUse(application)) return refuseUser('not-assigned', session.user);
    const opening = await sessions.open(session.reference, origin.arrivedAt ?? clock.now());
    if (opening.result === 'refused') {
      if (opening.reason !== 'expired') session.end(opening.reason);
      return opening.reason === 'expired' ? refusals.signInExpired : refusals.signInRequired;
    }
    session.adopt(opening.session);
    session.lastUsed = clock.now();
    if (opening.first) {
      const { address, browser } = origin;
      audit.record({
        type: 'session.active',
        user: session.user.key,
        name: session.user.name,
        session: session.id,
        application: application.name,
        ...inItsPlace(session),
        origin: browser === undefined ? { address } : { address, browser },
      });
    }
    // While the store was writing, memory may have heard better.
    if (session.endedBy !== undefined) return refusals.signInRequired;
    return session.mayUse(application) ? session : refuseUser('not-assigned', session.user);
  }

  #sessionKeeper(): SessionKeeper {
    const { clock, sessions, tokens } = this.#options;
    return {
      now: () => clock.now(),
      deadline: (state, subscription) => deadline(state, sessions.validity(subscription)),
      issueAssertion: (session, application) => tokens.issueAssertion(session, application),
      attached: (session) => this.#loader.attached(session),
      detached: (session) => this.#memory.markDetached(session),
    };
  }
}

const referenceOf = (claims: {
  subscription: string;
  subject: string;
  session: string;
}): SessionReference => ({
  subscription: claims.subscription,
  user: claims.subject,
  id: claims.session,
});

function refusalFor(error: unknown): Refusal {
  return error instanceof GatewayError && error.code === 'store-unavailable'
    ? refusals.storeUnavailable
    : refusals.internal;
}
