import type { Socket } from 'node:net';
import { Client, type Dispatcher, Pool } from 'undici';
import type { Clock } from '../clock.ts';
import { seedOf, type Weighted } from './affinity.ts';
import type { ApplicationServer } from './application.ts';
import { addressOf, type Connected, connectUpstream, type UpstreamAddress } from './connect-upstream.ts';
import { type HealthState, ServerHealth } from './server-health.ts';

/** Bytes; undici's own limit of 16 KiB is below what single sign-on pages send. */
const maxResponseHead = 64 * 1024;

/** Told which connection carries it, so that a broken one can be judged. */
export interface CarriedByConnection extends Dispatcher.DispatchHandler {
  connection: UpstreamConnection | undefined;
}

/** One connection to an application server, which knows how many requests it has carried. */
export class UpstreamConnection extends Client {
  /** Requests begun on the present socket. */
  carried = 0;

  constructor(origin: URL, options: object) {
    super(origin, options);
    this.on('connect', () => {
      this.carried = 0;
    });
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if ('connection' in handler) handler.connection = this;
    return super.dispatch(options, handler);
  }
}

export type ServerOptions = {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly connectTimeout: number;
  readonly changed: (server: UpstreamServer, state: HealthState, reason: string | undefined) => void;
};

/** One application server: its connections, its health, and what it is carrying. */
export class UpstreamServer implements Weighted {
  /** The origin as configured, which names the server everywhere. */
  readonly url: string;
  readonly origin: string;
  readonly seed: number;
  weight = 1;
  readonly health: ServerHealth;
  readonly address: UpstreamAddress;
  readonly pool: Pool;
  /** Requests in flight and tunnels open. */
  exchanges = 0;
  tunnels = 0;
  readonly #clock: Clock;
  readonly #connectTimeout: number;
  #configuredDrain = false;

  constructor(server: ApplicationServer, options: ServerOptions) {
    this.url = server.url;
    this.origin = new URL(server.url).origin;
    this.seed = seedOf(this.origin);
    this.address = addressOf(server);
    this.#clock = options.clock;
    this.#connectTimeout = options.connectTimeout;
    this.health = new ServerHealth(options.clock, (state, reason) => options.changed(this, state, reason));
    this.configure(server);
    this.pool = new Pool(this.origin, {
      allowH2: false,
      useMilo: false,
      pipelining: 1,
      maxHeaderSize: maxResponseHead,
      // Ours, kept by `InFlight`, where back-pressure and uploads are known.
      headersTimeout: 0,
      bodyTimeout: 0,
      factory: (origin: URL, options: object) => new UpstreamConnection(origin, options),
      connect: (_options: object, connected: Connected) => this.connect(connected),
    } as Pool.Options);
  }

  /** Takes over what may change while it runs. A drain that an administrator asked for stays. */
  configure({ weight = 1, drain = false }: ApplicationServer): void {
    this.weight = weight;
    if (drain !== this.#configuredDrain) this.health.setDraining(drain);
    this.#configuredDrain = drain;
  }

  /** A new connection; its success or failure is what passive health is made of. */
  connect(connected: Connected): Socket {
    return connectUpstream(this.address, this.#clock, this.#connectTimeout, (error, socket) => {
      if (error === null) this.health.connected();
      else this.health.failed(error.message);
      connected(error, socket);
    });
  }

  /** Idle connections close now, busy ones as soon as they are done. */
  retire(): void {
    this.pool.close(() => {});
  }

  async destroy(): Promise<void> {
    await this.pool.destroy();
  }
}
