import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { changeDocument, type Store } from '../storage/index.ts';
import type { StandingConcerns } from './standing-concerns.ts';

export type LockoutWaveParts = {
  readonly store: Pick<Store, 'get' | 'put' | 'delete'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly concerns: Pick<StandingConcerns, 'raise'>;
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
};

/** So many different users locked within the time below is an attack, or something broken, and nobody's typing error. */
const many = 10;
/** Milliseconds. */
const span = 15 * 60_000;
const lasts = 3_600_000;

type Wave = { readonly seen: readonly (readonly [subject: string, at: number])[] };

/** Counts who was locked lately, over all replicas. */
export class LockoutWave {
  readonly #parts: LockoutWaveParts;
  #queue: Promise<void> = Promise.resolve();

  constructor(parts: LockoutWaveParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  count(subscription: string, subject: string): Promise<void> {
    this.#queue = this.#queue.then(() => this.#count(subscription, subject));
    return this.#queue;
  }

  settled(): Promise<void> {
    return this.#queue;
  }

  async #count(subscription: string, subject: string): Promise<void> {
    const { store, clock, concerns, log } = this.#parts;
    const now = clock.now();
    const id = createHash('sha256').update(subject).digest('base64url').slice(0, 12);
    try {
      const wave = await changeDocument<Wave>(
        store,
        { collection: 'counters', key: `${subscription}/lockout-wave` },
        (known) => {
          const recent = (known?.seen ?? []).filter(
            ([who, at]) => who !== id && at > now - span && at <= now,
          );
          return {
            value: { seen: [...recent, [id, now] as const].slice(-many) },
            options: { expiresAt: now + span },
          };
        },
      );
      const count = wave?.seen.length ?? 0;
      if (count < many) return;
      concerns.raise(
        subscription,
        { kind: 'lockout-wave', subject: '', serious: true, params: { count: many, minutes: span / 60_000 } },
        lasts,
      );
    } catch (error) {
      log.warn({ error }, 'lockouts could not be counted');
    }
  }
}
