import type { ReplicaQuestions } from '../access/index.ts';
import type { RemoteSessionView } from '../proxy/index.ts';
import { type Random, randomName } from '../random.ts';
import type { Json } from '../storage/index.ts';

/** A remote session, and the replica that carries it. */
export type LiveTunnel = RemoteSessionView & { readonly replica: string };

/** What is absent narrows nothing. */
export type TunnelQuery = {
  readonly user?: string;
  /** The 2FA session. */
  readonly session?: string;
  readonly application?: string;
};

export type LiveTunnelList = {
  readonly tunnels: readonly LiveTunnel[];
  /** How many replicas have answered, this one included. */
  readonly replicas: number;
  /** There are more: at most 1,000 of each replica are told. */
  readonly more: boolean;
};

const kind = 'tunnels';
/** Milliseconds that others get to answer. */
const patience = 500;
const most = 1_000;
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
  readonly #here: () => readonly RemoteSessionView[];
  readonly #self: string;

  /** `replicas` absent: this one is alone. */
  constructor(options: {
    replicas: Pick<ReplicaQuestions, 'ask' | 'answer'> | undefined;
    random: Random;
    here: () => readonly RemoteSessionView[];
  }) {
    this.#replicas = options.replicas;
    this.#here = options.here;
    this.#self = randomName(options.random, 6);
    options.replicas?.answer(kind, (question) => this.#parts(question as TunnelQuery));
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

  /** At least one, so that it is known who answered. */
  *#parts(query: TunnelQuery): Generator<Part & Json> {
    const all = this.#here().filter((tunnel) => matches(tunnel, query));
    for (let from = 0; from === 0 || from < Math.min(all.length, most); from += together) {
      const tunnels = all.slice(from, Math.min(from + together, most));
      yield { replica: this.#self, tunnels, more: all.length > most };
    }
  }
}

/** Another replica may be of another version. */
const isPart = (part: unknown): part is Part =>
  typeof part === 'object' && part !== null && 'tunnels' in part && Array.isArray(part.tunnels);

function matches(tunnel: RemoteSessionView, { user, session, application }: TunnelQuery): boolean {
  return (
    (user === undefined || tunnel.user === user) &&
    (session === undefined || tunnel.session === session) &&
    (application === undefined || tunnel.application === application)
  );
}
