import type { Dispatcher } from 'undici';
import type { Clock, Timer } from '../clock.ts';
import type { HealthCheck } from './application.ts';
import type { CarriedByConnection, UpstreamConnection } from './connection-pool.ts';
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
  #probe: Probe | undefined;

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
  }

  #ask(): void {
    if (this.#probe !== undefined) return;
    const probe = new Probe((fault) => {
      deadline.cancel();
      this.#probe = undefined;
      if (fault !== undefined) this.#server.health.checked(fault === '', fault);
    });
    const deadline = this.#clock.after(this.#check.timeout * 1000, () => probe.settle('no answer in time'));
    this.#probe = probe;
    this.#server.connections.dispatch(
      {
        path: this.#check.path,
        method: 'GET',
        headers: ['User-Agent', 'Sallyport health check'],
        servername: this.#server.address.servername,
      } as Dispatcher.DispatchOptions,
      probe,
    );
  }
}

/** One question; `done` is told the fault once: empty for none, `undefined` when it was called off. */
class Probe implements CarriedByConnection {
  connection: UpstreamConnection | undefined = undefined;
  readonly #done: (fault: string | undefined) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;

  constructor(done: (fault: string | undefined) => void) {
    this.#done = done;
  }

  settle(fault: string | undefined): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#done(fault);
    if (fault !== '') this.#controller?.abort(new Error('health check given up'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('health check given up'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status >= 200) this.settle(status < 500 ? '' : `it answered ${status}`);
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    this.connection?.release();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.connection?.release();
    this.settle(error.message);
  }
}
