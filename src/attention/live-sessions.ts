import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuditEvent } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { Store } from '../storage/index.ts';
import { subscriptionOfEvent } from './subscription-of-event.ts';

type Live = 'granted' | 'active';

export type LiveCount = { readonly granted: number; readonly active: number };

const collection = 'live-sessions';
const pageSize = 1_000;
/** Milliseconds that a count is good enough for whoever looks next. */
const goodFor = 15_000;

/**
 * How many 2FA sessions are good now: a mark in the store for each, which ends when the session does. Records of
 * sessions are kept for days after their end, so that counting those would cost more with each day.
 */
export class LiveSessions {
  readonly #parts: {
    readonly store: Pick<Store, 'put' | 'delete' | 'list'>;
    readonly clock: Pick<Clock, 'now'>;
    readonly settings: Pick<SettingsReader, 'current'>;
    readonly log: { warn(fields: Record<string, unknown>, message: string): void };
  };
  readonly #counted = new Map<string, { at: number; count: Promise<LiveCount> }>();
  #failing = false;

  constructor(parts: {
    store: Pick<Store, 'put' | 'delete' | 'list'>;
    clock: Pick<Clock, 'now'>;
    settings: Pick<SettingsReader, 'current'>;
    log: { warn(fields: Record<string, unknown>, message: string): void };
  }) {
    this.#parts = parts;
  }

  /** Never throws, never waits. */
  hear(event: AuditEvent): void {
    const subscription = subscriptionOfEvent(event);
    if (event.type === 'sign-in.done') this.#mark(subscription, event.session, 'granted');
    else if (event.type === 'session.active' || event.type === 'session.renewed') {
      this.#mark(subscription, event.session, 'active');
    } else if (event.type === 'session.revoked' && event.session !== undefined) {
      this.#settle(this.#parts.store.delete(collection, `${subscription}/${event.session}`));
    }
  }

  /** At most fifteen seconds old. Rejects with `store-unavailable`. */
  count(subscription: string): Promise<LiveCount> {
    const now = this.#parts.clock.now();
    const known = this.#counted.get(subscription);
    if (known !== undefined && now - known.at >= 0 && now - known.at < goodFor) return known.count;
    const count = this.#count(subscription);
    this.#counted.set(subscription, { at: now, count });
    count.catch(() => this.#counted.delete(subscription));
    return count;
  }

  async #count(subscription: string): Promise<LiveCount> {
    const counts = { granted: 0, active: 0 };
    let after: string | undefined;
    do {
      const page = await this.#parts.store.list<Live>(collection, {
        prefix: `${subscription}/`,
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
      });
      for (const { value } of page.items) counts[value === 'active' ? 'active' : 'granted'] += 1;
      after = page.next;
      // Pages are read in one go where the store is embedded: others come in between.
      if (after !== undefined) await nextTurn();
    } while (after !== undefined);
    return counts;
  }

  #mark(subscription: string, session: string, state: Live): void {
    const { store, clock, settings } = this.#parts;
    const { validityBeforeFirstSession, validityAfterFirstSession } = settings.current(subscription);
    const lasts =
      state === 'granted' ? validityBeforeFirstSession * 1_000 : validityAfterFirstSession * 60_000;
    this.#settle(
      store.put(collection, `${subscription}/${session}`, state, { expiresAt: clock.now() + lasts }),
    );
  }

  /** A number on a page is not worth more than a line in the log. */
  #settle(writing: Promise<unknown>): void {
    writing.then(
      () => {
        this.#failing = false;
      },
      (error: unknown) => {
        if (!this.#failing) this.#parts.log.warn({ error }, 'live sessions can not be counted');
        this.#failing = true;
      },
    );
  }
}
