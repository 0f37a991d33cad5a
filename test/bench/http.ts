import { spawn } from 'node:child_process';
import { cores, cpuSeconds } from './processes.ts';
import type { Round } from './rounds.ts';

const connections = 64;

export type HttpResult = Round & { readonly errors: number };

/** Requests after which a proxy is as fast as it gets: the compilers are done. */
const warm = 60_000;

const units: Record<string, number> = { us: 0.001, ms: 1, s: 1000 };
const milliseconds = (value: string, unit: string): number => Number(value) * (units[unit] ?? Number.NaN);

/** Asks until the proxy is warm, or for 20 seconds. */
export async function warmUp(url: string, cookie: string): Promise<void> {
  const until = performance.now() + 20_000;
  for (let asked = 0; asked < warm && performance.now() < until; ) {
    asked += requestsIn(await load(url, cookie, 2, connections));
  }
}

/** 64 keep-alive connections for some seconds, by wrk on the load core. `pids`: all processes of the proxy. */
export async function measureHttp(
  pids: readonly number[],
  url: string,
  cookie: string,
  seconds: number,
): Promise<HttpResult> {
  const used = (): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = used();
  const output = await load(url, cookie, seconds, connections);
  const units = requestsIn(output);
  const latency = (name: string): number => {
    const match = new RegExp(`^\\s+${name}%\\s+([\\d.]+)(us|ms|s)`, 'm').exec(output);
    return milliseconds(match?.[1] ?? '', match?.[2] ?? '');
  };
  return {
    units,
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? 0),
    median: latency('50'),
    p99: latency('99'),
    cpu: ((used() - before) / units) * 1e6,
    errors: Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0),
  };
}

const requestsIn = (output: string): number => Number(/(\d+) requests in/.exec(output)?.[1] ?? 0);

function load(url: string, cookie: string, seconds: number, connections: number): Promise<string> {
  const args = ['-c', String(cores.load), 'wrk', '-t', '1', '-c', String(connections), '-d', `${seconds}s`];
  args.push('--latency', '-H', `Cookie: ${cookie}`, '-H', 'User-Agent: Mozilla/5.0 (X11; Linux x86_64)');
  args.push('-H', 'Accept: text/html,*/*;q=0.8', '-H', 'Accept-Language: en', '-H', 'Accept-Encoding: gzip');
  const wrk = spawn('taskset', [...args, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  wrk.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    wrk.on('error', reject);
    wrk.on('close', () => resolve(output));
  });
}
