import type { IncomingMessage } from 'node:http';
import type { Audit, Metrics } from '../audit/index.ts';
import type { Credentials } from './credentials.ts';
import type { GatedApplication, Refusal } from './gate.ts';
import type { LiveSession } from './gate-session.ts';
import { inItsPlace } from './in-subscription.ts';

/** Tells the metrics and the audit log what the gate decided. */
export class GateReport {
  readonly #audit: Audit;
  readonly #metrics: Pick<Metrics, 'gateDecision'>;
  readonly #addressOf: (request: IncomingMessage) => string;

  /** `addressOf`: where a request came from, as far as it can be told. Default: the socket's address. */
  constructor(options: {
    audit: Audit;
    metrics: Pick<Metrics, 'gateDecision'>;
    addressOf?(request: IncomingMessage): string;
  }) {
    this.#audit = options.audit;
    this.#metrics = options.metrics;
    this.#addressOf = options.addressOf ?? ((request) => request.socket.remoteAddress ?? '');
  }

  admitted(): void {
    this.#metrics.gateDecision('admitted');
  }

  /** Gives the refusal back, so that it can be answered in the same breath. */
  refused(
    refusal: Refusal,
    request: IncomingMessage,
    application: GatedApplication | undefined,
    kind: 'request' | 'upgrade',
    credentials: Credentials,
    session?: LiveSession,
  ): Refusal {
    this.#metrics.gateDecision(refusal.code);
    // Everybody's first request has no credentials; that is no event. The audit log bounds how often it is told.
    if (kind === 'request' && credentials.verdict === 'none') return refusal;
    const address = this.#addressOf(request);
    const browser = request.headers['user-agent']?.slice(0, 200);
    this.#audit.record({
      type: 'request.refused',
      code: refusal.code,
      upgrade: kind === 'upgrade',
      origin: browser === undefined ? { address } : { address, browser },
      ...(application === undefined ? {} : { application: application.name }),
      ...(session === undefined
        ? {}
        : { session: session.id, user: session.user.key, ...inItsPlace(session) }),
    });
    return refusal;
  }
}
