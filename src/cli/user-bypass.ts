import type { Command } from 'commander';
import { bypassLifetime, issueBypass, withdrawBypass } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { describeObligation } from './describe-obligation.ts';
import { usageMistake } from './explain-failure.ts';
import { administrationFor, findUser } from './find-users.ts';
import { formatTime } from './format-time.ts';

type Options = { for?: string; reason?: string; withdraw?: true };

/** `user bypass`: a code that stands in for the second factor once, for somebody whose phone is not at hand. */
export function addUserBypass(user: Command, context: Context): void {
  const { text } = context;
  user
    .command('bypass')
    .description(text('cli.user.bypass.help'))
    .argument('<name>', text('cli.user.name'))
    .option('--for <time>', text('cli.user.bypass.for'))
    .option('--reason <text>', text('cli.user.bypass.reason'))
    .option('--withdraw', text('cli.user.bypass.withdraw'))
    .action((named: string, options: Options) =>
      options.withdraw ? withdraw(context, named, options) : issue(context, named, options),
    );
}

async function issue(context: Context, named: string, options: Options): Promise<void> {
  const { terminal, text } = context;
  const lifetime = options.for === undefined ? bypassLifetime.usual : parseSpan(options.for);
  if (lifetime === undefined || lifetime < bypassLifetime.least || lifetime > bypassLifetime.most) {
    throw new CommandFailure('cli.user.bypass.no-time', { time: options.for ?? '' }, usageMistake);
  }
  const reason = options.reason?.trim() ?? '';
  if (reason === '') throw new CommandFailure('cli.user.bypass.no-reason', {}, usageMistake);
  await withRooms(context, async (rooms) => {
    const found = await findUser(rooms, named);
    // Whoever has this command line can make owners: nothing is gained by keeping their codes from it.
    const wish = { lifetime, reason, forAdministrators: true };
    const parts = { ...administrationFor(rooms, found), store: rooms.store };
    const { code, until } = await issueBypass(parts, found.key, wish, actor).catch((error: unknown) => {
      if (!(error instanceof GatewayError) || error.code !== 'invalid-request') throw error;
      throw new CommandFailure('cli.user.bypass.no-reason', {}, usageMistake);
    });
    terminal.say(`${found.name}\t${code}`);
    terminal.tell(text('cli.user.bypass.done', { until: formatTime(until) }));
    const obligation = await rooms.questions.obligationOf(found);
    if (!obligation.required) terminal.tell(describeObligation(context, found.name, obligation));
  });
}

async function withdraw(context: Context, named: string, options: Options): Promise<void> {
  const { terminal, text } = context;
  if (options.for !== undefined || options.reason !== undefined) {
    throw new CommandFailure('cli.user.bypass.withdraw-alone', {}, usageMistake);
  }
  await withRooms(context, async (rooms) => {
    const found = await findUser(rooms, named);
    const { key, name } = found;
    const parts = { ...administrationFor(rooms, found), store: rooms.store };
    const withdrawn = await withdrawBypass(parts, key, actor);
    terminal.say(text(withdrawn ? 'cli.user.bypass.withdrawn' : 'cli.user.bypass.nothing', { name }));
  });
}

/** Milliseconds of `30m`, `2h` or `1h30m`; undefined for anything else. */
function parseSpan(typed: string): number | undefined {
  const match = /^(?:(\d{1,3})h)?(?:(\d{1,4})m)?$/.exec(typed.trim().toLowerCase());
  if (match === null || (match[1] === undefined && match[2] === undefined)) return undefined;
  return (Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0)) * 60_000;
}
