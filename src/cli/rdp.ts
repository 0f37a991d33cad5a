import type { Command } from 'commander';
import { isWhitelisted, subscriptionOf, type WhitelistEntry } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { Rooms } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { findUser, findUsers } from './find-users.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';
import { parseUntil } from './parse-until.ts';

const pageSize = 200;

/** `rdp`: who may connect with an RDP client without a code. */
export function addRdp(program: Command, context: Context): void {
  const rdp = program.command('rdp').description(context.text('cli.rdp.help')).helpCommand(false);
  addList(rdp, context);
  addAdd(rdp, context);
  addRemove(rdp, context);
}

function addList(rdp: Command, context: Context): void {
  const { terminal, text, clock } = context;
  rdp
    .command('list')
    .description(text('cli.rdp.list.help'))
    .argument('[beginning]', text('cli.user.list.beginning'))
    .option('--json', text('cli.option.json'))
    .action((term: string | undefined, { json }: { json?: true }) =>
      withRooms(context, async (rooms) => {
        const entries: WhitelistEntry[] = [];
        let after: string | undefined;
        do {
          const query = { term, limit: pageSize, after };
          const page = await rooms.rdpWhitelist.list(rooms.administration.subscription, query);
          entries.push(...page.items);
          after = page.next;
        } while (after !== undefined);
        const over = (entry: WhitelistEntry) => !isWhitelisted(entry, clock.now());
        if (json) {
          const shown = entries.map((entry) => ({ ...entry, over: over(entry) }));
          return terminal.say(JSON.stringify(shown, undefined, 2));
        }
        if (entries.length === 0) return terminal.tell(text('cli.rdp.list.none'));
        const head = [
          text('cli.rdp.name'),
          text('cli.rdp.reason'),
          text('cli.rdp.since'),
          text('cli.rdp.until'),
          text('cli.rdp.by'),
        ];
        const lines = entries.map((entry) => [
          entry.name,
          entry.reason,
          formatTime(entry.since),
          untilOf(context, entry, over(entry)),
          entry.by,
        ]);
        for (const line of formatTable([head, ...lines])) terminal.say(line);
      }),
    );
}

function untilOf({ text }: Context, { until }: WhitelistEntry, over: boolean): string {
  if (until === undefined) return text('cli.rdp.for-good');
  return over ? text('cli.rdp.over', { until: formatTime(until) }) : formatTime(until);
}

function addAdd(rdp: Command, context: Context): void {
  const { terminal, text, clock } = context;
  rdp
    .command('add')
    .description(text('cli.rdp.add.help'))
    .argument('<names...>', text('cli.user.names'))
    .requiredOption('--reason <text>', text('cli.rdp.add.reason'))
    .option('--until <date>', text('cli.rdp.add.until'))
    .action((names: string[], options: { reason: string; until?: string }) => {
      const until = options.until === undefined ? undefined : parseUntil(options.until);
      if (options.until !== undefined && (until === undefined || until <= clock.now())) {
        throw new CommandFailure('cli.enabled.exempt.no-date', { date: options.until }, usageMistake);
      }
      return withRooms(context, async (rooms) => {
        for (const user of await findUsers(rooms, names)) {
          const { reason } = options;
          const put = rooms.rdpWhitelist.put(subscriptionOf(user), user, { reason, until }, actor);
          await put.catch((error: unknown) => {
            if (!(error instanceof GatewayError) || error.code !== 'invalid-request') throw error;
            throw new CommandFailure('cli.enabled.exempt.no-reason', {}, usageMistake);
          });
          terminal.say(text('cli.rdp.add.done', { name: user.name }));
        }
      });
    });
}

function addRemove(rdp: Command, context: Context): void {
  const { terminal, text } = context;
  rdp
    .command('remove')
    .description(text('cli.rdp.remove.help'))
    .argument('<names...>', text('cli.user.names'))
    .action((names: string[]) =>
      withRooms(context, async (rooms) => {
        const { rdpWhitelist } = rooms;
        for (const name of names) {
          const { subscription, key } = await placeOf(rooms, name);
          const removed = await rdpWhitelist.remove(subscription, key, actor);
          if (removed === undefined) throw new CommandFailure('cli.rdp.remove.none', { name });
          terminal.say(text('cli.rdp.remove.done', { name: removed.name }));
        }
      }),
    );
}

/** Also of somebody whom their directory has no more, by user key. */
async function placeOf(rooms: Rooms, name: string): Promise<{ subscription: string; key: string }> {
  try {
    const user = await findUser(rooms, name);
    return { subscription: subscriptionOf(user), key: user.key };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'unknown-user' || !name.includes(':')) throw error;
    return { subscription: rooms.administration.subscription, key: name };
  }
}
