import type { Command } from 'commander';
import type { Context } from './context.ts';
import { addUserDisable, addUserTicket, addUserUnlock } from './user-access.ts';
import { addUserAdd } from './user-add.ts';
import { addUserBypass } from './user-bypass.ts';
import { addUserExport, addUserImport } from './user-file.ts';
import { addUserFind } from './user-find.ts';
import { addUserGroups } from './user-groups.ts';
import { addUserList } from './user-list.ts';
import { addUserForgetDevices, addUserPassword } from './user-password.ts';
import { addUserRemove, addUserReset } from './user-reset.ts';
import { addUserSet } from './user-set.ts';
import { addUserShow } from './user-show.ts';

/** `user`: the accounts of the local directory, and the second factors of everybody. */
export function addUser(program: Command, context: Context): void {
  const user = program.command('user').description(context.text('cli.user.help')).helpCommand(false);
  addUserAdd(user, context);
  addUserList(user, context);
  addUserFind(user, context);
  addUserShow(user, context);
  addUserSet(user, context);
  addUserPassword(user, context);
  addUserGroups(user, context);
  addUserDisable(user, context);
  addUserUnlock(user, context);
  addUserForgetDevices(user, context);
  addUserTicket(user, context);
  addUserBypass(user, context);
  addUserReset(user, context);
  addUserRemove(user, context);
  addUserImport(user, context);
  addUserExport(user, context);
}
