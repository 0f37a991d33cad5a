import type { Command } from 'commander';
import { changeMembership } from '../accounts/index.ts';
import type { Rooms } from '../server/index.ts';
import { askPassword } from './ask-password.ts';
import { actor, type Context, withRooms } from './context.ts';
import { makeGroup } from './user-groups.ts';

type Options = {
  displayName?: string;
  email?: string;
  phone?: string;
  group: string[];
  keepPassword?: true;
  passwordStdin?: true;
};

export function addUserAdd(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('add')
    .description(text('cli.user.add.help'))
    .argument('<name>', text('cli.user.name'))
    .option('--display-name <text>', text('cli.user.add.display-name'))
    .option('--email <address>', text('cli.user.add.email'))
    .option('--phone <number>', text('cli.user.add.phone'))
    .option('--group <name>', text('cli.user.add.group'), collect, [])
    .option('--keep-password', text('cli.user.add.keep-password'))
    .option('--password-stdin', text('cli.password.stdin'))
    .action((name: string, options: Options) =>
      withRooms(context, async (rooms) => {
        const { displayName, email, phone, group } = options;
        const password = await askPassword(context, options.passwordStdin === true);
        const wish = { name, displayName, email, phone, password, mustChange: options.keepPassword !== true };
        const created = await rooms.local.create(wish, actor);
        for (const each of group) await join(rooms, created.key, each);
        terminal.say(text('cli.user.add.done', { name: created.name, key: created.key }));
      }),
    );
}

const collect = (value: string, before: string[]): string[] => [...before, value];

/** Into a group that is made when there is none of that name. */
async function join(rooms: Rooms, user: string, group: string): Promise<void> {
  const { groups, administration } = rooms;
  if ((await groups.find(group)) === undefined) await makeGroup(rooms, group);
  await changeMembership(administration, user, group, true, actor);
}
