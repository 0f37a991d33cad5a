import { GatewayError } from '../errors.ts';
import type { Json, PutOptions, Store } from './store.ts';
import { storeUnavailable } from './store-unavailable.ts';

/** Rounds before giving up; each lost one means that another writer got through. */
const rounds = 200;

/** Whether a write lost its compare-and-set. */
export const isConflict = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'conflict';

/** What becomes of a document: a new value, its deletion, or (undefined) nothing. */
export type Change<Value> = { value: Value; options?: Omit<PutOptions, 'ifVersion'> } | 'delete' | undefined;

/**
 * Changes one document by compare-and-set, however many others change it at the same moment. `change` is pure
 * and may be called several times; what it throws is thrown; `version` is that of the value, for whoever has to know that
 * it is still the one they saw. Resolves to the value that is stored now, undefined when there is none. Rejects with
 * `store-unavailable`.
 */
export async function changeDocument<Value extends Json>(
  store: Pick<Store, 'get' | 'put' | 'delete'>,
  document: { readonly collection: string; readonly key: string },
  change: (value: Value | undefined, version: number | undefined) => Change<Value>,
): Promise<Value | undefined> {
  const { collection, key } = document;
  for (let round = 0; round < rounds; round += 1) {
    const found = await store.get<Value>(collection, key);
    const changed = change(found?.value, found?.version);
    if (changed === undefined) return found?.value;
    try {
      if (changed !== 'delete') {
        const ifVersion = found?.version ?? 'absent';
        await store.put(collection, key, changed.value, { ...changed.options, ifVersion });
        return changed.value;
      }
      if (found !== undefined) await store.delete(collection, key, { ifVersion: found.version });
      return undefined;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  throw storeUnavailable(new Error(`no end of conflicts on ${collection}`));
}
