import type { Clock } from '../../src/clock.ts';
import { SqliteStore } from '../../src/storage/index.ts';
import { ManualClock } from './manual-clock.ts';

/** A fresh, empty store in memory on `clock`; close it when the test is over (`t.after(() => store.close())`). */
export const openStore = (clock: Clock = new ManualClock()): Promise<SqliteStore> =>
  SqliteStore.open({ path: ':memory:', clock });

/** Resolves when the store has delivered what this process published so far. */
export const delivered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
