import { connect, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '../clock.ts';
import type { ApplicationServer } from './application.ts';
import { UpstreamFailure } from './failure-table.ts';

/** Where an application server is reached, and how its certificate is verified. */
export type UpstreamAddress = {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** `host` or `host:port`, as `Host` has it. */
  readonly authority: string;
  readonly servername: string;
  readonly ca: string | undefined;
  readonly verify: boolean;
};

export type Connected = (error: Error | null, socket: Socket | null) => void;

/** Throws a TypeError for a URL that is none; config/ has checked it before. */
export function addressOf(server: ApplicationServer): UpstreamAddress {
  const url = new URL(server.url);
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    secure,
    host,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    authority: url.host,
    servername: server.tls?.serverName ?? host,
    ca: server.tls?.ca,
    verify: server.tls?.verify ?? true,
  };
}

/**
 * Connects to an application server, TLS handshake included, within `timeout` milliseconds, and calls back once.
 * The socket comes with no listener and no timer left; after an error it is destroyed. Destroying the returned
 * socket before that gives the attempt up: the callback is told so. `onread` is for plain connections.
 */
export function connectUpstream(
  address: UpstreamAddress,
  clock: Clock,
  timeout: number,
  connected: Connected,
  onread?: OnReadOpts,
): Socket {
  const socket = address.secure ? secure(address) : plain(address, onread);
  const event = address.secure ? 'secureConnect' : 'connect';
  const timer = clock.after(timeout, () =>
    socket.destroy(new UpstreamFailure('CONNECT_TIMEOUT', 'the connection took too long')),
  );
  const settle = (): void => {
    timer.cancel();
    socket.off(event, onConnected).off('error', onError).off('close', onClose);
  };
  const onConnected = (): void => {
    settle();
    connected(null, socket);
  };
  const onError = (error: Error): void => {
    settle();
    // A second error of a socket that is already given up must not be thrown.
    socket.on('error', ignore);
    socket.destroy();
    connected(error, null);
  };
  const onClose = (): void => onError(new UpstreamFailure('CLOSED_EARLY', 'closed while connecting'));
  socket.on(event, onConnected).on('error', onError).on('close', onClose);
  return socket;
}

const ignore = (): void => {};

const tcp = (address: UpstreamAddress) => ({
  host: address.host,
  port: address.port,
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
});

const plain = (address: UpstreamAddress, onread: OnReadOpts | undefined): Socket =>
  connect(onread === undefined ? tcp(address) : { ...tcp(address), onread });

function secure(address: UpstreamAddress): TLSSocket {
  return connectTls({
    ...tcp(address),
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.2',
    rejectUnauthorized: address.verify,
    // RFC 6066 section 3: an address is not a server name.
    ...(isIP(address.servername) === 0 ? { servername: address.servername } : {}),
    ...(address.ca === undefined ? {} : { ca: address.ca }),
  });
}
