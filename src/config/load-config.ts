import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError, type ConfigIssue, type IssuePlace, type Path } from './config-error.ts';
import { checkConsistency } from './consistency.ts';
import { type Environment, type EnvironmentSettings, ownVariables, readEnvironment } from './environment.ts';
import { explain } from './explain.ts';
import { resolveConfig } from './resolve.ts';
import { fileSchema } from './schema.ts';
import { valueAt, withoutBlanks } from './schema-walk.ts';
import { sectionsOf } from './sections.ts';
import { readSource, type Source } from './source.ts';

/** The file that is read when none is named, if it is there. */
export const usualFile = 'sallyport.yaml';

export type LoadOptions = {
  /** As given with `--config`; relative to `folder`. Else `SALLYPORT_CONFIG`, else `sallyport.yaml`, else none. */
  readonly file?: string | undefined;
  /** Default: the environment of this process. */
  readonly environment?: Environment;
  /** The working directory; default: that of this process. */
  readonly folder?: string;
};

/**
 * Reads, validates and freezes the configuration. Only reads: no folder is made, no port or name is tried. No
 * file at all is a valid configuration.
 * @throws ConfigError with every mistake at once.
 */
export function loadConfig(options: LoadOptions = {}): Config {
  const folder = resolve(options.folder ?? process.cwd());
  const environment = readEnvironment(options.environment ?? process.env);
  const named = options.file ?? environment.config;
  const usual = resolve(folder, usualFile);
  const file = named === undefined ? (existsSync(usual) ? usual : undefined) : resolve(folder, named);
  const source = file === undefined ? noSource : readSource(file);
  const config = evaluate(source, environment, { file, folder });
  if (Array.isArray(config)) throw new ConfigError(config);
  return config;
}

const noSource: Source = { data: {}, issues: [], locate: () => undefined };

type Origin = { readonly file: string | undefined; readonly folder: string };

/** The configuration of a source and an environment, or everything that is wrong with them. */
export function evaluate(
  source: Source,
  environment: EnvironmentSettings,
  { file, folder }: Origin,
): Config | ConfigIssue[] {
  const input = withEnvironment(withoutBlanks(fileSchema, source.data), environment);
  const variableOf = (path: Path): string | undefined =>
    environment.values.find(({ variable }) => variable.path.every((part, index) => path[index] === part))
      ?.variable.name;
  const locate = (path: Path): IssuePlace => {
    const variable = variableOf(path);
    return variable === undefined ? source.locate(path) : { variable };
  };
  const parsed = fileSchema.safeParse(input);
  const issues = [
    ...source.issues,
    ...environment.issues,
    ...(parsed.success || source.issues.length > 0 ? [] : explain(parsed.error.issues, input, locate)),
    ...(source.issues.length > 0 ? [] : checkConsistency(sectionsOf(input), locate)),
    ...checkMasterKey(environment, input, locate),
  ];
  if (issues.length > 0 || !parsed.success) return issues.sort(byPlace);
  return resolveConfig(parsed.data, {
    file,
    folderOf: (path) => (file === undefined || variableOf(path) !== undefined ? folder : dirname(file)),
    masterKey: environment.masterKey,
  });
}

/** Variables first, then the file from top to bottom. */
function byPlace(one: ConfigIssue, other: ConfigIssue): number {
  const lineOf = ({ place }: ConfigIssue): number =>
    place === undefined || 'variable' in place ? 0 : (place.line ?? 1) + (place.column ?? 1) / 10_000;
  return lineOf(one) - lineOf(other);
}

/** `input` with the settings of the environment in place of those of the file. */
function withEnvironment(input: unknown, { values }: EnvironmentSettings): unknown {
  return values.reduce((data, { variable, value }) => put(data, variable.path, value), input);
}

function put(data: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    // A wrong kind of value in the file stays, to be reported.
    return data === undefined ? { [key]: put(undefined, rest, value) } : data;
  }
  const record = data as Record<string, unknown>;
  return { ...record, [key]: put(Object.hasOwn(record, key) ? record[key] : undefined, rest, value) };
}

/** 32 bytes in hexadecimal, base64 or base64url: what `openssl rand -base64 32` prints. */
const masterKeyLine = /^(?:[0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i;

function checkMasterKey(
  { masterKey }: EnvironmentSettings,
  input: unknown,
  locate: (path: Path) => IssuePlace,
): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  if (masterKey === undefined) {
    const redis = valueAt(input, ['store', 'redis']);
    if (typeof redis === 'object' && redis !== null && valueAt(input, ['masterKeyFile']) === undefined) {
      issues.push({
        path: 'masterKeyFile',
        place: locate(['store', 'redis']),
        mistake: 'This is missing: what gateways share in Redis is sealed under a key that they share too.',
        allowed: `masterKeyFile, or ${ownVariables.masterKey}: the same for every gateway`,
        remedy: 'Make a key with: openssl rand -base64 32',
      });
    }
    return issues;
  }
  const lines = masterKey.split(/[\r\n,]+/).map((line) => line.trim());
  if (!lines.filter((line) => line !== '').every((line) => masterKeyLine.test(line))) {
    issues.push({
      path: '',
      place: { variable: ownVariables.masterKey },
      mistake: 'This is not a master key.',
      allowed: '32 random bytes in base64 or hexadecimal; several, newest first, with commas',
      remedy: 'Make one with: openssl rand -base64 32',
    });
  }
  if (valueAt(input, ['masterKeyFile']) !== undefined) {
    issues.push({
      path: 'masterKeyFile',
      place: locate(['masterKeyFile']),
      mistake: `${ownVariables.masterKey} holds a master key already.`,
      allowed: `masterKeyFile or ${ownVariables.masterKey}, not both`,
      remedy: `Take masterKeyFile out, or unset ${ownVariables.masterKey}.`,
    });
  }
  return issues;
}
