import { ConfigError } from './config-error.ts';
import { parseSource, readSource } from './source.ts';

/**
 * What a YAML or JSON file, or `text` in its place, holds; for something that is to be stored. Nothing of it is checked
 * yet. Throws `ConfigError` where it can't be read.
 */
export function readStoredFile(path: string, text?: string): unknown {
  const { data, issues } = text === undefined ? readSource(path) : parseSource(path, text);
  if (issues.length > 0) throw new ConfigError(issues);
  return data;
}
