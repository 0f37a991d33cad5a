import type { Clock } from '../clock.ts';
import type { Json } from '../storage/index.ts';
import type { LiveSession } from './gate-session.ts';
import type { ReplicaQuestions } from './replica-questions.ts';

/** Milliseconds that an answer is waited for. */
const patience = 250;
/** Milliseconds for which an answer holds. */
const freshness = 2_000;
/** Answers remembered at most. */
const remembered = 10_000;

const kind = 'tunnel';

/**
 * Knows whether a session has a tunnel on another replica: an expired one keeps its application reachable until its last
 * tunnel closes, wherever that is (product section 2). Asked only then, so that nothing is said in the usual case.
 * When nobody answers in time, there is none.
 */
export class TunnelsElsewhere {
  readonly #replicas: Pick<ReplicaQuestions, 'ask'>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #answers = new Map<string, { readonly open: boolean; readonly until: number }>();
  readonly #asking = new Map<string, Promise<boolean>>();

  /** `find`: a session of this process with something open, for whoever else asks. */
  constructor(options: {
    replicas: Pick<ReplicaQuestions, 'ask' | 'answer'>;
    clock: Pick<Clock, 'monotonic'>;
    find(id: string): LiveSession | undefined;
  }) {
    this.#replicas = options.replicas;
    this.#clock = options.clock;
    options.replicas.answer(kind, (question) => (isOpenHere(question, options.find) ? [true] : []));
  }

  /** Synchronous while an answer is fresh. */
  isOpen(session: LiveSession, application: string): boolean | Promise<boolean> {
    const key = `${session.id} ${application}`;
    const known = this.#answers.get(key);
    if (known !== undefined && this.#clock.monotonic() < known.until) return known.open;
    const asked = this.#asking.get(key);
    if (asked !== undefined) return asked;
    const asking = this.#ask(key, session, application).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(key: string, session: LiveSession, application: string): Promise<boolean> {
    const question = { session: session.id, user: session.user.key, application };
    const open = await this.#replicas.ask(kind, question, {
      within: patience,
      heard: (part) => part === true,
    });
    this.#answers.delete(key);
    this.#answers.set(key, { open, until: this.#clock.monotonic() + freshness });
    if (this.#answers.size > remembered) {
      for (const oldest of this.#answers.keys()) {
        this.#answers.delete(oldest);
        break;
      }
    }
    return open;
  }
}

function isOpenHere(question: Json, find: (id: string) => LiveSession | undefined): boolean {
  if (typeof question !== 'object' || question === null || Array.isArray(question)) return false;
  const { session: id, user, application } = question as Readonly<Record<string, Json>>;
  if (typeof id !== 'string' || typeof application !== 'string') return false;
  const session = find(id);
  return (
    session !== undefined &&
    session.user.key === user &&
    session.endedBy === undefined &&
    session.hasTunnelTo(application)
  );
}
