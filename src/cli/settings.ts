import type { Command } from 'commander';
import { GatewayError } from '../errors.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTable } from './format-table.ts';
import { addSettingsMeaning } from './settings-meaning.ts';

/** `settings`: what administrators tune at run time; in effect on a running gateway within a second. */
export function addSettings(program: Command, context: Context): void {
  const { terminal, text } = context;
  const settings = program.command('settings').description(text('cli.settings.help')).helpCommand(false);

  settings
    .command('get')
    .description(text('cli.settings.get.help'))
    .argument('[key]', text('cli.settings.key'))
    .option('--json', text('cli.option.json'))
    .action((key: string | undefined, { json }: { json?: true }) =>
      withRooms(context, async (rooms) => {
        const { subscription } = rooms.administration;
        const views = rooms.settings
          .describe(subscription)
          .filter((view) => key === undefined || view.key === key);
        if (views.length === 0) throw new GatewayError('unknown-setting', { params: { setting: key ?? '' } });
        for (const view of views.filter(({ unreadable }) => unreadable)) {
          terminal.tell(text('cli.settings.unreadable', { key: view.key, value: view.value }));
        }
        if (json) return terminal.say(JSON.stringify(views, undefined, 2));
        if (key !== undefined) return terminal.say(views[0]?.value ?? '');
        const rows = views.map((view) => [view.key, view.value, view.unit, view.range]);
        const head = ['key', 'value', 'unit', 'range'] as const;
        for (const line of formatTable([head.map((name) => text(`cli.settings.${name}`)), ...rows]))
          terminal.say(line);
      }),
    );

  settings
    .command('set')
    .description(text('cli.settings.set.help'))
    .argument('<key>', text('cli.settings.key'))
    .argument('[value]', text('cli.settings.value'))
    .option('--default', text('cli.settings.set.default'))
    .action((key: string, value: string | undefined, options: { default?: true }) => {
      if ((value === undefined) !== (options.default === true)) {
        throw new CommandFailure('cli.settings.set.value-or-default', {}, usageMistake);
      }
      return withRooms(context, async (rooms) => {
        const { subscription } = rooms.administration;
        if (value === undefined) await rooms.settings.reset(subscription, [key], actor);
        else await rooms.settings.updateTyped(subscription, { [key]: value }, actor);
        const view = rooms.settings.describe(subscription).find((each) => each.key === key);
        terminal.say(text('cli.settings.set.done', { key, value: view?.value ?? '' }));
      });
    });

  addSettingsMeaning(settings, context);
}
