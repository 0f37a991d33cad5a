import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

export type Running = {
  readonly process: ChildProcess;
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
};

/** Starts a program and keeps what it prints; `stop` ends exactly this process, by its id. */
export function start(command: string, args: readonly string[], options: SpawnOptions = {}): Running {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout?.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    printed += chunk;
  });
  const exited = once(child, 'exit');
  return {
    process: child,
    output: () => printed,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await exited;
      }
    },
  };
}

/**
 * Resolves when `port` on loopback accepts a connection; rejects when the program ends before, or after 15 seconds.
 */
export async function listening(
  running: Running,
  port: number,
  hosts: readonly string[] = ['127.0.0.1'],
): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    if (running.process.exitCode !== null) throw new Error(`ended before it listened: ${running.output()}`);
    for (const host of hosts) if (await accepts(port, host)) return;
    if (Date.now() > deadline) throw new Error(`does not listen on ${port}: ${running.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function accepts(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
