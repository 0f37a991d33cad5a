import type { FoundEntry } from './audit-query.ts';

/** The columns of the CSV; what else an entry says stands in the last one, as JSON. */
const columns = [
  'time',
  'type',
  'subscription',
  'user',
  'name',
  'actor',
  'address',
  'browser',
  'application',
  'session',
  'result',
  'reason',
  'details',
] as const;

/** Each entry as one line of JSON: `id`, `time` (ISO 8601, UTC), and what the entry says. */
export async function* auditAsJsonLines(entries: AsyncIterable<FoundEntry>): AsyncGenerator<string> {
  for await (const found of entries) yield `${JSON.stringify(lineOf(found))}\n`;
}

/**
 * A table as RFC 4180 has it, with a line of headings. What a spreadsheet would take for a formula is text, by an
 * apostrophe before it (OWASP, CSV injection): names of users come from whoever types them.
 */
export async function* auditAsCsv(entries: AsyncIterable<FoundEntry>): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`;
  for await (const found of entries) {
    const { id, time, type, ...rest } = lineOf(found);
    const { origin, ...said } = rest;
    const flat: Record<string, unknown> = { time, type, ...said, ...(isFields(origin) ? origin : {}) };
    const known = new Set<string>(columns);
    const details = Object.fromEntries(Object.entries(flat).filter(([name]) => !known.has(name)));
    const row = columns.map((column) => {
      if (column === 'details') return Object.keys(details).length === 0 ? '' : JSON.stringify(details);
      const value = flat[column];
      return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
    });
    yield `${row.map(csvCell).join(',')}\r\n`;
  }
}

/** The same entry wherever a program reads it: exports, standard output, syslog. */
export function lineOf({ id, entry }: { readonly id?: string; readonly entry: FoundEntry['entry'] }): Line {
  const { type, at, ...said } = entry;
  return { ...(id === undefined ? {} : { id }), time: new Date(at).toISOString(), type, ...said };
}

type Line = {
  readonly id?: string;
  readonly time: string;
  readonly type: string;
  readonly [field: string]: unknown;
};

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * Where a formula would begin: at the start of a cell, and after what a spreadsheet of another country takes for the
 * end of one, since it reads lines that are separated by commas as a single cell, and splits that.
 */
const beginsFormula = /(?:^|(?<=[;\t\r\n]))(?=\s*[=+\-@＝＋－＠])|^(?=[\t\r\n])/g;

/** One cell of a CSV, safe to open in a spreadsheet. */
export function csvCell(text: string): string {
  const harmless = text.replaceAll(beginsFormula, "'");
  return /[",;\t\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
