import type { Clock } from '../clock.ts';
import type { Json, Store } from '../storage/index.ts';
import type { AuditEvent } from './event.ts';
import { tagsOf } from './event-tags.ts';
import { createFloodGuard, isOutsideEvent } from './flood-guard.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { redact } from './redact.ts';

/** Records what happened: in the store's stream `audit`, in the log, and in the metrics. Never throws, never delays. */
export interface Audit {
  record(event: AuditEvent): void;
  /** Resolves when everything recorded so far has been written or given up. */
  flush(): Promise<void>;
}

/** As the composition root holds it. */
export type ClosableAudit = Audit & {
  /** Calls back with everything that is recorded from now on, in the same turn. Returns how to stop. */
  listen(listener: (event: AuditEvent) => void): () => void;
  /** Writes what a flood of this minute has been counted to, and flushes. */
  close(): Promise<void>;
};

/** An entry of the stream `audit`. `at`: when it happened, Unix milliseconds; the store may have got it later. */
export type AuditEntry = AuditEvent & { readonly at: number };

export type AuditOptions = {
  store: Pick<Store, 'append'>;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** How long entries are kept, in milliseconds; default 365 days. */
  retention?: { readonly duration: number };
  /** Where each entry goes as well. */
  copies?: readonly AuditCopy[];
  /** How many entries may wait for the store; default 10,000. */
  capacity?: number;
};

/** Where a copy of each entry goes: never throws, never delays. */
export interface AuditCopy {
  send(entry: AuditEntry): void;
  /** Resolves when what waits was sent or given up. */
  close(): Promise<void>;
}

type Waiting = { entry: Json; tags: string[]; expiresAt: number };

const day = 86_400_000;
const firstWait = 250;
const longestWait = 5_000;

/**
 * The audit log over the store's stream `audit`. The log line is written before `record` returns; the stream is
 * filled in the background, in order. Of a flood of one kind, 20 a minute are written, and then how many more.
 * While the store fails, entries wait, at most `capacity` of them, and are tried again after 0.25 to 5 seconds; what
 * does not fit is counted, and stands in the log alone.
 * An append whose answer was lost is repeated: an entry may stand twice, but is not lost.
 */
export function createAudit(options: AuditOptions): ClosableAudit {
  const { store, clock, log, metrics } = options;
  const retention = options.retention ?? { duration: 365 * day };
  const copies = options.copies ?? [];
  const capacity = options.capacity ?? 10_000;
  const queue: Waiting[] = [];
  const flushes: { upTo: number; resolve: () => void }[] = [];
  const listeners = new Set<(event: AuditEvent) => void>();
  let recorded = 0;
  let written = 0;
  let writing = false;
  let failures = 0;
  let dropping = false;

  /** Ends the flushes that have got what they wait for; all of them when the store just failed. */
  function settle(gaveUp: boolean): void {
    metrics.auditWaiting(queue.length);
    while (flushes[0] !== undefined && (gaveUp || flushes[0].upTo <= written)) flushes.shift()?.resolve();
  }

  async function drain(): Promise<void> {
    if (writing) return;
    writing = true;
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      try {
        await store.append('audit', next.entry, { tags: next.tags, expiresAt: next.expiresAt });
      } catch (error) {
        failures += 1;
        if (failures === 1) log.warn({ error, waiting: queue.length }, 'audit entries wait for the store');
        clock.after(Math.min(longestWait, firstWait * 2 ** (failures - 1)), () => void drain());
        writing = false;
        settle(true);
        return;
      }
      queue.shift();
      written += 1;
      metrics.auditStored();
      if (failures > 0) log.info({ waiting: queue.length }, 'audit entries reach the store again');
      failures = 0;
      dropping = false;
      settle(false);
    }
    writing = false;
  }

  function enqueue(event: AuditEvent, entry: AuditEntry): void {
    const { at } = entry;
    // What anybody outside can cause may fill only half of the queue.
    const limit = isOutsideEvent(event) ? capacity / 2 : capacity;
    if (queue.length >= limit) {
      metrics.auditDropped();
      if (!dropping)
        log.error({ waiting: queue.length }, 'audit entries are dropped: the store is not answering');
      dropping = true;
      return;
    }
    queue.push({ entry, tags: tagsOf(event), expiresAt: at + retention.duration });
    recorded += 1;
    metrics.auditWaiting(queue.length);
    if (failures === 0) void drain();
  }

  function write(event: AuditEvent): void {
    log.info({ event }, event.type);
    const entry: AuditEntry = { ...(redact(event) as AuditEvent), at: clock.now() };
    for (const copy of copies) copy.send(entry);
    enqueue(event, entry);
  }

  const flood = createFloodGuard(clock, write);

  function flush(): Promise<void> {
    if (queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      flushes.push({ upTo: recorded, resolve });
      void drain();
    });
  }

  return {
    record(event) {
      count(metrics, event);
      const told = discreet(event);
      if (!isOutsideEvent(told) || flood.passes(told)) write(told);
      for (const listener of listeners) listener(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    flush,
    async close() {
      flood.close();
      await Promise.all([flush(), ...copies.map((copy) => copy.close())]);
    },
  };
}

/** People type their password where the name belongs: of a name that nobody has, only the beginning is kept. */
function discreet(event: AuditEvent): AuditEvent {
  if (event.type !== 'sign-in.password' || event.user !== undefined) return event;
  return { ...event, name: `${[...event.name.slice(0, 8)].slice(0, 2).join('')}…` };
}

/** The metrics that follow from events, counted here so that nobody counts them twice. */
function count(metrics: Metrics, event: AuditEvent): void {
  if (event.type === 'sign-in.password') metrics.signIn(event.result);
  else if (event.type === 'sign-in.done') metrics.signIn('done');
  else if (event.type === 'sign-in.factor') metrics.factor(event.method, event.result);
  else if (event.type === 'message.sent') metrics.message(event.channel, event.purpose, 'sent');
  else if (event.type === 'message.failed') metrics.message(event.channel, event.purpose, 'failed');
  else if (event.type === 'message.refused') metrics.message(event.channel, event.purpose, 'refused');
  else if (event.type === 'clock.off') metrics.clockOffset(event.offset);
}
