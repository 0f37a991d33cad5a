import type { Duplex } from 'node:stream';
import type { LiveConnection } from '../access/index.ts';
import type { InFlight, Work } from './in-flight.ts';
import type { RemoteSession, RemoteSessions } from './remote-sessions.ts';

/** Milliseconds that one direction may live on after the other has ended. */
const halfOpen = 10_000;

const tunnelOf = Symbol('tunnel');
type End = Duplex & { [tunnelOf]?: Tunnel };

/**
 * Two sockets joined: what one says the other gets, no faster than it reads. The listeners are shared by all tunnels and
 * find theirs through the socket, so that an idle tunnel costs its two sockets and little more.
 */
export class Tunnel implements LiveConnection, Work {
  readonly kind = 'tunnel';
  slot = -1;
  readonly remote: RemoteSession;
  previous: Work | undefined = undefined;
  next: Work | undefined = undefined;
  readonly client: Duplex;
  readonly upstream: Duplex;
  readonly inFlight: InFlight;
  seen: number;
  readonly #remotes: RemoteSessions;
  #reason: string | undefined;
  #halfOpenSince = -1;
  #closed = 0;

  constructor(
    client: Duplex,
    upstream: Duplex,
    remote: RemoteSession,
    inFlight: InFlight,
    remotes: RemoteSessions,
  ) {
    this.remote = remote;
    this.client = client;
    this.upstream = upstream;
    this.inFlight = inFlight;
    this.seen = inFlight.now;
    this.#remotes = remotes;
  }

  get application(): string {
    return this.remote.route.application.name;
  }

  /**
   * Begins to carry: `toServer` and `toClient` are what each side has said already. Call once, with both sockets paused
   * and free of listeners that read.
   */
  join(toServer: Buffer, toClient: Buffer): void {
    this.#take(this.client, onClientData, onClientDrain);
    this.#take(this.upstream, onUpstreamData, onUpstreamDrain);
    this.inFlight.add(this);
    if (toServer.length > 0) onClientData.call(this.client, toServer);
    if (toClient.length > 0) onUpstreamData.call(this.upstream, toClient);
    if (!this.upstream.writableNeedDrain) this.client.resume();
    if (!this.client.writableNeedDrain) this.upstream.resume();
  }

  close(reason: string): void {
    this.client.destroy();
    this.upstream.destroy();
    this.#finish(this.#reason ?? reason);
  }

  sweep(now: number): void {
    const { tunnelIdle, tunnelMaximum } = this.remote.route;
    if (this.#halfOpenSince >= 0 && now - this.#halfOpenSince >= halfOpen) this.close('half-open');
    else if (tunnelIdle > 0 && now - this.seen >= tunnelIdle) this.close('idle');
    else if (tunnelMaximum > 0 && now - this.remote.openedTick >= tunnelMaximum) this.close('maximum');
  }

  /** One side has said its last; the other may still answer, for a while. */
  onEnd(side: Duplex): void {
    const other = this.#other(side);
    this.#reason ??= this.#name(side, 'closed');
    if (!other.writableEnded) other.end();
    if (this.#halfOpenSince < 0) this.#halfOpenSince = this.inFlight.now;
  }

  onError(side: Duplex): void {
    this.close(this.#name(side, 'error'));
  }

  onClose(side: Duplex): void {
    this.#closed += 1;
    if (this.#closed === 1) {
      this.onEnd(side);
      return;
    }
    this.#finish(this.#reason ?? this.#name(side, 'closed'));
  }

  #finish(reason: string): void {
    this.inFlight.delete(this);
    this.#remotes.end(this.remote, reason);
  }

  #take(side: End, onData: (this: End, chunk: Buffer) => void, onDrain: (this: End) => void): void {
    side[tunnelOf] = this;
    side.on('data', onData).on('drain', onDrain).on('end', onEnd).on('error', onError).on('close', onClose);
    side.pause();
  }

  #other(side: Duplex): Duplex {
    return side === this.client ? this.upstream : this.client;
  }

  #name(side: Duplex, what: 'closed' | 'error'): string {
    return `${side === this.client ? 'client' : 'server'}-${what}`;
  }
}

function onClientData(this: End, chunk: Buffer): void {
  const tunnel = this[tunnelOf];
  if (tunnel === undefined) return;
  tunnel.remote.bytesIn += chunk.length;
  tunnel.seen = tunnel.inFlight.now;
  if (!tunnel.upstream.write(chunk)) this.pause();
}

function onUpstreamData(this: End, chunk: Buffer): void {
  const tunnel = this[tunnelOf];
  if (tunnel === undefined) return;
  tunnel.remote.bytesOut += chunk.length;
  tunnel.seen = tunnel.inFlight.now;
  if (!tunnel.client.write(chunk)) this.pause();
}

function onClientDrain(this: End): void {
  this[tunnelOf]?.upstream.resume();
}

function onUpstreamDrain(this: End): void {
  this[tunnelOf]?.client.resume();
}

function onEnd(this: End): void {
  this[tunnelOf]?.onEnd(this);
}

function onError(this: End): void {
  this[tunnelOf]?.onError(this);
}

function onClose(this: End): void {
  this[tunnelOf]?.onClose(this);
}
