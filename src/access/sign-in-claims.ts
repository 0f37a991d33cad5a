import type { Clock } from '../clock.ts';
import { type Claim, claimExpiry } from '../second-factors/index.ts';
import { isConflict, type Store } from '../storage/index.ts';

export type ClaimHolder = { readonly subscription: string; readonly user: string };

const collection = 'claims';

/** The time steps that have proven something already, or were seen far off: none is ever accepted again. */
export class Claims {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(parts: { store: Store; clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /** In the order asked: which of them are taken. */
  async taken(holder: ClaimHolder, claims: readonly Claim[]): Promise<readonly boolean[]> {
    const keys = claims.map((claim) => keyOf(holder, claim));
    return (await this.#store.getMany(collection, keys)).map((found) => found !== undefined);
  }

  /**
   * Takes all of them, each by compare-and-set. False when any was taken by somebody else: then the code was used
   * before, and what could be taken stays taken, since the digits are known by now.
   */
  async take(holder: ClaimHolder, claims: readonly Claim[]): Promise<boolean> {
    let all = true;
    for (const claim of claims) {
      try {
        await this.#store.put(
          collection,
          keyOf(holder, claim),
          { at: this.#clock.now() },
          { ifVersion: 'absent', expiresAt: claimExpiry(claim) },
        );
      } catch (error) {
        if (!isConflict(error)) throw error;
        all = false;
      }
    }
    return all;
  }
}

const keyOf = (holder: ClaimHolder, claim: Claim): string =>
  `${holder.subscription}/${holder.user}/${claim.enrolment}/${claim.step}`;
