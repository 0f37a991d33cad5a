import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { requireVersion, type Store, TopicFollower, versionTag } from '../storage/index.ts';
import type { Audit } from './audit.ts';
import type { Actor } from './event.ts';
import type { Log } from './log.ts';

/** Days. */
export const retentionDays = { least: 1, usual: 365, most: 3_650 } as const;

const day = 86_400_000;
const topic = 'audit-retention';
const document = { collection: 'site', key: 'default/audit-retention' };
const shape = z.object({ days: z.int().min(retentionDays.least).max(retentionDays.most) });

type Parts = {
  readonly store: Pick<Store, 'get' | 'put' | 'subscribe'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Pick<Log, 'error'>;
};

/**
 * How long the audit log is kept: a setting of the site, in memory, as stored. Entries get their end when they are
 * written; a shorter time is in force at once, since nothing older is shown any more.
 */
export class AuditRetention {
  readonly #parts: Parts;
  readonly #follower: TopicFollower;
  #days: number = retentionDays.usual;
  #version: number | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#follower = new TopicFollower({
      store: parts.store,
      clock: parts.clock,
      topic,
      read: () => this.#read(),
      failed: (error) => parts.log.error({ error }, 'how long the audit log is kept cannot be read'),
    });
  }

  /** Rejects with `store-unavailable`. */
  static async open(parts: Parts): Promise<AuditRetention> {
    const retention = new AuditRetention(parts);
    await retention.#follower.start();
    return retention;
  }

  get days(): number {
    return this.#days;
  }

  /** For `change`: what must still be there. */
  get version(): string {
    return versionTag(this.#version);
  }

  /** Unix milliseconds: nothing older is shown. */
  get oldest(): number {
    return this.#parts.clock.now() - this.#days * day;
  }

  /** Milliseconds. */
  get duration(): number {
    return this.#days * day;
  }

  /** Rejects with `invalid-setting`, and with `changed-meanwhile` unless it still is as in `seen`. */
  async change(
    days: number,
    { actor, audit, seen }: { readonly actor: Actor; readonly audit: Audit; readonly seen?: string },
  ): Promise<void> {
    if (!shape.safeParse({ days }).success) {
      const { least, most } = retentionDays;
      throw new GatewayError('invalid-setting', {
        params: { setting: 'auditRetention', allowed: `${least}–${most}` },
      });
    }
    const { store } = this.#parts;
    const found = await store.get(document.collection, document.key);
    requireVersion(found?.version, seen);
    const before = this.#days;
    await store.put(
      document.collection,
      document.key,
      { days },
      { ifVersion: found?.version ?? 'absent', announce: { topic, message: {} } },
    );
    await this.#read();
    audit.record({
      type: 'setting.changed',
      subscription: 'default',
      key: 'auditRetention',
      from: String(before),
      to: String(days),
      actor,
    });
  }

  close(): void {
    this.#follower.close();
  }

  async #read(): Promise<void> {
    const found = await this.#parts.store.get(document.collection, document.key);
    const parsed = shape.safeParse(found?.value);
    // What cannot be read deletes nothing.
    this.#days =
      found === undefined ? retentionDays.usual : parsed.success ? parsed.data.days : retentionDays.most;
    this.#version = found?.version;
  }
}
