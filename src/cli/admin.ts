import type { Command } from 'commander';
import { resetFactors } from '../accounts/index.ts';
import { addAdminRoles } from './admin-roles.ts';
import { actor, type Context, withRooms } from './context.ts';
import { administrationFor, findUsers } from './find-users.ts';

/** `admin`: how an owner comes to be, and how one who is locked out gets back in. */
export function addAdmin(program: Command, context: Context): void {
  const { text } = context;
  const admin = program.command('admin').description(text('cli.admin.help')).helpCommand(false);
  addAdminRoles(admin, context);

  admin
    .command('create')
    .description(text('cli.admin.create.help'))
    .argument('<name>', text('cli.admin.name'))
    .action((name: string) =>
      withRooms(context, async ({ ownerSetup }, config) => {
        const { ticket } = await ownerSetup.issueOwnerTicket(actor, name);
        showLink(
          context,
          `${config.publicUrl}/.sallyport/owner#${ticket}`,
          text('cli.admin.create.link', { name }),
        );
      }),
    );

  admin
    .command('recover')
    .description(text('cli.admin.recover.help'))
    .argument('<name>', text('cli.admin.name'))
    .action((name: string) =>
      withRooms(context, async (rooms, config) => {
        const [user] = await findUsers(rooms, [name]);
        if (user === undefined) return;
        // The enrolments first: when this is interrupted, nobody holds a link to an account with the old factors.
        await resetFactors(administrationFor(rooms, user), [user.key], actor);
        const { ticket } = await rooms.ownerSetup.recover(user.name, actor);
        // With the name, so that the page says whose password it sets and nobody can mistype it.
        const link = `${config.publicUrl}/.sallyport/recover#${ticket}/${encodeURIComponent(user.name)}`;
        showLink(context, link, text('cli.admin.recover.link', { name: user.name }));
      }),
    );
}

/** The ticket is in the fragment, so that no server, log or referrer ever has it. */
function showLink({ terminal }: Context, link: string, explanation: string): void {
  terminal.tell(explanation);
  terminal.say(link);
}
