import type { Clock } from '../clock.ts';
import type { Store, Subscription } from './store.ts';

/** Milliseconds. */
const retryAfter = 1_000;

export type FollowOptions = {
  readonly store: Pick<Store, 'subscribe'>;
  readonly clock: Pick<Clock, 'after'>;
  /** Whose every message means: read again. */
  readonly topic: string;
  /** Reads everything that is kept in memory. */
  read(): Promise<void>;
  /** Told why a reading failed; it is tried again a second later. */
  failed(error: unknown): void;
};

/** Keeps what a room has in memory as the store has it: read again after every message of a topic, and after deafness. */
export class TopicFollower {
  readonly #options: FollowOptions;
  #subscription: Subscription | undefined;
  #reading: Promise<void> | undefined;
  #stale = false;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  /** Whether something has changed that could not be read yet. */
  get stale(): boolean {
    return this.#stale;
  }

  /** Subscribes and reads for the first time. Rejects with what `read` rejects with; then nothing is followed. */
  async start(): Promise<void> {
    const { store, topic, read } = this.#options;
    // Subscribed before reading: what changes in between is read again.
    this.#subscription = store.subscribe(topic, {
      message: () => void this.refresh(),
      hearing: () => void this.refresh(),
    });
    try {
      await read();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Reads everything again; calls meanwhile cause one more reading. Retries until the store answers. */
  refresh(): Promise<void> {
    this.#stale = true;
    if (this.#subscription === undefined) return Promise.resolve();
    this.#reading ??= this.#read();
    return this.#reading;
  }

  close(): void {
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  async #read(): Promise<void> {
    try {
      while (this.#stale && this.#subscription !== undefined) {
        this.#stale = false;
        await this.#options.read();
      }
    } catch (error) {
      this.#stale = true;
      this.#options.failed(error);
      this.#options.clock.after(retryAfter, () => void this.refresh());
    } finally {
      // In the very turn of the last look, so that no change is left to the next one.
      this.#reading = undefined;
    }
  }
}
