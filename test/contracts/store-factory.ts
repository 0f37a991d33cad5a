import type { Store } from '../../src/storage/index.ts';
import type { ManualClock } from '../support/manual-clock.ts';

/** One fresh, empty store for one test. */
export type StoreUnderTest = {
  readonly store: Store;
  /** A second process on the same data, as far as the store can tell. Closed with the first. */
  peer(): Promise<Store>;
  /** Resolves when what was published before has reached every process, so that a test need not guess real time. */
  settled?(): Promise<void>;
  close(): Promise<void>;
};

/** What an implementation hands to the contract suite. Time is `clock`'s alone. */
export type StoreFactory = (clock: ManualClock) => Promise<StoreUnderTest>;
