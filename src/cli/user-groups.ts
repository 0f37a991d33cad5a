import type { Command } from 'commander';
import { changeMembership, createGroup, type DirectoryUser, foldName } from '../accounts/index.ts';
import type { Rooms } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { describeObligation } from './describe-obligation.ts';
import { administrationFor, findUser } from './find-users.ts';

/** `user join` and `user leave`: which applications are for somebody, and often whether two factors are. */
export function addUserGroups(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('join')
    .description(text('cli.user.join.help'))
    .argument('<name>', text('cli.user.name'))
    .argument('<group>', text('cli.user.group'))
    .option('--create', text('cli.user.join.create'))
    .action((named: string, group: string, { create }: { create?: true }) =>
      withRooms(context, async (rooms) => {
        const before = await findUser(rooms, named);
        const known = await rooms.groups.find(group);
        if (known === undefined && create !== true) {
          throw new CommandFailure('cli.user.join.no-group', { group });
        }
        const name = known?.name ?? (await makeGroup(rooms, group));
        const after = await changeMembership(administrationFor(rooms, before), before.key, name, true, actor);
        if (known === undefined) terminal.tell(text('cli.user.join.created', { group: name }));
        terminal.say(text('cli.user.join.done', { name: after.name, group: name }));
        await tellChange(context, rooms, before, after);
      }),
    );
  user
    .command('leave')
    .description(text('cli.user.leave.help'))
    .argument('<name>', text('cli.user.name'))
    .argument('<group>', text('cli.user.group'))
    .action((named: string, group: string) =>
      withRooms(context, async (rooms) => {
        const before = await findUser(rooms, named);
        const joined = before.groups.find((each) => foldName(each) === foldName(group));
        if (joined === undefined) {
          throw new CommandFailure('cli.user.leave.no-member', { name: before.name, group });
        }
        const after = await changeMembership(
          administrationFor(rooms, before),
          before.key,
          joined,
          false,
          actor,
        );
        terminal.say(text('cli.user.leave.done', { name: after.name, group: joined }));
        await tellChange(context, rooms, before, after);
      }),
    );
}

/** The name of a new group. Rejects with `invalid-request`, `name-taken`. */
export async function makeGroup({ administration, groups }: Rooms, name: string): Promise<string> {
  return (await createGroup({ ...administration, groups }, name, actor)).name;
}

/** Says so when the group makes the difference between one factor and two. */
async function tellChange(
  context: Context,
  { questions }: Rooms,
  before: DirectoryUser,
  after: DirectoryUser,
): Promise<void> {
  const [was, is] = [await questions.obligationOf(before), await questions.obligationOf(after)];
  if (was.required !== is.required) context.terminal.tell(describeObligation(context, after.name, is));
}
