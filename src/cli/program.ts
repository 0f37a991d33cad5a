import { Command } from 'commander';
import {
  type Catalogue,
  type CatalogueKey,
  createCatalogue,
  type Language,
  negotiate,
} from '../catalogue/index.ts';
import { type Context, createContext } from './context.ts';
import { explainFailure } from './explain-failure.ts';
import type { Terminal } from './terminal.ts';

type AddCommand = (program: Command, context: Context) => void;

/** Every command, loaded when it is meant: the gateway itself has no use for the others. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  serve: async () => (await import('./serve.ts')).addServe,
  init: async () => (await import('./init.ts')).addInit,
  check: async () => (await import('./check.ts')).addCheck,
  reload: async () => (await import('./reload.ts')).addReload,
  admin: async () => (await import('./admin.ts')).addAdmin,
  user: async () => (await import('./user.ts')).addUser,
  group: async () => (await import('./group.ts')).addGroup,
  enabled: async () => (await import('./enabled.ts')).addEnabled,
  rdp: async () => (await import('./rdp.ts')).addRdp,
  status: async () => (await import('./status.ts')).addStatus,
  session: async () => (await import('./session.ts')).addSession,
  application: async () => (await import('./application.ts')).addApplication,
  directory: async () => (await import('./directory.ts')).addDirectory,
  settings: async () => (await import('./settings.ts')).addSettings,
  sms: async () => (await import('./sms.ts')).addSms,
  email: async () => (await import('./email.ts')).addEmail,
  alert: async () => (await import('./alert.ts')).addAlert,
  branding: async () => (await import('./branding.ts')).addBranding,
  subscription: async () => (await import('./subscription.ts')).addSubscription,
  license: async () => (await import('./license.ts')).addLicense,
  token: async () => (await import('./token.ts')).addToken,
  audit: async () => (await import('./audit.ts')).addAudit,
  why: async () => (await import('./why.ts')).addWhy,
  keys: async () => (await import('./keys.ts')).addKeys,
  backup: async () => (await import('./backup.ts')).addBackup,
  restore: async () => (await import('./restore.ts')).addRestore,
};

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
    const added = await Promise.all(meant(args).map((load) => load()));
    await createProgram(options, catalogue, language, added).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    const { lines, exitCode } = explainFailure(error, catalogue, language);
    for (const line of lines) options.terminal.tell(line);
    return exitCode;
  }
}

/** The command that stands first; all of them where it isn't one, so that the help can name them. */
function meant(args: readonly string[]): readonly (() => Promise<AddCommand>)[] {
  const first = args.find((word, index) => !word.startsWith('-') && args[index - 1] !== '--config') ?? '';
  const named = Object.hasOwn(commands, first) ? commands[first] : undefined;
  return named === undefined ? Object.values(commands) : [named];
}

function createProgram(
  { terminal, version }: ProgramOptions,
  catalogue: Catalogue,
  language: Language,
  added: readonly AddCommand[],
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
  for (const add of added) add(program, context);
  return program;
}

/** Commander writes whole texts with a line break at their end. */
const print =
  (show: (text: string) => void) =>
  (text: string): void =>
    show(text.replace(/\n$/, ''));
