import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import {
  type AuditEventType,
  type AuditFilter,
  auditAsCsv,
  auditAsJsonLines,
  auditEventTypes,
  everyEntry,
  type FoundEntry,
  retentionDays,
} from '../audit/index.ts';
import { keyOfUser, type Rooms } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';
import { parseMoment } from './parse-moment.ts';

type Wish = {
  readonly user?: string;
  readonly type?: string;
  readonly from?: string;
  readonly to?: string;
  readonly address?: string;
  readonly actor?: string;
  readonly application?: string;
  readonly session?: string;
};

const usualCount = 50;

/** `audit`: what happened, and how long that is remembered. */
export function addAudit(program: Command, context: Context): void {
  const { terminal, text } = context;
  const audit = program.command('audit').description(text('cli.audit.help')).helpCommand(false);

  withFilters(context, audit.command('list').description(text('cli.audit.list.help')))
    .option('--limit <number>', text('cli.audit.limit'))
    .option('--json', text('cli.option.json'))
    .action((wish: Wish & { limit?: string; json?: true }) =>
      withRooms(context, async (rooms) => {
        const limit = wish.limit === undefined ? usualCount : Number(wish.limit);
        if (!Number.isInteger(limit) || limit < 1) {
          throw new CommandFailure('cli.audit.limit.wrong', {}, usageMistake);
        }
        const found: FoundEntry[] = [];
        for await (const each of everyEntry(rooms.store, await filterOf(context, rooms, wish))) {
          found.push(each);
          if (found.length === limit) break;
        }
        if (wish.json) {
          const told = found.map(({ id, entry }) => ({ id, ...entry, at: new Date(entry.at).toISOString() }));
          return terminal.say(JSON.stringify(told, undefined, 2));
        }
        if (found.length === 0) return terminal.tell(text('cli.audit.none'));
        const head = (['time', 'event', 'user', 'actor', 'address', 'result'] as const).map((name) =>
          text(`cli.audit.${name}`),
        );
        for (const line of formatTable([head, ...found.map(({ entry }) => rowOf(entry))])) terminal.say(line);
      }),
    );

  withFilters(context, audit.command('export').description(text('cli.audit.export.help')))
    .option('--format <format>', text('cli.audit.format'), 'jsonl')
    .option('--output <file>', text('cli.audit.output'))
    .action((wish: Wish & { format: string; output?: string }) => {
      const write = { jsonl: auditAsJsonLines, csv: auditAsCsv }[wish.format];
      if (write === undefined) throw new CommandFailure('cli.audit.format.wrong', {}, usageMistake);
      return withRooms(context, async (rooms) => {
        const filter = await filterOf(context, rooms, wish);
        const format = wish.format === 'csv' ? 'csv' : 'jsonl';
        rooms.audit.record({ type: 'audit.exported', format, actor });
        const lines = write(everyEntry(rooms.store, filter));
        if (wish.output !== undefined) {
          // Nobody but whoever typed this has to read it.
          await pipeline(Readable.from(lines), createWriteStream(wish.output, { mode: 0o600 }));
          return terminal.tell(text('cli.audit.export.done', { file: wish.output }));
        }
        for await (const line of lines) terminal.say(line.replace(/\r?\n$/, ''));
      });
    });

  audit
    .command('retention')
    .description(text('cli.audit.retention.help'))
    .argument('[days]', text('cli.audit.retention.days'))
    .action((days: string | undefined) =>
      withRooms(context, async ({ audit: log, auditRetention }) => {
        if (days !== undefined) {
          if (!/^\d+$/.test(days)) {
            const { least, most } = retentionDays;
            throw new CommandFailure('cli.audit.retention.wrong', { least, most }, usageMistake);
          }
          await auditRetention.change(Number(days), { actor, audit: log });
        }
        terminal.say(text('cli.audit.retention.is', { count: auditRetention.days }));
      }),
    );
}

const withFilters = ({ text }: Context, command: Command): Command =>
  command
    .option('--user <name>', text('cli.audit.filter.user'))
    .option('--type <types>', text('cli.audit.filter.type'))
    .option('--from <moment>', text('cli.audit.filter.from'))
    .option('--to <moment>', text('cli.audit.filter.to'))
    .option('--address <address>', text('cli.audit.filter.address'))
    .option('--actor <actor>', text('cli.audit.filter.actor'))
    .option('--application <name>', text('cli.audit.filter.application'))
    .option('--session <id>', text('cli.audit.filter.session'));

async function filterOf(context: Context, rooms: Rooms, wish: Wish): Promise<AuditFilter> {
  const { user, address, application, session } = wish;
  const types = wish.type?.split(',').map(typeOf);
  const from = wish.from === undefined ? 0 : momentOf(wish.from);
  const to = wish.to === undefined ? undefined : momentOf(wish.to);
  const key = user === undefined ? undefined : ((await keyOfUser(rooms, user)) ?? '?');
  const subscription = context.subscription?.() === undefined ? undefined : rooms.administration.subscription;
  return {
    ...(key === undefined ? {} : { user: key }),
    ...(types === undefined ? {} : { types }),
    from: Math.max(from, rooms.auditRetention.oldest),
    ...(to === undefined ? {} : { to }),
    ...(address === undefined ? {} : { address }),
    ...(wish.actor === undefined ? {} : { actor: wish.actor }),
    ...(application === undefined ? {} : { application }),
    ...(session === undefined ? {} : { session }),
    ...(subscription === undefined ? {} : { subscription }),
  };
}

function typeOf(typed: string): AuditEventType {
  const found = auditEventTypes.find((type) => type === typed.trim());
  if (found === undefined)
    throw new CommandFailure('cli.audit.filter.type.wrong', { type: typed }, usageMistake);
  return found;
}

function momentOf(typed: string): number {
  const moment = parseMoment(typed);
  if (moment === undefined)
    throw new CommandFailure('cli.audit.filter.moment.wrong', { typed }, usageMistake);
  return moment;
}

function rowOf(entry: FoundEntry['entry']): string[] {
  const fields: Readonly<Record<string, unknown>> = entry;
  const field = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const address = 'origin' in entry ? (entry.origin?.address ?? '') : '';
  const said = [field('result'), field('reason'), field('code')].filter((each) => each !== '');
  return [
    formatTime(entry.at),
    entry.type,
    field('name') || field('user'),
    field('actor'),
    address,
    said.join(', '),
  ];
}
