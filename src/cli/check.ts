import type { Command } from 'commander';
import { unusableFiles } from '../server/index.ts';
import type { Context } from './context.ts';
import { UnusableFiles } from './unusable-files.ts';

/** `check`: says everything that is wrong with the configuration and the files it names, without starting anything. */
export function addCheck(program: Command, context: Context): void {
  const { terminal, text } = context;
  program
    .command('check')
    .description(text('cli.check.help'))
    .action(() => {
      const config = context.config();
      const problems = unusableFiles(config);
      if (problems.length > 0) throw new UnusableFiles(problems);
      const { file, applications } = config;
      const count = applications.length;
      terminal.say(file === undefined ? text('cli.check.no-file') : text('cli.check.fine', { file, count }));
    });
}
