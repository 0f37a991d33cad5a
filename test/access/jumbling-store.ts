import type { Store } from '../../src/storage/index.ts';

/**
 * A store whose calls wait for a few turns of the event loop, as many as `seed` says: work that runs at the same time is
 * interleaved in another way with each seed, as it would be by replicas.
 */
export function jumblingStore(real: Store, seed: number): Store {
  let state = seed >>> 0;
  const pause = async (): Promise<void> => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    for (let turns = state >>> 29; turns > 0; turns -= 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  const later = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    await pause();
    const result = await call();
    await pause();
    return result;
  };
  return {
    get: (...given) => later(() => real.get(...given)),
    getMany: (...given) => later(() => real.getMany(...given)),
    list: (...given) => later(() => real.list(...given)),
    read: (...given) => later(() => real.read(...given)),
    put: (...given) => later(() => real.put(...given)),
    delete: (...given) => later(() => real.delete(...given)),
    append: (...given) => later(() => real.append(...given)),
    publish: (...given) => later(() => real.publish(...given)),
    subscribe: (...given) => real.subscribe(...given),
    health: () => real.health(),
    close: () => real.close(),
  };
}
