import {
  type Revocation,
  referenceTo,
  type SessionRecord,
  type SessionState,
  type Sessions,
} from '../sessions/index.ts';
import type { GateKeeper } from './gate-keeper.ts';

/** Sessions as their own users see and end them. */
export class OwnSessions {
  readonly #sessions: Pick<Sessions, 'listOf' | 'revoke' | 'stateOf' | 'endsAt'>;
  readonly #gate: Pick<GateKeeper, 'find'>;

  constructor(options: {
    sessions: Pick<Sessions, 'listOf' | 'revoke' | 'stateOf' | 'endsAt'>;
    gate: Pick<GateKeeper, 'find'>;
  }) {
    this.#sessions = options.sessions;
    this.#gate = options.gate;
  }

  /** The live session that a token for `audience` (an origin) names; asks the store. Rejects with `store-unavailable`. */
  find(token: string, audience: string): Promise<SessionRecord | undefined> {
    return this.#gate.find(token, audience);
  }

  /** All live sessions of the user of this one, itself included. */
  async list(session: SessionRecord): Promise<readonly SessionRecord[]> {
    const sessions = await this.#sessions.listOf({
      subscription: session.subscription,
      user: session.user.key,
    });
    return sessions.filter((other) => isLive(this.#sessions.stateOf(other)));
  }

  /** Ends this session on every host and replica. */
  async revoke(session: SessionRecord, reason: Revocation['reason']): Promise<void> {
    await this.#sessions.revoke(referenceTo(session), { reason, actor: session.user.key });
  }

  /** When a session can no longer open anything, Unix milliseconds. */
  endsAt(session: SessionRecord): number {
    return this.#sessions.endsAt(session);
  }
}

const isLive = (state: SessionState): boolean => state.name === 'granted' || state.name === 'active';
