import type { z } from 'zod';
import { type ConfigIssue, formatPath, showValue } from './config-error.ts';
import { explain } from './explain.ts';
import type { Report } from './report.ts';
import { withoutBlanks } from './schema-walk.ts';

/** What is wrong with something that is to be stored. */
export type StoredIssue = {
  /** As in `servers[1].url`; empty for the whole. */
  readonly path: string;
  /** `taken`, `inconsistent`, or the code of the schema's complaint (zod). */
  readonly rule: string;
  /** For an administrator, in English as every mistake of the configuration (decision 8). */
  readonly sentence: string;
};

export type StoredVerdict<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly StoredIssue[] };

/** A mistake besides those of the schema. */
export type StoredCheck<Value> = (value: Value, report: Report, taken: Report) => void;

/** Judges what is to be stored by the schema of its section in the file, and by `check`; explains it in the same words. */
export function judgeStored<Schema extends z.ZodType>(
  section: 'applications' | 'directories',
  schema: Schema,
  input: unknown,
  check: StoredCheck<z.output<Schema>>,
): StoredVerdict<z.output<Schema>> {
  const given = withoutBlanks(schema, input);
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const rules = new Map<string, string>();
    const issues = parsed.error.issues.map((issue) => {
      const path = [section, 0, ...issue.path];
      return { ...issue, path };
    });
    for (const { path, code } of parsed.error.issues) rules.set(formatPath(path.map(plain)), code);
    const explained = explain(issues, { [section]: [given] }, () => undefined);
    return { ok: false, issues: explained.map((issue) => storedIssue(issue, section, rules)) };
  }
  const issues: StoredIssue[] = [];
  const reporter =
    (rule: string): Report =>
    (path, { value, ...rest }) => {
      const shown = value === undefined ? {} : { value: showValue(value) };
      const at = formatPath(path);
      issues.push({
        path: at,
        rule,
        sentence: sentenceOf({ path: at, place: undefined, ...rest, ...shown }),
      });
    };
  check(parsed.data, reporter('inconsistent'), reporter('taken'));
  return issues.length === 0 ? { ok: true, value: parsed.data } : { ok: false, issues };
}

const plain = (part: PropertyKey): string | number => (typeof part === 'symbol' ? String(part) : part);

function storedIssue(issue: ConfigIssue, section: string, rules: ReadonlyMap<string, string>): StoredIssue {
  const path = issue.path.replace(`${section}[0]`, '').replace(/^\./, '');
  return { path, rule: rules.get(path) ?? 'invalid', sentence: sentenceOf({ ...issue, path }) };
}

function sentenceOf({ path, mistake, value, allowed, remedy }: ConfigIssue): string {
  const what = path === '' ? mistake : `${path}: ${mistake}`;
  const found = value === undefined ? '' : ` Found: ${value}.`;
  return `${what}${found}${allowed === undefined ? '' : ` Allowed: ${allowed}.`} ${remedy}`;
}
