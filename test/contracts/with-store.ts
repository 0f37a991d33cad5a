import { ManualClock } from '../support/manual-clock.ts';
import type { StoreFactory, StoreUnderTest } from './store-factory.ts';

export type Surroundings = StoreUnderTest & {
  readonly clock: ManualClock;
  /** Lets injected time and real I/O go on until `condition` holds; at most five injected seconds. */
  eventually(condition: () => boolean): Promise<void>;
};

/** Runs one test on a fresh store and closes it whatever happens. */
export const withStore =
  (open: StoreFactory, test: (given: Surroundings) => Promise<void>) => async (): Promise<void> => {
    const clock = new ManualClock();
    const opened = await open(clock);
    const eventually = async (condition: () => boolean): Promise<void> => {
      for (let waited = 0; waited < 5000; waited += 5) {
        if (condition()) return;
        clock.advance(5);
        await opened.settled?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
      throw new Error('this never happened');
    };
    try {
      await test({ ...opened, clock, eventually });
    } finally {
      await opened.close();
    }
  };
