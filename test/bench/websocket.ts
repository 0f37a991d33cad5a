import { spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { cores, cpuSeconds } from './processes.ts';
import type { Round } from './rounds.ts';

/** A unit is a message there and back. */
export type WebSocketResult = Round;

export type Target = {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  readonly cookies: readonly string[];
  readonly secure?: boolean;
};

type Load = { readonly lines: Interface; stop(): void };

/** Starts the generator on the load core. `bytes` 0: it holds the tunnels idle. */
export function startLoad(target: Target, connections: number, bytes: number, seconds: number): Load {
  const script = `${import.meta.dirname}/websocket-load.ts`;
  const args = [
    target.port,
    target.host,
    target.path,
    target.cookies.join(','),
    connections,
    bytes,
    seconds,
    target.secure === true ? 'tls' : '',
  ].map(String);
  const limits = 'ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec taskset -c "$0" "$@"';
  const child = spawn('sh', ['-c', limits, String(cores.load), process.execPath, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { lines: createInterface({ input: child.stdout }), stop: () => child.kill('SIGKILL') };
}

/** Some tunnels, each with one message on its way at any time. */
export async function measureWebSocket(
  pid: number,
  target: Target,
  { connections, bytes, seconds }: { connections: number; bytes: number; seconds: number },
): Promise<WebSocketResult> {
  const load = startLoad(target, connections, bytes, seconds);
  let before = 0;
  for await (const line of load.lines) {
    if (line === 'counting') before = cpuSeconds(pid);
    if (!line.startsWith('{')) continue;
    const used = cpuSeconds(pid) - before;
    const { messages, median, p99 } = JSON.parse(line);
    return { units: messages, perSecond: messages / seconds, median, p99, cpu: (used / messages) * 1e6 };
  }
  throw new Error('the WebSocket load ended early');
}
