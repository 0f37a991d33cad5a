import type { Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { isConflict, type Store } from '../storage/index.ts';
import { bypassCollection, type OutstandingBypass, withoutBypass } from './bypass-codes.ts';
import type { FactorDocuments } from './factor-documents.ts';

/** Milliseconds. */
const interval = 30_000;
const atOnce = 200;

export type BypassExpiryParts = {
  readonly subscription: string;
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
  const { store, subscription, clock } = parts;
  const prefix = `${subscription}/`;
  let after: string | undefined;
  do {
    const query = { prefix, limit: atOnce, ...(after === undefined ? {} : { after }) };
    const page = await store.list<OutstandingBypass>(bypassCollection, query);
    for (const { key, value, version } of page.items) {
      if (clock.now() < value.until) continue;
      if (!(await removeOne(parts, key.slice(prefix.length)))) continue;
      await store.delete(bypassCollection, key, { ifVersion: version }).catch(ignoreConflict);
    }
    after = page.next;
  } while (after !== undefined);
}

/** False when there is, or may be, a code that goes on: the next round looks again. */
async function removeOne(parts: BypassExpiryParts, user: string): Promise<boolean> {
  const { factors: documents, subscription, audit, clock } = parts;
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
  if (bypass.usedAt === undefined) audit.record({ type: 'bypass.expired', user, until: bypass.expiresAt });
  return true;
}

function ignoreConflict(error: unknown): void {
  if (!isConflict(error)) throw error;
}
