import type { Command } from 'commander';
import type { EnabledEntry } from '../accounts/index.ts';
import { addressHint, phoneHint } from '../delivery/index.ts';
import type { Rooms } from '../server/index.ts';
import { type Context, withRooms } from './context.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';
import { subjectOfEntry } from './list-subject.ts';

const pageSize = 200;

/** `enabled list`: who is on the list, and who is exempt, why and until when. */
export function addEnabledList(enabled: Command, context: Context): void {
  const { terminal, text } = context;
  enabled
    .command('list')
    .description(text('cli.enabled.list.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async (rooms) => {
        const rows = [];
        for await (const entry of entriesOf(rooms)) {
          const { kind, name } = await subjectOfEntry(rooms, entry.subject);
          const { sealedPhone, sealedEmail, ...shown } = entry;
          rows.push({ kind, name, ...shown, ...destinationsOf(rooms, entry) });
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

async function* entriesOf({ administration }: Rooms): AsyncGenerator<EnabledEntry> {
  let after: string | undefined;
  do {
    const page = await administration.list.list(administration.subscription, {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
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
