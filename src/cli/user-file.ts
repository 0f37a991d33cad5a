import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import {
  byteOrderMark,
  type ExportedUser,
  exportColumns,
  exportUsers,
  formatCsvRow,
  type ImportResult,
  importUsers,
  planImport,
} from '../accounts/index.ts';
import { importingOf, peopleOf } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { confirmCount } from './confirm.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { tellWarnings } from './tell-preview.ts';

/** Bytes, as the API has it. */
const longestFile = 8_000_000;

type ImportOptions = { dryRun?: true; confirm?: string; json?: true };

/** `user import`: the users of a CSV file onto the list, all or nobody. */
export function addUserImport(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('import')
    .description(text('cli.user.import.help'))
    .argument('<file>', text('cli.user.import.file'))
    .option('--dry-run', text('cli.user.dry-run'))
    .option('--confirm <number>', text('cli.option.confirm'))
    .option('--json', text('cli.option.json'))
    .action((file: string, options: ImportOptions) =>
      withRooms(context, async (rooms) => {
        const csv = readCsv(file);
        const { subscription } = rooms.administration;
        const parts = {
          ...peopleOf(rooms, subscription),
          ...importingOf(rooms, subscription),
          // Whoever has this command line can make owners.
          mayActOn: async () => true,
        };
        const plan: ImportResult = { ...(await planImport(parts, csv)), applied: false };
        let result = plan;
        if (plan.problems.length === 0 && options.dryRun !== true) {
          const confirm =
            plan.confirm === undefined
              ? undefined
              : await confirmCount(context, plan.confirm, options.confirm);
          result = await importUsers(parts, csv, actor, { confirm });
        }
        if (options.json) terminal.say(JSON.stringify(shownOf(context, result), undefined, 2));
        else tell(context, result);
        if (result.problems.length > 0) {
          throw new CommandFailure('cli.user.import.nothing', { count: result.problems.length });
        }
        if (result.stoppedAt !== undefined) {
          throw new CommandFailure('cli.user.import.stopped', { line: result.stoppedAt });
        }
      }),
    );
}

/** Without keys, numbers and addresses. */
function shownOf({ text }: Context, { changes, problems, ...rest }: ImportResult) {
  return {
    ...rest,
    changes: changes.map(({ line, user, name, entry, method, app }) => ({
      ...{ line, user, name, entry },
      ...(method === undefined ? {} : { method }),
      secret: app !== undefined,
    })),
    problems: problems.map(({ line, column, code, value = '' }) => ({
      ...{ line, column, code },
      text: text(`people.import.${code}`, { value }),
    })),
  };
}

function tell(context: Context, { applied, changes, problems, warnings }: ImportResult): void {
  const { terminal, text } = context;
  for (const { line, column, code, value = '' } of problems) {
    const words = text(`people.import.${code}`, { value });
    terminal.tell(
      column === undefined
        ? text('cli.user.import.line', { line, words })
        : text('cli.user.import.cell', { line, column, words }),
    );
  }
  if (problems.length > 0) return;
  tellWarnings(context, warnings);
  const count = (entry: string): number => changes.filter((change) => change.entry === entry).length;
  const counts = {
    added: count('added'),
    changed: count('changed'),
    same: count('same'),
    secrets: changes.filter(({ app }) => app !== undefined).length,
  };
  terminal.say(text(applied ? 'cli.user.import.done' : 'cli.user.import.would', counts));
}

function readCsv(file: string): string {
  if (statSync(file).size > longestFile) throw new CommandFailure('cli.user.import.too-large', { file });
  return readFileSync(file, 'utf8');
}

type ExportOptions = { format?: string; output?: string };

/** `user export`: everybody, without any secret; numbers and addresses that administrators have set are in full. */
export function addUserExport(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('export')
    .description(text('cli.user.export.help'))
    .option('--format <format>', text('cli.user.export.format'))
    .option('--output <file>', text('cli.user.export.output'))
    .action(({ format = 'csv', output }: ExportOptions) => {
      if (format !== 'csv' && format !== 'json') {
        throw new CommandFailure('cli.user.export.no-format', { format }, usageMistake);
      }
      return withRooms(context, async (rooms) => {
        const parts = peopleOf(rooms, rooms.administration.subscription);
        parts.audit.record({ type: 'users.exported', format, actor });
        const users: ExportedUser[] = [];
        for await (const each of exportUsers(parts, { whole: true })) users.push(each);
        const csv = () =>
          [exportColumns, ...users.map((each) => exportColumns.map((column) => each[column] ?? ''))]
            .map(formatCsvRow)
            .join('');
        const content = format === 'csv' ? csv() : `${JSON.stringify(users, undefined, 2)}\n`;
        if (output === undefined) {
          // A terminal takes no carriage returns.
          terminal.say(content.replaceAll('\r\n', '\n').trimEnd());
          return;
        }
        writeFileSync(output, format === 'csv' ? byteOrderMark + content : content, {
          mode: 0o600,
          flag: 'wx',
        });
        terminal.tell(text('cli.user.export.done', { count: users.length, file: output }));
      });
    });
}
