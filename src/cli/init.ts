import type { Command } from 'commander';
import { masterKeyOf, openRooms, openStore } from '../server/index.ts';
import { type Context, quietLog } from './context.ts';

/** `init`: makes an installation where there is none, on purpose. */
export function addInit(program: Command, context: Context): void {
  const { terminal, text } = context;
  program
    .command('init')
    .description(text('cli.init.help'))
    .action(async () => {
      const config = context.config();
      const log = quietLog();
      const opened = await openStore(config, { ...context, log, initialise: true });
      await opened.store.close();
      // Whatever else a first start makes.
      await (await openRooms({ ...context, config, log })).close();
      const { id } = opened.installation;
      const key = masterKeyOf(config);
      terminal.say(
        text(opened.created ? 'cli.init.created' : 'cli.init.exists', { id, path: opened.store.place }),
      );
      if (key.kind === 'file') terminal.tell(text('cli.init.key', { path: key.path }));
    });
}
