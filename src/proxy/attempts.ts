import type { AdmittedSession } from '../access/index.ts';
import { isBrokenConnection } from './failure-table.ts';
import type { Identities } from './identities.ts';
import type { Need, ServerPool } from './server-pool.ts';
import type { Carried, UpstreamConnection } from './upstream-connection.ts';
import type { UpstreamServer } from './upstream-server.ts';

/** Methods that change nothing, so that a server may well hear them twice. */
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The tries to have one request carried, and by which server; counted there until `end`. */
export class Attempts {
  server: UpstreamServer;
  #tried: Set<UpstreamServer> | undefined;
  #retried = false;

  /** `server` was picked already. */
  constructor(server: UpstreamServer) {
    this.server = server;
    server.exchanges += 1;
  }

  first(request: Carried): UpstreamConnection {
    return this.server.connections.carry(request);
  }

  /**
   * The connection could not be made, so nothing was sent: another server may do it, if there is one that would have been
   * picked without this one.
   */
  failOver(
    request: Carried,
    pool: ServerPool,
    session: AdmittedSession,
    identities: Identities,
    need: Need,
  ): UpstreamConnection | undefined {
    this.#tried ??= new Set();
    this.#tried.add(this.server);
    const next = pool.pick(session.user.key, identities.seedOf(session.user), need, this.#tried);
    if (next === undefined) return undefined;
    this.server.exchanges -= 1;
    this.server = next;
    this.server.exchanges += 1;
    return next.connections.carry(request);
  }

  /**
   * RFC 9112 section 9.3.1: the server closed a kept connection as it was used. Once more, and only what was never sent or is
   * safe; on a new connection, since the others that are kept may have been closed as well.
   */
  again(
    request: Carried,
    method: string,
    broken: UpstreamConnection,
    error: Error,
  ): UpstreamConnection | undefined {
    if (!broken.reused || this.#retried) return undefined;
    const harmless = !broken.answering && !request.hasBody && safe.has(method) && isBrokenConnection(error);
    if (broken.sent && !harmless) return undefined;
    this.#retried = true;
    return this.server.connections.carryAnew(request);
  }

  end(): void {
    this.server.exchanges -= 1;
  }
}
