import type { Command } from 'commander';
import { type WhyStep, whyUser } from '../access/index.ts';
import type { CatalogueKey } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import { keyOfUser, whyParts } from '../server/index.ts';
import { type Context, withRooms } from './context.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';

/** `why`: why a user is asked for a second factor, or refused. */
export function addWhy(program: Command, context: Context): void {
  const { terminal, text } = context;
  program
    .command('why')
    .description(text('cli.why.help'))
    .argument('<name>', text('cli.user.name'))
    .option('--json', text('cli.option.json'))
    .action((named: string, { json }: { json?: true }) =>
      withRooms(context, async (rooms, config) => {
        const key = await keyOfUser(rooms, named);
        if (key === undefined) throw new GatewayError('unknown-user', { params: { name: named } });
        const applications = [...config.applications, ...rooms.storedApplications.inForce()];
        const why = await whyUser(
          whyParts(rooms, () => applications),
          key,
          rooms.administration.subscription,
        );
        if (json) {
          const { user, ...rest } = why;
          return terminal.say(JSON.stringify({ user: { key, name: user?.name }, ...rest }, undefined, 2));
        }
        const name = why.user?.name ?? key;
        terminal.say(text(`console.why.verdict.${why.verdict}`, { name }));
        const rows = why.steps.map((step) => [
          text(`console.why.${step.outcome}`),
          text(`console.why.${step.rule}`),
          saying(context, step),
        ]);
        const head = ['outcome', 'rule'] as const;
        const table = [[...head.map((column) => text(`console.why.${column}`)), ''], ...rows];
        for (const line of formatTable(table)) terminal.say(line);
        for (const { title, allowed } of why.applications) {
          terminal.say(`${title}: ${text(allowed ? 'console.why.allowed' : 'console.why.not-allowed')}`);
        }
        for (const { at, type, reason, server, address = '' } of why.refused) {
          const where = server === undefined ? '' : ` (${server})`;
          terminal.say(`${formatTime(at)}  ${type}  ${reason}${where}  ${address}`.trimEnd());
        }
      }),
    );
}

/** What a rule says; every fact as a person reads it. */
function saying({ text }: Context, { rule, says, facts }: WhyStep): string {
  const words = Object.entries(facts).map(([name, value]) => {
    if (name === 'since' || name === 'until') return [name, formatTime(Number(value))];
    return [name, typeof value === 'object' ? value.join(', ') : value];
  });
  // A test has every rule say everything it can.
  return text(`console.why.${rule}.${says}` as CatalogueKey, Object.fromEntries(words));
}
