import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock, Timer } from '../clock.ts';
import { parseProxyHeader } from './proxy-header.ts';
import { setTold, type Told } from './told-address.ts';

/** Milliseconds from the first byte of TCP to the end of the PROXY header and the TLS handshake together. */
const longestArrival = 15_000;
/** How often the oldest arrivals are looked at. */
const interval = 1_000;
/**
 * Connections that may be under way at once; with more, the oldest yields its place. One that stops within its handshake
 * holds some 80 KB. However many people come back at the same moment, the system hands over a few hundred at a time, and
 * theirs are done within milliseconds.
 */
const mostArriving = 2_048;

export type AdmissionOptions = {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  /** Whether TLS is spoken. */
  readonly secure: boolean;
  /** By peer address: whether a PROXY header must come from there; all others are shut out. Absent: no header at all. */
  readonly introduces?: (address: string) => boolean;
  /** Told why a connection was refused, and which address it came from. */
  refused(reason: string, address: string): void;
  /** Default 2,048. */
  readonly most?: number;
};

/** A connection that has not yet said who it is. */
type Arrival = { readonly socket: Socket; readonly since: number; told: Told | undefined };

const arrival = Symbol('arrival');
type Arriving = Socket & { [arrival]?: string };

/**
 * Stands before a server's own handling of new connections: has load balancers introduce them, and bounds how long and
 * how many of them may take to say who they are. TLS limits its handshake by silence alone, so that a byte now and then
 * would keep it open for ever; and each one under way costs tens of kilobytes. Returns how to end those under way.
 */
export function admitConnections(server: Server | TlsServer, options: AdmissionOptions): () => void {
  const { clock, secure, introduces, refused, most = mostArriving } = options;
  /** The oldest first. */
  const arrivals = new Map<string, Arrival>();
  let timer: Timer | undefined;
  const accept = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Arriving) => {
    const address = socket.remoteAddress;
    // Gone before we looked.
    if (address === undefined) {
      socket.destroy();
      return;
    }
    begin(socket);
    if (introduces === undefined) admit(socket);
    else if (introduces(address)) introduce(socket, address);
    else refuse(socket, 'proxy-protocol: not from here', address);
  });
  // Before the server's own listener, so that no request is read without it.
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const entry = arrivals.get(keyOf(socket));
    if (entry !== undefined) end(entry.socket);
    if (entry?.told !== undefined) setTold(socket, entry.told);
    // Whose connection it is has been forgotten with the connection itself.
    else if (introduces !== undefined) socket.destroy();
  });
  return () => {
    for (const { socket } of arrivals.values()) drop(socket);
  };

  function begin(socket: Arriving): void {
    const [oldest] = arrivals.values();
    if (oldest !== undefined && arrivals.size >= most) drop(oldest.socket);
    const key = keyOf(socket);
    socket[arrival] = key;
    arrivals.set(key, { socket, since: clock.monotonic(), told: undefined });
    socket.on('close', onClose);
    if (timer === undefined) timer = clock.after(interval, sweep);
  }

  function end(socket: Arriving): void {
    const key = socket[arrival] ?? '';
    if (arrivals.get(key)?.socket === socket) arrivals.delete(key);
    delete socket[arrival];
    socket.off('close', onClose);
  }

  function drop(socket: Arriving): void {
    end(socket);
    socket.on('error', ignore).destroy();
  }

  /** Shared by all connections; gone when TLS or HTTP has taken over. */
  function onClose(this: Arriving): void {
    end(this);
  }

  function sweep(): void {
    timer = undefined;
    const latest = clock.monotonic() - longestArrival;
    for (const { socket, since } of arrivals.values()) {
      if (since > latest) break;
      drop(socket);
    }
    if (arrivals.size > 0) timer = clock.after(interval, sweep);
  }

  function introduce(socket: Arriving, address: string): void {
    let bytes: Buffer = Buffer.alloc(0);
    const stop = (): void => {
      socket.off('readable', read).off('end', onEnd).off('error', ignore);
    };
    const onEnd = (): void => {
      stop();
      refuse(socket, 'proxy-protocol: no header', address);
    };
    const read = (): void => {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
        bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
        const header = parseProxyHeader(bytes);
        if (header.kind === 'more') continue;
        stop();
        if (header.kind === 'invalid') {
          refuse(socket, `proxy-protocol: ${header.reason}`, address);
          return;
        }
        const rest = bytes.subarray(header.length);
        if (rest.length > 0) socket.unshift(rest);
        const entry = arrivals.get(socket[arrival] ?? '');
        if (entry !== undefined) entry.told = header.told;
        if (!secure) setTold(socket, header.told);
        admit(socket);
        return;
      }
    };
    socket.on('readable', read).on('end', onEnd).on('error', ignore);
  }

  function admit(socket: Arriving): void {
    if (!secure) end(socket);
    for (const listener of accept) listener.call(server, socket);
  }

  function refuse(socket: Arriving, reason: string, address: string): void {
    refused(reason, address);
    drop(socket);
  }
}

function ignore(): void {}

/** What both the raw connection and the TLS that is spoken on it have in common, and no other open one has. */
const keyOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
