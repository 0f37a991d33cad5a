import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { masterKeyOf } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { naming } from './explain-unusable-path.ts';

/** `backup`: a consistent copy of the store, while a gateway runs. */
export function addBackup(program: Command, context: Context): void {
  const { terminal, text } = context;
  program
    .command('backup')
    .description(text('cli.backup.help'))
    .argument('<file>', text('cli.backup.file'))
    .action((file: string) =>
      withRooms(context, async ({ database, audit }, config) => {
        const target = resolve(file);
        if (statSync(target, { throwIfNoEntry: false }) !== undefined) {
          throw new CommandFailure('cli.backup.exists', { file: target });
        }
        await naming(target, () => database.backup(target));
        audit.record({ type: 'store.backed-up', actor });
        const kilobytes = Math.ceil(statSync(target).size / 1024);
        terminal.say(text('cli.backup.done', { file: target, kilobytes }));
        const key = masterKeyOf(config);
        terminal.tell(text('cli.backup.key', { place: key.kind === 'file' ? key.path : key.place }));
      }),
    );
}
