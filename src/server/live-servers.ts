import type { ReplicaQuestions } from '../access/index.ts';
import type { ServerView } from '../proxy/index.ts';
import { type Random, randomName } from '../random.ts';
import type { Json } from '../storage/index.ts';

/** One application server, as each replica sees it. */
export type LiveServer = {
  readonly application: string;
  readonly server: string;
  readonly replicas: readonly (Pick<ServerView, 'state' | 'exchanges' | 'tunnels'> & {
    readonly replica: string;
  })[];
};

const kind = 'servers';
/** Milliseconds that others get to answer. */
const patience = 500;
/** Servers in one message. */
const together = 100;

type Part = { readonly replica: string; readonly servers: readonly ServerView[] };

/** Health and load of the application servers, as all replicas have them: each tells its own when it is asked. */
export class LiveServers {
  readonly #replicas: Pick<ReplicaQuestions, 'ask'> | undefined;
  readonly #here: () => readonly ServerView[];
  readonly #self: string;

  /** `replicas` absent: this one is alone. */
  constructor(options: {
    replicas: Pick<ReplicaQuestions, 'ask' | 'answer'> | undefined;
    random: Random;
    here: () => readonly ServerView[];
  }) {
    this.#replicas = options.replicas;
    this.#here = options.here;
    this.#self = randomName(options.random, 6);
    options.replicas?.answer(kind, () => this.#parts());
  }

  /** Takes half a second where there are replicas. Never rejects: who does not answer is not told of. */
  async list(): Promise<readonly LiveServer[]> {
    const heard: Part[] = [...this.#parts()];
    await this.#replicas?.ask(
      kind,
      {},
      {
        within: patience,
        heard(part) {
          if (isPart(part)) heard.push(part);
          return false;
        },
      },
    );
    const servers = new Map<
      string,
      { application: string; server: string; replicas: LiveServer['replicas'][number][] }
    >();
    for (const { replica, servers: seen } of heard) {
      for (const { application, server, state, exchanges, tunnels } of seen) {
        const key = `${application} ${server}`;
        const known = servers.get(key) ?? { application, server, replicas: [] };
        known.replicas.push({ replica, state, exchanges, tunnels });
        servers.set(key, known);
      }
    }
    return [...servers.values()];
  }

  *#parts(): Generator<Part & Json> {
    const all = this.#here();
    for (let from = 0; from === 0 || from < all.length; from += together) {
      yield { replica: this.#self, servers: all.slice(from, from + together) };
    }
  }
}

/** Another replica may be of another version. */
const isPart = (part: unknown): part is Part =>
  typeof part === 'object' && part !== null && 'servers' in part && Array.isArray(part.servers);
