import { setImmediate as turn } from 'node:timers/promises';
import type { Audit, Metrics } from '../audit/index.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Sessions } from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { Json, Store, StoreHealth, Subscription } from '../storage/index.ts';
import type { GatedApplication } from './gate.ts';
import type { GateLoader } from './gate-loader.ts';
import type { GateMemory } from './gate-memory.ts';
import { readMessage } from './gate-message.ts';
import type { LiveSession } from './gate-session.ts';

export type GateWatchOptions = {
  store: Pick<Store, 'subscribe' | 'health'>;
  sessions: Sessions;
  settings: SettingsReader;
  clock: Clock;
  audit: Audit;
  metrics: Pick<Metrics, 'storeState'>;
  memory: GateMemory;
  loader: GateLoader;
  findApplication(name: string): GatedApplication | undefined;
  /** Milliseconds. */
  closeWhenStoreLostFor?: number;
};

/** Milliseconds. */
const tickInterval = 500;
const sweepInterval = 60_000;
const idleTime = 15 * 60_000;
const day = 86_400_000;
/** Sessions read again at the same time. */
const parallelReads = 32;

/** Keeps the gate's memory honest: hears of revocations and changes, notices expiry, and knows when it hears nothing. */
export class GateWatch {
  readonly #options: GateWatchOptions;
  readonly #memory: GateMemory;
  readonly #clock: Clock;
  readonly #subscriptions: Subscription[] = [];
  readonly #timers: Timer[] = [];
  readonly #deaf = new Set<string>(['not started']);
  #stopSettings: (() => void) | undefined;
  #rereading = false;
  /** Asked about once more before what is open of them closes. */
  readonly #ending = new Set<LiveSession>();
  /** When the store last answered for everything that is open; monotonic milliseconds. */
  #confirmedAt = 0;
  /** Unix milliseconds. */
  #retainedAt = 0;
  #trusting = false;
  /** The store was asked while deaf, and could not answer. */
  #lost = false;

  constructor(options: GateWatchOptions) {
    this.#options = options;
    this.#memory = options.memory;
    this.#clock = options.clock;
  }

  /** Whether what is remembered may be believed without asking the store. */
  get trusting(): boolean {
    return this.#trusting;
  }

  start(): void {
    const { settings, clock } = this.#options;
    this.#confirmedAt = clock.monotonic();
    this.#retainedAt = clock.now();
    this.#deaf.delete('not started');
    this.#subscribe('revocations', (message) => this.#revoked(message));
    this.#subscribe('accounts', (message) => this.#accountChanged(message));
    this.#subscribe('keys', () => this.#memory.forgetTokens());
    this.#stopSettings = settings.onChange(() => this.#settingsChanged());
    this.#timers.push(clock.every(tickInterval, () => this.#tick()));
    this.#timers.push(clock.every(sweepInterval, () => this.#sweep()));
    this.#trusting = this.#deaf.size === 0;
    if (this.#trusting) this.#options.metrics.storeState('up');
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.close();
    for (const timer of this.#timers) timer.cancel();
    this.#stopSettings?.();
    this.#deaf.add('closed');
    this.#trusting = false;
  }

  /** Asks about everybody again before they are believed. */
  usersChanged(): void {
    this.#changed();
  }

  /** Closes the connections of sessions whose user may no longer use the application. */
  closeWithdrawn(): void {
    for (const session of [...this.#memory.attached]) this.#closeWithdrawn(session);
  }

  #subscribe(topic: string, message: (message: Json) => void): void {
    const subscription = this.#options.store.subscribe(topic, {
      message,
      deaf: () => this.#becomeDeaf(topic),
      hearing: () => this.#becomeHearing(topic),
    });
    this.#subscriptions.push(subscription);
    if (subscription.deaf) this.#becomeDeaf(topic);
  }

  #becomeDeaf(topic: string): void {
    const { audit, metrics } = this.#options;
    if (this.#deaf.size === 0) {
      audit.record({ type: 'store.deaf', reason: topic });
      metrics.storeState('deaf');
    }
    this.#deaf.add(topic);
    this.#trusting = false;
    this.#options.loader.outdate();
  }

  #becomeHearing(topic: string): void {
    if (!this.#deaf.delete(topic) || this.#deaf.size > 0) return;
    this.#noticeHealth({ ok: true });
    this.#options.audit.record({ type: 'store.hearing' });
    this.#options.metrics.storeState('up');
    this.#memory.forgetTokens();
    this.#outdate();
    this.#trusting = true;
    this.#reread();
  }

  #revoked(message: Json): void {
    const { user, session, reason = 'revoked' } = readMessage(message);
    if (user === undefined || session === undefined) {
      this.#changed(user);
      return;
    }
    this.#options.loader.outdate(user);
    const known = this.#memory.session(session);
    if (known?.user.key === user) known.end(reason);
  }

  #accountChanged(message: Json): void {
    this.#changed(readMessage(message).user);
  }

  #settingsChanged(): void {
    this.#changed();
    for (const session of this.#memory.sessions) {
      session.judge();
      this.#closeExpired(session);
    }
  }

  /** Asks the store again about the sessions of one user, or of everybody, before they are believed. */
  #changed(user?: string): void {
    this.#outdate(user);
    this.#reread();
  }

  #outdate(user?: string): void {
    this.#options.loader.outdate(user);
    for (const session of this.#memory.sessions) {
      if (user === undefined || session.user.key === user) session.stale = true;
    }
  }

  #tick(): void {
    const now = this.#clock.now();
    for (const session of [...this.#memory.attached]) {
      if (session.isOver(now)) this.#closeExpired(session);
    }
    if (!this.#trusting) for (const session of this.#memory.attached) session.stale = true;
    this.#reread();
  }

  /** Reads every session with open connections that may have changed; the others when they are next asked for. */
  #reread(): void {
    if (this.#rereading) return;
    this.#rereading = true;
    this.#rereadAll().then(
      (answered) => {
        this.#rereading = false;
        if (answered) this.#confirmedAt = this.#clock.monotonic();
        else this.#closeWhenLost();
      },
      () => {
        this.#rereading = false;
        this.#closeWhenLost();
      },
    );
  }

  /** Resolves to whether the store answered for all of them. */
  async #rereadAll(): Promise<boolean> {
    if (!this.#trusting) this.#noticeHealth(await this.#options.store.health());
    const waiting = [...this.#memory.attached].filter((session) => session.stale);
    let answered = !this.#lost;
    const reader = async () => {
      for (let session = waiting.pop(); session !== undefined; session = waiting.pop()) {
        try {
          await this.#options.loader.load(session.reference, 'afresh');
          this.#closeWithdrawn(session);
          // Thousands may have to be read: requests and tunnels go on meanwhile.
          await turn();
        } catch {
          answered = false;
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallelReads, waiting.length) }, reader));
    return answered;
  }

  #noticeHealth(health: StoreHealth): void {
    const { audit, metrics } = this.#options;
    if (health.ok !== this.#lost) return;
    this.#lost = !health.ok;
    if (health.ok) audit.record({ type: 'store.back' });
    else audit.record({ type: 'store.lost', reason: health.reason });
    metrics.storeState(health.ok ? 'deaf' : 'lost');
  }

  #closeWhenLost(): void {
    const lostFor = this.#clock.monotonic() - this.#confirmedAt;
    if (lostFor < (this.#options.closeWhenStoreLostFor ?? 15 * 60_000)) return;
    for (const session of [...this.#memory.attached]) session.closeAll('store-lost');
  }

  #closeExpired(session: LiveSession): void {
    if (!this.#mustClose(session) || this.#ending.has(session)) return;
    this.#ending.add(session);
    // Another replica may have renewed it this very moment, and what is closed can't be opened again by its user.
    const asked = this.#options.loader.load(session.reference, 'afresh');
    const close = () => {
      this.#ending.delete(session);
      if (this.#mustClose(session)) session.closeAll('expired');
    };
    asked.then(close, close);
  }

  #mustClose(session: LiveSession): boolean {
    if (!session.isOver(this.#clock.now()) || session.connections.size === 0) return false;
    return this.#options.settings.current(session.subscription).closeAtExpiry;
  }

  #closeWithdrawn(session: LiveSession): void {
    for (const connection of [...session.connections]) {
      const application = this.#options.findApplication(connection.application);
      if (application === undefined) connection.close('application-removed');
      else if (!session.mayUse(application)) connection.close('access-withdrawn');
    }
  }

  /** Writes down what expired, keeps the records of what is still open, and forgets what nobody uses. */
  #sweep(): void {
    const now = this.#clock.now();
    const retain = Math.abs(now - this.#retainedAt) >= day;
    if (retain) this.#retainedAt = now;
    for (const session of this.#memory.sessions) {
      if (session.endedBy !== undefined || !session.isOver(now)) continue;
      // A minute late: an upgrade that arrived in time may have waited for its upstream.
      if (!session.expiryStored && now >= session.deadline + sweepInterval) this.#storeExpiry(session);
      if (retain && session.connections.size > 0) this.#inBackground(this.#retain(session));
    }
    this.#memory.sweep(now - idleTime);
  }

  #storeExpiry(session: LiveSession): void {
    session.expiryStored = true;
    const { state } = session.record;
    this.#inBackground(
      this.#options.sessions.expire(session.reference, session.deadline, state).catch((error: unknown) => {
        session.expiryStored = false;
        throw error;
      }),
    );
  }

  async #retain(session: LiveSession): Promise<void> {
    await this.#options.sessions.retain(session.reference);
  }

  /** What fails here is tried again by a later sweep. */
  #inBackground(task: Promise<void>): void {
    task.catch(() => {});
  }
}
