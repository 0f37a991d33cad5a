import type { z } from 'zod';
import { type ConfigIssue, formatPath, type IssuePlace, type Path, showValue } from './config-error.ts';
import { nearest } from './nearest.ts';
import { fileSchema } from './schema.ts';
import { entriesOf, meantBy, schemaAt, shapeOf, valueAt } from './schema-walk.ts';
import { allowedOf, defaultOf, noteOf } from './setting.ts';

type ZodIssue = z.core.$ZodIssue;
type Locate = (path: Path) => IssuePlace;

/** Where a key that stands in the wrong place belongs: `port` alone means one of these. */
const settingPaths: readonly { readonly key: string; readonly path: string }[] = [
  ...entriesOf(fileSchema),
].map(({ path }) => ({ key: (path.at(-1) ?? '').replace('[]', ''), path: path.join('.') }));

/** Turns what the schema says against `input` into what an administrator needs, one mistake for each cause. */
export function explain(issues: readonly ZodIssue[], input: unknown, locate: Locate): ConfigIssue[] {
  return issues.flatMap((issue) => explainOne(issue, [], input, locate));
}

function explainOne(issue: ZodIssue, prefix: Path, input: unknown, locate: Locate): ConfigIssue[] {
  const path = [...prefix, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownSetting([...path, key], path, input, locate));
  }
  if (issue.code === 'invalid_union') {
    const branch = issue.errors.find((errors) => !errors.some(isOtherKind));
    if (branch !== undefined && branch.length > 0) {
      return branch.flatMap((each) => explainOne(each, path, input, locate));
    }
  }
  return [wrongValue(issue, path, input, locate)];
}

/** Whether an alternative was not even meant: the value is of another kind altogether. */
const isOtherKind = (issue: ZodIssue): boolean => issue.code === 'invalid_type' && issue.path.length === 0;

function wrongValue(issue: ZodIssue, path: Path, input: unknown, locate: Locate): ConfigIssue {
  const value = valueAt(input, path);
  const schema = describedAt(path, input);
  return {
    path: formatPath(path),
    place: locate(path),
    mistake: mistakeOf(issue, value),
    ...(value === undefined || isPrivate(path) ? {} : { value: showValue(value) }),
    ...(schema === undefined ? {} : { allowed: allowedOf(schema) }),
    remedy: remedyOf(schema, value, path),
  };
}

/** Whether what stands there could be a password, even one written as a number. */
const isPrivate = (path: Path): boolean => path.at(-1) === 'password';

/** The setting at `path`, or the list it is an item of where nothing more is said about the items. */
function describedAt(path: Path, input: unknown): z.ZodType | undefined {
  const schema = schemaAt(fileSchema, path, input);
  const isBareItem = typeof path.at(-1) === 'number' && schema !== undefined && noteOf(schema) === undefined;
  return isBareItem ? schemaAt(fileSchema, path.slice(0, -1), input) : schema;
}

function mistakeOf(issue: ZodIssue, value: unknown): string {
  if (value === undefined) return 'This is missing.';
  switch (issue.code) {
    case 'custom':
      return issue.message;
    case 'invalid_type':
      return 'This is not of the kind that belongs here.';
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'This is too short.'
        : 'This is too small.';
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array' ? 'This is too long.' : 'This is too big.';
    case 'invalid_format':
      return issue.message;
    default:
      return 'This is not one of the choices.';
  }
}

function remedyOf(schema: z.ZodType | undefined, value: unknown, path: Path): string {
  const note = schema === undefined ? undefined : noteOf(schema);
  if (note?.remedy !== undefined) return note.remedy;
  if (value === undefined) return `Add ${formatPath(path)}.`;
  const standard = schema === undefined ? undefined : defaultOf(schema);
  if (typeof standard === 'string' || typeof standard === 'number' || typeof standard === 'boolean') {
    return `Correct it, or leave it out for the default, ${standard}.`;
  }
  return 'Correct it. docs/configuration.md describes every setting.';
}

function unknownSetting(path: Path, parent: Path, input: unknown, locate: Locate): ConfigIssue {
  const key = String(path.at(-1));
  const parentSchema = parent.length === 0 ? fileSchema : schemaAt(fileSchema, parent, input);
  const siblings =
    parentSchema === undefined ? [] : Object.keys(shapeOf(meantBy(parentSchema, valueAt(input, parent))));
  return {
    path: formatPath(path),
    place: locate(path),
    mistake: 'There is no such setting.',
    allowed: siblings.join(', '),
    remedy: unknownRemedy(key, siblings),
  };
}

function unknownRemedy(key: string, siblings: readonly string[]): string {
  if (/^master_?key$/i.test(key)) {
    return 'A master key never stands in this file: name its file in masterKeyFile, or set SALLYPORT_MASTER_KEY.';
  }
  const near = nearest(key, siblings);
  if (near !== undefined) return `Did you mean ${near}?`;
  const elsewhere = settingPaths.filter((each) => each.key === key).map((each) => each.path);
  if (elsewhere.length > 0) return `Did you mean ${elsewhere.slice(0, 3).join(' or ')}?`;
  return 'Take it out. docs/configuration.md describes every setting.';
}
