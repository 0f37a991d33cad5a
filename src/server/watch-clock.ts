import type { Audit, Log } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { clockOffset } from './sntp.ts';

/**
 * Compares the machine's clock with an NTP server now and then: codes depend on the time. It warns and records,
 * never sets the clock, and never stops anything. `right` is told each time that all is well. Returns how to end it.
 */
export function watchClock(
  ntp: NonNullable<Config['ntp']>,
  { clock, audit, log, right = () => {} }: { clock: Clock; audit: Audit; log: Log; right?: () => void },
): () => void {
  const look = async (): Promise<void> => {
    try {
      const offset = await clockOffset({ host: ntp.server, port: ntp.port }, clock);
      if (Math.abs(offset) > ntp.tolerance) audit.record({ type: 'clock.off', offset });
      else {
        log.debug({ offset }, 'the clock is right');
        right();
      }
    } catch (error) {
      log.warn({ error, server: ntp.server }, 'the NTP server could not be asked');
    }
  };
  void look();
  const timer = clock.every(ntp.interval * 1000, () => void look());
  return () => timer.cancel();
}
