import { Client, type Dispatcher } from 'undici';
import type { Connected } from './connect-upstream.ts';

/** Bytes; undici's own limit of 16 KiB is below what single sign-on pages send. */
const maxResponseHead = 64 * 1024;

/** A handler that is told which connection carries it, and gives it back when undici is done with it. */
export interface CarriedByConnection extends Dispatcher.DispatchHandler {
  connection: UpstreamConnection | undefined;
}

/** One connection to an application server, connected anew whenever the server has closed it. */
export class UpstreamConnection extends Client {
  /** Requests begun on the present socket. */
  carried = 0;
  idle = false;
  readonly #pool: ConnectionPool;

  constructor(pool: ConnectionPool, origin: string, connect: (connected: Connected) => void) {
    super(origin, {
      allowH2: false,
      useMilo: false,
      pipelining: 1,
      maxHeaderSize: maxResponseHead,
      // Ours, kept by `InFlight`, where back-pressure and uploads are known.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options: object, connected: Connected) => connect(connected),
    } as Client.Options);
    this.#pool = pool;
    this.on('connect', () => {
      this.carried = 0;
    });
    this.on('disconnect', () => this.#pool.disconnected(this));
    this.on('connectionError', () => this.#pool.disconnected(this));
  }

  /** The request is over, answered or failed: the next one may have it. Idempotent. */
  release(): void {
    this.#pool.release(this);
  }
}

/**
 * The connections to one application server: as many as there are requests at once, the one used last first, so that what a
 * burst has opened closes again. undici's own pool looks through all of them for each request.
 */
export class ConnectionPool {
  readonly #origin: string;
  readonly #connect: (connected: Connected) => void;
  readonly #all = new Set<UpstreamConnection>();
  readonly #idle: UpstreamConnection[] = [];
  #closed = false;

  /** `connect` makes a socket and calls back once. */
  constructor(origin: string, connect: (connected: Connected) => void) {
    this.#origin = origin;
    this.#connect = connect;
  }

  get size(): number {
    return this.#all.size;
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: CarriedByConnection): void {
    const connection = this.#idle.pop() ?? this.#open();
    connection.idle = false;
    handler.connection = connection;
    connection.dispatch(options, handler);
  }

  release(connection: UpstreamConnection): void {
    if (connection.idle || !this.#all.has(connection)) return;
    if (this.#closed) {
      this.#drop(connection);
      return;
    }
    connection.idle = true;
    this.#idle.push(connection);
  }

  /** Its socket is gone. One that carries a request connects anew by itself, or has been told of the failure. */
  disconnected(connection: UpstreamConnection): void {
    if (!connection.idle) return;
    this.#idle.splice(this.#idle.lastIndexOf(connection), 1);
    this.#drop(connection);
  }

  /** Idle connections close now, busy ones as soon as they are done. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) this.#drop(connection);
  }

  async destroy(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((connection) => connection.destroy()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  #open(): UpstreamConnection {
    const connection = new UpstreamConnection(this, this.#origin, this.#connect);
    this.#all.add(connection);
    return connection;
  }

  #drop(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    connection.close(() => {});
  }
}
