import type { LiveConnection } from './gate.ts';

/**
 * The open connections of one session. A `Set` that gains and loses members with every request makes V8 chain its outgrown
 * tables: once one of them is old, all that they ever held waits for a full collection (a third of the time per request).
 */
export class LiveConnections implements Iterable<LiveConnection> {
  readonly #list: LiveConnection[] = [];

  get size(): number {
    return this.#list.length;
  }

  [Symbol.iterator](): Iterator<LiveConnection> {
    return this.#list[Symbol.iterator]();
  }

  /** False when it was there already. */
  add(connection: LiveConnection): boolean {
    if (this.#has(connection)) return false;
    connection.slot = this.#list.length;
    this.#list.push(connection);
    return true;
  }

  /** False when it wasn't there. */
  delete(connection: LiveConnection): boolean {
    if (!this.#has(connection)) return false;
    const last = this.#list.pop();
    if (last !== undefined && last !== connection) {
      last.slot = connection.slot;
      this.#list[last.slot] = last;
    }
    connection.slot = -1;
    return true;
  }

  #has(connection: LiveConnection): boolean {
    return this.#list[connection.slot] === connection;
  }
}
