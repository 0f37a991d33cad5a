import type { AuditEvent } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { changeDocument, type Store } from '../storage/index.ts';
import { subscriptionOfEvent } from './subscription-of-event.ts';

/** What is counted, for one hour or one day. */
export type Counts = {
  /** Completed sign-ins. */
  readonly signIns: number;
  /** Wrong or locked passwords and codes, and sign-ins refused for another reason. */
  readonly refusals: number;
  /** Remote sessions opened. */
  readonly sessions: number;
};

/** `from`: when it begins, Unix milliseconds; days are those of UTC. */
export type Bucket = Counts & { readonly from: number };

/** Hours, at most 744 (31 days), or days, at most 366. */
export type StatisticsSpan = { readonly unit: 'hour' | 'day'; readonly count: number };

type Addition = { readonly key: string; readonly expiresAt: number; readonly counts: Counts };

export type StatisticsOptions = {
  readonly store: Pick<Store, 'get' | 'getMany' | 'put' | 'delete'>;
  readonly clock: Clock;
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
};

const collection = 'statistics';
const hour = 3_600_000;
const day = 24 * hour;
const kept = { hour: 32 * day, day: 400 * day } as const;
const length = { hour, day } as const;
/** Milliseconds between two writings; what a killed process had not written is not counted. */
const interval = 60_000;
const nothing: Counts = { signIns: 0, refusals: 0, sessions: 0 };
const units = ['hour', 'day'] as const;

/**
 * Counts sign-ins, refusals and remote sessions per hour and day. Each replica adds what it has seen to shared counters
 * once a minute, so that a page with a month of them reads a few hundred small documents and no audit entry.
 */
export class Statistics {
  readonly #options: StatisticsOptions;
  /** By key; each is written by itself, so that nothing is added twice when another can't be. */
  #pending = new Map<string, Addition>();
  #writing: Promise<void> = Promise.resolve();
  #timer: { cancel(): void } | undefined;

  constructor(options: StatisticsOptions) {
    this.#options = options;
  }

  /** Never throws, never waits. */
  hear(event: AuditEvent): void {
    const what = countedAs(event);
    if (what === undefined) return;
    const subscription = subscriptionOfEvent(event);
    const times = 'repeated' in event ? (event.repeated ?? 1) : 1;
    for (const unit of units) {
      const from = beginning(this.#options.clock.now(), unit);
      this.#keep({
        key: keyOf(subscription, unit, from),
        expiresAt: from + kept[unit],
        counts: { ...nothing, [what]: times },
      });
    }
    this.#timer ??= this.#options.clock.after(interval, () => void this.flush());
  }

  /** Writes what has been counted so far. Never rejects: what can't be written is tried again a minute later. */
  flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** The latest buckets, oldest first, those without anything included. Rejects with `store-unavailable`. */
  async read(subscription: string, { unit, count }: StatisticsSpan): Promise<Bucket[]> {
    const last = beginning(this.#options.clock.now(), unit);
    const froms = Array.from({ length: count }, (_, index) => last - (count - 1 - index) * length[unit]);
    const found = await this.#options.store.getMany<Counts>(
      collection,
      froms.map((from) => keyOf(subscription, unit, from)),
    );
    return froms.map((from, index) => ({ from, ...nothing, ...found[index]?.value }));
  }

  #keep(addition: Addition): void {
    const known = this.#pending.get(addition.key)?.counts ?? nothing;
    this.#pending.set(addition.key, { ...addition, counts: sum(addition.counts, known) });
  }

  async #write(): Promise<void> {
    const pending = this.#pending;
    this.#pending = new Map();
    for (const addition of pending.values()) {
      const { key, counts, expiresAt } = addition;
      try {
        await changeDocument<Counts>(this.#options.store, { collection, key }, (known) => ({
          value: sum(counts, known ?? nothing),
          options: { expiresAt },
        }));
      } catch (error) {
        this.#keep(addition);
        this.#options.log.warn({ error }, 'what was counted could not be written, and is tried again');
        this.#timer ??= this.#options.clock.after(interval, () => void this.flush());
      }
    }
  }
}

function countedAs(event: AuditEvent): keyof Counts | undefined {
  switch (event.type) {
    case 'sign-in.done':
      return 'signIns';
    case 'sign-in.refused':
      return 'refusals';
    case 'sign-in.password':
      return event.result === 'accepted' ? undefined : 'refusals';
    case 'sign-in.factor':
      return event.result === 'wrong' || event.result === 'replayed' || event.result === 'locked'
        ? 'refusals'
        : undefined;
    case 'remote-session.start':
      return 'sessions';
    default:
      return undefined;
  }
}

const beginning = (at: number, unit: 'hour' | 'day'): number => Math.floor(at / length[unit]) * length[unit];

const keyOf = (subscription: string, unit: 'hour' | 'day', from: number): string =>
  `${subscription}/${unit}/${new Date(from).toISOString().slice(0, unit === 'hour' ? 13 : 10)}`;

const sum = (one: Counts, other: Counts): Counts => ({
  signIns: one.signIns + other.signIns,
  refusals: one.refusals + other.refusals,
  sessions: one.sessions + other.sessions,
});
