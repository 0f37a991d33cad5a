import type { Command } from 'commander';
import { disableAccount, enableAccount, issueTicket } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { describeObligation } from './describe-obligation.ts';
import { administrationFor, findUser, findUsers } from './find-users.ts';

/** `user unlock`: lifts what wrong codes and passwords have locked; nothing else changes. */
export function addUserUnlock(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('unlock')
    .description(text('cli.user.unlock.help'))
    .argument('<names...>', text('cli.user.names'))
    .action((names: string[]) =>
      withRooms(context, async (rooms) => {
        for (const { key, name } of await findUsers(rooms, names)) {
          const counted = await rooms.throttle.unlock(rooms.administration.subscription, key);
          if (counted) rooms.audit.record({ type: 'user.unlocked', user: key, name, actor });
          terminal.say(text(counted ? 'cli.user.unlock.done' : 'cli.user.unlock.nothing', { name }));
        }
      }),
    );
}

/** `user disable` and `user enable`: an account that nobody can sign in to, with everything it has kept. */
export function addUserDisable(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('disable')
    .description(text('cli.user.disable.help'))
    .argument('<name>', text('cli.user.name'))
    .action((named: string) =>
      withRooms(context, async (rooms) => {
        const found = await findUser(rooms, named);
        const { key, name } = found;
        await disableAccount(administrationFor(rooms, found), key, actor);
        terminal.say(text('cli.user.disable.done', { name }));
      }),
    );
  user
    .command('enable')
    .description(text('cli.user.enable.help'))
    .argument('<name>', text('cli.user.name'))
    .action((named: string) =>
      withRooms(context, async (rooms) => {
        const found = await findUser(rooms, named);
        const { key, name } = found;
        await enableAccount(administrationFor(rooms, found), key, actor);
        terminal.say(text('cli.user.enable.done', { name }));
      }),
    );
}

/** `user ticket`: lets somebody who has nothing enrolled enrol once, whatever the setting *Enrolment* says. */
export function addUserTicket(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('ticket')
    .description(text('cli.user.ticket.help'))
    .argument('<name>', text('cli.user.name'))
    .action((named: string) =>
      withRooms(context, async (rooms) => {
        const found = await findUser(rooms, named);
        const parts = administrationFor(rooms, found);
        const ticket = await issueTicket(parts, found.key, actor).catch((error: unknown) => {
          if (!(error instanceof GatewayError) || error.code !== 'already-enrolled') throw error;
          throw new CommandFailure('cli.user.ticket.enrolled', { name: found.name });
        });
        terminal.say(`${found.name}\t${ticket}`);
        terminal.tell(text('cli.user.reset.tickets'));
        const obligation = await rooms.questions.obligationOf(found);
        if (!obligation.required) terminal.tell(describeObligation(context, found.name, obligation));
      }),
    );
}
