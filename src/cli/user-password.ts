import type { Command } from 'commander';
import { forgetDevicesOf } from '../access/index.ts';
import { localDirectory } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { askPassword } from './ask-password.ts';
import { actor, type Context, withRooms } from './context.ts';
import { administrationFor, findUser, findUsers } from './find-users.ts';

/** `user password`: a new one for a local account, whatever the old one was. */
export function addUserPassword(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('password')
    .description(text('cli.user.password.help'))
    .argument('<name>', text('cli.user.name'))
    .option('--keep-password', text('cli.user.add.keep-password'))
    .option('--password-stdin', text('cli.password.stdin'))
    .action((named: string, options: { keepPassword?: true; passwordStdin?: true }) =>
      withRooms(context, async (rooms) => {
        const found = await findUser(rooms, named);
        const { key, name } = found;
        if (found.directory !== localDirectory) throw new GatewayError('not-local');
        const password = await askPassword(context, options.passwordStdin === true);
        await rooms.local.setPassword(key, password, { mustChange: options.keepPassword !== true });
        const { subscription, forgetDevices, sessions } = administrationFor(rooms, found);
        const owner = { subscription, user: key };
        await forgetDevices(owner);
        await sessions.revokeAll(owner, { reason: 'password-changed', actor });
        rooms.audit.record({ type: 'password.changed', user: key, name, actor });
        terminal.say(text('cli.user.password.done', { name }));
      }),
    );
}

/** `user forget-devices`: browsers that are known are strangers again. */
export function addUserForgetDevices(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('forget-devices')
    .description(text('cli.user.forget-devices.help'))
    .argument('<names...>', text('cli.user.names'))
    .action((names: string[]) =>
      withRooms(context, async (rooms) => {
        for (const found of await findUsers(rooms, names)) {
          await forgetDevicesOf(administrationFor(rooms, found), found, actor);
          terminal.say(text('cli.user.forget-devices.done', { name: found.name }));
        }
      }),
    );
}
