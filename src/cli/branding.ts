import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTable } from './format-table.ts';

/** False with `--no-…`: back to how it comes. */
type Options = {
  readonly name?: string | false;
  readonly accent?: string | false;
  readonly logo?: string | false;
  readonly helpdesk?: string | false;
  readonly terms?: string | false;
};

/** `branding`: how the pages look, and what users agree to; in effect on a running gateway within a second. */
export function addBranding(program: Command, context: Context): void {
  const { terminal, text } = context;
  const branding = program.command('branding').description(text('cli.branding.help')).helpCommand(false);

  branding
    .command('show')
    .description(text('cli.branding.show.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async ({ administration, brandings, settings }) => {
        const { subscription } = administration;
        const { name, accent, logo, terms } = brandings.current(subscription);
        const { helpdesk } = settings.current(subscription);
        const bytes = logo === undefined ? 0 : Buffer.byteLength(logo.data, 'base64');
        if (json) {
          const shown = { name, accent, helpdesk, terms, logo: logo && { type: logo.type, bytes } };
          return terminal.say(JSON.stringify(shown, undefined, 2));
        }
        const usual = text('cli.branding.usual');
        const rows = [
          [text('cli.branding.name'), name ?? usual],
          [text('cli.branding.accent'), accent ?? usual],
          [
            text('cli.branding.logo'),
            logo === undefined ? usual : text('cli.branding.logo.value', { type: logo.type, bytes }),
          ],
          [text('cli.branding.helpdesk'), helpdesk],
          [
            text('cli.branding.terms'),
            terms === undefined
              ? text('cli.branding.terms.none')
              : text('cli.branding.terms.value', { version: terms.version, count: terms.text.length }),
          ],
        ];
        for (const line of formatTable(rows)) terminal.say(line);
      }),
    );

  branding
    .command('set')
    .description(text('cli.branding.set.help'))
    .option('--name <text>', text('cli.branding.set.name'))
    .option('--no-name', text('cli.branding.set.no'))
    .option('--accent <colour>', text('cli.branding.set.accent'))
    .option('--no-accent', text('cli.branding.set.no'))
    .option('--logo <file>', text('cli.branding.set.logo'))
    .option('--no-logo', text('cli.branding.set.no'))
    .option('--helpdesk <text>', text('cli.branding.set.helpdesk'))
    .option('--no-helpdesk', text('cli.branding.set.no'))
    .option('--terms <file>', text('cli.branding.set.terms'))
    .option('--no-terms', text('cli.branding.set.no-terms'))
    .action((given: Options) => {
      if (Object.keys(given).length === 0)
        throw new CommandFailure('senders.nothing-named', {}, usageMistake);
      const change = {
        name: wished(given.name),
        accent: wished(given.accent),
        logo: typeof given.logo === 'string' ? readBytes(given.logo) : wished(given.logo),
        terms:
          typeof given.terms === 'string' ? readBytes(given.terms).toString('utf8') : wished(given.terms),
      };
      return withRooms(context, async ({ administration, brandings, settings }) => {
        const { subscription } = administration;
        await brandings.change(subscription, change, actor);
        const helpdesk = wished(given.helpdesk);
        if (helpdesk !== undefined) await settings.update(subscription, { helpdesk }, actor);
        terminal.say(text('cli.branding.set.done'));
      });
    });
}

/** Undefined leaves a field as it is, null takes it back. */
function wished(given: false | undefined): null | undefined;
function wished(given: string | false | undefined): string | null | undefined;
function wished(given: string | false | undefined): string | null | undefined {
  return given === false ? null : given;
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new CommandFailure('senders.unreadable-file', { file });
  }
}
