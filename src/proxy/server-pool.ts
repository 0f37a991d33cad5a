import { affine } from './affinity.ts';
import type { UpstreamServer } from './upstream-server.ts';

/** What needs a server: a request may follow its user's open sessions, a new remote session may not go where drained. */
export type Need = 'request' | 'session';

/** The servers of one application, and which user is where. */
export class ServerPool {
  readonly servers: readonly UpstreamServer[];
  /** Servers on which a user has remote sessions open, newest last. */
  readonly #pins = new Map<string, UpstreamServer[]>();

  constructor(servers: readonly UpstreamServer[]) {
    this.servers = servers;
  }

  /**
   * The server for a user: where their newest open remote session is, as long as that server is up, else by
   * affinity among those that are up and not draining. `undefined` when there is none. `avoid` holds servers
   * that were tried for this request already.
   */
  pick(
    userKey: string,
    userSeed: number,
    need: Need,
    avoid?: ReadonlySet<UpstreamServer>,
  ): UpstreamServer | undefined {
    if (need === 'request' && this.#pins.size > 0) {
      const pinned = this.#pins.get(userKey)?.at(-1);
      if (pinned?.health.up && !avoid?.has(pinned)) return pinned;
    }
    const [only] = this.servers;
    if (only !== undefined && this.servers.length === 1) {
      return isOpen(only) && !avoid?.has(only) ? only : undefined;
    }
    return affine(this.servers, userSeed, (server) => isOpen(server) && !avoid?.has(server));
  }

  /** A remote session of this user stands on that server: their requests go there. */
  pin(userKey: string, server: UpstreamServer): void {
    server.tunnels += 1;
    const pins = this.#pins.get(userKey);
    if (pins === undefined) this.#pins.set(userKey, [server]);
    else pins.push(server);
  }

  unpin(userKey: string, server: UpstreamServer): void {
    server.tunnels -= 1;
    const pins = this.#pins.get(userKey);
    const index = pins?.lastIndexOf(server) ?? -1;
    if (pins === undefined || index === -1) return;
    pins.splice(index, 1);
    if (pins.length === 0) this.#pins.delete(userKey);
  }

  /** After a reload: takes over who is where, as far as those servers are still there. */
  adopt(before: ServerPool): void {
    for (const [userKey, servers] of before.#pins) {
      const still = servers.filter((server) => this.servers.includes(server));
      if (still.length > 0) this.#pins.set(userKey, still);
    }
  }

  /** Seconds until a server that is down is tried again. */
  get retryAfter(): number {
    const waits = this.servers.map((server) => server.health.retryIn);
    return Math.max(1, Math.ceil(Math.min(60_000, ...waits) / 1000));
  }
}

const isOpen = (server: UpstreamServer): boolean => server.health.up && !server.health.draining;
