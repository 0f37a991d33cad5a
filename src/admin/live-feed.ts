import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { defaultSubscription } from '../accounts/index.ts';
import type { Clock, Timer } from '../clock.ts';
import { isAllowedTo, roleAt } from './authorise.ts';
import { LiveWatcher, type LiveWatcherParts } from './live-watcher.ts';
import type { Tunnels, TunnelView } from './tunnels-calls.ts';
import type { Visit } from './visits.ts';

export type LiveFeedOptions = Pick<LiveWatcherParts, 'sessions'> & {
  readonly clock: Pick<Clock, 'every' | 'monotonic'>;
  readonly tunnels: Pick<Tunnels, 'list'>;
  /** Who a watcher is now; undefined: nobody any more. Rejects with `store-unavailable`. */
  readonly again: (visit: Visit) => Promise<Visit | undefined>;
};

/** Milliseconds. */
const tick = 1_000;
const often = 2_000;
const rarely = 5_000;
/** From so many tunnels on, they are asked for rarely. */
const many = 500;
const mostWatchers = 200;
/** Bytes of a client's message: what it wants to watch. */
const longestMessage = 2_048;

/** What all replicas said last of one subscription's tunnels. */
type Told = { readonly tunnels: readonly TunnelView[]; readonly replicas: number; readonly more: boolean };

/**
 * Tells administrators of sessions and tunnels as they come and go, as long as somebody watches: deltas, every two
 * seconds at most. A watcher ends within a second of their session or role.
 */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessage,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #watchers = new Set<LiveWatcher>();
  #timer: Timer | undefined;
  #busy = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #interval = often;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  /** Takes over an upgrade of somebody who may see something; refuses it for a subscription where they may not. */
  take(visit: Visit, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const subscription = subscriptionIn(request) ?? visit.grants[0]?.subscription ?? defaultSubscription;
    const status =
      this.#watchers.size >= mostWatchers ? 503 : mayWatch(visit, subscription) ? undefined : 403;
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      const watcher = new LiveWatcher({
        visit,
        subscription,
        socket: opened,
        sessions: this.#options.sessions,
      });
      this.#watchers.add(watcher);
      opened.on('close', () => this.#leave(watcher));
      // What is new to watch is told at once, from the next tick on.
      watcher.onWish(() => {
        this.#askedAt = Number.NEGATIVE_INFINITY;
      });
      this.#timer ??= this.#options.clock.every(tick, () => void this.#tick());
    });
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Ends every watching. */
  close(): void {
    for (const watcher of this.#watchers) watcher.end(1001, 'shutting down');
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #leave(watcher: LiveWatcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** One at a time: a slow store makes ticks rarer, not longer queues. */
  async #tick(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await Promise.all([...this.#watchers].map((watcher) => this.#checkAgain(watcher)));
      const now = this.#options.clock.monotonic();
      if (now - this.#askedAt < this.#interval) return;
      this.#askedAt = now;
      await this.#tell();
    } finally {
      this.#busy = false;
    }
  }

  async #checkAgain(watcher: LiveWatcher): Promise<void> {
    try {
      const visit = await this.#options.again(watcher.visit);
      if (visit === undefined || !mayWatch(visit, watcher.subscription)) watcher.end(4401, 'signed out');
      else watcher.heartbeat();
    } catch {
      // Nobody can say whether they still may.
      watcher.end(1013, 'the store is unavailable');
    }
  }

  async #tell(): Promise<void> {
    const wanted = new Set(
      [...this.#watchers].filter((each) => each.wantsTunnels).map((each) => each.subscription),
    );
    const told = new Map<string, Told>();
    for (const subscription of wanted) {
      told.set(subscription, await this.#options.tunnels.list({ subscription }));
    }
    const most = Math.max(0, ...[...told.values()].map(({ tunnels }) => tunnels.length));
    this.#interval = most > many ? rarely : often;
    await Promise.all(
      [...this.#watchers].map(async (watcher) => {
        const found = told.get(watcher.subscription);
        if (found !== undefined) watcher.tellTunnels(found);
        // The page can ask again itself; the next round does anyway.
        await watcher.tellSessions().catch(() => undefined);
      }),
    );
  }
}

function mayWatch({ session, grants }: Visit, subscription: string): boolean {
  // Programs ask the API.
  if (session === undefined) return false;
  const role = roleAt(grants, { scope: 'subscription', subscription });
  return role !== undefined && isAllowedTo(role, 'see');
}

function subscriptionIn({ url = '' }: IncomingMessage): string | undefined {
  const question = url.indexOf('?');
  return question < 0
    ? undefined
    : (new URLSearchParams(url.slice(question)).get('subscription') ?? undefined);
}
