import type { LiveSession } from './gate-session.ts';

/** A verified token and the session it names. `audience`: the origin whose cookie it is. Unix milliseconds. */
export type KnownToken = {
  readonly session: LiveSession;
  readonly audience: string;
  readonly expiresAt: number;
};

/** A session may be on its way to being attached for so long after it was admitted. Milliseconds. */
const settlingTime = 60_000;

/** What the gate remembers, in bounds: what has open connections, or may soon have, is never forgotten. */
export class GateMemory {
  readonly #limit: number;
  readonly #tokens = new Map<string, KnownToken>();
  readonly #sessions = new Map<string, LiveSession>();
  readonly #attached = new Set<LiveSession>();
  #generation = 0;

  /** `limit`: tokens and sessions without connections kept at most, each. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  token(token: string): KnownToken | undefined {
    return this.#tokens.get(token);
  }

  session(id: string): LiveSession | undefined {
    return this.#sessions.get(id);
  }

  get sessions(): Iterable<LiveSession> {
    return this.#sessions.values();
  }

  /** Those with open connections. */
  get attached(): ReadonlySet<LiveSession> {
    return this.#attached;
  }

  /** Changes whenever all tokens have to prove themselves again. */
  get generation(): number {
    return this.#generation;
  }

  /** `generation`: as it was before the token was verified; one from before is not remembered. */
  rememberToken(token: string, known: KnownToken, generation: number): void {
    if (generation !== this.#generation) return;
    this.#tokens.set(token, known);
    if (this.#tokens.size <= this.#limit) return;
    // The oldest goes: it is verified again should it come back.
    for (const oldest of this.#tokens.keys()) {
      this.#tokens.delete(oldest);
      break;
    }
  }

  rememberSession(session: LiveSession): void {
    this.#sessions.set(session.id, session);
    if (this.#sessions.size <= this.#limit) return;
    for (const oldest of this.#sessions.values()) {
      if (this.#attached.has(oldest) || oldest.lastUsed > session.lastUsed - settlingTime) continue;
      this.#forget(oldest);
      break;
    }
  }

  markAttached(session: LiveSession): void {
    this.#attached.add(session);
  }

  markDetached(session: LiveSession): void {
    if (session.connections.size === 0) this.#attached.delete(session);
  }

  /** All tokens have to prove themselves again: the keys that signed them may be gone. */
  forgetTokens(): void {
    this.#generation++;
    this.#tokens.clear();
  }

  /** Forgets what nobody has used since `since` (Unix milliseconds) and nothing is attached to. */
  sweep(since: number): void {
    for (const session of this.#sessions.values()) {
      if (session.lastUsed < since && session.connections.size === 0) this.#forget(session);
    }
    for (const [token, { session }] of this.#tokens) {
      if (this.#sessions.get(session.id) !== session) this.#tokens.delete(token);
    }
  }

  /** It hears of no revocation from now on, so whoever still holds it must not be believed. */
  #forget(session: LiveSession): void {
    session.stale = true;
    this.#sessions.delete(session.id);
  }
}
