import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import type { Clock } from '../clock.ts';
import { protocols } from './tls-policy.ts';

/** Who answers what: the gateway itself below its own prefix, application servers everywhere else. */
export type Destinations = {
  /** True for targets that the gateway answers itself. */
  isOwn(target: string): boolean;
  own(request: IncomingMessage, response: ServerResponse): void;
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
};

/** The certificate for clients that name no host, and those for hosts (SNI); undefined: that same one. */
export type ListenerTls = {
  readonly standard: SecureContextOptions;
  contextFor(host: string): SecureContext | undefined;
};

/** Set when Node asks whether an upgrade is taken, so that nobody has to look for one in every request. */
const offered = Symbol('offered an upgrade');
type Offering = IncomingMessage & { [offered]?: true };

/** The answer to the request that came last on a connection. */
const latest = Symbol('latest answer');
/** How many of its answers wait for earlier ones. */
const queued = Symbol('queued answers');
type Connection = Duplex & { [latest]?: ServerResponse | undefined; [queued]?: number };

/**
 * Requests that may come before the answer to an earlier one: hardly any client sends any, and each is carried at once,
 * so that one connection could be thousands of requests to an application server.
 */
const mostQueued = 8;

/**
 * Milliseconds. A body sent to the gateway itself is small and must be there within `ownBody`; whoever takes nothing of an answer
 * of ours for `ownAnswer` doesn't want it.
 */
const limits = {
  headers: 15_000,
  keepAlive: 65_000,
  ownBody: 20_000,
  ownAnswer: 120_000,
  checks: 5_000,
  probe: 60_000,
};

/**
 * The public listener. Node's strict parser stands in front (RFC 9112: no bare LF, no ambiguous framing);
 * only the header phase has a total time limit here, since an upload may take longer than any number:
 * bodies have idle limits, kept by whoever reads them.
 */
export function createHttpListener(to: Destinations, clock: Clock, tls?: ListenerTls): Server | TlsServer {
  const options = {
    insecureHTTPParser: false,
    requireHostHeader: true,
    joinDuplicateHeaders: false,
    maxHeaderSize: 16 * 1024,
    requestTimeout: 0,
    headersTimeout: limits.headers,
    keepAliveTimeout: limits.keepAlive,
    connectionsCheckingInterval: limits.checks,
    noDelay: true,
    // A machine that vanished without a word must not keep its tunnel, and so its session, open for ever.
    keepAlive: true,
    keepAliveInitialDelay: limits.probe,
    // An offer of anything but WebSocket is ignored, as RFC 9110 section 7.8 allows: it stays an ordinary request.
    shouldUpgradeCallback: (request: Offering) => {
      request[offered] = true;
      return request.headers.upgrade?.trim().toLowerCase() === 'websocket';
    },
  };
  const server =
    tls === undefined
      ? createServer(options)
      : createTlsServer({
          ...options,
          ...tls.standard,
          ALPNProtocols: protocols,
          handshakeTimeout: limits.headers,
          SNICallback: (host, done) => done(null, tls.contextFor(host)),
        });

  const dispatch = (request: Offering, response: ServerResponse): void => {
    if (!joinsQueue(request.socket, response)) return;
    // Of an upgrade that is ignored Node drops whatever came behind it in the same packet, so that the next bytes could
    // begin in the middle of a request.
    if (request[offered]) response.shouldKeepAlive = false;
    if (!to.isOwn(request.url ?? '')) {
      to.request(request, response);
      return;
    }
    const timer = clock.after(limits.ownBody, () => {
      if (!request.complete) request.destroy();
    });
    request.once('close', () => timer.cancel());
    // Anybody may ask for our pages, and leave them unread: Node has no limit for that. It takes this one back with the next
    // request, and destroys the connection when it is over.
    request.socket.setTimeout(limits.ownAnswer);
    to.own(request, response);
  };
  server.on('request', dispatch);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // Behind the gate the proxy says 100 once it has admitted the request; our own bodies are small.
    if (to.isOwn(request.url ?? '')) response.writeContinue();
    dispatch(request, response);
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const connection: Connection = request.socket;
    connection[latest] = response;
    response.writeHead(417, { connection: 'close', 'content-length': 0 }).end();
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Shared by all tunnels: an arrow function would keep the whole request for as long as its tunnel lives.
    socket.on('error', destroyItself);
    const connection: Connection = request.socket;
    const before = connection[latest];
    if (before !== undefined) connection[latest] = undefined;
    // Pipelined behind a request that has no answer yet: that would end up in the tunnel, and Node can't assign a
    // second answer to the connection. No browser does it.
    if (before === undefined || before.writableFinished) to.upgrade(request, socket, head);
    else if (!before.writableEnded) connection.destroy();
    else {
      before.once('close', () => {
        // Node gives a connection that it thinks idle a limit of its own.
        request.socket.setTimeout(0);
        to.upgrade(request, socket, head);
      });
    }
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => refuseUnparsed(error, socket));
  return server;
}

/** Remembers the answer of a request; false when it is one too many, and its connection has ended. */
function joinsQueue(connection: Connection, response: ServerResponse): boolean {
  const before = connection[latest];
  connection[latest] = response;
  if (before === undefined || before.writableFinished) return true;
  const waiting = (connection[queued] ?? 0) + 1;
  if (waiting > mostQueued || connection.destroyed) {
    connection.destroy();
    return false;
  }
  connection[queued] = waiting;
  response.once('close', () => {
    connection[queued] = (connection[queued] ?? 1) - 1;
  });
  return true;
}

function destroyItself(this: Duplex): void {
  this.destroy();
}

const statusOf: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * What the parser refuses gets one short answer and a closed connection: nothing behind it was reached. While an answer
 * to an earlier request is on its way there is none: it would stand in the middle of that, or be taken for it.
 */
function refuseUnparsed(error: NodeJS.ErrnoException, socket: Connection): void {
  // In the middle of a TLS handshake, or of TLS that was broken, nothing can be said.
  const isHttp = error.code?.startsWith('HPE_') || error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const before = socket[latest];
  const answering = before !== undefined && !before.writableFinished;
  if (!socket.writable || answering || !isHttp) {
    socket.destroy();
    return;
  }
  const status = statusOf[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
