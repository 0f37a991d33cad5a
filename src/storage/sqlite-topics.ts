import type { Clock } from '../clock.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { isBusy } from './sqlite-failure.ts';
import type { SqliteFile } from './sqlite-file.ts';
import type { Announcement, Listener, Subscription } from './store.ts';
import { Subscribers } from './subscribers.ts';

type Row = { id: number; topic: string; message: string };
type News = { rows: Row[]; last: number; gap: boolean };

/** Milliseconds for which a busy file may keep a poll from reading before messages count as missed. */
const deafAfter = 500;

/** Inserts a message inside a running transaction. */
export function post(connection: SqliteConnection, { topic, message }: Announcement, now: number): void {
  connection
    .statement('INSERT INTO outbox (topic, message, at) VALUES (?, ?, ?)')
    .run(topic, JSON.stringify(message), now);
}

/**
 * Delivers messages of the outbox: own ones soon after their commit, those of other processes by polling.
 * Each message reaches each subscriber at most once, in the order of commits.
 */
export class SqliteTopics {
  readonly #file: SqliteFile;
  readonly #clock: Clock;
  readonly #subscribers: Subscribers;
  #lastSeen: number;
  #dataVersion = -1;
  #heardAt: number;
  #scheduled = false;
  #closed = false;

  constructor(file: SqliteFile, clock: Clock, report: (error: unknown) => void) {
    this.#file = file;
    this.#clock = clock;
    this.#subscribers = new Subscribers(report);
    this.#heardAt = clock.monotonic();
    this.#lastSeen = file.glance(lastMessage);
  }

  get deaf(): boolean {
    return this.#subscribers.deaf;
  }

  subscribe(topic: string, listener: Listener): Subscription {
    return this.#subscribers.add(topic, listener, this.#latest());
  }

  /** Delivers on a later tick, so that no listener runs inside the call that published. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#hear(() => this.#deliver());
    });
  }

  /** Looks whether another process has committed; costs microseconds when none has. */
  poll(): void {
    this.#hear(() => {
      const version = this.#file.glance((connection) => connection.dataVersion());
      // A new connection counts from anew, so any difference means "look".
      if (version === this.#dataVersion && !this.deaf) return;
      this.#file.verify();
      this.#deliver();
      this.#dataVersion = version;
    });
  }

  close(): void {
    this.#closed = true;
    this.#subscribers.clear();
  }

  #hear(listen: () => void): void {
    try {
      listen();
    } catch (error) {
      const waited = this.#clock.monotonic() - this.#heardAt;
      if (!isBusy(error) || waited >= deafAfter) this.#subscribers.becomeDeaf();
      return;
    }
    this.#heardAt = this.#clock.monotonic();
    this.#subscribers.becomeHearing();
  }

  #deliver(): void {
    const seen = this.#lastSeen;
    const { rows, last, gap } = this.#file.glance((connection) => newMessages(connection, seen));
    // Pruned before this process saw them (it was suspended), or another file lies in the old one's place.
    if (gap) this.#subscribers.becomeDeaf();
    if (last < seen) this.#subscribers.forgetNumbers();
    this.#lastSeen = last;
    for (const { topic, id, message } of rows) this.#subscribers.deliver(topic, id, JSON.parse(message));
  }

  #latest(): number {
    try {
      return this.#file.glance(lastMessage);
    } catch {
      // Nothing can be published either while the file can't be read.
      return this.#lastSeen;
    }
  }
}

function lastMessage(connection: SqliteConnection): number {
  const row = connection.statement("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").get();
  return Number(row?.seq ?? 0);
}

function newMessages(connection: SqliteConnection, after: number): News {
  return connection.read(() => {
    const rows = connection
      .statement('SELECT id, topic, message FROM outbox WHERE id > ? ORDER BY id')
      .all(after) as Row[];
    const last = lastMessage(connection);
    // Numbers are given without holes, so a missing one was pruned; a smaller last one is another file's.
    const gap = last < after || last - after !== rows.length;
    return { rows, last, gap };
  });
}
