import { readFileSync } from 'node:fs';
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { ConfigIssue, IssuePlace, Path } from './config-error.ts';

/** A configuration file as read: its plain data, and where each part of it stands. */
export type Source = {
  readonly data: unknown;
  readonly issues: readonly ConfigIssue[];
  locate(path: Path): IssuePlace;
};

/** Far beyond any real site; a wrong path (a log, an image) should not be parsed. */
const largestFile = 4 * 1024 * 1024;

/** Reads the file at `path`. What is wrong with it becomes an issue, never an exception. */
export function readSource(path: string): Source {
  let text: string;
  try {
    const bytes = readFileSync(path);
    if (bytes.length > largestFile) return broken(path, 'This file is larger than 4 MiB.');
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    return broken(path, unreadable(cause));
  }
  return parseSource(path, text);
}

function unreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'There is no such file.';
  if (code === 'EACCES' || code === 'EPERM')
    return 'This file may not be read by the user that runs the gateway.';
  if (code === 'EISDIR') return 'This is a folder, not a file.';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'This file is not UTF-8 text.';
  return 'This file cannot be read.';
}

function broken(file: string, mistake: string, remedy = 'Name a YAML or JSON file with --config.'): Source {
  const place = { file };
  return { data: {}, issues: [{ path: '', place, mistake, remedy }], locate: () => place };
}

/** Parses YAML 1.2 (JSON is a part of it). Nothing in it can make code run or grow beyond its size. */
export function parseSource(file: string, text: string): Source {
  try {
    return parse(file, text);
  } catch {
    // Bombs of aliases and of nesting are the only things the parser throws for.
    return broken(
      file,
      'This file cannot be read as YAML: it repeats or nests too much.',
      'Write it more plainly.',
    );
  }
}

function parse(file: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const placeAt = (offset: number | undefined): IssuePlace => {
    if (offset === undefined) return { file };
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const issues = [...document.errors, ...document.warnings].map((error) => ({
    path: '',
    place: placeAt(error.pos[0]),
    mistake: `This is not valid YAML (${error.code.toLowerCase().replaceAll('_', ' ')}).`,
    remedy: 'Check the indentation, the colons and the quotes around this line.',
  }));
  if (issues.length > 0) return { data: {}, issues, locate: () => ({ file }) };
  return {
    data: document.toJS({ maxAliasCount: 100 }) ?? {},
    issues,
    locate: (path) => placeAt(offsetOf(document.contents, path)),
  };

  function offsetOf(contents: Node | null, path: Path): number | undefined {
    let node: unknown = contents;
    let offset = contents?.range?.[0];
    for (const part of path) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(part));
        if (pair === undefined || !isScalar(pair.key)) return offset;
        offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node) && typeof part === 'number') {
        node = node.items[part];
        if (node === undefined) return offset;
        offset = (node as Node).range?.[0] ?? offset;
      } else return offset;
    }
    return offset;
  }
}
