import type { Command } from 'commander';
import {
  type DirectoryUser,
  deleteGroup,
  type EnabledEntry,
  listEntries,
  localDirectory,
  subjectOfGroup,
} from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { peopleOf, type Rooms } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { formatTable } from './format-table.ts';
import { makeGroup } from './user-groups.ts';

const pageSize = 200;

type Row = { readonly directory: string; readonly name: string; readonly entry?: EnabledEntry };

/** `group`: the local groups, and those of other directories that are on the list. */
export function addGroup(program: Command, context: Context): void {
  const group = program.command('group').description(context.text('cli.group.help')).helpCommand(false);
  addList(group, context);
  addMembers(group, context);
  addAdd(group, context);
  addRemove(group, context);
}

function addList(group: Command, context: Context): void {
  const { terminal, text } = context;
  group
    .command('list')
    .description(text('cli.group.list.help'))
    .argument('[beginning]', text('cli.group.list.beginning'))
    .option('--json', text('cli.option.json'))
    .action((beginning: string | undefined, { json }: { json?: true }) =>
      withRooms(context, async (rooms) => {
        const rows = [...(await localGroups(rooms, beginning)), ...(await otherGroups(rooms, beginning))];
        if (json) {
          const shown = rows.map(({ entry, ...row }) => ({
            ...row,
            ...(entry === undefined ? {} : { mode: entry.mode }),
          }));
          return terminal.say(JSON.stringify(shown, undefined, 2));
        }
        if (rows.length === 0) return terminal.tell(text('cli.group.list.none'));
        const head = [text('cli.group.name'), text('cli.group.directory'), text('cli.group.listed')];
        const lines = rows.map(({ name, directory, entry }) => [
          name,
          directory,
          entry === undefined
            ? ''
            : text(entry.mode === 'enabled' ? 'cli.group.enabled' : 'cli.group.exempt'),
        ]);
        for (const line of formatTable([head, ...lines])) terminal.say(line);
      }),
    );
}

function addMembers(group: Command, context: Context): void {
  const { terminal, text } = context;
  group
    .command('members')
    .description(text('cli.group.members.help'))
    .argument('<name>', text('cli.group.which'))
    .option('--json', text('cli.option.json'))
    .action((named: string, { json }: { json?: true }) =>
      withRooms(context, async (rooms) => {
        const { name } = await localGroup(rooms, named);
        const members: DirectoryUser[] = [];
        let after: string | undefined;
        do {
          const query = { limit: pageSize, ...(after === undefined ? {} : { after }) };
          const page = await rooms.administration.users.members(name, query);
          members.push(...page.items);
          after = page.next;
        } while (after !== undefined);
        members.sort((one, other) => (one.name < other.name ? -1 : 1));
        if (json) {
          const shown = members.map(({ key, name: called, displayName, disabled }) => ({
            ...{ key, name: called, displayName, disabled },
          }));
          return terminal.say(JSON.stringify(shown, undefined, 2));
        }
        if (members.length === 0) return terminal.tell(text('cli.group.members.none', { name }));
        for (const line of formatTable(members.map((each) => [each.name, each.displayName])))
          terminal.say(line);
      }),
    );
}

function addAdd(group: Command, context: Context): void {
  const { terminal, text } = context;
  group
    .command('add')
    .description(text('cli.group.add.help'))
    .argument('<name>', text('cli.group.which'))
    .action((named: string) =>
      withRooms(context, async (rooms) => {
        const name = await makeGroup(rooms, named);
        terminal.say(text('cli.group.add.done', { name }));
      }),
    );
}

function addRemove(group: Command, context: Context): void {
  const { terminal, text } = context;
  group
    .command('remove')
    .description(text('cli.group.remove.help'))
    .argument('<name>', text('cli.group.which'))
    .action((named: string) =>
      withRooms(context, async (rooms) => {
        const { name } = await localGroup(rooms, named);
        const { groups, administration, subscriptions } = rooms;
        for (const { id } of subscriptions.all()) {
          const entry = await administration.list.get(id, subjectOfGroup(localDirectory, name));
          if (entry !== undefined) throw new GatewayError('group-listed');
        }
        await deleteGroup({ ...administration, groups }, name, actor);
        terminal.say(text('cli.group.remove.done', { name }));
      }),
    );
}

async function localGroup({ groups }: Rooms, name: string) {
  const found = await groups.find(name);
  if (found === undefined) throw new CommandFailure('cli.group.none', { name });
  return found;
}

async function localGroups({ groups, administration }: Rooms, beginning: string | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  const { list, subscription } = administration;
  let after: string | undefined;
  do {
    const page = await groups.list({
      limit: pageSize,
      ...(beginning === undefined ? {} : { prefix: beginning }),
      ...(after === undefined ? {} : { after }),
    });
    const entries = await list.many(
      subscription,
      page.items.map(({ name }) => subjectOfGroup(localDirectory, name)),
    );
    for (const [index, { name }] of page.items.entries()) {
      const entry = entries[index];
      rows.push({ directory: localDirectory, name, ...(entry === undefined ? {} : { entry }) });
    }
    after = page.next;
  } while (after !== undefined);
  return rows;
}

async function otherGroups(rooms: Rooms, beginning: string | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  const pages = listEntries(peopleOf(rooms, rooms.administration.subscription), {
    kind: 'group',
    q: beginning,
  });
  let after: string | undefined;
  do {
    const page = await pages({ limit: pageSize, after });
    for (const entry of page.items) {
      const [, directory = '', ...name] = entry.subject.split(':');
      if (directory !== localDirectory) rows.push({ directory, name: name.join(':'), entry });
    }
    after = page.next;
  } while (after !== undefined);
  return rows;
}
