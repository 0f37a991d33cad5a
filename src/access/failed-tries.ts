import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { addressGroup } from './throttle-address.ts';
import { type AddressCount, addressPasswordRule, countAddressTry } from './throttle-arithmetic.ts';

/** Addresses remembered at most; beyond that the one that failed longest ago is forgotten. */
const most = 10_000;

/**
 * Counts failures by address in memory, where guessing is hopeless anyway and only the noise of it is to be kept from
 * the store: for what has 256 random bits. People's tries are counted by `Throttle`, in the store.
 */
export class FailedTries {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #counts = new Map<string, AddressCount>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Throws `too-many-requests` while an address has failed 30 times within 15 minutes. */
  refuse(address: string): void {
    const known = this.#counts.get(addressGroup(address));
    if (known === undefined) return;
    const now = this.#clock.now();
    const tried = countAddressTry(addressPasswordRule, known, now);
    if (tried.allowed) return;
    const seconds = Math.max(1, Math.ceil(((tried.until ?? now) - now) / 1000));
    throw new GatewayError('too-many-requests', { retryAfter: seconds, params: { seconds } });
  }

  count(address: string): void {
    const group = addressGroup(address);
    const { count } = countAddressTry(addressPasswordRule, this.#counts.get(group), this.#clock.now());
    this.#counts.delete(group);
    this.#counts.set(group, count);
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > most && oldest.done === false) this.#counts.delete(oldest.value);
  }
}
