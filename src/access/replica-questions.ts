import type { Clock } from '../clock.ts';
import { type Random, randomName } from '../random.ts';
import type { Json, Store, Subscription } from '../storage/index.ts';

/** Answers one kind of question for this replica: as many parts as it takes, none when there is nothing to say. */
export type Answerer = (question: Json) => Iterable<Json>;

export type ReplicaAnswers = {
  /** Milliseconds to wait; replicas that say nothing till then have nothing to say, or are not heard. */
  readonly within: number;
  /** Hears each part of an answer; true ends the waiting. */
  heard(part: Json): boolean;
};

type Asked = { readonly heard: (part: Json) => void };

/** At most so many questions of this replica wait for answers: whoever asks for more hears nothing. */
const limit = 256;

/**
 * Asks all other replicas what only they know, by way of the store's messages: what is in their memory is stored
 * nowhere, and nothing is said while nobody asks.
 */
export class ReplicaQuestions {
  readonly #store: Pick<Store, 'publish' | 'subscribe'>;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #random: Random;
  readonly #self: string;
  readonly #answerers = new Map<string, Answerer>();
  readonly #asked = new Map<string, Asked>();
  #subscription: Subscription | undefined;

  constructor(options: {
    store: Pick<Store, 'publish' | 'subscribe'>;
    clock: Pick<Clock, 'after'>;
    random: Random;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#self = randomName(options.random, 9);
  }

  /** From now on, others' questions are answered. */
  start(): void {
    this.#subscription ??= this.#store.subscribe('replicas', { message: (message) => this.#hear(message) });
  }

  close(): void {
    this.#subscription?.close();
    this.#subscription = undefined;
    this.#answerers.clear();
  }

  /** `kind` names the question; one answerer each. */
  answer(kind: string, answerer: Answerer): void {
    this.#answerers.set(kind, answerer);
  }

  /**
   * Asks every other replica. Resolves to true when `heard` had enough, to false when the time was over or nothing can
   * be asked now. Never rejects: silence is an answer that the caller has to be ready for.
   */
  ask(kind: string, question: Json, answers: ReplicaAnswers): Promise<boolean> {
    const subscription = this.#subscription;
    if (subscription === undefined || subscription.deaf || this.#asked.size >= limit) {
      return Promise.resolve(false);
    }
    const id = randomName(this.#random, 9);
    return new Promise((resolve) => {
      const end = (enough: boolean): void => {
        this.#asked.delete(id);
        timer.cancel();
        resolve(enough);
      };
      const timer = this.#clock.after(answers.within, () => end(false));
      this.#asked.set(id, {
        heard: (part) => {
          if (answers.heard(part)) end(true);
        },
      });
      this.#publish({ asks: id, by: this.#self, kind, question }).catch(() => end(false));
    });
  }

  #hear(message: Json): void {
    if (typeof message !== 'object' || message === null) return;
    if (Array.isArray(message)) return;
    const { asks, by, kind, question, answers, part } = message as Readonly<Record<string, Json>>;
    if (typeof answers === 'string') this.#asked.get(answers)?.heard(part ?? null);
    else if (typeof asks === 'string' && typeof kind === 'string' && by !== this.#self) {
      this.#answer(asks, kind, question ?? null);
    }
  }

  #answer(id: string, kind: string, question: Json): void {
    for (const part of this.#answerers.get(kind)?.(question) ?? []) {
      // Whoever asked hears nothing then, and was ready for that.
      this.#publish({ answers: id, part }).catch(() => {});
    }
  }

  #publish(message: Json): Promise<void> {
    return this.#store.publish('replicas', message);
  }
}
