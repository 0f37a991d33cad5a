import type { Clock } from '../../src/clock.ts';
import { systemRandom } from '../../src/random.ts';
import { KeyRing, RingSealer } from '../../src/storage/index.ts';
import { ManualClock } from './manual-clock.ts';

/** A sealer with a master key of its own, in memory. */
export function openSealer(clock: Clock = new ManualClock()): RingSealer {
  const key = systemRandom.bytes(32).toString('base64url');
  const source = { kind: 'text', text: { reveal: () => key }, place: 'the test' } as const;
  return new RingSealer(KeyRing.load(source, clock), systemRandom);
}
