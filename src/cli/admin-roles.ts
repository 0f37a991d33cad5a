import type { Command } from 'commander';
import { type Place, type Role, roleNames } from '../access/index.ts';
import { invitationLink, type Rooms } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { findUser } from './find-users.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';

/** `admin list|grant|withdraw|invite|invitations|uninvite`: who administers what, as the console does it. */
export function addAdminRoles(admin: Command, context: Context): void {
  const { terminal, text } = context;

  admin
    .command('list')
    .description(text('cli.admin.list.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async (rooms) => {
        const rows = [];
        for await (const { user, grants } of rooms.roles.everybody()) {
          const name = (await rooms.directories.find(user).catch(() => undefined))?.name ?? user;
          for (const { role, subscription, since } of grants)
            rows.push({ user, name, role, subscription, since });
        }
        if (json) return terminal.say(JSON.stringify(rows, undefined, 2));
        if (rows.length === 0) return terminal.tell(text('cli.admin.list.none'));
        const head = (['name', 'role', 'place', 'since'] as const).map((column) =>
          text(`cli.admin.column.${column}`),
        );
        const lines = rows.map(({ name, role, subscription, since }) => [
          name,
          role,
          subscription ?? text('cli.admin.site'),
          formatTime(since),
        ]);
        for (const line of formatTable([head, ...lines])) terminal.say(line);
      }),
    );

  admin
    .command('grant')
    .description(text('cli.admin.grant.help'))
    .argument('<name>', text('cli.user.name'))
    .argument('<role>', text('cli.admin.role', { roles: roleNames.join(', ') }))
    .action((named: string, typed: string) =>
      withRooms(context, async (rooms) => {
        const role = roleOf(typed);
        const { key, name } = await findUser(rooms, named);
        await rooms.administrators.grant(key, { ...placeOf(context, rooms), role }, { actor });
        terminal.say(text('cli.admin.grant.done', { name, role }));
      }),
    );

  admin
    .command('withdraw')
    .description(text('cli.admin.withdraw.help'))
    .argument('<name>', text('cli.user.name'))
    .action((named: string) =>
      withRooms(context, async (rooms) => {
        // Of somebody whom no directory has any more, the key.
        const held = await rooms.roles.find(named);
        const { key, name } = held === undefined ? await findUser(rooms, named) : { key: named, name: named };
        await rooms.administrators.withdraw(key, placeOf(context, rooms), { actor });
        terminal.say(text('cli.admin.withdraw.done', { name }));
      }),
    );

  admin
    .command('invite')
    .description(text('cli.admin.invite.help'))
    .argument('<name>', text('cli.admin.name'))
    .argument('<role>', text('cli.admin.role', { roles: roleNames.join(', ') }))
    .option('--new', text('cli.admin.invite.new'))
    .action((name: string, typed: string, options: { new?: true }) =>
      withRooms(context, async (rooms, config) => {
        const newAccount = options.new === true;
        const wish = { ...placeOf(context, rooms), name, role: roleOf(typed), newAccount };
        const { ticket, expiresAt } = await rooms.administrators.invite(wish, { actor });
        terminal.tell(text('cli.admin.invite.link', { name, until: formatTime(expiresAt) }));
        terminal.say(invitationLink(config.console.publicUrl, ticket, name.trim(), newAccount));
      }),
    );

  admin
    .command('invitations')
    .description(text('cli.admin.invitations.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async ({ administrators }) => {
        const all = await administrators.invitations();
        if (json) return terminal.say(JSON.stringify(all, undefined, 2));
        if (all.length === 0) return terminal.tell(text('cli.admin.invitations.none'));
        const head = (['id', 'name', 'role', 'place', 'until'] as const).map((column) =>
          text(`cli.admin.column.${column}`),
        );
        const lines = all.map(({ id, name, role, subscription, expiresAt }) => [
          id,
          name,
          role,
          subscription ?? text('cli.admin.site'),
          formatTime(expiresAt),
        ]);
        for (const line of formatTable([head, ...lines])) terminal.say(line);
      }),
    );

  admin
    .command('uninvite')
    .description(text('cli.admin.uninvite.help'))
    .argument('<id>', text('cli.admin.uninvite.id'))
    .action((id: string) =>
      withRooms(context, async ({ administrators }) => {
        await administrators.withdrawInvitation(id, actor);
        terminal.say(text('cli.admin.uninvite.done'));
      }),
    );
}

/** The role of this name. Throws `CommandFailure`. */
function roleOf(typed: string): Role {
  const role = roleNames.find((name) => name === typed.trim().toLowerCase());
  if (role === undefined) {
    throw new CommandFailure(
      'cli.admin.role.wrong',
      { role: typed, roles: roleNames.join(', ') },
      usageMistake,
    );
  }
  return role;
}

/** The subscription that `--subscription` names; else the whole site. */
export const placeOf = (context: Context, rooms: Rooms): Place =>
  context.subscription?.() === undefined ? {} : { subscription: rooms.administration.subscription };
