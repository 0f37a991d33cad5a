import type { Clock, Timer } from '../clock.ts';
import type { HealthCheck } from './application.ts';
import { bodiless } from './request-form.ts';
import { requestHead } from './request-head.ts';
import type { ResponseHead } from './response-parser.ts';
import type { Carried, UpstreamConnection } from './upstream-connection.ts';
import type { UpstreamServer } from './upstream-server.ts';

/**
 * Asks one application server for its health path again and again; any answer below 500 says that it lives. Times in the check
 * are seconds. `stop` leaves no timer and no request behind.
 */
export class HealthChecks {
  readonly #server: UpstreamServer;
  readonly #check: HealthCheck;
  readonly #clock: Clock;
  readonly #timer: Timer;
  /** Whose head is waited for. */
  #probe: Probe | undefined;
  /** The last one; the rest of its answer may still be on its way. */
  #last: Probe | undefined;

  constructor(server: UpstreamServer, check: HealthCheck, clock: Clock) {
    this.#server = server;
    this.#check = check;
    this.#clock = clock;
    this.#timer = clock.every(check.interval * 1000, () => this.#ask());
    this.#ask();
  }

  stop(): void {
    this.#timer.cancel();
    this.#probe?.settle(undefined);
    this.#last?.giveUp();
  }

  #ask(): void {
    if (this.#probe !== undefined) return;
    this.#last?.giveUp();
    const { address, connections } = this.#server;
    const probe = new Probe(questionTo(address.authority, this.#check.path), (fault) => {
      deadline.cancel();
      this.#probe = undefined;
      if (fault !== undefined) this.#server.health.checked(fault === '', fault);
    });
    const deadline = this.#clock.after(this.#check.timeout * 1000, () => probe.settle('no answer in time'));
    this.#probe = probe;
    this.#last = probe;
    probe.connection = connections.carry(probe);
  }
}

const questionTo = (host: string, path: string): string =>
  requestHead('GET', path, `Host: ${host}\r\nUser-Agent: Sallyport health check\r\n`, bodiless);

/** One question; `done` is told the fault once: empty for none, `undefined` when it was called off. */
class Probe implements Carried {
  readonly isHead = false;
  readonly hasBody = false;
  readonly head: string;
  connection: UpstreamConnection | undefined;
  readonly #done: (fault: string | undefined) => void;
  #settled = false;

  constructor(head: string, done: (fault: string | undefined) => void) {
    this.head = head;
    this.#done = done;
  }

  settle(fault: string | undefined): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#done(fault);
    if (fault !== '') this.giveUp();
  }

  giveUp(): void {
    this.connection?.destroy();
    this.connection = undefined;
  }

  onHead({ status }: ResponseHead): void {
    this.settle(status < 500 ? '' : `it answered ${status}`);
  }

  onUnreachable(error: Error): void {
    this.settle(error.message);
  }

  onFailure(error: Error): void {
    this.settle(error.message);
  }

  onEnd(): void {
    this.connection = undefined;
  }

  onSent(): void {}
  onInformation(): void {}
  onBytes(): void {}
  onWritable(): void {}
}
