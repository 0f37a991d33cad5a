import type { ReplicaQuestions } from '../access/index.ts';
import { defaultSubscription } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import type { RemoteSessionView } from '../proxy/index.ts';
import { type Random, randomName } from '../random.ts';
import type { Json } from '../storage/index.ts';

/** A remote session, and the replica that carries it. */
export type LiveTunnel = RemoteSessionView & { readonly replica: string };

/** What is absent narrows nothing. */
export type TunnelQuery = {
  readonly subscription?: string;
  readonly user?: string;
  /** The 2FA session. */
  readonly session?: string;
  readonly application?: string;
};

export type LiveTunnelList = {
  readonly tunnels: readonly LiveTunnel[];
  /** How many replicas have answered, this one included. */
  readonly replicas: number;
  /** There are more: at most 5,000 of each replica are told. */
  readonly more: boolean;
};

/** An administrator's wish to close one. `subscription`: only if it is one of its users'. */
export type TunnelClosing = {
  readonly tunnel: string;
  readonly subscription?: string;
  /** In the administrator's words, for the audit log. */
  readonly note: string;
  readonly actor: string;
};

/** What carries tunnels in this process. */
export type TunnelsHere = {
  tunnels(): readonly RemoteSessionView[];
  closeTunnel(id: string, reason: string): RemoteSessionView | undefined;
};

const kind = 'tunnels';
const closing = 'close-tunnel';
/** Milliseconds that others get to answer. */
const patience = 500;
const most = 5_000;
/** Tunnels in one message. */
const together = 50;

type Part = {
  readonly replica: string;
  readonly tunnels: readonly RemoteSessionView[];
  readonly more: boolean;
};

/** The remote sessions of all replicas, as they are now: each tells its own when it is asked, nothing is stored. */
export class LiveTunnels {
  readonly #replicas: Pick<ReplicaQuestions, 'ask'> | undefined;
  readonly #here: TunnelsHere;
  readonly #audit: Pick<Audit, 'record'>;
  readonly #self: string;

  /** `replicas` absent: this one is alone. */
  constructor(options: {
    replicas: Pick<ReplicaQuestions, 'ask' | 'answer'> | undefined;
    random: Random;
    audit: Pick<Audit, 'record'>;
    here: TunnelsHere;
  }) {
    this.#replicas = options.replicas;
    this.#here = options.here;
    this.#audit = options.audit;
    this.#self = randomName(options.random, 6);
    options.replicas?.answer(kind, (question) => this.#parts(question as TunnelQuery));
    options.replicas?.answer(closing, (order) =>
      isClosing(order) && this.#closeHere(order) ? [{ closed: true }] : [],
    );
  }

  /** Takes half a second where there are replicas. Never rejects: who does not answer is not counted. */
  async list(query: TunnelQuery = {}): Promise<LiveTunnelList> {
    const heard: Part[] = [...this.#parts(query)];
    await this.#replicas?.ask(kind, query, {
      within: patience,
      heard(part) {
        if (isPart(part)) heard.push(part);
        return false;
      },
    });
    return {
      tunnels: heard.flatMap(({ replica, tunnels }) => tunnels.map((tunnel) => ({ ...tunnel, replica }))),
      replicas: new Set(heard.map(({ replica }) => replica)).size,
      more: heard.some(({ more }) => more),
    };
  }

  /** Closes one, whichever replica carries it. Resolves to whether one has closed it. Never rejects. */
  async close(order: TunnelClosing): Promise<boolean> {
    if (this.#closeHere(order)) return true;
    const heard = (part: Json): boolean => isClosed(part);
    return (await this.#replicas?.ask(closing, order, { within: patience, heard })) ?? false;
  }

  #closeHere({ tunnel, subscription, note, actor }: TunnelClosing): boolean {
    if (subscription !== undefined) {
      const found = this.#here.tunnels().find(({ id }) => id === tunnel);
      if (found?.subscription !== subscription) return false;
    }
    const closed = this.#here.closeTunnel(tunnel, 'closed-by-administrator');
    if (closed === undefined) return false;
    const { user, name, session, application, server, subscription: home } = closed;
    this.#audit.record({
      type: 'remote-session.closed',
      ...{ user, name, session, application, server, tunnel, note, actor },
      ...(home === defaultSubscription ? {} : { subscription: home }),
    });
    return true;
  }

  /** At least one, so that it is known who answered. */
  *#parts(query: TunnelQuery): Generator<Part & Json> {
    const all = this.#here.tunnels().filter((tunnel) => matches(tunnel, query));
    for (let from = 0; from === 0 || from < Math.min(all.length, most); from += together) {
      const tunnels = all.slice(from, Math.min(from + together, most));
      yield { replica: this.#self, tunnels, more: all.length > most };
    }
  }
}

/** Another replica may be of another version. */
const isPart = (part: unknown): part is Part =>
  typeof part === 'object' && part !== null && 'tunnels' in part && Array.isArray(part.tunnels);

const isClosed = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && 'closed' in part && part.closed === true;

const isClosing = (order: unknown): order is TunnelClosing =>
  typeof order === 'object' &&
  order !== null &&
  ['tunnel', 'note', 'actor'].every((name) => typeof Reflect.get(order, name) === 'string');

function matches(tunnel: RemoteSessionView, query: TunnelQuery): boolean {
  const { subscription, user, session, application } = query;
  return (
    (subscription === undefined || tunnel.subscription === subscription) &&
    (user === undefined || tunnel.user === user) &&
    (session === undefined || tunnel.session === session) &&
    (application === undefined || tunnel.application === application)
  );
}
