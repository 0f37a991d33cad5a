import type { Json, Listener, Subscription } from './store.ts';

type Subscriber = {
  readonly topic: string;
  readonly listener: Listener;
  /** Messages up to this number were published before. */
  since: number;
};

/** Whoever listens to topics, and whether what they hear may be believed. */
export class Subscribers {
  readonly #all = new Set<Subscriber>();
  readonly #report: (error: unknown) => void;
  #deaf = false;

  /** `report` hears what a listener threw. */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  get deaf(): boolean {
    return this.#deaf;
  }

  /** `since`: the number of the last message that the new one must not hear. */
  add(topic: string, listener: Listener, since: number): Subscription {
    const subscriber: Subscriber = { topic, listener, since };
    this.#all.add(subscriber);
    const isDeaf = (): boolean => this.#deaf;
    return {
      get deaf() {
        return isDeaf();
      },
      close: () => {
        this.#all.delete(subscriber);
      },
    };
  }

  deliver(topic: string, number: number, message: Json): void {
    for (const { topic: wanted, listener, since } of [...this.#all]) {
      if (wanted === topic && number > since) this.#call(() => listener.message(message));
    }
  }

  /** Numbers begin anew: nobody has missed any of them. */
  forgetNumbers(): void {
    for (const subscriber of this.#all) subscriber.since = 0;
  }

  becomeDeaf(): void {
    if (this.#deaf) return;
    this.#deaf = true;
    for (const { listener } of [...this.#all]) this.#call(() => listener.deaf?.());
  }

  becomeHearing(): void {
    if (!this.#deaf) return;
    this.#deaf = false;
    for (const { listener } of [...this.#all]) this.#call(() => listener.hearing?.());
  }

  clear(): void {
    this.#all.clear();
  }

  /** One listener's mistake must not keep a message from the others. */
  #call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#report(error);
    }
  }
}
