import type { Command } from 'commander';
import { enable, exempt } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { Rooms } from '../server/index.ts';
import type { SecondFactorMethod } from '../settings/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { tellEffect } from './enabled-effect.ts';
import { addEnabledList } from './enabled-list.ts';
import { addEnabledRemove, addEnabledUndo } from './enabled-remove.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTime } from './format-time.ts';
import { inPlaceOf, labelOf, readSubject } from './list-subject.ts';
import { parseUntil } from './parse-until.ts';

/** `default`: whatever their groups, and else the app, come to. */
const methods = ['app', 'sms', 'email', 'default'] as const;

type AddOptions = { readonly method?: string; readonly phone?: string; readonly email?: string };

/** `enabled`: the list of users and groups of whom two factors are asked. */
export function addEnabled(program: Command, context: Context): void {
  const enabled = program.command('enabled').description(context.text('cli.enabled.help')).helpCommand(false);
  addEnabledList(enabled, context);
  addEnabledAdd(enabled, context);
  addEnabledExempt(enabled, context);
  addEnabledRemove(enabled, context);
  addEnabledUndo(enabled, context);
}

function addEnabledAdd(enabled: Command, context: Context): void {
  const { terminal, text } = context;
  enabled
    .command('add')
    .description(text('cli.enabled.add.help'))
    .argument('<who>', text('cli.enabled.who'))
    .argument('[name]', text('cli.enabled.name'))
    .option('--method <method>', text('cli.enabled.add.method'))
    .option('--phone <number>', text('cli.enabled.add.phone'))
    .option('--email <address>', text('cli.enabled.add.email'))
    .action((kind: string, name: string | undefined, options: AddOptions) => {
      const method = methods.find((each) => each === options.method);
      if (options.method !== undefined && method === undefined) {
        throw new CommandFailure('cli.enabled.add.unknown-method', { method: options.method }, usageMistake);
      }
      const { phone, email } = options;
      if (kind !== 'user' && (phone !== undefined || email !== undefined)) {
        throw new CommandFailure('cli.enabled.add.not-for-groups', {}, usageMistake);
      }
      return withRooms(context, async (rooms) => {
        const added = await readSubject(rooms, [kind, name], { gone: false });
        const wish = {
          ...(method === undefined ? {} : { method }),
          ...(phone === undefined ? {} : { phone }),
          ...(email === undefined ? {} : { email }),
        };
        const scoped = inPlaceOf(rooms, added);
        await enable(scoped.administration, added.subject, actor, wish);
        terminal.say(text('cli.enabled.add.done', { subject: labelOf(context, added) }));
        await tellEffect(context, scoped, added, 'required');
        if (method !== undefined && method !== 'default') tellUnusable(context, scoped, method);
      });
    });
}

/** A method can be chosen before there is a sender for it, or against the settings: said, not refused. */
function tellUnusable({ terminal, text }: Context, rooms: Rooms, method: SecondFactorMethod): void {
  if (!rooms.settings.current(rooms.administration.subscription).methods.includes(method)) {
    terminal.tell(text('cli.enabled.add.method-off', { method }));
  } else if (method !== 'app' && !rooms.delivery.configured(rooms.administration.subscription, method)) {
    terminal.tell(text('cli.enabled.add.no-sender', { method }));
  }
}

function addEnabledExempt(enabled: Command, context: Context): void {
  const { terminal, text, clock } = context;
  enabled
    .command('exempt')
    .description(text('cli.enabled.exempt.help'))
    .argument('<who>', text('cli.enabled.exempt.who'))
    .argument('[name]', text('cli.enabled.name'))
    .requiredOption('--reason <text>', text('cli.enabled.exempt.reason'))
    .requiredOption('--until <date>', text('cli.enabled.exempt.until'))
    .action((kind: string, name: string | undefined, options: { reason: string; until: string }) => {
      const { reason } = options;
      if (kind === 'everyone') throw new CommandFailure('cli.enabled.exempt.everyone', {}, usageMistake);
      const until = parseUntil(options.until);
      if (until === undefined || until <= clock.now()) {
        throw new CommandFailure('cli.enabled.exempt.no-date', { date: options.until }, usageMistake);
      }
      return withRooms(context, async (rooms) => {
        const spared = await readSubject(rooms, [kind, name], { gone: false });
        const scoped = inPlaceOf(rooms, spared);
        const exempted = exempt(scoped.administration, spared.subject, actor, { reason, until });
        await exempted.catch((error: unknown) => {
          if (!(error instanceof GatewayError) || error.code !== 'invalid-request') throw error;
          // The subject and the date have been looked at already.
          throw new CommandFailure('cli.enabled.exempt.no-reason', {}, usageMistake);
        });
        const subject = labelOf(context, spared);
        terminal.say(text('cli.enabled.exempt.done', { subject, until: formatTime(until) }));
        await tellEffect(context, scoped, spared, 'not-required');
      });
    });
}
