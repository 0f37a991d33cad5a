import type { Socket } from 'node:net';
import type { Clock, Timer } from '../clock.ts';
import type { Connected } from './connect-upstream.ts';
import type { TurnEnd } from './turn-end.ts';
import { type Carried, type ConnectionOwner, UpstreamConnection } from './upstream-connection.ts';

/** Milliseconds that an idle connection is used again where the server doesn't say how long it keeps it. */
const unannounced = 4_000;
/** Milliseconds by which it is given up before the server would: a request that crosses its end is lost. */
const margin = 1_000;
/** Milliseconds; longer than this nobody keeps one. */
const longest = 600_000;

/**
 * The connections to one application server: as many as there are requests at once, the one used last first, so that what
 * a burst has opened closes again.
 */
export class ConnectionPool implements ConnectionOwner {
  readonly #connect: (connected: Connected) => Socket;
  readonly #clock: Clock;
  readonly #turn: TurnEnd;
  readonly #all = new Set<UpstreamConnection>();
  /** Those that carry nothing, the one used last at the end. */
  readonly #idle: UpstreamConnection[] = [];
  #sweeper: Timer | undefined;
  #closed = false;

  /** `connect` begins to make a socket and calls back once. */
  constructor(clock: Clock, turn: TurnEnd, connect: (connected: Connected) => Socket) {
    this.#clock = clock;
    this.#turn = turn;
    this.#connect = connect;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Sends a request on a connection that is kept, or on a new one. */
  carry(request: Carried): UpstreamConnection {
    const kept = this.#reuse();
    if (kept === undefined) return this.carryAnew(request);
    kept.carry(request);
    return kept;
  }

  /** Sends a request on a new connection. */
  carryAnew(request: Carried): UpstreamConnection {
    const connection = new UpstreamConnection(this, this.#turn);
    this.#all.add(connection);
    connection.carry(request);
    const socket = this.#connect((error, connected) => {
      if (connected !== null) connection.connected(connected);
      else connection.refused(error ?? new Error('not connected'));
    });
    connection.connecting(socket);
    return connection;
  }

  free(connection: UpstreamConnection): void {
    const { keepAlive } = connection;
    const kept = keepAlive === -1 ? unannounced : Math.min(longest, keepAlive * 1000 - margin);
    if (this.#closed || kept <= 0) {
      connection.destroy();
      return;
    }
    connection.usableUntil = this.#clock.monotonic() + kept;
    this.#idle.push(connection);
    this.#sweeper ??= this.#clock.after(margin, () => this.#sweep());
  }

  gone(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    const index = this.#idle.lastIndexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
  }

  /** Idle connections close now, busy ones as soon as they are done. */
  close(): void {
    this.#closed = true;
    this.#sweeper?.cancel();
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  destroy(): void {
    this.close();
    for (const connection of [...this.#all]) connection.destroy();
  }

  #reuse(): UpstreamConnection | undefined {
    const now = this.#clock.monotonic();
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      if (now < kept.usableUntil) return kept;
      kept.destroy();
    }
    return undefined;
  }

  /** Ends what has been idle for too long; runs only while something is idle. */
  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const connection of this.#idle.filter(({ usableUntil }) => usableUntil <= now)) connection.destroy();
    this.#sweeper = this.#idle.length === 0 ? undefined : this.#clock.after(margin, () => this.#sweep());
  }
}
