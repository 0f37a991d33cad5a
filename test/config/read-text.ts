import { readEnvironment } from '../../src/config/environment.ts';
import type { Config, ConfigIssue } from '../../src/config/index.ts';
import { evaluate } from '../../src/config/load-config.ts';
import { parseSource } from '../../src/config/source.ts';

type Environment = Record<string, string | undefined>;

/** Judges a text as if it were the file /etc/sallyport/site.yaml. */
export const judge = (text: string, environment: Environment = {}): Config | ConfigIssue[] =>
  evaluate(parseSource('site.yaml', text), readEnvironment(environment), {
    file: '/etc/sallyport/site.yaml',
    folder: '/srv',
  });

/** The configuration of a right text. */
export function accepted(text: string, environment?: Environment): Config {
  const result = judge(text, environment);
  if (Array.isArray(result)) throw new Error(JSON.stringify(result, undefined, 2));
  return result as Config;
}

/** The mistakes of a wrong text; empty for a right one. */
export function mistakes(text: string, environment?: Environment): readonly ConfigIssue[] {
  const result = judge(text, environment);
  return Array.isArray(result) ? result : [];
}
