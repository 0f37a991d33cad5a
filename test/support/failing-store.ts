import { GatewayError } from '../../src/errors.ts';
import type { Store } from '../../src/storage/index.ts';

/**
 * The store as a process sees it that is killed after `writes` more writes: nothing it does later takes effect.
 * `survive()` brings it back.
 */
export function failAfter(
  store: Store,
  writes: number,
): { store: Store; survive(): void; readonly dead: boolean } {
  let left = writes;
  const write = <Result>(task: () => Promise<Result>): Promise<Result> => {
    left -= 1;
    return left < 0 ? Promise.reject(new GatewayError('store-unavailable')) : task();
  };
  const read = <Result>(task: () => Promise<Result>): Promise<Result> =>
    left < 0 ? Promise.reject(new GatewayError('store-unavailable')) : task();
  return {
    survive() {
      left = Number.POSITIVE_INFINITY;
    },
    get dead() {
      return left < 0;
    },
    store: {
      get: (collection, key) => read(() => store.get(collection, key)),
      getMany: (collection, keys) => read(() => store.getMany(collection, keys)),
      put: (collection, key, value, options) => write(() => store.put(collection, key, value, options)),
      delete: (collection, key, options) => write(() => store.delete(collection, key, options)),
      list: (collection, query) => read(() => store.list(collection, query)),
      append: (stream, entry, options) => write(() => store.append(stream, entry, options)),
      read: (stream, query) => read(() => store.read(stream, query)),
      publish: (topic, message) => write(() => store.publish(topic, message)),
      subscribe: (topic, listener) => store.subscribe(topic, listener),
      health: () => store.health(),
      close: () => store.close(),
    },
  };
}
