/** One record of a CSV text. `line`: where it begins, counted from 1. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] };

export type CsvMistake = { readonly line: number; readonly code: 'unclosed-quote' | 'text-after-quote' };

const separators = [',', ';', '\t'] as const;

/**
 * The records of a CSV text (RFC 4180), as spreadsheets of many countries write them: separated by commas, semicolons
 * or tabs, whichever its first line has most of; with or without a byte order mark; lines ended by CR, LF or both.
 * Empty lines are left out. After a mistake of quoting there is nothing to be read safely: only what stands before it.
 */
export function parseCsv(text: string): { readonly rows: readonly CsvRow[]; readonly mistake?: CsvMistake } {
  const from = text.startsWith('\ufeff') ? 1 : 0;
  const separator = separatorOf(text.slice(from));
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let [line, begun] = [1, 1];
  let at = from;
  const endRow = (): void => {
    if (cells.some((cell) => cell.trim() !== '')) rows.push({ line: begun, cells });
    cells = [];
  };
  while (at < text.length) {
    if (cells.length === 0) begun = line;
    if (text[at] === '"') {
      const quoted = readQuoted(text, at);
      if (quoted === undefined) return { rows, mistake: { line, code: 'unclosed-quote' } };
      cells.push(quoted.cell);
      line += quoted.breaks;
      at = quoted.end;
      if (at < text.length && text[at] !== separator && text[at] !== '\r' && text[at] !== '\n') {
        return { rows, mistake: { line, code: 'text-after-quote' } };
      }
    } else {
      const end = endOfPlain(text, at, separator);
      cells.push(text.slice(at, end));
      at = end;
    }
    if (text[at] === separator) {
      at += 1;
      // A separator at the very end, or at the end of a line, is followed by an empty cell.
      if (at === text.length || text[at] === '\r' || text[at] === '\n') cells.push('');
      else continue;
    }
    if (at < text.length) {
      at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
      line += 1;
    }
    endRow();
  }
  endRow();
  return { rows };
}

/**
 * A CSV text: commas, quotes where they are needed, CRLF (RFC 4180), with a byte order mark, without which Excel takes
 * UTF-8 for something else. What a spreadsheet would take for a formula is defused by an apostrophe before it.
 */
export const formatCsvRow = (cells: readonly string[]): string => `${cells.map(formatCell).join(',')}\r\n`;

export const byteOrderMark = '\ufeff';

/** A cell as it was before `formatCsvRow` defused it. */
export const undefuse = (cell: string): string =>
  /^'+[=+\-@\t\r＝＋－＠]/.test(cell) ? cell.slice(1) : cell;

function formatCell(cell: string): string {
  const harmless = /^'*[=+\-@\t\r＝＋－＠]/.test(cell) ? `'${cell}` : cell;
  return /[",;\t\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function separatorOf(text: string): string {
  const first = /^[^\r\n]*/.exec(text)?.[0].replaceAll(/"[^"]*"/g, '') ?? '';
  const counts = separators.map((each) => first.split(each).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ',';
}

function endOfPlain(text: string, from: number, separator: string): number {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== '\r' && text[end] !== '\n') end += 1;
  return end;
}

function readQuoted(
  text: string,
  from: number,
): { readonly cell: string; readonly end: number; readonly breaks: number } | undefined {
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return undefined;
    if (text[quote + 1] !== '"') {
      const inside = text.slice(from + 1, quote);
      const breaks = inside.match(/\r\n|\r|\n/g)?.length ?? 0;
      return { cell: inside.replaceAll('""', '"'), end: quote + 1, breaks };
    }
    at = quote + 2;
  }
}
