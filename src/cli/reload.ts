import type { Command } from 'commander';
import { CommandFailure } from './command-failure.ts';
import { type Context, withRooms } from './context.ts';
import { askForReload } from './reload-messages.ts';

/** `reload`: the running gateway takes over a changed file. */
export function addReload(program: Command, context: Context): void {
  const { terminal, text } = context;
  program
    .command('reload')
    .description(text('cli.reload.help'))
    .action(async () => {
      // A file with mistakes is reported here, before any gateway is bothered.
      const results = await withRooms(context, ({ store }) => askForReload(store, context.random));
      if (results.length === 0) throw new CommandFailure('cli.reload.nobody');
      for (const result of results) {
        if (!result.ok) throw new CommandFailure('cli.reload.refused', { reason: result.reason });
        terminal.say(text('cli.reload.done'));
        const settings = result.needRestart.join(', ');
        if (settings !== '') terminal.tell(text('cli.reload.restart', { settings }));
      }
    });
}
