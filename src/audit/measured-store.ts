import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Store } from '../storage/index.ts';
import type { Metrics } from './metrics.ts';

/** The same store with the time of each call in the metrics. A lost compare-and-set is no failure. */
export function measureStore(
  store: Store,
  metrics: Pick<Metrics, 'store'>,
  clock: Pick<Clock, 'monotonic'>,
): Store {
  async function timed<Result>(operation: string, call: () => Promise<Result>): Promise<Result> {
    const began = clock.monotonic();
    try {
      const result = await call();
      metrics.store(operation, (clock.monotonic() - began) / 1_000, false);
      return result;
    } catch (error) {
      const failed = !(error instanceof GatewayError && error.code === 'conflict');
      metrics.store(operation, (clock.monotonic() - began) / 1_000, failed);
      throw error;
    }
  }
  return {
    get: (collection, key) => timed('get', () => store.get(collection, key)),
    getMany: (collection, keys) => timed('getMany', () => store.getMany(collection, keys)),
    put: (collection, key, value, options) => timed('put', () => store.put(collection, key, value, options)),
    delete: (collection, key, options) => timed('delete', () => store.delete(collection, key, options)),
    list: (collection, query) => timed('list', () => store.list(collection, query)),
    append: (stream, entry, options) => timed('append', () => store.append(stream, entry, options)),
    read: (stream, query) => timed('read', () => store.read(stream, query)),
    publish: (topic, message) => timed('publish', () => store.publish(topic, message)),
    subscribe: (topic, listener) => store.subscribe(topic, listener),
    health: () => store.health(),
    close: () => store.close(),
  };
}
