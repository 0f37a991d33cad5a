import type { Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { isConflict, type Store } from '../storage/index.ts';
import { bypassCollection, type OutstandingBypass, withoutBypass } from './bypass-codes.ts';
import type { FactorDocuments } from './factor-documents.ts';
import { defaultSubscription } from './subscription.ts';

/** Milliseconds. */
const interval = 30_000;
const atOnce = 200;

export type BypassExpiryParts = {
  readonly store: Pick<Store, 'list' | 'delete'>;
  readonly factors: FactorDocuments;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'record'>;
};

/**
 * Writes down which helpdesk codes ended unused, and takes them out of their users' documents. It decides nothing:
 * a code is refused from its last millisecond on, whether this runs or not. Of several processes one writes each.
 * Returns how to stop.
 */
export function watchBypassCodes(parts: BypassExpiryParts): () => void {
  // A store that fails is asked again with the next tick.
  const timer = parts.clock.every(interval, () => void endBypassCodes(parts).catch(() => {}));
  return () => timer.cancel();
}

/** One round of it. */
export async function endBypassCodes(parts: BypassExpiryParts): Promise<void> {
  const { store, clock } = parts;
  let after: string | undefined;
  do {
    const query = { limit: atOnce, ...(after === undefined ? {} : { after }) };
    const page = await store.list<OutstandingBypass>(bypassCollection, query);
    for (const { key, value, version } of page.items) {
      if (clock.now() < value.until) continue;
      const [subscription = '', ...user] = key.split('/');
      if (!(await removeOne(parts, subscription, user.join('/')))) continue;
      await store.delete(bypassCollection, key, { ifVersion: version }).catch(ignoreConflict);
    }
    after = page.next;
  } while (after !== undefined);
}

/** False when there is, or may be, a code that goes on: the next round looks again. */
async function removeOne(parts: BypassExpiryParts, subscription: string, user: string): Promise<boolean> {
  const { factors: documents, audit, clock } = parts;
  const { factors, version } = await documents.read(subscription, user);
  const { bypass } = factors;
  const changed = withoutBypass(factors);
  // Withdrawn, or gone with a reset: that has been written down.
  if (bypass === undefined || changed === undefined) return true;
  if (clock.now() < bypass.expiresAt) return false;
  try {
    await documents.save(subscription, user, changed, version);
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
  if (bypass.usedAt === undefined) {
    const where = subscription === defaultSubscription ? {} : { subscription };
    audit.record({ type: 'bypass.expired', user, until: bypass.expiresAt, ...where });
  }
  return true;
}

function ignoreConflict(error: unknown): void {
  if (!isConflict(error)) throw error;
}
