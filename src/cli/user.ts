import type { Command } from 'commander';
import type { Context } from './context.ts';
import { addUserAdd } from './user-add.ts';
import { addUserList } from './user-list.ts';
import { addUserRemove, addUserReset } from './user-reset.ts';

/** `user`: the accounts of the local directory, and the second factors of everybody. */
export function addUser(program: Command, context: Context): void {
  const user = program.command('user').description(context.text('cli.user.help')).helpCommand(false);
  addUserAdd(user, context);
  addUserList(user, context);
  addUserReset(user, context);
  addUserRemove(user, context);
}
