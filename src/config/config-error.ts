/** Where a mistake stands: in the file, in an environment variable, or nowhere in particular. */
export type IssuePlace =
  | { readonly file: string; readonly line?: number; readonly column?: number }
  | { readonly variable: string }
  | undefined;

/** One mistake of the configuration, as an administrator needs it. Never holds a secret. */
export type ConfigIssue = {
  /** As in `applications[0].servers[1].url`; empty for the file as a whole. */
  readonly path: string;
  readonly place: IssuePlace;
  readonly mistake: string;
  /** The value as found, shortened; absent where there is none or where it could be private. */
  readonly value?: string;
  readonly allowed?: string;
  readonly remedy: string;
};

/** Everything that is wrong with the configuration, at once. `message` is the whole report, for a terminal. */
export class ConfigError extends Error {
  readonly issues: readonly ConfigIssue[];
  /** EX_CONFIG of sysexits(3): what a process that can't start with its configuration exits with. */
  readonly exitCode = 78;

  constructor(issues: readonly ConfigIssue[]) {
    super(report(issues));
    this.name = 'ConfigError';
    this.issues = issues;
  }
}

function report(issues: readonly ConfigIssue[]): string {
  const head =
    issues.length === 1
      ? 'The configuration has a mistake.'
      : `The configuration has ${issues.length} mistakes.`;
  return [head, ...issues.map(describe)].join('\n\n');
}

function describe(issue: ConfigIssue): string {
  const place = describePlace(issue.place);
  const title = [place, issue.path].filter((part) => part !== '').join(': ');
  const lines = [title === '' ? 'configuration' : title, `  ${issue.mistake}`];
  if (issue.value !== undefined) lines.push(`  value:   ${issue.value}`);
  if (issue.allowed !== undefined) lines.push(`  allowed: ${issue.allowed}`);
  lines.push(`  remedy:  ${issue.remedy}`);
  return lines.join('\n');
}

function describePlace(place: IssuePlace): string {
  if (place === undefined) return '';
  if ('variable' in place) return place.variable;
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}

export type Path = readonly (string | number)[];

/** `['applications', 0, 'path']` as `applications[0].path`; a key that isn't a plain word is quoted and shortened. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = /^[\w-]{1,64}$/.test(part) ? part : showText(part);
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

const longestShown = 60;

/** A value for an error message: on one line, shortened, without what could be a password in an address. */
export function showValue(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string')
    return showText(value.replace(/^.*@/s, '…@').replace(/[?#].*$/s, (rest) => `${rest[0]}…`));
  return String(value);
}

function showText(text: string): string {
  const short = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return JSON.stringify(short).replaceAll(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
