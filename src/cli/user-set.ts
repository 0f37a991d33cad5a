import type { Command } from 'commander';
import { editAccount } from '../accounts/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { administrationFor, findUser } from './find-users.ts';

type Options = { name?: string; displayName?: string; email?: string; phone?: string };

/** `user set`: the details of a local account. Codes go to its number and address, from the next one on. */
export function addUserSet(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('set')
    .description(text('cli.user.set.help'))
    .argument('<name>', text('cli.user.name'))
    .option('--name <name>', text('cli.user.set.name'))
    .option('--display-name <text>', text('cli.user.add.display-name'))
    .option('--email <address>', text('cli.user.add.email'))
    .option('--phone <number>', text('cli.user.add.phone'))
    .action((named: string, details: Options) => {
      if (Object.keys(details).length === 0)
        throw new CommandFailure('cli.user.set.nothing', {}, usageMistake);
      return withRooms(context, async (rooms) => {
        const found = await findUser(rooms, named);
        const parts = administrationFor(rooms, found);
        const { name } = await editAccount(parts, found.key, details, actor);
        terminal.say(text('cli.user.set.done', { name }));
      });
    });
}
