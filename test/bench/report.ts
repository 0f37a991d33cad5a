import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import type { HttpResult } from './http.ts';
import type { WebSocketResult } from './websocket.ts';

type Row = readonly string[];

/** A goal of the project: what must be reached, what was, and whether that is enough. */
export type Goal = {
  readonly what: string;
  readonly must: string;
  readonly reached: string;
  readonly holds: boolean;
};

const rounded = (value: number): string =>
  Number.isNaN(value)
    ? '–'
    : value >= 100
      ? value.toFixed(0)
      : value >= 10
        ? value.toFixed(1)
        : value.toFixed(2);

export const httpRow = (name: string, result: HttpResult): Row => [
  name,
  rounded(result.perSecond),
  rounded(result.median),
  rounded(result.p99),
  rounded(result.cpu),
  String(result.errors),
];

export const webSocketRow = (name: string, result: WebSocketResult): Row => [
  name,
  rounded(result.perSecond),
  rounded(result.median),
  rounded(result.p99),
  rounded(result.cpu),
];

export const httpHead: Row = [
  'HTTP, 0.75 KB answers, 64 connections',
  'requests/s',
  'median ms',
  'p99 ms',
  'CPU µs/request',
  'errors',
];
export const webSocketHead = (what: string): Row => [
  what,
  'messages/s',
  'median ms',
  'p99 ms',
  'CPU µs/message',
];

/** A Markdown table, aligned so that it reads well in a terminal too. */
export function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: Row): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? `:${'-'.repeat(width + 1)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

export const goalTable = (goals: readonly Goal[]): string =>
  table(
    ['what', 'must reach', 'reached', ''],
    goals.map(({ what, must, reached, holds }) => [what, must, reached, holds ? 'holds' : 'MISSED']),
  );

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `../../node_modules/${name}/package.json`), 'utf8'))
    .version;

function nginxVersion(): string {
  const script = 'nginx -v 2>&1';
  return execFileSync('sh', ['-c', script]).toString().trim().replace('nginx version: ', '');
}

/** Machine and versions, for whoever compares. */
export function surroundings(): string {
  const [cpu] = cpus();
  return [
    `- machine: ${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`,
    `- Node.js ${process.versions.node}, ${nginxVersion()}, http-proxy ${versionOf('http-proxy')}, http-proxy-3 ${versionOf('http-proxy-3')}`,
    '- proxies pinned to one core; application server and load on the other; CPU is that of all processes of the proxy, from /proc',
  ].join('\n');
}
