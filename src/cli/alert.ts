import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type AlertKind, alertKinds } from '../attention/index.ts';
import { type Language, languages } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTable } from './format-table.ts';

type Wish = {
  readonly email?: string;
  readonly webhook?: string;
  readonly events?: string;
  readonly language?: string;
  readonly ca?: string;
  readonly json?: true;
};

/** `alert`: who is told, by email or webhook, of what needs somebody. */
export function addAlert(program: Command, context: Context): void {
  const { terminal, text } = context;
  const alert = program.command('alert').description(text('cli.alert.help')).helpCommand(false);

  alert
    .command('list')
    .description(text('cli.alert.list.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async ({ attention }) => {
        const receivers = await attention.receivers.list();
        if (json) return terminal.say(JSON.stringify(receivers, undefined, 2));
        if (receivers.length === 0) return terminal.tell(text('cli.alert.list.none'));
        const head = ['id', 'name', 'to', 'events'] as const;
        const rows = receivers.map(({ id, name, hint, kinds }) => [id, name, hint, kinds.join(', ')]);
        for (const line of formatTable([head.map((column) => text(`cli.alert.${column}`)), ...rows]))
          terminal.say(line);
      }),
    );

  alert
    .command('add')
    .description(text('cli.alert.add.help'))
    .argument('<name>', text('cli.alert.name'))
    .option('--email <address>', text('cli.alert.add.email'))
    .option('--webhook <url>', text('cli.alert.add.webhook'))
    .option('--events <list>', text('cli.alert.add.events', { events: alertKinds.join(', ') }))
    .option('--language <tag>', text('cli.alert.add.language'))
    .option('--ca <file>', text('cli.alert.add.ca'))
    .option('--json', text('cli.option.json'))
    .action((name: string, { email, webhook, events, language, ca, json }: Wish) => {
      const target = email ?? webhook;
      if (target === undefined || (email !== undefined && webhook !== undefined)) {
        throw new CommandFailure('cli.alert.add.either', {}, usageMistake);
      }
      const wish = {
        name,
        channel: email === undefined ? ('webhook' as const) : ('email' as const),
        target,
        kinds: kindsIn(events),
        language: languageIn(language),
        ...(ca === undefined ? {} : { ca: readText(ca) }),
      };
      return withRooms(context, async ({ attention }) => {
        const { receiver, secret } = await attention.receivers.add(wish, actor);
        if (json) return terminal.say(JSON.stringify({ receiver, secret }, undefined, 2));
        terminal.say(text('cli.alert.add.done', { name: receiver.name, id: receiver.id }));
        if (secret !== undefined) terminal.say(text('cli.alert.add.secret', { secret }));
      });
    });

  alert
    .command('remove')
    .description(text('cli.alert.remove.help'))
    .argument('<id>', text('cli.alert.id'))
    .action((id: string) =>
      withRooms(context, async ({ attention }) => {
        if (!(await attention.receivers.remove(id, actor)))
          throw new CommandFailure('cli.alert.unknown', { id });
        terminal.say(text('cli.alert.remove.done'));
      }),
    );

  alert
    .command('test')
    .description(text('cli.alert.test.help'))
    .argument('<id>', text('cli.alert.id'))
    .action((id: string) =>
      withRooms(context, async ({ attention }) => {
        const receiver = await attention.receivers.open(id);
        if (receiver === undefined) throw new CommandFailure('cli.alert.unknown', { id });
        const test = await attention.alerts.test(receiver);
        if (!test.sent) throw new CommandFailure('cli.alert.test.failed', { reason: test.reason });
        terminal.say(text('cli.alert.test.done', { name: receiver.name }));
      }),
    );
}

/** `server, clock`; all of them where none are named. */
function kindsIn(typed: string | undefined): readonly AlertKind[] {
  if (typed === undefined) return alertKinds;
  return typed.split(/[\s,]+/).map((word) => {
    const found = alertKinds.find((kind) => kind === word);
    if (found !== undefined) return found;
    throw new GatewayError('invalid-setting', {
      params: { setting: 'events', allowed: alertKinds.join(', ') },
    });
  });
}

function languageIn(typed: string | undefined): Language {
  const found = languages.find((each) => each === (typed ?? languages[0]));
  if (found !== undefined) return found;
  throw new GatewayError('invalid-setting', {
    params: { setting: 'language', allowed: languages.join(', ') },
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CommandFailure('senders.unreadable-file', { file });
  }
}
