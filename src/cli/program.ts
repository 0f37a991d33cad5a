import { Command } from 'commander';
import {
  type Catalogue,
  type CatalogueKey,
  createCatalogue,
  type Language,
  negotiate,
} from '../catalogue/index.ts';
import { addAdmin } from './admin.ts';
import { addAlert } from './alert.ts';
import { addAudit } from './audit.ts';
import { addBackup } from './backup.ts';
import { addBranding } from './branding.ts';
import { addCheck } from './check.ts';
import { createContext } from './context.ts';
import { addEmail } from './email.ts';
import { addEnabled } from './enabled.ts';
import { explainFailure } from './explain-failure.ts';
import { addGroup } from './group.ts';
import { addInit } from './init.ts';
import { addKeys } from './keys.ts';
import { addRdp } from './rdp.ts';
import { addReload } from './reload.ts';
import { addRestore } from './restore.ts';
import { addServe } from './serve.ts';
import { addSettings } from './settings.ts';
import { addSms } from './sms.ts';
import { addStatus } from './status.ts';
import { addSubscription } from './subscription.ts';
import type { Terminal } from './terminal.ts';
import { addToken } from './token.ts';
import { addUser } from './user.ts';
import { addWhy } from './why.ts';

/** Headings of the help as commander writes them. */
const headings: Readonly<Record<string, CatalogueKey>> = {
  'Usage:': 'cli.help.usage',
  'Arguments:': 'cli.help.arguments',
  'Options:': 'cli.help.options',
  'Global Options:': 'cli.help.global-options',
  'Commands:': 'cli.help.commands',
};

export type ProgramOptions = {
  readonly terminal: Terminal;
  readonly version: string;
  /** BCP 47, as the system has it. */
  readonly locale: string;
};

/** Runs one command of `sallyport` and resolves to the exit code. Never rejects. */
export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<number> {
  const catalogue = createCatalogue();
  const language = negotiate(options.locale);
  try {
    await createProgram(options, catalogue, language).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    const { lines, exitCode } = explainFailure(error, catalogue, language);
    for (const line of lines) options.terminal.tell(line);
    return exitCode;
  }
}

function createProgram(
  { terminal, version }: ProgramOptions,
  catalogue: Catalogue,
  language: Language,
): Command {
  const text = catalogue.text.bind(catalogue, language);
  const program = new Command('sallyport');
  program
    .description(text('cli.description'))
    .option('--config <file>', text('cli.option.config'))
    .option('--subscription <name>', text('cli.option.subscription'))
    .version(version, '--version', text('cli.option.version'))
    .helpOption('-h, --help', text('cli.option.help'))
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => (headings[title] === undefined ? title : text(headings[title])),
    })
    .configureOutput({ writeOut: print(terminal.say), writeErr: print(terminal.tell), outputError: () => {} })
    .exitOverride();
  const context = createContext({
    terminal,
    version,
    text,
    configFile: () => program.opts<{ config?: string }>().config,
    subscription: () => program.opts<{ subscription?: string }>().subscription,
  });
  for (const add of [
    addServe,
    addInit,
    addCheck,
    addReload,
    addAdmin,
    addUser,
    addGroup,
    addEnabled,
    addRdp,
    addStatus,
    addSettings,
    addSms,
    addEmail,
    addAlert,
    addBranding,
    addSubscription,
    addToken,
    addAudit,
    addWhy,
    addKeys,
    addBackup,
    addRestore,
  ]) {
    add(program, context);
  }
  return program;
}

/** Commander writes whole texts with a line break at their end. */
const print =
  (show: (text: string) => void) =>
  (text: string): void =>
    show(text.replace(/\n$/, ''));
