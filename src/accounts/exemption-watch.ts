import type { Clock } from '../clock.ts';
import type { Store } from '../storage/index.ts';
import type { EnabledList } from './enabled-list.ts';

/** Milliseconds. */
const interval = 10_000;

/**
 * Tells every process when an exemption ends, as if somebody had changed the list: password-only sessions that lived
 * on it are looked at again then. Returns how to stop. Each process may run one; hearing it twice does no harm.
 */
export function watchExemptions(parts: {
  readonly store: Pick<Store, 'publish'>;
  readonly list: EnabledList;
  readonly clock: Clock;
}): () => void {
  const { store, list, clock } = parts;
  let since = clock.now();

  async function look(): Promise<void> {
    const now = clock.now();
    const ended = (await list.exemptions()).some(({ until = 0 }) => until > since && until <= now);
    if (ended) await store.publish('accounts', { everyone: true });
    since = now;
  }

  // A store that fails is asked again with the next tick; `since` stays, so nothing is missed.
  const timer = clock.every(interval, () => void look().catch(() => {}));
  return () => timer.cancel();
}
