import type { Clock } from '../clock.ts';
import type { MaintainedStore } from '../storage/index.ts';
import type { AuditRetention } from './audit-retention.ts';
import type { Log } from './log.ts';

/** Milliseconds between two rounds. */
const interval = 3_600_000;

type Parts = {
  readonly store: Pick<MaintainedStore, 'endEntries'>;
  readonly retention: Pick<AuditRetention, 'oldest'>;
  readonly clock: Pick<Clock, 'every'>;
  readonly log: Pick<Log, 'warn'>;
};

/**
 * Entries got their end when they were written. Once an administrator wants them kept for a shorter time, those that are
 * too old by that are ended within the hour, in steps of a few milliseconds. Returns how to stop.
 */
export function endOldEntries(parts: Parts): () => void {
  let running = false;
  let stopped = false;
  const timer = parts.clock.every(interval, () => {
    if (running) return;
    running = true;
    round(parts, () => stopped)
      .catch((error: unknown) => parts.log.warn({ error }, 'old audit entries could not be removed'))
      .finally(() => {
        running = false;
      });
  });
  return () => {
    stopped = true;
    timer.cancel();
  };
}

async function round({ store, retention }: Parts, isStopped: () => boolean): Promise<void> {
  const moment = retention.oldest;
  let after: string | undefined;
  do {
    after = await store.endEntries('audit', moment, after);
  } while (after !== undefined && !isStopped());
}
