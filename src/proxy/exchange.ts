import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdmittedSession, LiveConnection, Refusal } from '../access/index.ts';
import { relayInformation } from './answer.ts';
import { Attempts } from './attempts.ts';
import { problemOf, refusalFor, UpstreamFailure } from './failure-table.ts';
import { HeldAnswer } from './held-answer.ts';
import type { Work } from './in-flight.ts';
import { inboundHeaders } from './inbound-headers.ts';
import type { PathVisit } from './path-sessions.ts';
import { RelayedAnswer } from './relayed-answer.ts';
import { hasBody, type RequestForm } from './request-form.ts';
import { requestHead } from './request-head.ts';
import type { ResponseHead } from './response-parser.ts';
import type { Route } from './route.ts';
import type { Need } from './server-pool.ts';
import type { ProxySite, PublicOrigin } from './site.ts';
import { Upload } from './upload.ts';
import type { Carried, UpstreamConnection } from './upstream-connection.ts';
import type { UpstreamServer } from './upstream-server.ts';

/** How long a client may go on sending a body that was answered before it was read, milliseconds. */
const lingering = 2_000;

/** What an exchange is given besides its request: all of it decided before. */
export type ExchangeOptions = {
  readonly site: ProxySite;
  readonly route: Route;
  readonly session: AdmittedSession;
  readonly server: UpstreamServer;
  /** By which that server was picked, and another one would be. */
  readonly need: Need;
  readonly form: RequestForm;
  /** The outbound header lines. */
  readonly lines: string;
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
 * back-pressure, ended by whichever side goes away, by its session's end, or by silence. It is what a connection carries,
 * the session's live connection and one of the works in flight, in one object, since there is one per request.
 */
export class Exchange implements LiveConnection, Carried, Work {
  readonly kind = 'exchange';
  slot = -1;
  readonly application: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly session: AdmittedSession;
  readonly head: string;
  readonly isHead: boolean;
  readonly hasBody: boolean;
  previous: Work | undefined = undefined;
  next: Work | undefined = undefined;
  readonly #options: ExchangeOptions;
  readonly #answer: RelayedAnswer;
  readonly #upload: Upload | undefined;
  readonly #attempts: Attempts;
  /** What carries it, until its answer is complete. */
  #connection: UpstreamConnection | undefined;
  readonly #startedAt: number;
  #seen: number;
  #uploaded = 0;
  /** The final head of an answer has arrived. */
  #headed = false;
  /** The application server has been let go: what it still says is nobody's. */
  #released = false;
  #over = false;
  #signedOut = false;
  #draining = false;
  /** The answer, while the gate decides whether it may be relayed. */
  #held: HeldAnswer | undefined;
  #lingerUntil = 0;
  #onSocketClose: (() => void) | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, options: ExchangeOptions) {
    const { form, site } = options;
    const method = request.method ?? 'GET';
    this.request = request;
    this.response = response;
    this.#options = options;
    this.session = options.session;
    this.#attempts = new Attempts(options.server);
    this.application = options.route.application.name;
    this.head = requestHead(method, request.url ?? '/', options.lines, form);
    this.isHead = method === 'HEAD';
    this.hasBody = hasBody(form);
    this.#answer = new RelayedAnswer(response, site.turn);
    this.#upload = this.hasBody ? new Upload(request, form.chunked, this) : undefined;
    this.#startedAt = site.clock.monotonic();
    this.#seen = site.inFlight.now;
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
    this.#connection = this.#attempts.first(this);
  }

  get server(): UpstreamServer {
    return this.#attempts.server;
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
    const { response, idle } = this.#options.route.timeouts;
    if (this.#lingerUntil > 0) {
      if (now < this.#lingerUntil) return;
      // Ended, it still waits for a client that may never read it.
      if (now - this.#lingerUntil >= idle) this.close('idle');
      else if (!this.response.writableEnded) this.response.end();
      return;
    }
    const sending = this.#upload !== undefined && !this.#upload.over;
    const waiting = !this.#headed && !sending;
    if (now - this.#seen < (waiting ? response : idle)) return;
    if (sending && this.#upload?.hungry) this.#refuseSilence();
    else this.refuse(new UpstreamFailure(waiting ? 'RESPONSE_TIMEOUT' : 'IDLE_TIMEOUT', 'no byte in time'));
  }

  onSent(connection: UpstreamConnection): void {
    this.#touch();
    const upload = this.#upload;
    if (upload === undefined) return;
    // Ours to say, and only now: the request has passed the gate (RFC 9110 section 10.1.1).
    if (this.#options.form.expects) this.response.writeContinue();
    upload.begin(connection);
  }

  onInformation(head: ResponseHead): void {
    this.#touch();
    if (!this.#released) relayInformation(this.response, head);
  }

  onHead(head: ResponseHead): void {
    this.#touch();
    if (this.#released) return;
    this.#headed = true;
    const { site, visit } = this.#options;
    site.metrics.upstream(this.application, 'answered', this.#seconds());
    if (visit === undefined || visit.isOpen || head.status >= 400) {
      this.#relayHead(head);
      return;
    }
    // The server accepted: the gate has the last word before anything is relayed.
    const held = new HeldAnswer(head);
    this.#held = held;
    this.#connection?.pause();
    visit.open(this.server).then((refusal) => {
      if (this.#released) return;
      this.#held = undefined;
      if (refusal !== undefined) {
        this.#refuseWith(refusal);
        return;
      }
      this.#relayHead(held.head);
      for (const bytes of held.pieces) this.onBytes(bytes, 0, bytes.length);
      if (held.trailers !== undefined) this.#endAnswer(held.trailers);
      else if (!this.#draining) this.#connection?.resume();
    });
  }

  onBytes(bytes: Buffer, start: number, end: number): void {
    if (this.#released) return;
    this.#touch();
    if (this.#held !== undefined) {
      this.#held.add(bytes, start, end);
    } else if (!this.#answer.write(bytes, start, end)) {
      this.#connection?.pause();
      if (!this.#draining) this.response.once('drain', onResponseDrain);
      this.#draining = true;
    }
  }

  onEnd(trailers: readonly string[]): void {
    this.#connection = undefined;
    if (this.#released) return;
    if (this.#held !== undefined) this.#held.trailers = trailers;
    else this.#endAnswer(trailers);
  }

  onWritable(): void {
    this.#touch();
    this.#upload?.resume();
  }

  onUploaded(bytes: number): void {
    this.#uploaded += bytes;
    this.#touch();
  }

  onUnreachable(error: Error): void {
    this.#connection = undefined;
    if (this.#released) return;
    const { site, route, session, need } = this.#options;
    this.#connection = this.#attempts.failOver(this, route.pool, session, site.identities, need);
    if (this.#connection === undefined) this.refuse(error);
  }

  onFailure(error: Error, connection: UpstreamConnection): void {
    this.#connection = undefined;
    if (this.#released) return;
    this.#connection = this.#attempts.again(this, this.request.method ?? '', connection, error);
    if (this.#connection === undefined) this.refuse(error);
  }

  onDrained(): void {
    this.#touch();
    this.#draining = false;
    this.#connection?.resume();
  }

  /** The client's side is done, one way or the other. */
  onClosed(): void {
    this.#finish();
  }

  #refuseWith(refusal: Refusal, cause?: unknown): void {
    const { site, route } = this.#options;
    this.#abandon();
    if (this.response.headersSent || this.response.destroyed) {
      this.request.socket.destroy();
      return;
    }
    if (this.#upload !== undefined) this.response.setHeader('Connection', 'close');
    const { application } = route;
    site.refuse(this.request, this.response, refusal, { application, upgrade: false, cause });
  }

  /** The client has stopped in the middle of its body (RFC 9110 section 15.5.9). */
  #refuseSilence(): void {
    this.#options.site.metrics.upstream(this.application, 'aborted', this.#seconds());
    this.#refuseWith(refusalFor('request-timeout'));
  }

  #relayHead({ status, reason, fields, length }: ResponseHead): void {
    const { site, publicOrigin } = this.#options;
    const list = inboundHeaders(fields, {
      cookies: site.cookies,
      serverOrigin: this.server.origin,
      publicOrigin,
    });
    // Answered before the body was read: what is left of it must never be taken for a request.
    const early = this.#upload !== undefined && !this.request.complete;
    if (early || site.inFlight.closing) list.push('Connection', 'close');
    this.#answer.begin(status, reason, list, early || this.isHead ? -1 : length);
    this.#signOut();
  }

  #endAnswer(trailers: readonly string[]): void {
    this.#answer.addTrailers(trailers);
    if (this.#upload === undefined || this.request.complete) this.#answer.end();
    else this.#linger(this.#upload);
  }

  /**
   * The answer is complete but the client is still sending: reading on for a moment lets it see the answer instead of a
   * reset (RFC 9112 section 9.6); then the connection closes.
   */
  #linger(upload: Upload): void {
    const { response, request } = this;
    upload.stop();
    this.#answer.flush();
    this.#lingerUntil = this.#options.site.inFlight.now + lingering;
    request.on('end', () => response.end());
    request.resume();
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
    this.#attempts.end();
    site.metrics.bytes('request', this.application, this.#uploaded, this.#answer.received);
    this.#signOut();
    site.inFlight.delete(this);
    visit?.leave(this.#uploaded, this.#answer.received);
  }

  /** Lets go of the application server. */
  #abandon(): void {
    this.#released = true;
    this.#connection?.destroy();
    this.#connection = undefined;
    this.#upload?.stop();
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
