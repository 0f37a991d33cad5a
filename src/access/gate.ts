import type { IncomingMessage } from 'node:http';
import type { ProblemCode } from '../errors.ts';
import type { SessionUser } from '../sessions/index.ts';

/** What the gate needs to know of an application. Identity (`===`) matters: a reload makes new objects. */
export type GatedApplication = {
  readonly name: string;
  /** Absent: every verified user. */
  readonly allow?: {
    readonly users?: readonly string[];
    readonly groups?: readonly string[];
    readonly subscriptions?: readonly string[];
  };
};

/** Something that ends with its session: a tunnel, or a response in flight. */
export interface LiveConnection {
  readonly application: string;
  /** `tunnel` keeps an expired session's application reachable; `exchange` does not. */
  readonly kind: 'tunnel' | 'exchange';
  /** Its place among the connections of the one session it is registered with, which alone writes it; -1 at first. */
  slot: number;
  /** Ends it at once, without waiting for the peer. Idempotent. */
  close(reason: string): void;
}

/** A session that may pass, as this process remembers it. */
export interface AdmittedSession {
  readonly kind: 'session';
  readonly id: string;
  readonly subscription: string;
  readonly user: SessionUser;
  readonly amr: readonly string[];
  /** Register on start, deregister on end; whatever is registered when the session is revoked gets closed. */
  attach(connection: LiveConnection): void;
  detach(connection: LiveConnection): void;
  /** The signed assertion for one application, cached; a promise only when it has to be signed anew. */
  assertion(application: string): string | Promise<string>;
}

/** `signIn`: send a navigation to sign-in. Anything else gets the problem as it is. */
export type Refusal = {
  readonly kind: 'refusal';
  readonly code: ProblemCode;
  readonly status: number;
  readonly signIn: boolean;
  /** Seconds. */
  readonly retryAfter?: number;
  /** The verified user, when there is one ("You're signed in as …"). */
  readonly user?: SessionUser;
};

export type Decision = AdmittedSession | Refusal;

/** The one gate that every request and every upgrade passes. When in doubt it refuses. */
export interface Gate {
  /**
   * Synchronous, from memory, for a session that this process knows (≤ 5 µs); otherwise verifies the token and
   * reads the store once. `application` is undefined when no route matches: such a request is never admitted.
   * Looks at the request's headers only; never throws, never rejects.
   */
  admit(
    request: IncomingMessage,
    application: GatedApplication | undefined,
    kind: 'request' | 'upgrade',
  ): Decision | Promise<Decision>;
  /**
   * Opens a remote session: one compare-and-set that makes a granted session active. Call after the upstream
   * accepted and before the 101 is relayed; on a Refusal drop the upstream. `arrivedAt` (Unix milliseconds, default
   * now) is when the upgrade arrived: that decides whether it came in time. Never throws, never rejects.
   */
  open(
    session: AdmittedSession,
    application: GatedApplication,
    origin: { address: string; browser?: string; arrivedAt?: number },
  ): Promise<AdmittedSession | Refusal>;
}
