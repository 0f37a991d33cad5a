import { GatewayError } from '../errors.ts';
import type { RedisLink } from './redis-link.ts';
import { type RedisServerReport, readServerReport } from './redis-server-report.ts';
import { storeUnavailable } from './store-unavailable.ts';

/**
 * Holds a server against what the store needs of it. Throws `store-may-evict` when it would throw records away for
 * memory, a used code or a revocation among them, and `store-unavailable` when it does not say.
 */
export async function checkServer(link: RedisLink): Promise<RedisServerReport> {
  const report = readServerReport(await link.call((client) => client.info()));
  const { evictionPolicy } = report;
  if (evictionPolicy === undefined) {
    throw storeUnavailable(
      new Error(`${link.place}: INFO does not tell maxmemory_policy; allow the command INFO in full`),
    );
  }
  if (evictionPolicy !== 'noeviction') {
    throw new GatewayError('store-may-evict', { params: { place: link.place, policy: evictionPolicy } });
  }
  return report;
}

/** Says what is lost with the server's memory; undefined when it keeps its data. */
export async function persistenceWarning(
  link: RedisLink,
  report: RedisServerReport,
): Promise<string | undefined> {
  if (report.appendsToFile) return undefined;
  const snapshots = await snapshotsOf(link);
  if (snapshots === 'taken') return undefined;
  if (snapshots === 'none') {
    return `${link.place} writes nothing to disk: with its process every account, enrolment and session is gone. Set "appendonly yes" there.`;
  }
  return `${link.place} does not append to a file, and whether it takes snapshots can't be seen (CONFIG is not allowed). Set "appendonly yes" there.`;
}

async function snapshotsOf(link: RedisLink): Promise<'taken' | 'none' | 'unknown'> {
  try {
    const answer = await link.call((client) => client.config('GET', 'save'));
    return Array.isArray(answer) && String(answer[1] ?? '') !== '' ? 'taken' : 'none';
  } catch {
    // Hosted servers and strict access lists don't allow it; nothing else depends on it.
    return 'unknown';
  }
}
