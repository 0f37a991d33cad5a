import {
  type AuthenticationMethods,
  type IssuedToken,
  isFurther,
  referenceTo,
  type SessionRecord,
  type SessionReference,
  type SessionState,
  type SessionUser,
} from '../sessions/index.ts';
import type { AdmittedSession, GatedApplication, LiveConnection } from './gate.ts';
import { isAllowed } from './gate-allow.ts';
import { LiveConnections } from './gate-connections.ts';

/** Milliseconds an assertion must still be good for when it leaves for an upstream; it is signed for 60 s. */
const assertionReserve = 20_000;

/** What a remembered session needs of the gate that remembers it. */
export interface SessionKeeper {
  now(): number;
  /** When a session in this state admits nothing any more, by the settings in force; Unix milliseconds. */
  deadline(state: SessionState, subscription: string): number;
  issueAssertion(session: SessionRecord, application: string): Promise<IssuedToken>;
  /** A connection of this session begins: the session must be one that hears of revocations. */
  attached(session: LiveSession): void;
  detached(session: LiveSession): void;
}

type CachedAssertion = { token: string; from: number; until: number };

/** A session as this process remembers it, with everything that ends when it ends. */
export class LiveSession implements AdmittedSession {
  readonly kind = 'session';
  readonly #keeper: SessionKeeper;
  readonly reference: SessionReference;
  readonly #connections = new LiveConnections();
  /** Open tunnels by application. */
  readonly #tunnels = new Map<string, number>();
  #allowed = new WeakMap<GatedApplication, boolean>();
  readonly #assertions = new Map<string, CachedAssertion | Promise<string>>();
  #record: SessionRecord;
  #user: SessionUser;
  #deadline = 0;
  /** Seen past its deadline: it stays so, whatever clock and settings do. */
  #over = false;
  #endedBy: string | undefined;
  /** Something about it may have changed: ask the store before trusting it again. */
  stale = false;
  lastUsed = 0;
  /** That it expired is written down. */
  expiryStored = false;

  constructor(keeper: SessionKeeper, record: SessionRecord, user: SessionUser) {
    this.#keeper = keeper;
    this.#record = record;
    this.#user = user;
    this.reference = referenceTo(record);
    this.adopt(record, user);
  }

  get id(): string {
    return this.#record.id;
  }

  get subscription(): string {
    return this.#record.subscription;
  }

  get user(): SessionUser {
    return this.#user;
  }

  get amr(): AuthenticationMethods {
    return this.#record.amr;
  }

  /** The record as last read. */
  get record(): SessionRecord {
    return this.#record;
  }

  /** Why it was ended, once it was. */
  get endedBy(): string | undefined {
    return this.#endedBy;
  }

  get deadline(): number {
    return this.#deadline;
  }

  get connections(): Iterable<LiveConnection> & { readonly size: number } {
    return this.#connections;
  }

  /** Takes over what the store says, unless this process knows better already: answers may overtake each other. */
  adopt(record: SessionRecord, user: SessionUser = this.#user): void {
    if (this.#endedBy !== undefined) return;
    if (record.state.name === 'revoked') {
      this.#record = record;
      this.end(record.state.reason);
      return;
    }
    const { state } = this.#record;
    if (!isFurther(state, record.state)) {
      // Opened or renewed since: that request had arrived in time, so it was not over after all.
      if (isFurther(record.state, state)) {
        this.#over = false;
        this.expiryStored = false;
      }
      this.#record = record;
    }
    if (!isSameUser(user, this.#user)) {
      this.#user = user;
      this.#allowed = new WeakMap();
    }
    this.judge();
  }

  /** Reckons the deadline by the settings in force, and notices when it has passed. */
  judge(): void {
    const { state } = this.#record;
    this.#deadline = this.#keeper.deadline(state, this.subscription);
    if (state.name === 'expired' || this.#keeper.now() >= this.#deadline) this.#over = true;
  }

  /** Whether a request that arrived at `arrival` (Unix milliseconds) came too late. */
  isOver(arrival: number): boolean {
    if (this.#over) return true;
    if (arrival < this.#deadline) return false;
    this.#over = true;
    return true;
  }

  /**
   * Whether it may last longer than its token's `exp` (T0 + before + after): a renewal moves the end, and so does
   * each opening where it counts from the last one; then the store says whether (decision 0010).
   */
  get outlivesTokens(): boolean {
    const { state, renewedAt } = this.#record;
    if (state.name !== 'active') return state.name === 'granted' && renewedAt !== undefined;
    return state.countFrom === 'last-session' || renewedAt !== undefined;
  }

  hasTunnelTo(application: string): boolean {
    return this.#tunnels.has(application);
  }

  mayUse(application: GatedApplication): boolean {
    const known = this.#allowed.get(application);
    if (known !== undefined) return known;
    const allowed = isAllowed(application.allow, this.subscription, this.#user);
    this.#allowed.set(application, allowed);
    return allowed;
  }

  /** Ends it at once, with everything that is attached; what is attached later ends on arrival. */
  end(reason: string): void {
    this.#endedBy ??= reason;
    this.closeAll(this.#endedBy);
  }

  closeAll(reason: string): void {
    for (const connection of [...this.#connections]) closeConnection(connection, reason);
  }

  attach(connection: LiveConnection): void {
    if (this.#endedBy !== undefined) {
      closeConnection(connection, this.#endedBy);
      return;
    }
    if (!this.#connections.add(connection)) return;
    if (connection.kind === 'tunnel') this.#count(connection.application, 1);
    this.#keeper.attached(this);
  }

  detach(connection: LiveConnection): void {
    if (!this.#connections.delete(connection)) return;
    if (connection.kind === 'tunnel') this.#count(connection.application, -1);
    this.#keeper.detached(this);
  }

  assertion(application: string): string | Promise<string> {
    const cached = this.#assertions.get(application);
    if (cached instanceof Promise) return cached;
    const now = this.#keeper.now();
    if (cached !== undefined && now >= cached.from && now < cached.until) return cached.token;
    const signing = this.#sign(application, now);
    this.#assertions.set(application, signing);
    return signing;
  }

  async #sign(application: string, from: number): Promise<string> {
    try {
      const { token, expiresAt } = await this.#keeper.issueAssertion(
        { ...this.#record, user: this.#user },
        application,
      );
      this.#assertions.set(application, { token, from, until: expiresAt - assertionReserve });
      return token;
    } catch (error) {
      this.#assertions.delete(application);
      throw error;
    }
  }

  #count(application: string, change: 1 | -1): void {
    const count = (this.#tunnels.get(application) ?? 0) + change;
    if (count > 0) this.#tunnels.set(application, count);
    else this.#tunnels.delete(application);
  }
}

/** One connection that can't be closed must not keep the others open. */
function closeConnection(connection: LiveConnection, reason: string): void {
  try {
    connection.close(reason);
  } catch {
    // It is on its way out by itself, or broken beyond what closing could do.
  }
}

const isSameUser = (one: SessionUser, other: SessionUser): boolean =>
  one === other ||
  (one.name === other.name &&
    one.displayName === other.displayName &&
    one.groups.length === other.groups.length &&
    one.groups.every((group, index) => group === other.groups[index]));
