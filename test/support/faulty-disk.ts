import { DatabaseSync } from 'node:sqlite';

type Fault = 'none' | 'read-only' | 'full';

/**
 * The disk under every SQLite file that this process opens while it is there, and what happens to it. SQLite itself
 * reports the faults, as it would on such a disk: file modes don't bind the superuser, and a full disk can't be had
 * for the asking. `remove()` when the test is over.
 */
export class FaultyDisk {
  readonly #connections = new Set<DatabaseSync>();
  #fault: Fault = 'none';
  readonly #exec = DatabaseSync.prototype.exec;

  constructor() {
    const seen = (connection: DatabaseSync): void => this.#seen(connection);
    const exec = this.#exec;
    // The first thing that the store does with each connection that it opens.
    DatabaseSync.prototype.exec = function (sql: string): void {
      exec.call(this, sql);
      seen(this);
    };
  }

  remove(): void {
    DatabaseSync.prototype.exec = this.#exec;
  }

  becomesReadOnly(): void {
    this.#become('read-only');
  }

  /** Not one page more than there are now. */
  becomesFull(): void {
    this.#become('full');
  }

  isMended(): void {
    this.#become('none');
  }

  #become(fault: Fault): void {
    this.#fault = fault;
    for (const connection of this.#connections) this.#inflict(connection);
  }

  #seen(connection: DatabaseSync): void {
    if (this.#connections.has(connection)) return;
    this.#connections.add(connection);
    this.#inflict(connection);
  }

  #inflict(connection: DatabaseSync): void {
    if (!connection.isOpen) {
      this.#connections.delete(connection);
      return;
    }
    const pages = this.#fault === 'full' ? 1 : 4_294_967_294;
    this.#exec.call(connection, `PRAGMA query_only = ${this.#fault === 'read-only' ? 'ON' : 'OFF'}`);
    // SQLite takes a number that is too small for the number of pages there are.
    this.#exec.call(connection, `PRAGMA max_page_count = ${pages}`);
  }
}
