/** An answer whose head waits for the first bytes of its body, to be written together with them. */
interface Waiting {
  flushHead(): void;
}

/**
 * Heads that have been received in this turn of the event loop. Most bodies come along with them; the heads of the others go
 * out at the end of the turn, all in one go, since a callback for each would cost more than they do.
 */
export class UnsentHeads {
  #waiting: Waiting[] = [];

  add(answer: Waiting): void {
    this.#waiting.push(answer);
    if (this.#waiting.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const answer of waiting) answer.flushHead();
  }
}
