import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { addressHint, type EmailSecurity, type SenderPatch, usualPort } from '../delivery/index.ts';
import { GatewayError } from '../errors.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { askSecret, removeSender, requireOptions, showSender, trySending, wholeNumber } from './sender.ts';

type Options = {
  host?: string;
  port?: string;
  security?: string;
  /** False with `--no-user`. */
  user?: string | false;
  from?: string;
  fromName?: string | false;
  ca?: string | false;
  hourlyBudget?: string;
  passwordStdin?: true;
  newPassword?: true;
};

type Patch = SenderPatch<'email'>;

/** `email`: the server that mail is sent through; in effect on a running gateway within a second. */
export function addEmail(program: Command, context: Context): void {
  const { terminal, text } = context;
  const email = program.command('email').description(text('senders.email.help')).helpCommand(false);

  email
    .command('show')
    .description(text('senders.email.show.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, (rooms) => showSender(context, rooms, 'email', json === true)),
    );

  email
    .command('set')
    .description(text('senders.email.set.help'))
    .option('--host <name>', text('senders.email.set.host'))
    .option('--port <number>', text('senders.email.set.port'))
    .option('--security <kind>', text('senders.email.set.security'))
    .option('--user <name>', text('senders.email.set.user'))
    .option('--no-user', text('senders.email.set.no-user'))
    .option('--from <address>', text('senders.email.set.from'))
    .option('--from-name <text>', text('senders.email.set.from-name'))
    .option('--no-from-name', text('senders.email.set.no-from-name'))
    .option('--ca <file>', text('senders.email.set.ca'))
    .option('--no-ca', text('senders.email.set.no-ca'))
    .option('--hourly-budget <count>', text('senders.budget'))
    .option('--password-stdin', text('senders.email.set.password-stdin'))
    .option('--new-password', text('senders.email.set.new-password'))
    .action((given: Options) => {
      if (Object.keys(given).length === 0)
        throw new CommandFailure('senders.nothing-named', {}, usageMistake);
      return withRooms(context, async ({ delivery, administration: { subscription } }) => {
        const known = delivery.describe(subscription).email;
        if (known === undefined) requireOptions({ host: given.host, from: given.from });
        const wanted = patchOf(given, known);
        const user = 'user' in wanted ? wanted.user : known?.user;
        const moved = (['host', 'port', 'security', 'user', 'ca'] as const).some(
          (field) => field in wanted && wanted[field] !== known?.[field],
        );
        const asked = given.passwordStdin === true || given.newPassword === true;
        const input = { fromInput: given.passwordStdin === true, option: '--password-stdin' };
        const secret =
          asked || (user !== undefined && moved)
            ? await askSecret(context, 'senders.email.set.password', input)
            : undefined;
        await delivery.change(subscription, 'email', { ...wanted, secret }, actor);
        const { from = '', host = '', port = 0 } = delivery.describe(subscription).email ?? {};
        terminal.say(text('senders.email.set.done', { from, host, port }));
      });
    });

  email
    .command('test')
    .description(text('senders.email.test.help'))
    .argument('<address>', text('senders.email.test.address'))
    .action((to: string) =>
      withRooms(context, async ({ delivery, administration: { subscription } }, { serverName: name }) => {
        const subject = text('senders.email.test.subject', { name });
        const body = text('senders.email.test.text', { name });
        await trySending(context, () =>
          delivery.sendEmail({ subscription, to, subject, text: body, purpose: 'test' }),
        );
        terminal.say(text('senders.email.test.done', { hint: addressHint(to) }));
      }),
    );

  email
    .command('remove')
    .description(text('senders.email.remove.help'))
    .action(() => removeSender(context, 'email'));
}

/** What the options say; a new sender is encrypted, and where no port is named it is the usual one. */
function patchOf(given: Options, known: Patch | undefined): Patch {
  const { host, port, from, hourlyBudget } = given;
  const security = given.security === undefined && known === undefined ? 'starttls' : given.security;
  const usual = port === undefined && isSecurity(security) ? usualPort[security] : undefined;
  return {
    ...(host === undefined ? {} : { host }),
    ...(security === undefined ? {} : { security: securityOf(security) }),
    ...(port === undefined ? {} : { port: wholeNumber(port) }),
    ...(usual === undefined ? {} : { port: usual }),
    ...(given.user === undefined ? {} : { user: given.user === false ? undefined : given.user }),
    ...(from === undefined ? {} : { from }),
    ...(given.fromName === undefined
      ? {}
      : { fromName: given.fromName === false ? undefined : given.fromName }),
    ...(given.ca === undefined ? {} : { ca: given.ca === false ? undefined : readText(given.ca) }),
    ...(hourlyBudget === undefined ? {} : { hourlyBudget: wholeNumber(hourlyBudget) }),
  };
}

const isSecurity = (text: string | undefined): text is EmailSecurity =>
  text !== undefined && Object.hasOwn(usualPort, text);

function securityOf(text: string): EmailSecurity {
  if (isSecurity(text)) return text;
  throw new GatewayError('invalid-setting', {
    params: { setting: 'security', allowed: Object.keys(usualPort).join(', ') },
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CommandFailure('senders.unreadable-file', { file });
  }
}
