import type { Command } from 'commander';
import type { Context } from './context.ts';

/** `check`: says everything that is wrong with the configuration, without starting anything. */
export function addCheck(program: Command, context: Context): void {
  const { terminal, text } = context;
  program
    .command('check')
    .description(text('cli.check.help'))
    .action(() => {
      const { file, applications } = context.config();
      const count = applications.length;
      terminal.say(file === undefined ? text('cli.check.no-file') : text('cli.check.fine', { file, count }));
    });
}
