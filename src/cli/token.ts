import type { Command } from 'commander';
import { roleNames, type TokenRole } from '../access/index.ts';
import { GatewayError } from '../errors.ts';
import { placeOf } from './admin-roles.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { findUser } from './find-users.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';
import { parseUntil } from './parse-until.ts';

const tokenRoles: readonly TokenRole[] = [...roleNames, 'logon-check'];

type Wish = { readonly for: string; readonly until: string; readonly server?: readonly string[] };

/** `token`: what programs call the API with. */
export function addToken(program: Command, context: Context): void {
  const { terminal, text } = context;
  const token = program.command('token').description(text('cli.token.help')).helpCommand(false);

  token
    .command('list')
    .description(text('cli.token.list.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async ({ apiTokens, directories }) => {
        const all = await apiTokens.list();
        if (json) return terminal.say(JSON.stringify(all, undefined, 2));
        if (all.length === 0) return terminal.tell(text('cli.token.list.none'));
        const columns = ['id', 'name', 'role', 'place', 'creator', 'until', 'used'] as const;
        const rows = await Promise.all(
          all.map(async ({ id, name, role, subscription, creator, expiresAt, lastUsedAt }) => [
            id,
            name,
            role,
            subscription ?? text('cli.admin.site'),
            (await directories.find(creator).catch(() => undefined))?.name ?? creator,
            formatTime(expiresAt),
            lastUsedAt === undefined ? '' : formatTime(lastUsedAt),
          ]),
        );
        const head = columns.map((column) => text(`cli.token.column.${column}`));
        for (const line of formatTable([head, ...rows])) terminal.say(line);
      }),
    );

  token
    .command('create')
    .description(text('cli.token.create.help'))
    .argument('<name>', text('cli.token.name'))
    .argument('<role>', text('cli.admin.role', { roles: tokenRoles.join(', ') }))
    .requiredOption('--for <administrator>', text('cli.token.create.for'))
    .requiredOption('--until <date>', text('cli.token.create.until'))
    .option('--server <names...>', text('cli.token.create.server'))
    .action((name: string, typed: string, wish: Wish) => {
      const role = tokenRoles.find((each) => each === typed.trim().toLowerCase());
      if (role === undefined) {
        const params = { role: typed, roles: tokenRoles.join(', ') };
        throw new CommandFailure('cli.admin.role.wrong', params, usageMistake);
      }
      const expiresAt = parseUntil(wish.until);
      if (expiresAt === undefined) {
        throw new CommandFailure('cli.token.create.until.wrong', { typed: wish.until }, usageMistake);
      }
      return withRooms(context, async (rooms) => {
        const { key, name: creator } = await findUser(rooms, wish.for);
        const { secret } = await rooms.apiTokens
          .create(
            {
              name,
              role,
              ...placeOf(context, rooms),
              expiresAt,
              ...(wish.server === undefined ? {} : { servers: wish.server }),
            },
            { creator: key, actor },
          )
          .catch((error: unknown) => {
            if (!(error instanceof GatewayError && error.code === 'not-allowed')) throw error;
            // Its text speaks to somebody who is signed in.
            const needed = role === 'logon-check' ? 'administrator' : role;
            throw new CommandFailure('cli.token.create.not-allowed', { name: creator, role: needed });
          });
        terminal.tell(text('cli.token.create.once', { name }));
        terminal.say(secret);
      });
    });

  token
    .command('revoke')
    .description(text('cli.token.revoke.help'))
    .argument('<id>', text('cli.token.revoke.id'))
    .action((id: string) =>
      withRooms(context, async ({ apiTokens }) => {
        await apiTokens.revoke(id, actor);
        terminal.say(text('cli.token.revoke.done'));
      }),
    );
}
