import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';

/** The gateway's own answers that are still on their way, so that stopping can wait for them. */
export class OwnAnswers {
  readonly #clock: Pick<Clock, 'after'>;
  /** By connection, as long as it lives: a queued answer to a pipelined request is never told that it is lost. */
  readonly #unfinished = new Map<Socket, number>();
  #total = 0;
  #onLast: (() => void) | undefined;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  add({ socket }: IncomingMessage, response: ServerResponse): void {
    const count = this.#unfinished.get(socket);
    if (count === undefined) socket.once('close', () => this.#forget(socket));
    this.#unfinished.set(socket, (count ?? 0) + 1);
    this.#total += 1;
    response.once('close', () => this.#finish(socket));
  }

  /** Resolves when none is left, or after `limit` milliseconds. */
  async finished(limit: number): Promise<void> {
    if (this.#total === 0 || limit <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = this.#clock.after(limit, resolve);
      this.#onLast = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  #finish(socket: Socket): void {
    const count = this.#unfinished.get(socket);
    if (count === undefined) return;
    this.#unfinished.set(socket, count - 1);
    this.#less(1);
  }

  #forget(socket: Socket): void {
    const count = this.#unfinished.get(socket) ?? 0;
    this.#unfinished.delete(socket);
    this.#less(count);
  }

  #less(count: number): void {
    this.#total -= count;
    if (this.#total === 0) this.#onLast?.();
  }
}
