import { parseCsv, undefuse } from './csv.ts';

export const importColumns = [
  'directory',
  'user',
  'method',
  'phone',
  'email',
  'secret',
  'digits',
  'issuer',
] as const;
export type ImportColumn = (typeof importColumns)[number];

export const importProblemCodes = [
  'no-heading',
  'not-utf-8',
  'unknown-column',
  'repeated-column',
  'no-user-column',
  'unclosed-quote',
  'text-after-quote',
  'too-many-fields',
  'too-many-lines',
  'empty-user',
  'unknown-directory',
  'unknown-user',
  'repeated-user',
  'unknown-method',
  'invalid-phone-number',
  'invalid-address',
  'invalid-secret',
  'short-secret',
  'invalid-digits',
  'invalid-issuer',
  'secret-needed',
  'already-enrolled',
  'exempt',
  'not-allowed',
  'directory-unavailable',
] as const;
export type ImportProblemCode = (typeof importProblemCodes)[number];

/** `line` counts from 1, the heading included. `value`: what stands there, where it is no secret. */
export type ImportProblem = {
  readonly line: number;
  readonly column?: ImportColumn;
  readonly code: ImportProblemCode;
  readonly value?: string;
};

/** A line with a user; empty cells are left out. */
export type ImportRow = { readonly line: number; readonly user: string } & {
  readonly [Column in Exclude<ImportColumn, 'user'>]?: string;
};

/** Lines with a user, at most: more take longer than somebody waits. */
const mostLines = 10_000;

/** What other columns of an export are called: they say what is so, and are passed over. */
export const exportColumns = [
  'directory',
  'user',
  'display name',
  'groups',
  'state',
  'method',
  'phone',
  'email',
  'reason',
  'until',
  'required',
  'rule',
  'enrolled since',
  'enrolled methods',
  'last sign-in',
  'locked until',
  'disabled',
] as const;

const isColumn = (name: string): name is ImportColumn => importColumns.some((column) => column === name);
const isExported = (name: string): boolean => exportColumns.some((column) => column === name);

/** The lines of a file of users, and what is wrong with them by themselves. */
export function readImport(text: string): {
  readonly rows: readonly ImportRow[];
  readonly problems: readonly ImportProblem[];
} {
  const { rows: records, mistake } = parseCsv(text);
  const problems: ImportProblem[] = mistake === undefined ? [] : [mistake];
  // What a reader puts in the place of bytes that are no UTF-8.
  const foreign = text.indexOf('\ufffd');
  if (foreign >= 0) {
    const line = text.slice(0, foreign).split(/\r\n|\r|\n/).length;
    return { rows: [], problems: [{ line, code: 'not-utf-8' }] };
  }
  const [heading, ...lines] = records;
  if (heading === undefined) return { rows: [], problems: [...problems, { line: 1, code: 'no-heading' }] };
  const columns = heading.cells.map((cell) => cell.trim().toLowerCase());
  for (const [index, column] of columns.entries()) {
    const at = { line: heading.line, value: shown(column) };
    if (column !== '' && !isColumn(column) && !isExported(column)) {
      problems.push({ ...at, code: 'unknown-column' });
    } else if (isColumn(column) && columns.indexOf(column) < index) {
      problems.push({ ...at, column, code: 'repeated-column' });
    }
  }
  if (!columns.includes('user')) {
    return { rows: [], problems: [...problems, { line: heading.line, code: 'no-user-column' }] };
  }
  if (lines.length > mostLines) {
    const line = lines[mostLines]?.line ?? heading.line;
    return { rows: [], problems: [...problems, { line, code: 'too-many-lines', value: String(mostLines) }] };
  }
  const rows = lines.flatMap(({ line, cells }): ImportRow[] => {
    if (cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
      problems.push({ line, code: 'too-many-fields' });
      return [];
    }
    const row: Partial<Record<ImportColumn, string>> = {};
    for (const [index, column] of columns.entries()) {
      const value = undefuse((cells[index] ?? '').trim());
      if (isColumn(column) && value !== '') row[column] = value;
    }
    if (row.user === undefined) {
      problems.push({ line, column: 'user', code: 'empty-user' });
      return [];
    }
    return [{ ...row, line, user: row.user }];
  });
  return { rows, problems };
}

/** What somebody has typed, as far as it fits into a sentence. */
export const shown = (value: string): string =>
  value
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, 64)
    .toWellFormed();
