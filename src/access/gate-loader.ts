import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { SessionReference, Sessions } from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { GateMemory } from './gate-memory.ts';
import { LiveSession, type SessionKeeper } from './gate-session.ts';
import { judgeUser, type UserQuestions } from './gate-user.ts';

/** A read under way. `outdated`: something changed meanwhile, so its answer may be from before. */
type Load = { readonly user: string; outdated: boolean; readonly answer: Promise<LiveSession | undefined> };

/** Whoever changes a session faster than it can be read gets no answer. */
const attempts = 3;

/** Reads sessions and the people behind them from the store into the gate's memory. */
export class GateLoader {
  readonly #sessions: Sessions;
  readonly #settings: SettingsReader;
  readonly #clock: Clock;
  readonly #questions: UserQuestions;
  readonly #memory: GateMemory;
  readonly #keeper: SessionKeeper;
  /** By session id: those that others may share. */
  readonly #shared = new Map<string, Load>();
  readonly #running = new Set<Load>();

  constructor(options: {
    sessions: Sessions;
    settings: SettingsReader;
    clock: Clock;
    questions: UserQuestions;
    memory: GateMemory;
    keeper: SessionKeeper;
  }) {
    this.#sessions = options.sessions;
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#questions = options.questions;
    this.#memory = options.memory;
    this.#keeper = options.keeper;
  }

  /**
   * The session as the store has it now, or undefined when it has none. `shared` joins a read that is under way;
   * `afresh` never does. A change announced meanwhile makes it read again. Rejects with `store-unavailable`.
   */
  load(reference: SessionReference, how: 'shared' | 'afresh'): Promise<LiveSession | undefined> {
    const shared = how === 'shared' ? this.#shared.get(reference.id) : undefined;
    if (shared !== undefined && shared.user === reference.user) return shared.answer;
    const progress = { user: reference.user, outdated: false };
    const load: Load = Object.assign(progress, { answer: this.#read(reference, progress) });
    this.#running.add(load);
    if (how === 'shared') this.#shared.set(reference.id, load);
    const forget = () => {
      this.#running.delete(load);
      if (this.#shared.get(reference.id) === load) this.#shared.delete(reference.id);
    };
    load.answer.then(forget, forget);
    return load.answer;
  }

  /** Something about these users (or everybody) has changed: reads under way must not be believed. */
  outdate(user?: string): void {
    for (const load of this.#running) if (user === undefined || load.user === user) load.outdated = true;
  }

  /** A connection has begun under a session: make sure that it is the one that hears of revocations. */
  attached(session: LiveSession): void {
    const known = this.#memory.session(session.id);
    if (known !== undefined && known !== session) {
      session.end('session-forgotten');
      return;
    }
    // What was forgotten is stale already: it is read again before long.
    if (known === undefined) this.#memory.rememberSession(session);
    this.#memory.markAttached(session);
  }

  async #read(
    reference: SessionReference,
    progress: { outdated: boolean },
  ): Promise<LiveSession | undefined> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      progress.outdated = false;
      const record = await this.#sessions.find(reference);
      if (record === undefined) {
        if (progress.outdated) continue;
        const known = this.#memory.session(reference.id);
        if (known?.reference.user === reference.user) known.end('session-removed');
        return undefined;
      }
      const ended = record.state.name === 'revoked';
      const verdict = ended ? undefined : await judgeUser(record, this.#questions, this.#settings);
      if (progress.outdated) continue;
      const session = this.#remember(record, verdict?.result === 'stays' ? verdict.user : record.user);
      if (verdict?.result === 'goes') {
        session.end(verdict.reason);
        await this.#sessions.revoke(reference, { reason: verdict.reason, actor: 'system' });
      }
      session.stale = false;
      return session;
    }
    throw new GatewayError('store-unavailable', { retryAfter: 1, cause: new Error('outrun by changes') });
  }

  #remember(record: LiveSession['record'], user: LiveSession['user']): LiveSession {
    const known = this.#memory.session(record.id);
    if (known !== undefined) {
      known.adopt(record, user);
      return known;
    }
    const session = new LiveSession(this.#keeper, record, user);
    session.lastUsed = this.#clock.now();
    this.#memory.rememberSession(session);
    return session;
  }
}
