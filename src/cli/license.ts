import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { GatewayError } from '../errors.ts';
import {
  issueLicence,
  type LicenceState,
  newLicenceKey,
  publicKeyFor,
  readSerialNumber,
} from '../licence/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';
import { parseUntil } from './parse-until.ts';

/** `license`: how many users may be enabled, where a distributor has a say in it. */
export function addLicense(program: Command, context: Context): void {
  const license = program.command('license').description(context.text('cli.license.help')).helpCommand(false);
  addShow(license, context);
  addActivate(license, context);
  addKey(license, context);
  addIssue(license, context);
}

function addShow(license: Command, context: Context): void {
  const { terminal, text } = context;
  license
    .command('show')
    .description(text('cli.license.show.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async ({ licence }) => {
        const state = await licence.state();
        const users = await licence.users();
        if (json) return terminal.say(JSON.stringify({ ...state, users }, undefined, 2));
        for (const line of formatTable(rowsOf(context, state, users))) terminal.say(line);
        if (state.kind === 'unlimited') return;
        if (state.over) terminal.tell(text('cli.license.over'));
        else if (users >= state.limit) terminal.tell(text('cli.license.full'));
      }),
    );
}

function rowsOf({ text }: Context, state: LicenceState, users: number): string[][] {
  const serial = [text('cli.license.serial'), state.serial];
  const enabled = [text('cli.license.users'), String(users)];
  if (state.kind === 'unlimited')
    return [serial, [text('cli.license.edition'), text('cli.license.none')], enabled];
  return [
    serial,
    [text('cli.license.edition'), state.edition],
    [text('cli.license.users'), text('cli.license.of', { users, limit: state.limit })],
    [text('cli.license.until'), formatTime(state.until)],
  ];
}

function addActivate(license: Command, context: Context): void {
  const { terminal, text } = context;
  license
    .command('activate')
    .description(text('cli.license.activate.help'))
    .argument('<file>', text('cli.license.file'))
    .action((file: string) =>
      withRooms(context, async ({ licence }) => {
        const state = await licence.activate(read(file), actor).catch((error: unknown) => {
          if (!(error instanceof GatewayError) || error.code !== 'licence-invalid') throw error;
          const fault = faults.find((each) => each === error.params.reason) ?? 'malformed';
          throw new CommandFailure(`cli.license.fault.${fault}`);
        });
        if (state.kind === 'unlimited') return;
        const { edition, limit, until } = state;
        terminal.say(text('cli.license.activate.done', { edition, limit, until: formatTime(until) }));
      }),
    );
}

const faults = ['malformed', 'signature', 'serial', 'expired', 'older'] as const;

/** `license key`: once, at the distributor's. It needs no installation. */
function addKey(license: Command, context: Context): void {
  const { terminal, text } = context;
  license
    .command('key')
    .description(text('cli.license.key.help'))
    .argument('<file>', text('cli.license.key.file'))
    .action((file: string) => {
      if (existsSync(file)) {
        terminal.say(publicKeyOf(file));
        return;
      }
      const { privateKey, publicKey } = newLicenceKey();
      writeFileSync(file, privateKey, { mode: 0o600, flag: 'wx' });
      terminal.tell(text('cli.license.key.done', { file }));
      terminal.say(publicKey);
    });
}

type IssueOptions = {
  readonly key: string;
  readonly serial: string;
  readonly users: string;
  readonly until: string;
  readonly edition: string;
  readonly output?: string;
};

/** `license issue`: at the distributor's. It needs no installation. */
function addIssue(license: Command, context: Context): void {
  const { terminal, text, clock } = context;
  license
    .command('issue')
    .description(text('cli.license.issue.help'))
    .requiredOption('--key <file>', text('cli.license.issue.key'))
    .requiredOption('--serial <number>', text('cli.license.issue.serial'))
    .requiredOption('--users <count>', text('cli.license.issue.users'))
    .requiredOption('--until <date>', text('cli.license.issue.until'))
    .option('--edition <name>', text('cli.license.issue.edition'), 'Standard')
    .option('--output <file>', text('cli.license.issue.output'))
    .action((options: IssueOptions) => {
      const serial = readSerialNumber(options.serial);
      if (serial === undefined) {
        throw new CommandFailure('cli.license.issue.no-serial', { serial: options.serial }, usageMistake);
      }
      const until = parseUntil(options.until);
      if (until === undefined || until <= clock.now()) {
        throw new CommandFailure('cli.license.issue.no-date', { date: options.until }, usageMistake);
      }
      const users = /^[1-9]\d{0,6}$/.test(options.users) ? Number(options.users) : undefined;
      if (users === undefined) {
        throw new CommandFailure('cli.license.issue.no-users', { users: options.users }, usageMistake);
      }
      const terms = { serial, users, edition: options.edition, until, issuedAt: clock.now() };
      const privateKey = read(options.key);
      let file: string;
      try {
        file = issueLicence(terms, privateKey);
      } catch {
        throw new CommandFailure('cli.license.issue.no-key', { file: options.key });
      }
      if (options.output === undefined) return terminal.say(file);
      writeFileSync(options.output, `${file}\n`);
      terminal.say(
        text('cli.license.issue.done', { file: options.output, serial, users, until: formatTime(until) }),
      );
    });
}

function publicKeyOf(file: string): string {
  try {
    return publicKeyFor(read(file));
  } catch {
    throw new CommandFailure('cli.license.issue.no-key', { file });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CommandFailure('cli.license.unreadable', { file });
  }
}
