/** Work that can be told to end. */
interface Ending {
  close(reason: string): void;
}

/** What is going on in this proxy, so that it can be waited for or ended. */
export class InFlight {
  /** No new work is taken. */
  closing = false;
  readonly #work = new Set<Ending>();
  #onIdle: (() => void) | undefined;

  get size(): number {
    return this.#work.size;
  }

  add(work: Ending): void {
    this.#work.add(work);
  }

  delete(work: Ending): void {
    if (this.#work.delete(work) && this.#work.size === 0) this.#onIdle?.();
  }

  closeAll(reason: string): void {
    for (const work of [...this.#work]) work.close(reason);
  }

  /** Resolves as soon as nothing is going on. */
  async idle(): Promise<void> {
    if (this.#work.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }
}
