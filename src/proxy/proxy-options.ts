import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdmittedSession, Gate, Refusal } from '../access/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Application } from './application.ts';
import type { ProxyMetrics, RefusalContext, RequestFacts } from './site.ts';

/** What the composition root gives this room. */
export type ProxyOptions = RequestFacts & {
  readonly applications: readonly Application[];
  readonly gate: Gate;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Audit;
  readonly metrics: ProxyMetrics;
  /** The gateway's own first path segment with its slash, `/.sallyport`. */
  readonly ownPrefix: string;
  /** The gateway's own cookies, which application servers neither get nor set. */
  readonly cookieNames: readonly string[];
  /** Whether a bearer token is one of the gateway's. */
  isOwnToken(token: string): boolean;
  /**
   * Renders and records a refusal: a page, a problem, a redirect; on an upgrade always a plain answer. A
   * `Connection: close` that is set already has to stay.
   */
  refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal, context: RefusalContext): void;
  /** A request to one of an application's `signOutPaths` ends its 2FA session. */
  onSignOutPath(session: AdmittedSession): void;
};
