import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Sessions } from '../sessions/index.ts';
import { describeSession, type SessionShape, sessionStates } from './sessions-calls.ts';
import { describeTunnel, type TunnelShape, type TunnelView } from './tunnels-calls.ts';
import type { Visit } from './visits.ts';

/** What a client sends: one thing to watch from now on, in the place of what it watched before. */
export const liveWish = z.discriminatedUnion('watch', [
  z.strictObject({ watch: z.literal('nothing') }),
  z.strictObject({
    watch: z.literal('tunnels'),
    user: z.string().max(300).optional(),
    application: z.string().max(64).optional(),
  }),
  z.strictObject({
    watch: z.literal('sessions'),
    user: z.string().max(300).optional(),
    name: z.string().max(100).optional(),
    state: z.enum(sessionStates).optional(),
    after: z.string().max(1_024).optional(),
    limit: z.int().min(1).max(200).default(50),
  }),
]);
export type LiveWish = z.input<typeof liveWish>;

/** What a client is told. */
export type LiveMessage =
  | {
      readonly type: 'tunnels';
      /** All there are, in the place of what was told before; absent: only what has changed. */
      readonly whole?: true;
      readonly set: readonly TunnelShape[];
      readonly gone: readonly string[];
      /** Id, bytes in, bytes out of those where nothing else has changed. */
      readonly bytes: readonly (readonly [string, number, number])[];
      readonly replicas: number;
      readonly more: boolean;
    }
  | { readonly type: 'sessions'; readonly items: readonly SessionShape[]; readonly next?: string };

export type LiveWatcherParts = {
  readonly visit: Visit;
  readonly subscription: string;
  readonly socket: WebSocket;
  readonly sessions: Pick<Sessions, 'search' | 'stateOf' | 'endsAt'>;
};

/** Bytes that wait for a slow client: until it has read them, it is told nothing new. */
const mostWaiting = 1_000_000;
/** Ticks without a sign of life after which a watcher has gone. */
const patience = 60;

/** One administrator who watches. */
export class LiveWatcher {
  readonly visit: Visit;
  readonly subscription: string;
  readonly #socket: WebSocket;
  readonly #sessions: LiveWatcherParts['sessions'];
  #wish: z.output<typeof liveWish> = { watch: 'nothing' };
  #wished: () => void = () => {};
  #told: Map<string, TunnelView> | undefined;
  #page = '';
  #silent = 0;

  constructor({ visit, subscription, socket, sessions }: LiveWatcherParts) {
    this.visit = visit;
    this.subscription = subscription;
    this.#socket = socket;
    this.#sessions = sessions;
    socket.on('message', (message) => this.#hear(String(message)));
    socket.on('pong', () => {
      this.#silent = 0;
    });
    socket.on('error', () => socket.terminate());
  }

  get wantsTunnels(): boolean {
    return this.#wish.watch === 'tunnels';
  }

  onWish(wished: () => void): void {
    this.#wished = wished;
  }

  /** Notices who has gone without a word. */
  heartbeat(): void {
    this.#silent += 1;
    if (this.#silent > patience) this.#socket.terminate();
    else if (this.#silent % 20 === 0) this.#socket.ping();
  }

  end(code: number, reason: string): void {
    this.#socket.close(code, reason);
    // Nothing is told to somebody who may not be told any more, whether they close or not.
    this.#wish = { watch: 'nothing' };
  }

  /** Tells what has changed among the tunnels that are watched. */
  tellTunnels({
    tunnels,
    replicas,
    more,
  }: {
    tunnels: readonly TunnelView[];
    replicas: number;
    more: boolean;
  }): void {
    const wish = this.#wish;
    if (wish.watch !== 'tunnels' || !this.#ready) return;
    const now = new Map(
      tunnels
        .filter(
          ({ user, application }) =>
            (wish.user ?? user) === user && (wish.application ?? application) === application,
        )
        .map((tunnel) => [tunnel.id, tunnel]),
    );
    const before = this.#told;
    const set: TunnelShape[] = [];
    const bytes: (readonly [string, number, number])[] = [];
    for (const [id, tunnel] of now) {
      const known = before?.get(id);
      if (known === undefined) set.push(describeTunnel(tunnel));
      else if (known.bytesIn !== tunnel.bytesIn || known.bytesOut !== tunnel.bytesOut) {
        bytes.push([id, tunnel.bytesIn, tunnel.bytesOut]);
      }
    }
    const gone = [...(before?.keys() ?? [])].filter((id) => !now.has(id));
    this.#told = now;
    if (before !== undefined && set.length + bytes.length + gone.length === 0) return;
    this.#send({
      type: 'tunnels',
      ...(before === undefined ? { whole: true } : {}),
      set,
      gone,
      bytes,
      replicas,
      more,
    });
  }

  /** Tells the page of sessions that is watched, when it has changed. Rejects with `store-unavailable`. */
  async tellSessions(): Promise<void> {
    const wish = this.#wish;
    if (wish.watch !== 'sessions' || !this.#ready) return;
    const { watch: _, ...search } = wish;
    const given = Object.fromEntries(
      Object.entries(search).filter(([, value]) => value !== undefined && value !== ''),
    );
    const { items, next } = await this.#sessions.search({
      ...given,
      limit: search.limit,
      subscription: this.subscription,
    });
    const told = items.map((session) => describeSession(session, this.#sessions));
    const page = JSON.stringify([told, next]);
    if (page === this.#page || this.#wish !== wish) return;
    this.#page = page;
    this.#send({ type: 'sessions', items: told, ...(next === undefined ? {} : { next }) });
  }

  get #ready(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount < mostWaiting;
  }

  #hear(text: string): void {
    this.#silent = 0;
    const wish = liveWish.safeParse(parse(text));
    if (!wish.success) {
      this.end(1008, 'not understood');
      return;
    }
    this.#wish = wish.data;
    this.#told = undefined;
    this.#page = '';
    this.#wished();
  }

  #send(message: LiveMessage): void {
    this.#socket.send(JSON.stringify(message));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
