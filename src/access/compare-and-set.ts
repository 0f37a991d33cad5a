import { GatewayError } from '../errors.ts';
import type { Json, PutOptions, Store } from '../storage/index.ts';

/** Rounds before giving up; each lost one means that another writer got through. */
const rounds = 200;

export const isConflict = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'conflict';

/**
 * Changes one document by compare-and-set, however many others change it at the same moment. `change` is pure
 * and may be called several times: it returns the new value, `delete`, or undefined to leave the document alone.
 * Resolves to what `change` last returned.
 */
export async function changeDocument<Value extends Json>(
  store: Pick<Store, 'get' | 'put' | 'delete'>,
  document: { readonly collection: string; readonly key: string },
  change: (
    value: Value | undefined,
  ) => { value: Value; options?: Omit<PutOptions, 'ifVersion'> } | 'delete' | undefined,
): Promise<void> {
  const { collection, key } = document;
  for (let round = 0; round < rounds; round += 1) {
    const found = await store.get<Value>(collection, key);
    const changed = change(found?.value);
    if (changed === undefined) return;
    try {
      if (changed !== 'delete') {
        await store.put(collection, key, changed.value, {
          ...changed.options,
          ifVersion: found?.version ?? 'absent',
        });
      } else if (found !== undefined) {
        await store.delete(collection, key, { ifVersion: found.version });
      }
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  throw new GatewayError('store-unavailable', { cause: new Error(`no end of conflicts on ${collection}`) });
}
