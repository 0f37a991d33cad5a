import type { Command } from 'commander';
import { previewSettings } from '../access/index.ts';
import { GatewayError } from '../errors.ts';
import { type SettingKey, settingHistory, settingKeys } from '../settings/index.ts';
import { type Context, withRooms } from './context.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';

const shown = 50;

/** `settings explain` and `settings history`: what they mean, and who changed them. */
export function addSettingsMeaning(settings: Command, context: Context): void {
  const { terminal, text } = context;

  settings
    .command('explain')
    .description(text('cli.settings.explain.help'))
    .argument('[key]', text('cli.settings.key'))
    .option('--json', text('cli.option.json'))
    .action((key: string | undefined, { json }: { json?: true }) =>
      withRooms(context, async ({ administration, settings: service }) => {
        const keys = key === undefined ? settingKeys : [known(key)];
        const { odds, ...preview } = previewSettings(service.current(administration.subscription), 'alice');
        if (json) return terminal.say(JSON.stringify({ odds, ...preview }, undefined, 2));
        for (const each of keys) {
          terminal.say(`${each}: ${text(`settings.${each}.title`)}`);
          terminal.say(`  ${text(`settings.${each}.help`)}`);
        }
        const { alone, withNextCode } = preview.acceptable;
        const told = (probability: number) => sayOdds(context, probability);
        terminal.say('');
        terminal.say(text('settings.meaning.alone', { seconds: alone }));
        if (withNextCode > alone) terminal.say(text('settings.meaning.followed', { seconds: withNextCode }));
        const { day, month, monthSetBack } = odds;
        terminal.say(text('settings.meaning.day', { odds: told(day.probability), tries: day.tries }));
        terminal.say(text('settings.meaning.month', { odds: told(month.probability), tries: month.tries }));
        terminal.say(
          text('settings.meaning.month-set-back', {
            odds: told(monthSetBack.probability),
            tries: monthSetBack.tries,
          }),
        );
      }),
    );

  settings
    .command('history')
    .description(text('cli.settings.history.help'))
    .argument('[key]', text('cli.settings.key'))
    .option('--json', text('cli.option.json'))
    .action((key: string | undefined, { json }: { json?: true }) =>
      withRooms(context, async ({ administration, store }) => {
        const query = { limit: shown, ...(key === undefined ? {} : { key: known(key) }) };
        const { items } = await settingHistory(store, administration.subscription, query);
        if (json) return terminal.say(JSON.stringify(items, undefined, 2));
        if (items.length === 0) return terminal.tell(text('cli.settings.history.none'));
        const head = ['when', 'who', 'key', 'from', 'to'] as const;
        const rows = items.map(({ at, actor, key: changed, from, to }) => [
          formatTime(at),
          actor,
          changed,
          from,
          to,
        ]);
        for (const line of formatTable([head.map((name) => text(`cli.settings.history.${name}`)), ...rows]))
          terminal.say(line);
      }),
    );
}

function known(key: string): SettingKey {
  const found = settingKeys.find((each) => each === key);
  if (found === undefined) throw new GatewayError('unknown-setting', { params: { setting: key } });
  return found;
}

/** Small chances are easier to grasp as one in so many. */
function sayOdds({ text }: Context, probability: number): string {
  if (probability >= 0.05)
    return text('settings.meaning.percent', { percent: Math.round(probability * 100) });
  const count = probability === 0 ? Number.POSITIVE_INFINITY : Math.round(1 / probability);
  return text('settings.meaning.one-in', { count });
}
