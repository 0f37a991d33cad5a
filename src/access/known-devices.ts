import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { type Random, randomName } from '../random.ts';
import { changeDocument, type Store } from '../storage/index.ts';

type StoredDevice = {
  readonly user: string;
  readonly since: number;
  /** Wrong passwords and codes since the last second factor. */
  readonly failures: number;
  /** The enrolments the user had; when none of them is left (a reset), the device is a stranger again. */
  readonly enrolments: readonly string[];
};

/** A browser that passed a second factor of this user before. */
export type KnownDevice = {
  readonly subscription: string;
  readonly user: string;
  /** The document's key. */
  readonly key: string;
};

export type DeviceCookie = { readonly token: string; readonly expiresAt: number };

const collection = 'known-devices';
/** 90 days. */
const lifetime = 90 * 86_400_000;
/** With the fifth failure a device is void. */
export const deviceFailures = 5;

/**
 * Devices that have their own count of failures and are spared the address limits, so that nobody can lock a
 * user out of their own machine. The cookie is opaque; the store keeps a hash of it, bound to the user.
 */
export class KnownDevices {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(parts: { store: Store; clock: Clock; random: Random }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#random = parts.random;
  }

  /** The device that a cookie stands for, if it is one of this user's and not void. `enrolments`: what they have now. */
  async recognise(
    owner: { subscription: string; user: string },
    cookie: string | undefined,
    enrolments: readonly string[],
  ): Promise<KnownDevice | undefined> {
    if (cookie === undefined || cookie.length > 128) return undefined;
    const key = keyOf(owner, cookie);
    const stored = await this.#store.get<StoredDevice>(collection, key);
    if (stored === undefined || stored.value.failures >= deviceFailures) return undefined;
    if (!stored.value.enrolments.some((id) => enrolments.includes(id))) return undefined;
    return { ...owner, key };
  }

  /** Counts a failure in advance. Resolves to the failures so far, or undefined when the device is void by now. */
  async countTry(device: KnownDevice): Promise<number | undefined> {
    let failures: number | undefined;
    await changeDocument<StoredDevice>(this.#store, { collection, key: device.key }, (stored) => {
      // Each round anew: the device may have been forgotten after a round that lost.
      const usable = stored !== undefined && stored.failures < deviceFailures;
      failures = usable ? stored.failures + 1 : undefined;
      return failures === undefined || stored === undefined
        ? undefined
        : { value: { ...stored, failures }, options: { expiresAt: stored.since + lifetime } };
    });
    return failures;
  }

  /** Takes back one failure, or all of them after a second factor. */
  async uncount(device: KnownDevice, which: 'one' | 'all'): Promise<void> {
    await changeDocument<StoredDevice>(this.#store, { collection, key: device.key }, (stored) =>
      stored === undefined
        ? undefined
        : {
            value: { ...stored, failures: which === 'all' ? 0 : Math.max(0, stored.failures - 1) },
            options: { expiresAt: stored.since + lifetime },
          },
    );
  }

  async forget(device: KnownDevice): Promise<void> {
    await this.#store.delete(collection, device.key);
  }

  /** After a second factor: the cookie for this browser; one that it has already is renewed. */
  async remember(
    owner: { subscription: string; user: string },
    enrolments: readonly string[],
    known: { device: KnownDevice; cookie: string } | undefined,
  ): Promise<DeviceCookie> {
    const token = known?.cookie ?? randomName(this.#random, 32);
    const now = this.#clock.now();
    const expiresAt = now + lifetime;
    const device: StoredDevice = { user: owner.user, since: now, failures: 0, enrolments };
    await this.#store.put(collection, keyOf(owner, token), device, { expiresAt });
    return { token, expiresAt };
  }

  /** After a reset, a password change or *sign out everywhere*. */
  async forgetAll(owner: { subscription: string; user: string }): Promise<void> {
    const prefix = `${owner.subscription}/${owner.user}/`;
    for (;;) {
      const page = await this.#store.list(collection, { prefix, limit: 100 });
      for (const { key } of page.items) await this.#store.delete(collection, key);
      if (page.next === undefined) return;
    }
  }
}

/** The cookie has 256 random bits, so a plain hash tells nothing of it. */
const keyOf = (owner: { subscription: string; user: string }, cookie: string): string =>
  `${owner.subscription}/${owner.user}/${createHash('sha256').update(cookie).digest('base64url')}`;
