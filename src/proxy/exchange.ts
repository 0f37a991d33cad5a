import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { AdmittedSession, LiveConnection, Refusal } from '../access/index.ts';
import { addTrailers, phraseFor, relayInformation, requirePlainFraming } from './answer.ts';
import type { CarriedByConnection, UpstreamConnection } from './connection-pool.ts';
import { isBrokenConnection, problemOf, refusalFor, UpstreamFailure } from './failure-table.ts';
import type { Work } from './in-flight.ts';
import { inboundHeaders, inboundTrailers } from './inbound-headers.ts';
import type { PathVisit } from './path-sessions.ts';
import { hasBody, RequestBody } from './request-body.ts';
import type { Route } from './route.ts';
import type { ProxySite, PublicOrigin } from './site.ts';
import type { UpstreamServer } from './upstream-server.ts';

/** How long a client may go on sending a body that was answered before it was read, milliseconds. */
const lingering = 2_000;

/** What an exchange is given besides its request: all of it decided before. */
export type ExchangeOptions = {
  readonly site: ProxySite;
  readonly route: Route;
  readonly session: AdmittedSession;
  readonly server: UpstreamServer;
  /** The outbound header list. */
  readonly headers: string[];
  readonly publicOrigin: PublicOrigin;
  /** The request also ends its 2FA session, and must itself survive that. */
  readonly signsOut: boolean;
  /** Present when the request is to a session path. */
  readonly visit?: PathVisit | undefined;
};

const exchangeOf = Symbol('exchange');
type Carrying = ServerResponse & { [exchangeOf]?: Exchange };

/**
 * One request on its way to an application server and its answer on the way back: streamed in both directions with
 * back-pressure, ended by whichever side goes away, by its session's end, or by silence. It is undici's handler, the
 * session's live connection and one of the works in flight, in one object, since there is one per request.
 */
export class Exchange implements LiveConnection, CarriedByConnection, Work {
  readonly kind = 'exchange';
  slot = -1;
  readonly application: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly session: AdmittedSession;
  connection: UpstreamConnection | undefined = undefined;
  previous: Work | undefined = undefined;
  next: Work | undefined = undefined;
  readonly #options: ExchangeOptions;
  #server: UpstreamServer;
  #controller: Dispatcher.DispatchController | undefined;
  #body: RequestBody | null = null;
  readonly #startedAt: number;
  #seen: number;
  /** Bytes of the client's body and of the server's. */
  #sent = 0;
  #received = 0;
  /** Bytes of the body after which the answer is complete; -1 when only its end will tell. */
  #expected = -1;
  #reused = false;
  /** A byte of an answer has arrived. */
  #answering = false;
  /** Its final head has arrived. */
  #headed = false;
  #retried = false;
  #tried: Set<UpstreamServer> | undefined;
  /** The application server has been let go: what it still says is nobody's. */
  #released = false;
  #over = false;
  #signedOut = false;
  #draining = false;
  /** The head waits for the gate; of a HEAD, the end of the answer may wait as well. */
  #held = false;
  #trailers: IncomingHttpHeaders | undefined;
  #lingerUntil = 0;
  #onSocketClose: (() => void) | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, options: ExchangeOptions) {
    this.request = request;
    this.response = response;
    this.#options = options;
    this.session = options.session;
    this.#server = options.server;
    this.application = options.route.application.name;
    this.#startedAt = options.site.clock.monotonic();
    this.#seen = options.site.inFlight.now;
  }

  start(): void {
    const response: Carrying = this.response;
    response[exchangeOf] = this;
    response.on('close', onResponseClose);
    // A pipelined request: its response gets a socket, and a `close`, only when its turn comes.
    if (response.socket === null) {
      this.#onSocketClose = () => this.#finish();
      this.request.socket.on('close', this.#onSocketClose);
    }
    if (!this.#options.signsOut) this.session.attach(this);
    this.#options.site.inFlight.add(this);
    this.#server.exchanges += 1;
    if (hasBody(this.request))
      this.#body = new RequestBody(this.request, (bytes) => this.#onBodyBytes(bytes));
    this.#dispatch();
  }

  /** An answer whose body isn't there yet must not wait for it: event streams, long polls. */
  flushHead(): void {
    const { response } = this;
    if (this.#received === 0 && !response.writableEnded && !response.destroyed) response.flushHeaders();
  }

  get server(): UpstreamServer {
    return this.#server;
  }

  /** Ends it at once: the client's connection closes, whatever was on the way is dropped. */
  close(_reason: string): void {
    this.request.socket.destroy();
    this.#finish();
  }

  /** Answers with a problem, when nothing has been sent yet; else the truncated answer is cut off. */
  refuse(cause: unknown): void {
    if (this.#released) return;
    const { site } = this.#options;
    const code = problemOf(cause);
    const result =
      code === 'upstream-timeout' ? 'timeout' : code === 'upstream-invalid' ? 'invalid' : 'refused';
    site.metrics.upstream(this.application, result, this.#seconds());
    this.#refuseWith(refusalFor(code), cause);
  }

  sweep(now: number): void {
    if (this.#lingerUntil > 0) {
      if (now >= this.#lingerUntil) this.response.end();
      return;
    }
    const { response, idle } = this.#options.route.timeouts;
    const waiting = !this.#headed && (this.#body === null || this.#body.readableEnded);
    if (now - this.#seen < (waiting ? response : idle)) return;
    if (this.#body?.hungry && !this.#body.readableEnded) this.#refuseSilence();
    else this.refuse(new UpstreamFailure(waiting ? 'RESPONSE_TIMEOUT' : 'IDLE_TIMEOUT', 'no byte in time'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#touch();
    if (this.#released) {
      controller.abort(new UpstreamFailure('CLOSED_EARLY', 'the client went away'));
      return;
    }
    const connection = this.connection;
    if (connection !== undefined) this.#reused = connection.carried++ > 0;
    // Ours to say, and only now: the request has passed the gate (RFC 9110 section 10.1.1).
    if (this.#body !== null && !this.#retried && this.request.headers.expect !== undefined) {
      this.response.writeContinue();
    }
  }

  onResponseStarted(): void {
    this.#answering = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    reason?: string,
  ): void {
    this.#touch();
    if (this.#released) return;
    if (status < 200) {
      relayInformation(this.response, status, headers);
      return;
    }
    requirePlainFraming(headers);
    this.#headed = true;
    const { site, visit } = this.#options;
    site.metrics.upstream(this.application, 'answered', this.#seconds());
    if (visit === undefined || visit.isOpen || status >= 400) {
      this.#relayHead(status, headers, reason);
      return;
    }
    // The server accepted: the gate has the last word before anything is relayed.
    this.#held = true;
    controller.pause();
    visit.open(this.#server).then((refusal) => {
      if (this.#released) return;
      if (refusal !== undefined) {
        this.#refuseWith(refusal);
        return;
      }
      this.#held = false;
      this.#relayHead(status, headers, reason);
      if (this.#trailers !== undefined) this.#endAnswer(this.#trailers);
      controller.resume();
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#released) return;
    this.#touch();
    this.#received += chunk.length;
    if (this.#received === this.#expected) {
      this.response.end(chunk);
    } else if (!this.response.write(chunk)) {
      controller.pause();
      if (!this.#draining) this.response.on('drain', onResponseDrain);
      this.#draining = true;
    }
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    this.connection?.release();
    if (this.#released || this.response.writableEnded) return;
    if (this.#held) this.#trailers = trailers;
    else this.#endAnswer(trailers);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.connection?.release();
    if (this.#released) return;
    if (this.#controller === undefined) {
      this.#failOver(error);
    } else if (this.#mayRetry(error)) {
      this.#retried = true;
      this.#dispatch();
    } else {
      this.refuse(error);
    }
  }

  onDrained(): void {
    this.#touch();
    if (!this.#held) this.#controller?.resume();
  }

  /** The client's side is done, one way or the other. */
  onClosed(): void {
    this.#finish();
  }

  #dispatch(): void {
    this.#controller = undefined;
    const { request } = this;
    this.#server.connections.dispatch(
      {
        path: request.url ?? '/',
        method: request.method ?? 'GET',
        headers: this.#options.headers,
        body: this.#body,
        blocking: false,
        // A HEAD must not cost its connection; `null` leaves the others to undici.
        reset: request.method === 'HEAD' ? false : null,
        // Constant, or undici would take it from `Host` and reconnect at each change.
        servername: this.#server.address.servername,
      } as Dispatcher.DispatchOptions,
      this,
    );
  }

  #refuseWith(refusal: Refusal, cause?: unknown): void {
    const { site, route } = this.#options;
    this.#abandon();
    if (this.response.headersSent || this.response.destroyed) {
      this.request.socket.destroy();
      return;
    }
    if (this.#body !== null) this.response.setHeader('Connection', 'close');
    const { application } = route;
    site.refuse(this.request, this.response, refusal, { application, upgrade: false, cause });
  }

  /** The client has stopped in the middle of its body (RFC 9110 section 15.5.9). */
  #refuseSilence(): void {
    this.#options.site.metrics.upstream(this.application, 'aborted', this.#seconds());
    this.#refuseWith(refusalFor('request-timeout'));
  }

  /** The connection could not be made, so nothing was sent: another server may do it. */
  #failOver(error: Error): void {
    const { site, route, session } = this.#options;
    this.#tried ??= new Set();
    this.#tried.add(this.#server);
    const seed = site.identities.seedOf(session.user);
    const next = route.pool.pick(session.user.key, seed, 'request', this.#tried);
    if (next === undefined) {
      this.refuse(error);
      return;
    }
    this.#server.exchanges -= 1;
    this.#server = next;
    this.#server.exchanges += 1;
    this.#dispatch();
  }

  /** RFC 9112 section 9.3.1: the server closed a kept connection as we were using it. Once, and only what is safe. */
  #mayRetry(error: Error): boolean {
    if (!this.#reused || this.#answering || this.#retried || this.#body !== null) return false;
    const { method } = this.request;
    return (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') && isBrokenConnection(error);
  }

  #relayHead(status: number, headers: IncomingHttpHeaders, reason: string | undefined): void {
    const { site, publicOrigin } = this.#options;
    const { response } = this;
    const list = inboundHeaders(headers, {
      cookies: site.cookies,
      serverOrigin: this.#server.origin,
      publicOrigin,
    });
    // Answered before the body was read: what is left of it must never be taken for a request.
    const early = this.#body !== null && !this.request.complete;
    if (early || site.inFlight.closing) list.push('Connection', 'close');
    if (!early && headers['content-length'] !== undefined && this.request.method !== 'HEAD') {
      this.#expected = Number(headers['content-length']);
    }
    response.writeHead(status, phraseFor(status, reason), list);
    site.heads.add(this);
    this.#signOut();
  }

  #endAnswer(trailers: IncomingHttpHeaders): void {
    addTrailers(this.response, inboundTrailers(trailers));
    if (this.#body === null || this.request.complete) this.response.end();
    else this.#linger();
  }

  /**
   * The answer is complete but the client is still sending: reading on for a moment lets it see the answer instead of a
   * reset (RFC 9112 section 9.6); then the connection closes.
   */
  #linger(): void {
    const { response, request } = this;
    response.flushHeaders();
    this.#lingerUntil = this.#options.site.inFlight.now + lingering;
    request.on('end', () => response.end());
    request.resume();
  }

  #onBodyBytes(bytes: number): void {
    this.#sent += bytes;
    this.#touch();
  }

  #touch(): void {
    this.#seen = this.#options.site.inFlight.now;
  }

  #seconds(): number {
    return (this.#options.site.clock.monotonic() - this.#startedAt) / 1000;
  }

  #finish(): void {
    if (this.#over) return;
    const { site, visit } = this.#options;
    if (!this.response.writableFinished) {
      if (!this.response.headersSent) site.metrics.upstream(this.application, 'aborted', this.#seconds());
      this.#abandon();
    }
    this.#over = true;
    this.#released = true;
    if (this.#onSocketClose !== undefined) this.request.socket.off('close', this.#onSocketClose);
    this.session.detach(this);
    this.#server.exchanges -= 1;
    site.metrics.bytes('request', this.application, this.#sent, this.#received);
    this.#signOut();
    site.inFlight.delete(this);
    visit?.leave(this.#sent, this.#received);
  }

  /** Lets go of the application server. */
  #abandon(): void {
    this.#released = true;
    this.#controller?.abort(new UpstreamFailure('CLOSED_EARLY', 'given up'));
    this.#body?.destroy();
  }

  #signOut(): void {
    if (!this.#options.signsOut || this.#signedOut) return;
    this.#signedOut = true;
    this.#options.site.signOut(this.session);
  }
}

function onResponseClose(this: Carrying): void {
  this[exchangeOf]?.onClosed();
}

function onResponseDrain(this: Carrying): void {
  this[exchangeOf]?.onDrained();
}
