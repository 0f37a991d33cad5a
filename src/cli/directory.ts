import type { Command } from 'commander';
import type { Config } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import type { LdapFinding } from '../first-factors/index.ts';
import { type Rooms, testDirectory } from '../server/index.ts';
import { nameIn, readInput } from './application.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTable } from './format-table.ts';
import { askSecret } from './sender.ts';

type AddOptions = { replace?: true; passwordStdin?: true };

/** `directory`: where users and their passwords come from, those of the file and of the store. */
export function addDirectory(program: Command, context: Context): void {
  const { terminal, text } = context;
  const directory = program.command('directory').description(text('cli.directory.help')).helpCommand(false);
  directory
    .command('list')
    .description(text('cli.directory.list.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async (rooms, config) => {
        const rows = rowsOf(rooms, config);
        if (json) return terminal.say(JSON.stringify(rows, undefined, 2));
        const titles = (['name', 'kind', 'servers', 'source'] as const).map((each) =>
          text(`cli.directory.column.${each}`),
        );
        const lines = rows.map(({ name, kind, servers, source, inForce }) => [
          name,
          kind,
          servers.join(', '),
          text(inForce ? `cli.application.source.${source}` : 'cli.application.not-in-force'),
        ]);
        for (const line of formatTable([titles, ...lines])) terminal.say(line);
      }),
    );
  directory
    .command('add')
    .description(text('cli.directory.add.help'))
    .argument('<file>', text('cli.directory.file'))
    .option('--replace', text('cli.directory.add.replace'))
    .option('--password-stdin', text('cli.directory.add.password-stdin'))
    .action((file: string, { replace, passwordStdin }: AddOptions) =>
      withRooms(context, async ({ storedDirectories }) => {
        if (file === '-' && passwordStdin === true) {
          throw new CommandFailure('cli.directory.add.one-input', {}, usageMistake);
        }
        const input = await withPassword(
          context,
          await readInput(context, file),
          passwordStdin === true,
          replace,
        );
        const name = nameIn(input);
        const { directory: added } =
          replace === true && name !== undefined
            ? await storedDirectories.replace(name, input, undefined, actor)
            : await storedDirectories.add(input, actor);
        terminal.say(text('cli.directory.add.done', { name: added.name }));
      }),
    );
  directory
    .command('remove')
    .description(text('cli.directory.remove.help'))
    .argument('<name>', text('cli.directory.name'))
    .action((name: string) =>
      withRooms(context, async ({ storedDirectories }, config) => {
        const kept = storedDirectories.all.some((each) => each.directory.name === name);
        if (!kept) {
          const isOfFile = config.directories.some((each) => each.name === name);
          throw new GatewayError(isOfFile ? 'set-by-file' : 'unknown-directory');
        }
        await storedDirectories.remove(name, undefined, actor);
        terminal.say(text('cli.directory.remove.done', { name }));
      }),
    );
  directory
    .command('test')
    .description(text('cli.directory.test.help'))
    .argument('[name]', text('cli.directory.name'))
    .option('--file <file>', text('cli.directory.file'))
    .option('--password-stdin', text('cli.directory.add.password-stdin'))
    .option('--json', text('cli.option.json'))
    .action((name: string | undefined, options: { file?: string; passwordStdin?: true; json?: true }) => {
      const { file, passwordStdin, json } = options;
      if ((name === undefined) === (file === undefined)) {
        throw new CommandFailure('cli.application.test.which', {}, usageMistake);
      }
      return withRooms(context, async (rooms) => {
        const findings = await findingsOf(context, rooms, name, file, passwordStdin === true);
        if (json) terminal.say(JSON.stringify(findings, undefined, 2));
        else tell(context, name ?? file ?? '', findings);
        // Passwords that can't be changed here and names nobody typed yet keep nobody out.
        const matters = ({ ok, about }: LdapFinding) =>
          !ok && about !== 'password-change' && about !== 'alias';
        const count = findings.filter(matters).length;
        if (count > 0) throw new CommandFailure('cli.check.directories-failed', { count });
      });
    });
}

/** Asks for the password of an account that is named without one, unless one is kept. */
async function withPassword(
  context: Context,
  input: unknown,
  fromInput: boolean,
  replace?: true,
): Promise<unknown> {
  if (typeof input !== 'object' || input === null || !('bindDn' in input) || 'password' in input)
    return input;
  if (!fromInput && (replace === true || !context.terminal.interactive)) return input;
  const option = '--password-stdin';
  return {
    ...input,
    password: await askSecret(context, 'cli.directory.add.password', { fromInput, option }),
  };
}

async function findingsOf(
  context: Context,
  rooms: Rooms,
  name: string | undefined,
  file: string | undefined,
  fromInput: boolean,
): Promise<readonly LdapFinding[]> {
  if (file !== undefined) {
    const input = await withPassword(context, await readInput(context, file), fromInput);
    return testDirectory(rooms.storedDirectories.judge(input, nameIn(input)), context.clock);
  }
  if (name === 'local') return [];
  const running = rooms.ldap.find(({ directory }) => directory === name);
  if (running === undefined) throw new GatewayError('unknown-directory');
  return running.check();
}

function tell({ terminal, text }: Context, directory: string, findings: readonly LdapFinding[]): void {
  for (const { about, ok, subject, reason = '', untrusted } of findings) {
    const line = text(`cli.check.ldap-${about}${ok ? '' : '-failed'}` as const, {
      directory,
      subject,
      reason,
    });
    if (ok) terminal.say(line);
    else terminal.tell(line.trimEnd());
    if (untrusted) terminal.tell(text('cli.check.ldap-untrusted'));
  }
}

function rowsOf({ storedDirectories }: Rooms, { directories }: Config) {
  const inForce = new Set(storedDirectories.inForce().map(({ directory }) => directory.name));
  return [
    ...directories.map((each) => ({
      name: each.name,
      kind: each.type === 'local' ? 'local' : each.kind,
      servers: each.type === 'local' ? [] : [...each.servers],
      source: 'file' as const,
      inForce: true,
    })),
    ...storedDirectories.all.map(({ directory, changedAt, changedBy, hasPassword }) => ({
      name: directory.name,
      kind: directory.kind,
      servers: [...directory.servers],
      source: 'store' as const,
      inForce: inForce.has(directory.name),
      hasPassword,
      changedAt: new Date(changedAt).toISOString(),
      changedBy,
    })),
  ];
}
