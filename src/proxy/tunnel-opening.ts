import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AdmittedSession, LiveConnection, Refusal } from '../access/index.ts';
import { phraseFor } from './answer.ts';
import { problemOf, refusalFor, UpstreamFailure } from './failure-table.ts';
import type { Work } from './in-flight.ts';
import { inboundHeaders } from './inbound-headers.ts';
import type { RemoteSessions } from './remote-sessions.ts';
import { upgradeRequest } from './request-head.ts';
import type { Route } from './route.ts';
import { originOf, type ProxySite, type PublicOrigin } from './site.ts';
import { Tunnel } from './tunnel.ts';
import { type Head, HeadReader, handshakeFault, upgradeAnswer, valuesOf } from './upgrade-head.ts';
import type { UpstreamServer } from './upstream-server.ts';

/** Bytes that a client may say before it has an answer. */
const maxEarly = 64 * 1024;
/** Bytes of a body that comes with an answer other than 101; a longer one is left out. */
const maxRefusalBody = 64 * 1024;

export type TunnelOpeningOptions = {
  readonly site: ProxySite;
  readonly route: Route;
  readonly session: AdmittedSession;
  readonly remotes: RemoteSessions;
  /** The outbound header lines. */
  readonly lines: string;
  readonly publicOrigin: PublicOrigin;
  /** When the upgrade arrived, Unix milliseconds: that decides whether it came in time. */
  readonly arrivedAt: number;
};

/**
 * An upgrade on its way: connect, ask, verify the answer, have the gate open the remote session, and only then relay
 * the 101. Everything else gets one plain answer and leaves no socket behind. Registered with its session as an
 * exchange, so that a revocation in between wins.
 */
export class TunnelOpening implements LiveConnection, Work {
  readonly kind = 'exchange';
  slot = -1;
  readonly application: string;
  previous: Work | undefined = undefined;
  next: Work | undefined = undefined;
  readonly #request: IncomingMessage;
  readonly #client: Duplex;
  readonly #options: TunnelOpeningOptions;
  readonly #early: Buffer[] = [];
  #earlyBytes = 0;
  readonly #tried = new Set<UpstreamServer>();
  #server: UpstreamServer | undefined;
  #upstream: Socket | undefined;
  readonly #reader = new HeadReader();
  #waitingSince = -1;
  #over = false;

  constructor(request: IncomingMessage, client: Duplex, head: Buffer, options: TunnelOpeningOptions) {
    this.#request = request;
    this.#client = client;
    this.#options = options;
    this.application = options.route.application.name;
    if (head.length > 0) this.#onEarly(head);
  }

  start(): void {
    const { site, session } = this.#options;
    session.attach(this);
    site.inFlight.add(this);
    this.#client.on('data', this.#onEarly).on('end', this.#onClientGone);
    this.#client.on('close', this.#onClientGone).on('error', this.#onClientGone);
    this.#connect();
  }

  close(_reason: string): void {
    if (this.#over) return;
    this.#settle();
    this.#dropServer();
    this.#client.destroy();
  }

  sweep(now: number): void {
    if (this.#waitingSince >= 0 && now - this.#waitingSince >= this.#options.route.timeouts.response) {
      this.#fail(new UpstreamFailure('RESPONSE_TIMEOUT', 'no answer to an upgrade in time'));
    }
  }

  readonly #onEarly = (chunk: Buffer): void => {
    this.#early.push(chunk);
    this.#earlyBytes += chunk.length;
    if (this.#earlyBytes >= maxEarly) this.#client.pause();
  };

  readonly #onClientGone = (): void => {
    this.close('client-closed');
  };

  #connect(): void {
    const { site, route, session } = this.#options;
    const { pool } = route;
    const seed = site.identities.seedOf(session.user);
    const server = pool.pick(session.user.key, seed, 'session', this.#tried);
    if (server === undefined) {
      this.#refuse(refusalFor('no-healthy-server', pool.retryAfter));
      return;
    }
    this.#server = server;
    this.#upstream = server.connect((error, socket) => {
      if (this.#over) socket?.destroy();
      else if (socket !== null) this.#ask(socket);
      else this.#onConnectFailed(server, error);
    }, site.scratch.onread);
  }

  #onConnectFailed(server: UpstreamServer, error: Error | null): void {
    const { site, route, session } = this.#options;
    this.#tried.add(server);
    const seed = site.identities.seedOf(session.user);
    if (route.pool.pick(session.user.key, seed, 'session', this.#tried) === undefined) this.#fail(error);
    else this.#connect();
  }

  #ask(upstream: Socket): void {
    const { site, lines } = this.#options;
    this.#upstream = upstream;
    this.#waitingSince = site.inFlight.now;
    upstream.on('data', this.#onAnswer).on('end', this.#onServerGone);
    upstream.on('close', this.#onServerGone).on('error', this.#onServerError);
    upstream.write(upgradeRequest(this.#request.url ?? '/', lines), 'latin1');
  }

  readonly #onAnswer = (chunk: Buffer): void => {
    let answer: { head: Head; rest: Buffer } | undefined;
    try {
      answer = this.#reader.read(chunk);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (answer === undefined) return;
    const { head, rest } = answer;
    if (head.status !== 101) {
      this.#relayRefusal(head, rest);
      return;
    }
    const fault = handshakeFault(head, this.#request.headers['sec-websocket-key'] ?? '');
    if (fault === undefined) this.#open(head, rest);
    else this.#fail(new UpstreamFailure('INVALID_ANSWER', `the answer to an upgrade is invalid: ${fault}`));
  };

  readonly #onServerGone = (): void => {
    this.#fail(new UpstreamFailure('CLOSED_EARLY', 'closed before it answered an upgrade'));
  };

  readonly #onServerError = (error: Error): void => {
    this.#fail(error);
  };

  /** The server accepted: the gate has the last word, and a revocation meanwhile wins. */
  #open(head: Head, rest: Buffer): void {
    const { site, route, session, arrivedAt } = this.#options;
    const upstream = this.#upstream;
    this.#waitingSince = -1;
    upstream?.off('data', this.#onAnswer).pause();
    const origin = { ...originOf(site, this.#request), arrivedAt };
    site.gate.open(session, route.application, origin).then((decision) => {
      if (this.#over || upstream === undefined || this.#server === undefined) return;
      if (decision.kind === 'refusal') {
        this.#refuse(decision);
        return;
      }
      this.#join(upstream, this.#server, decision, head, rest);
    });
  }

  #join(upstream: Socket, server: UpstreamServer, session: AdmittedSession, head: Head, rest: Buffer): void {
    const { site, route, remotes } = this.#options;
    const remote = remotes.begin(route, server, session, originOf(site, this.#request));
    const client = this.#client;
    this.#settle();
    client.write(upgradeAnswer(this.#relayed(head)), 'latin1');
    const tunnel = new Tunnel(client, upstream, remote, site.inFlight, remotes);
    remote.carrier = tunnel;
    session.attach(tunnel);
    tunnel.join(Buffer.concat(this.#early), rest);
  }

  /** An answer other than 101: its status, its headers and a short body, once, and then the connection closes. */
  #relayRefusal(head: Head, rest: Buffer): void {
    const { site } = this.#options;
    const length = Number(valuesOf(head.fields, 'content-length').join() || 0);
    const framed = valuesOf(head.fields, 'transfer-encoding').length === 0 && Number.isSafeInteger(length);
    if (!framed || length <= 0 || length > maxRefusalBody) {
      this.#answer(head, Buffer.alloc(0));
      return;
    }
    const chunks: Buffer[] = [];
    let received = 0;
    const onBody = (chunk: Buffer): void => {
      chunks.push(chunk);
      received += chunk.length;
      if (received >= length) this.#answer(head, Buffer.concat(chunks).subarray(0, length));
    };
    this.#waitingSince = site.inFlight.now;
    this.#upstream?.off('data', this.#onAnswer).on('data', onBody);
    onBody(rest);
  }

  #answer(head: Head, body: Buffer): void {
    if (this.#over) return;
    const list = this.#relayed(head, ['content-length']);
    this.#settle();
    this.#dropServer();
    const response = responseOn(this.#request, this.#client);
    list.push('Content-Length', String(body.length), 'Connection', 'close');
    response.writeHead(head.status, phraseFor(head.status, head.reason), list);
    response.end(body);
  }

  #relayed(head: Head, without: readonly string[] = []): string[] {
    const { site, publicOrigin } = this.#options;
    const fields = head.fields.filter(
      (_, index) => !without.includes(head.fields[index & ~1]?.toLowerCase() ?? ''),
    );
    const serverOrigin = this.#server?.origin ?? '';
    return inboundHeaders(fields, { cookies: site.cookies, serverOrigin, publicOrigin });
  }

  #fail(cause: unknown): void {
    this.#refuse(refusalFor(problemOf(cause)), cause);
  }

  #refuse(refusal: Refusal, cause?: unknown): void {
    if (this.#over) return;
    this.#settle();
    this.#dropServer();
    const { site, route } = this.#options;
    site.refuse(this.#request, responseOn(this.#request, this.#client), refusal, {
      application: route.application,
      upgrade: true,
      cause,
    });
  }

  #dropServer(): void {
    this.#upstream?.on('error', ignore).destroy();
  }

  #settle(): void {
    const { site, session } = this.#options;
    this.#over = true;
    session.detach(this);
    this.#client.off('data', this.#onEarly).off('end', this.#onClientGone);
    this.#client.off('close', this.#onClientGone).off('error', this.#onClientGone).pause();
    this.#upstream?.off('data', this.#onAnswer).off('end', this.#onServerGone);
    this.#upstream?.off('close', this.#onServerGone).off('error', this.#onServerError);
    site.inFlight.delete(this);
  }
}

const ignore = (): void => {};

/**
 * A response on the socket of an upgrade: written like any other, and then the connection closes. For an upgrade that
 * announces a body, Node hands over a stream that is no socket, so nothing but a Duplex may be assumed here.
 */
export function responseOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  try {
    response.assignSocket(socket as Socket);
  } catch {
    // An answer to an earlier request, perhaps one that Node gave by itself, is still on its way out there.
    socket.destroy();
    return response;
  }
  response.on('finish', () => {
    response.detachSocket(socket as Socket);
    socket.end(() => socket.destroy());
  });
  return response;
}
