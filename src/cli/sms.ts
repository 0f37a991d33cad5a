import type { Command } from 'commander';
import { phoneHint, type SenderPatch } from '../delivery/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { askSecret, removeSender, requireOptions, showSender, trySending, wholeNumber } from './sender.ts';

type Options = {
  account?: string;
  sender?: string;
  countries?: string;
  hourlyBudget?: string;
  tokenStdin?: true;
  newToken?: true;
};

/** `sms`: the account that SMS are sent from; in effect on a running gateway within a second. */
export function addSms(program: Command, context: Context): void {
  const { terminal, text } = context;
  const sms = program.command('sms').description(text('senders.sms.help')).helpCommand(false);

  sms
    .command('show')
    .description(text('senders.sms.show.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, (rooms) => showSender(context, rooms, 'sms', json === true)),
    );

  sms
    .command('set')
    .description(text('senders.sms.set.help'))
    .option('--account <sid>', text('senders.sms.set.account'))
    .option('--sender <number>', text('senders.sms.set.sender'))
    .option('--countries <list>', text('senders.sms.set.countries'))
    .option('--hourly-budget <count>', text('senders.budget'))
    .option('--token-stdin', text('senders.sms.set.token-stdin'))
    .option('--new-token', text('senders.sms.set.new-token'))
    .action((options: Options) => {
      if (Object.keys(options).length === 0) {
        throw new CommandFailure('senders.nothing-named', {}, usageMistake);
      }
      return withRooms(context, async ({ delivery, administration: { subscription } }) => {
        const known = delivery.describe(subscription).sms;
        if (known === undefined) requireOptions({ account: options.account, sender: options.sender });
        const other = options.account !== undefined && options.account !== known?.accountSid;
        const asked = options.tokenStdin === true || options.newToken === true;
        const input = { fromInput: options.tokenStdin === true, option: '--token-stdin' };
        const secret =
          asked || other || known === undefined
            ? await askSecret(context, 'senders.sms.set.token', input)
            : undefined;
        await delivery.change(subscription, 'sms', { ...patchOf(options), secret }, actor);
        const { sender = '', countries = [] } = delivery.describe(subscription).sms ?? {};
        terminal.say(text('senders.sms.set.done', { sender }));
        if (countries.length === 0 && options.countries === undefined) {
          terminal.tell(text('senders.sms.set.anywhere'));
        }
      });
    });

  sms
    .command('test')
    .description(text('senders.sms.test.help'))
    .argument('<number>', text('senders.sms.test.number'))
    .action((to: string) =>
      withRooms(context, async ({ delivery, administration: { subscription } }, config) => {
        const message = text('senders.sms.test.text', { name: config.serverName });
        await trySending(context, () =>
          delivery.sendSms({ subscription, to, text: message, purpose: 'test' }),
        );
        terminal.say(text('senders.sms.test.done', { hint: phoneHint(to) }));
      }),
    );

  sms
    .command('remove')
    .description(text('senders.sms.remove.help'))
    .action(() => removeSender(context, 'sms'));
}

const patchOf = ({ account, sender, countries, hourlyBudget }: Options): SenderPatch<'sms'> => ({
  ...(account === undefined ? {} : { accountSid: account }),
  ...(sender === undefined ? {} : { sender: sender.replaceAll(/(?<=^\+[\d ().-]*)[ ().-]/g, '') }),
  ...(countries === undefined ? {} : { countries: listOf(countries) }),
  ...(hourlyBudget === undefined ? {} : { hourlyBudget: wholeNumber(hourlyBudget) }),
});

/** `+33, fr` as it is stored; `all` is an empty list. */
const listOf = (typed: string): string[] =>
  typed.trim().toLowerCase() === 'all'
    ? []
    : typed
        .toUpperCase()
        .split(/[\s,]+/)
        .filter((each) => each !== '');
