import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Milliseconds ahead of the machine's clock; with a configuration file, start on it. Or: end in order. */
export type ToGateway =
  | { readonly offset: number; readonly config?: string }
  | { readonly stop: { readonly grace: number; readonly drain: number } };
export type FromGateway =
  | { readonly loaded: true }
  | { readonly started: true; readonly ownerLink: string | undefined }
  | { readonly offset: number };

/** A gateway as a process of its own, on a clock of the test's: `offset` milliseconds ahead of the machine's. */
export class GatewayProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  readonly #loaded: Promise<FromGateway>;

  /** Loads the program and waits; nothing is opened yet. */
  constructor() {
    this.#child = fork(join(import.meta.dirname, 'clocked-gateway.ts'), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
    });
    this.#exited = once(this.#child, 'exit');
    this.#loaded = this.#answer();
    // A start that fails is told to whoever waits for it.
    this.#loaded.catch(() => {});
  }

  /** Resolves when it listens; to the link that makes the owner, while there is none. */
  async start(config: string, offset = 0): Promise<string | undefined> {
    await this.#loaded;
    const started = this.#answer();
    this.#tell({ config, offset });
    const answer = await started;
    assert.ok('started' in answer);
    return answer.ownerLink;
  }

  /** Resolves when its clock is set. */
  async setClock(offset: number): Promise<void> {
    const set = this.#answer();
    this.#tell({ offset });
    await set;
  }

  /** Stops it where it is, as a machine that is suspended does, until `thaw`. Not on Windows. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  /** SIGKILL, now. Resolves when it is gone, and that was why. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    const [code, signal] = await this.#exited;
    // Windows knows no signals and reports a code.
    if (process.platform !== 'win32')
      assert.deepEqual([code, signal], [null, 'SIGKILL'], 'it ended by itself');
  }

  /** Ends it as SIGTERM would, with so many milliseconds of each. Resolves when it is gone. */
  async stop(grace: number, drain: number): Promise<void> {
    this.#tell({ stop: { grace, drain } });
    const [code] = await this.#exited;
    assert.equal(code, 0);
  }

  #tell(message: ToGateway): void {
    this.#child.send(message);
  }

  async #answer(): Promise<FromGateway> {
    const ended = this.#exited.then(([code]) => {
      throw new Error(`the gateway ended with ${String(code)}`);
    });
    const [message] = await Promise.race([once(this.#child, 'message'), ended]);
    return message as FromGateway;
  }
}
