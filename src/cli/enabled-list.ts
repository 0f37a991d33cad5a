import type { Command } from 'commander';
import { type EnabledEntry, knownSubjectsOf, listEntries, localDirectory } from '../accounts/index.ts';
import { addressHint, phoneHint } from '../delivery/index.ts';
import { peopleOf, type Rooms } from '../server/index.ts';
import { type Context, withRooms } from './context.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';

const pageSize = 200;

/** `enabled list`: who is on the list, and who is exempt, why and until when. */
export function addEnabledList(enabled: Command, context: Context): void {
  const { terminal, text } = context;
  enabled
    .command('list')
    .description(text('cli.enabled.list.help'))
    .argument('[beginning]', text('cli.enabled.list.beginning'))
    .option('--removed', text('cli.enabled.list.removed'))
    .option('--json', text('cli.option.json'))
    .action((q: string | undefined, { json, removed }: { json?: true; removed?: true }) =>
      withRooms(context, async (rooms) => {
        if (removed) return listRemoved(context, rooms, json === true);
        const rows = [];
        for await (const { entry, ...who } of entriesOf(rooms, q)) {
          const { sealedPhone, sealedEmail, ...shown } = entry;
          rows.push({ ...who, ...shown, ...destinationsOf(rooms, entry) });
        }
        if (!rooms.settings.current(rooms.administration.subscription).enabled)
          terminal.tell(text('cli.enabled.switched-off'));
        if (json) return terminal.say(JSON.stringify(rows, undefined, 2));
        if (rows.length === 0) return terminal.tell(text('cli.enabled.list.none'));
        const head = ['who', 'name', 'state', 'since', 'until', 'method', 'reason'] as const;
        const lines = rows.map(({ kind, name, ...entry }) => [
          kind,
          name,
          stateOf(context, entry),
          formatTime(entry.since),
          entry.until === undefined ? '' : formatTime(entry.until),
          [entry.method, entry.phone, entry.email].filter((part) => part !== undefined).join(', '),
          entry.reason ?? '',
        ]);
        const table = [head.map((column) => text(`cli.enabled.list.${column}`)), ...lines];
        for (const line of formatTable(table)) terminal.say(line);
      }),
    );
}

/** Names are those that were last heard: a list must not have to ask a directory of each. */
async function* entriesOf(rooms: Rooms, q: string | undefined) {
  const people = peopleOf(rooms, rooms.administration.subscription);
  const pages = listEntries(people, { q });
  let after: string | undefined;
  do {
    const page = await pages({ limit: pageSize, after });
    const subjects = await namesOf(rooms, page.items);
    for (const [index, entry] of page.items.entries()) {
      const { kind, name } = subjects[index] ?? { kind: 'user' as const, name: entry.subject };
      yield { kind, name, entry };
    }
    after = page.next;
  } while (after !== undefined);
}

/** As they are typed: groups of other directories than the local one with its name before them. */
async function namesOf(rooms: Rooms, entries: readonly EnabledEntry[]) {
  const people = peopleOf(rooms, rooms.administration.subscription);
  const subjects = await knownSubjectsOf(
    people,
    entries.map(({ subject }) => subject),
  );
  return subjects.map(({ kind, name, id, directory }) => ({
    kind,
    name: kind === 'group' && directory !== localDirectory ? id : name,
  }));
}

/** What can be put back by `enabled undo`, and until when. */
async function listRemoved({ terminal, text }: Context, rooms: Rooms, json: boolean): Promise<void> {
  const { archive, subscription } = rooms.administration;
  const rows = [];
  let after: string | undefined;
  do {
    const page = await archive.entries(subscription, { limit: pageSize, after });
    const names = await namesOf(
      rooms,
      page.items.map(({ entry }) => entry),
    );
    for (const [index, { entry, until }] of page.items.entries()) {
      rows.push({
        kind: 'user' as const,
        name: entry.subject,
        ...names[index],
        mode: entry.mode,
        undoUntil: until,
      });
    }
    after = page.next;
  } while (after !== undefined);
  if (json) return terminal.say(JSON.stringify(rows, undefined, 2));
  if (rows.length === 0) return terminal.tell(text('cli.enabled.list.none-removed'));
  const head = [
    text('cli.enabled.list.who'),
    text('cli.enabled.list.name'),
    text('cli.enabled.list.undo-until'),
  ];
  const lines = rows.map(({ kind, name, undoUntil }) => [kind, name, formatTime(undoUntil)]);
  for (const line of formatTable([head, ...lines])) terminal.say(line);
}

/** Where an administrator says that codes go, masked: a list is printed, copied and kept. */
function destinationsOf({ administration }: Rooms, entry: EnabledEntry): { phone?: string; email?: string } {
  const { sms, email } = administration.list.open(administration.subscription, entry);
  return {
    ...(sms === undefined ? {} : { phone: phoneHint(sms) }),
    ...(email === undefined ? {} : { email: addressHint(email) }),
  };
}

/** An exemption whose time is over counts as enabled. */
function stateOf({ text, clock }: Context, { mode, until = 0 }: EnabledEntry): string {
  if (mode === 'enabled') return text('cli.enabled.list.enabled');
  return text(clock.now() < until ? 'cli.enabled.list.exempt' : 'cli.enabled.list.exemption-over');
}
