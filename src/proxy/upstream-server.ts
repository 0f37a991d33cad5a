import type { OnReadOpts, Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { seedOf, type Weighted } from './affinity.ts';
import type { ApplicationServer } from './application.ts';
import { addressOf, type Connected, connectUpstream, type UpstreamAddress } from './connect-upstream.ts';
import { ConnectionPool } from './connection-pool.ts';
import { codeOf } from './failure-table.ts';
import { type HealthState, ServerHealth } from './server-health.ts';
import type { TurnEnd } from './turn-end.ts';
import { readInto } from './upstream-connection.ts';

export type ServerOptions = {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly connectTimeout: number;
  /** What connections are read into; shared by all. */
  readonly memory: Uint8Array;
  readonly turn: TurnEnd;
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
  readonly connections: ConnectionPool;
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
    const onread = readInto(options.memory);
    this.connections = new ConnectionPool(options.clock, options.turn, (connected) =>
      this.connect(connected, onread),
    );
  }

  /** Takes over what may change while it runs. A drain that an administrator asked for stays. */
  configure({ weight = 1, drain = false }: ApplicationServer): void {
    this.weight = weight;
    if (drain !== this.#configuredDrain) this.health.setDraining(drain);
    this.#configuredDrain = drain;
  }

  /** A new connection; its success or failure is what passive health is made of. `onread` is for plain ones. */
  connect(connected: Connected, onread: OnReadOpts): Socket {
    const told: Connected = (error, socket) => {
      if (error === null) this.health.connected();
      // Given up by ourselves since its client went away: that says nothing of the server, or anybody who hangs up
      // quickly enough could take it from everybody else.
      else if (codeOf(error) !== 'CLOSED_EARLY') this.health.failed(error.message);
      connected(error, socket);
    };
    return connectUpstream(this.address, this.#clock, this.#connectTimeout, told, onread);
  }

  /** Idle connections close now, busy ones as soon as they are done. */
  retire(): void {
    this.connections.close();
  }

  destroy(): void {
    this.connections.destroy();
  }
}
