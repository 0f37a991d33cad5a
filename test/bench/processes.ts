import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Clock ticks per second of /proc/<pid>/stat on Linux (`getconf CLK_TCK`). */
const ticksPerSecond = 100;

export const cores = { proxy: 0, load: 1 };

export type Started = {
  readonly process: ChildProcess;
  readonly pid: number;
  /** The line that said it was ready. */
  readonly ready: string;
  stop(): Promise<void>;
};

/** What is still running when this process ends must not outlive it. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

/** Starts a program pinned to one core; resolves when `isReady` says so, asked for each line and after a while. */
export async function startPinned(
  core: number,
  command: string,
  args: readonly string[],
  ready: RegExp | (() => Promise<boolean>),
): Promise<Started> {
  const child = spawn('taskset', ['-c', String(core), command, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const exited = once(child, 'exit').then(() => running.delete(child));
  const line = ready instanceof RegExp ? await lineOf(child, ready) : await pollUntil(child, ready);
  const { pid } = child;
  if (line === undefined || pid === undefined) {
    throw new Error(`${command} ${args.join(' ')} ended before it was ready`);
  }
  child.stdout.resume();
  return {
    process: child,
    pid,
    ready: line,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

async function lineOf(child: ChildProcess, ready: RegExp): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      if (ready.test(line)) resolve(line);
    });
    lines.on('close', () => resolve(undefined));
  });
}

async function pollUntil(child: ChildProcess, ready: () => Promise<boolean>): Promise<string | undefined> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries += 1) {
    if (await ready()) return '';
    await pause(50);
  }
  return undefined;
}

/** A Node script of this folder, run by the Node that runs the benchmark. */
export const startScript = (core: number, script: string, args: readonly string[] = []): Promise<Started> =>
  startPinned(core, process.execPath, [`${import.meta.dirname}/${script}`, ...args], /^ready/);

/** A process and its descendants: nginx works in a child of the one that was started. */
export function family(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(statOf(Number(entry))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const all = [pid];
  for (const one of all) all.push(...(children.get(one) ?? []));
  return all;
}

/** Seconds of processor time, user and system, that a process and its descendants have used. */
export function cpuSeconds(pid: number): number {
  let ticks = 0;
  for (const one of family(pid)) {
    const stat = statOf(one);
    ticks += Number(stat?.[11] ?? 0) + Number(stat?.[12] ?? 0);
  }
  return ticks / ticksPerSecond;
}

/** Resident bytes of a process and its descendants. */
export function residentBytes(pid: number): number {
  let kilobytes = 0;
  for (const one of family(pid)) {
    try {
      const status = readFileSync(`/proc/${one}/status`, 'utf8');
      kilobytes += Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    } catch {
      // It has ended meanwhile.
    }
  }
  return kilobytes * 1024;
}

/** The fields of /proc/<pid>/stat after the name: state, parent, … */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
