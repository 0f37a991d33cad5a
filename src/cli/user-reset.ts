import type { Command } from 'commander';
import { unlockUser } from '../access/index.ts';
import {
  type DirectoryUser,
  deleteAccount,
  type Preview,
  previewUsers,
  type ResetUser,
  resetFactors,
  type UserAction,
} from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { peopleOf, type Rooms } from '../server/index.ts';
import { confirmCount } from './confirm.ts';
import { actor, type Context, withRooms } from './context.ts';
import { administrationFor, bySubscription, findUsers } from './find-users.ts';
import { tellPreview } from './tell-preview.ts';

/** `user reset`: the next sign-in enrols afresh, and whatever was locked by wrong tries is open again. */
export function addUserReset(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('reset')
    .description(text('cli.user.reset.help'))
    .argument('<names...>', text('cli.user.names'))
    .option('--ticket', text('cli.user.reset.ticket'))
    .option('--confirm <number>', text('cli.option.confirm'))
    .option('--dry-run', text('cli.user.dry-run'))
    .action((names: string[], options: { ticket?: true; confirm?: string; dryRun?: true }) =>
      withRooms(context, async (rooms) => {
        const users = await findUsers(rooms, names);
        await tellLosses(context, rooms, 'reset', users);
        if (options.dryRun) return;
        const confirm = await confirmCount(context, users.length, options.confirm);
        const asked = { ticket: options.ticket === true };
        const done: ResetUser[] = [];
        // All of them are confirmed; each is reset where they belong.
        for (const [subscription, keys] of bySubscription(users)) {
          const count = confirm === undefined ? {} : { confirm: keys.length };
          const parts = rooms.administrationOf(subscription);
          done.push(...(await resetFactors(parts, keys, actor, { ...asked, ...count })));
        }
        for (const { user: key, name, ticket } of done) {
          await unlockUser(
            { ...rooms, subscription: rooms.administration.subscription },
            { key, name },
            actor,
          );
          terminal.say(ticket === undefined ? text('cli.user.reset.done', { name }) : `${name}\t${ticket}`);
        }
        if (options.ticket) terminal.tell(text('cli.user.reset.tickets'));
      }),
    );
}

/** `user remove`: the account with everything that is known of it. */
export function addUserRemove(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('remove')
    .description(text('cli.user.remove.help'))
    .argument('<names...>', text('cli.user.names'))
    .option('--confirm <number>', text('cli.option.confirm'))
    .option('--dry-run', text('cli.user.dry-run'))
    .action((names: string[], options: { confirm?: string; dryRun?: true }) =>
      withRooms(context, async (rooms) => {
        const users = await findUsers(rooms, names);
        for (const { key, name } of users) {
          // Before any of them goes: all or none for a mistake that can be known.
          if (await rooms.roles.isOnlyOwner(key)) throw new GatewayError('last-owner', { params: { name } });
        }
        const failed = await tellLosses(context, rooms, 'remove', users);
        if (failed !== undefined) throw new GatewayError(failed.code, { params: { name: failed.name } });
        if (options.dryRun) return;
        await confirmCount(context, users.length, options.confirm);
        for (const found of users) {
          const { key, name } = found;
          await deleteAccount(administrationFor(rooms, found), key, actor);
          terminal.say(text('cli.user.remove.done', { name }));
        }
      }),
    );
}

/** What goes with it, of each subscription's users apart. Resolves to the first for whom it would be refused. */
async function tellLosses(
  context: Context,
  rooms: Rooms,
  action: UserAction,
  users: readonly DirectoryUser[],
): Promise<Preview['failed'][number] | undefined> {
  let refused: Preview['failed'][number] | undefined;
  for (const [subscription, keys] of bySubscription(users)) {
    // Whoever has this command line can make owners.
    const preview = await previewUsers(peopleOf(rooms, subscription), action, keys, async () => true);
    tellPreview(context, preview);
    refused ??= preview.failed[0];
  }
  return refused;
}
