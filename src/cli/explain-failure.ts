import { CommanderError } from 'commander';
import type { Catalogue, CatalogueKey, Language } from '../catalogue/index.ts';
import { ConfigError } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { CommandFailure } from './command-failure.ts';
import { explainUnusablePath } from './explain-unusable-path.ts';
import { Interrupted } from './terminal.ts';
import { UnusableFiles } from './unusable-files.ts';

/** What to print on standard error, and what to exit with. */
export type Explanation = { readonly lines: readonly string[]; readonly exitCode: number };

/** EX_USAGE of sysexits(3). */
export const usageMistake = 64;

const usageTexts: Readonly<Record<string, CatalogueKey>> = {
  'commander.missingArgument': 'cli.usage.missing-argument',
  'commander.optionMissingArgument': 'cli.usage.missing-value',
  'commander.missingMandatoryOptionValue': 'cli.usage.missing-option',
  'commander.unknownOption': 'cli.usage.unknown-option',
  'commander.excessArguments': 'cli.usage.too-many',
  'commander.unknownCommand': 'cli.usage.unknown-command',
  'commander.conflictingOption': 'cli.usage.conflict',
};

/** Any failure of a command, in the language of whoever typed it. A bug keeps its stack. */
export function explainFailure(error: unknown, catalogue: Catalogue, language: Language): Explanation {
  if (error instanceof ConfigError) return { lines: [error.message], exitCode: error.exitCode };
  if (error instanceof CommandFailure) {
    return { lines: [catalogue.text(language, error.key, error.params)], exitCode: error.exitCode };
  }
  if (error instanceof UnusableFiles) {
    return {
      lines: error.problems.map(
        (problem) =>
          explainUnusablePath(problem, catalogue, language) ?? catalogue.problem(language, problem),
      ),
      exitCode: error.exitCode,
    };
  }
  const unusable = explainUnusablePath(error, catalogue, language);
  if (unusable !== undefined) return { lines: [unusable, ...causes(causeOf(error))], exitCode: 1 };
  if (error instanceof GatewayError && error.code !== 'internal') {
    return { lines: [catalogue.problem(language, error), ...causes(error.cause)], exitCode: 1 };
  }
  // As a shell reports a process that SIGINT ended.
  if (error instanceof Interrupted) return { lines: [''], exitCode: 130 };
  if (error instanceof CommanderError) return explainUsage(error, catalogue, language);
  return { lines: [error instanceof Error ? String(error.stack) : String(error)], exitCode: 1 };
}

function explainUsage(error: CommanderError, catalogue: Catalogue, language: Language): Explanation {
  if (error.exitCode === 0) return { lines: [], exitCode: 0 };
  // A group of commands without one of them: the help has been printed.
  if (error.code === 'commander.help') return { lines: [], exitCode: usageMistake };
  const key = usageTexts[error.code];
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const text = key === undefined ? error.message : catalogue.text(language, key, { word });
  return { lines: [text, catalogue.text(language, 'cli.usage.help')], exitCode: usageMistake };
}

/** Of a system error its own message is the technical reason. */
const causeOf = (error: unknown): unknown => (error instanceof GatewayError ? error.cause : error);

/** The technical reason behind a problem, for the administrator: never more than its messages. */
function causes(cause: unknown): string[] {
  if (!(cause instanceof Error)) return [];
  return [`  ${cause.message}`, ...causes(cause.cause)];
}
