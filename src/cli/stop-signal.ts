import type { EventEmitter } from 'node:events';
import type { Log } from '../audit/index.ts';
import type { Clock } from '../clock.ts';

/** Milliseconds after the first signal in which another one says the same once more. */
const repeatLimit = 2000;

export type StopSignalOptions = {
  readonly log: Log;
  readonly clock: Clock;
  /** What emits the signals: the process. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>;
};

/**
 * Resolves at SIGINT or SIGTERM. From two seconds later on, another one ends the process at once, as anybody expects
 * of a second Ctrl+C. Not before: under npm one Ctrl+C arrives twice, from the terminal and passed on by npm.
 */
export function stopSignal({ log, clock, signals }: StopSignalOptions): Promise<void> {
  return new Promise((resolve) => {
    const names = ['SIGINT', 'SIGTERM'] as const;
    let stopping = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping');
      // Without a listener the system ends the process, even one that is too busy to answer.
      clock.after(repeatLimit, () => {
        for (const name of names) signals.off(name, onSignal);
      });
      resolve();
    };
    for (const name of names) signals.on(name, onSignal);
  });
}
