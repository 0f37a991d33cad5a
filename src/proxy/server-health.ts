import type { Clock } from '../clock.ts';

/** Milliseconds. */
const backOff = { first: 1_000, longest: 60_000 };
/** Active checks in a row that must say the same before it is believed. */
const confirmations = 2;

export type HealthState = 'up' | 'down' | 'draining';

/**
 * What is believed of one application server: connections that fail eject it for 1, 2, 4 … 60 seconds (passive),
 * checks that fail twice in a row eject it until they succeed (active), an administrator may drain it.
 */
export class ServerHealth {
  draining = false;
  readonly #clock: Clock;
  readonly #changed: (state: HealthState, reason: string | undefined) => void;
  #failures = 0;
  #ejectedUntil = 0;
  #checksFailed = 0;
  #checkedDown = false;
  #reported: HealthState = 'up';

  constructor(clock: Clock, changed: (state: HealthState, reason: string | undefined) => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Whether it may be given work at all. */
  get up(): boolean {
    if (this.#checkedDown) return false;
    return this.#failures === 0 || this.#clock.monotonic() >= this.#ejectedUntil;
  }

  /** Milliseconds until it is tried again; 0 when it may be tried now. */
  get retryIn(): number {
    if (this.#checkedDown) return backOff.longest;
    return this.#failures === 0 ? 0 : Math.max(0, this.#ejectedUntil - this.#clock.monotonic());
  }

  get state(): HealthState {
    if (this.draining) return 'draining';
    return this.#failures === 0 && !this.#checkedDown ? 'up' : 'down';
  }

  /** A connection stands: whatever was wrong is over. */
  connected(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#report(undefined);
  }

  /** A connection could not be made. Failures of one ejection count once. */
  failed(reason: string): void {
    const now = this.#clock.monotonic();
    if (this.#failures > 0 && now < this.#ejectedUntil) return;
    this.#failures += 1;
    this.#ejectedUntil = now + Math.min(backOff.longest, backOff.first * 2 ** (this.#failures - 1));
    this.#report(reason);
  }

  /** What an active check found. */
  checked(healthy: boolean, reason?: string): void {
    if (healthy) {
      this.#failures = 0;
      this.#checksFailed = this.#checkedDown ? Math.min(this.#checksFailed, confirmations) - 1 : 0;
      if (this.#checksFailed <= 0) {
        this.#checksFailed = 0;
        this.#checkedDown = false;
      }
    } else {
      this.#checksFailed = Math.min(this.#checksFailed + 1, confirmations);
      if (this.#checksFailed === confirmations) this.#checkedDown = true;
    }
    this.#report(reason);
  }

  setDraining(draining: boolean): void {
    this.draining = draining;
    this.#report(undefined);
  }

  #report(reason: string | undefined): void {
    const state = this.state;
    if (state === this.#reported) return;
    this.#reported = state;
    this.#changed(state, reason);
  }
}
