import type { Command } from 'commander';
import { describeConcern } from '../attention/index.ts';
import { type Context, withRooms } from './context.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';

const hours = 24;

/**
 * `status`: how the site stands and what needs somebody. Exit code 0 although something does: a script reads
 * `attention` of `--json`.
 */
export function addStatus(program: Command, context: Context): void {
  const { terminal, text } = context;
  program
    .command('status')
    .description(text('cli.status.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async ({ administration, attention, settings }) => {
        const { subscription } = administration;
        const [sessions, people, concerns, buckets] = await Promise.all([
          attention.liveSessions.count(subscription),
          attention.people.latest(subscription, true),
          attention.list(subscription),
          attention.statistics.read(subscription, { unit: 'hour', count: hours }),
        ]);
        const { enabled } = settings.current(subscription);
        const last = buckets.reduce(
          (sum, each) => ({
            signIns: sum.signIns + each.signIns,
            refusals: sum.refusals + each.refusals,
            sessions: sum.sessions + each.sessions,
          }),
          { signIns: 0, refusals: 0, sessions: 0 },
        );
        const told = concerns.map((concern) => ({
          kind: concern.kind,
          subject: concern.subject,
          serious: concern.serious,
          ...(concern.since === undefined ? {} : { since: new Date(concern.since).toISOString() }),
          ...describeConcern({ text: (_, key, params) => text(key, params) }, 'en', concern),
        }));
        if (json) {
          const { overdueNames, bySms, byEmail, ...counted } = people ?? {};
          const all = { subscription, enabled, sessions, people: counted, lastDay: last, attention: told };
          return terminal.say(JSON.stringify(all, undefined, 2));
        }
        const rows = [
          [text('cli.status.two-factors'), text(enabled ? 'cli.status.on' : 'cli.status.off')],
          [text('cli.status.sessions'), text('cli.status.sessions.value', { ...sessions })],
          [
            text('cli.status.people'),
            people === undefined
              ? text('cli.status.counting')
              : text('cli.status.people.value', {
                  users: people.users,
                  enabled: people.enabled,
                  enrolled: people.enrolled,
                  missing: people.notEnrolled,
                }),
          ],
          [text('cli.status.last-day'), text('cli.status.last-day.value', { ...last })],
        ];
        for (const line of formatTable(rows)) terminal.say(line);
        terminal.say('');
        if (told.length === 0) return terminal.say(text('cli.status.nothing'));
        for (const { title, advice, since, serious } of told) {
          const when = since === undefined ? '' : ` (${formatTime(Date.parse(since))})`;
          terminal.say(`${serious ? '!' : '-'} ${title}${when}`);
          terminal.say(`  ${advice}`);
        }
      }),
    );
}
