import { GatewayError } from '../../src/errors.ts';
import type { Store } from '../../src/storage/index.ts';

/** Before: the write was never made. After: it was made, and nobody heard of it. */
export type CrashMoment = 'before' | 'after';

/**
 * A store whose process dies at its write number `at` (from 0): from then on nothing is answered any more, while the
 * real store keeps what was written. Reads and writes before pass through.
 */
export class CrashingStore {
  readonly #real: Store;
  readonly #at: number;
  readonly #moment: CrashMoment;
  #writes = 0;
  #dead = false;

  constructor(real: Store, at: number, moment: CrashMoment) {
    this.#real = real;
    this.#at = at;
    this.#moment = moment;
  }

  get crashed(): boolean {
    return this.#dead;
  }

  facade(): Store {
    const real = this.#real;
    const read = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      this.#live();
      return call();
    };
    const write = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      this.#live();
      const mine = this.#writes++ === this.#at;
      if (mine && this.#moment === 'before') this.#die();
      const result = await call();
      if (mine) this.#die();
      return result;
    };
    return {
      get: (...given) => read(() => real.get(...given)),
      getMany: (...given) => read(() => real.getMany(...given)),
      list: (...given) => read(() => real.list(...given)),
      read: (...given) => read(() => real.read(...given)),
      put: (...given) => write(() => real.put(...given)),
      delete: (...given) => write(() => real.delete(...given)),
      append: (...given) => write(() => real.append(...given)),
      publish: (...given) => write(() => real.publish(...given)),
      subscribe: (...given) => real.subscribe(...given),
      health: () => real.health(),
      close: () => real.close(),
    };
  }

  #live(): void {
    if (this.#dead) throw new GatewayError('store-unavailable', { cause: new Error('killed') });
  }

  #die(): never {
    this.#dead = true;
    throw new GatewayError('store-unavailable', { cause: new Error('killed') });
  }
}
