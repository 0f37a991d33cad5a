import type { Command } from 'commander';
import { localDirectory, searchGroups, searchUsers } from '../accounts/index.ts';
import { peopleOf } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { type Context, withRooms } from './context.ts';
import { formatTable } from './format-table.ts';

const most = 50;

type Options = { json?: true; directory?: string; groups?: true };

/** `user find`: users and groups of every directory, whether the gateway has met them or not. */
export function addUserFind(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('find')
    .description(text('cli.user.find.help'))
    .argument('<beginning>', text('cli.user.find.beginning'))
    .option('--directory <name>', text('cli.user.list.directory'))
    .option('--groups', text('cli.user.find.groups'))
    .option('--json', text('cli.option.json'))
    .action((q: string, { directory, groups, json }: Options) =>
      withRooms(context, async (rooms) => {
        const people = peopleOf(rooms, rooms.administration.subscription);
        const parts = { people, groups: rooms.groups, elsewhere: rooms.ldap };
        const query = { q, directory, limit: most };
        const { items, unavailable } = groups
          ? await searchGroups(parts, query)
          : await searchUsers(parts, query);
        if (json) terminal.say(JSON.stringify(items.map(shownOf), undefined, 2));
        else if (items.length === 0) terminal.tell(text('cli.user.list.none'));
        else {
          const rows = items.map((item) => [
            item.directory === localDirectory ? item.name : `${item.directory}:${item.name}`,
            'displayName' in item ? item.displayName : '',
          ]);
          for (const line of formatTable(rows)) terminal.say(line);
        }
        if (unavailable.length > 0) {
          throw new CommandFailure('cli.user.find.unavailable', { names: unavailable.join(', ') });
        }
      }),
    );
}

/** Without what was not looked up: groups. */
function shownOf(item: { readonly directory: string; readonly name: string; readonly key?: string }) {
  if (!('displayName' in item) || !('disabled' in item)) return item;
  const { key, directory, name, displayName, disabled } = item;
  return { key, directory, name, displayName, disabled };
}
