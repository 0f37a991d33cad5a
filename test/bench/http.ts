import { spawn } from 'node:child_process';
import { cores, cpuSeconds } from './processes.ts';

export type HttpResult = {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
  /** Microseconds of processor time of all processes of the proxy, per request. */
  readonly cpu: number;
  readonly errors: number;
};

const units: Record<string, number> = { us: 0.001, ms: 1, s: 1000 };
const milliseconds = (value: string, unit: string): number => Number(value) * (units[unit] ?? Number.NaN);

/** 64 keep-alive connections for some seconds, by wrk on the load core. */
export async function measureHttp(
  pid: number,
  url: string,
  cookie: string,
  seconds: number,
  connections = 64,
): Promise<HttpResult> {
  await load(url, cookie, 2, connections);
  const before = cpuSeconds(pid);
  const output = await load(url, cookie, seconds, connections);
  const used = cpuSeconds(pid) - before;
  const requests = Number(/(\d+) requests in/.exec(output)?.[1] ?? 0);
  const latency = (name: string): number => {
    const match = new RegExp(`^\\s+${name}%\\s+([\\d.]+)(us|ms|s)`, 'm').exec(output);
    return milliseconds(match?.[1] ?? '', match?.[2] ?? '');
  };
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? 0),
    median: latency('50'),
    p99: latency('99'),
    cpu: (used / requests) * 1e6,
    errors: Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0),
  };
}

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
