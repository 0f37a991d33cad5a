import type { IncomingMessage } from 'node:http';
import type { Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Refusal } from './gate.ts';
import type { LiveSession } from './gate-session.ts';

/** Per `window`, so that whoever is refused can't flood the audit log. Milliseconds. */
const window = 60_000;
const entriesPerWindow = 120;
const entriesPerSource = 3;

export type RefusedRequest = {
  readonly request: IncomingMessage;
  readonly upgrade: boolean;
  /** Counted either way; only noteworthy ones reach the audit log. */
  readonly noteworthy: boolean;
  readonly application?: string;
  readonly session?: LiveSession;
};

/** Counts every refusal, and tells the audit log of a sample: a few per minute, address and code. */
export class RefusalLog {
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #addressOf: (request: IncomingMessage) => string;
  readonly counts = new Map<string, number>();
  readonly #sources = new Map<string, number>();
  #windowBegan = Number.NEGATIVE_INFINITY;
  #entries = 0;

  constructor(options: { audit: Audit; clock: Clock; addressOf?(request: IncomingMessage): string }) {
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#addressOf = options.addressOf ?? ((request) => request.socket?.remoteAddress ?? '');
  }

  record(refusal: Refusal, refused: RefusedRequest): void {
    this.counts.set(refusal.code, (this.counts.get(refusal.code) ?? 0) + 1);
    if (!refused.noteworthy) return;
    const address = this.#addressOf(refused.request);
    if (!this.#hasRoom(`${address} ${refusal.code}`)) return;
    const browser = refused.request.headers['user-agent']?.slice(0, 200);
    const { session } = refused;
    this.#audit.record({
      type: 'request.refused',
      code: refusal.code,
      upgrade: refused.upgrade,
      origin: browser === undefined ? { address } : { address, browser },
      ...(refused.application === undefined ? {} : { application: refused.application }),
      ...(session === undefined ? {} : { session: session.id, user: session.user.key }),
    });
  }

  #hasRoom(source: string): boolean {
    const now = this.#clock.monotonic();
    if (now - this.#windowBegan >= window) {
      this.#windowBegan = now;
      this.#entries = 0;
      this.#sources.clear();
    }
    const ofSource = this.#sources.get(source) ?? 0;
    if (this.#entries >= entriesPerWindow || ofSource >= entriesPerSource) return false;
    this.#sources.set(source, ofSource + 1);
    this.#entries++;
    return true;
  }
}
