import type { ReplicaQuestions } from '../access/index.ts';
import type { RemoteSessionView } from '../proxy/index.ts';
import type { Json } from '../storage/index.ts';

/** How many remote sessions are open, over all replicas that answered. */
export type TunnelCount = { readonly open: number; readonly replicas: number };

const kind = 'tunnel-counts';
/** Milliseconds that others get to answer. */
const patience = 500;

type Counts = { readonly [subscription: string]: number };

/** Counts remote sessions without listing them: a page that is looked at often must not move thousands of records. */
export class LiveTunnelCounts {
  readonly #replicas: Pick<ReplicaQuestions, 'ask'> | undefined;
  readonly #here: () => readonly RemoteSessionView[];

  /** `replicas` absent: this one is alone. */
  constructor(options: {
    replicas: Pick<ReplicaQuestions, 'ask' | 'answer'> | undefined;
    here: () => readonly RemoteSessionView[];
  }) {
    this.#replicas = options.replicas;
    this.#here = options.here;
    options.replicas?.answer(kind, () => [{ counts: this.#count() }]);
  }

  /** Takes half a second where there are replicas. Never rejects: who does not answer is not counted. */
  async of(subscription: string): Promise<TunnelCount> {
    const heard: Counts[] = [this.#count()];
    await this.#replicas?.ask(
      kind,
      {},
      {
        within: patience,
        heard(part) {
          if (isPart(part)) heard.push(part.counts);
          return false;
        },
      },
    );
    const open = heard.reduce((sum, counts) => sum + (counts[subscription] ?? 0), 0);
    return { open, replicas: heard.length };
  }

  #count(): Counts {
    const counts: Record<string, number> = {};
    for (const { subscription } of this.#here()) counts[subscription] = (counts[subscription] ?? 0) + 1;
    return counts;
  }
}

/** Another replica may be of another version. */
const isPart = (part: Json): part is { readonly counts: Counts } =>
  typeof part === 'object' &&
  part !== null &&
  'counts' in part &&
  typeof part.counts === 'object' &&
  part.counts !== null &&
  Object.values(part.counts).every((count) => typeof count === 'number');
