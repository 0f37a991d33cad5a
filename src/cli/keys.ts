import type { Command } from 'commander';
import type { Config } from '../config/index.ts';
import { masterKeyOf, type Rooms } from '../server/index.ts';
import { rotateMasterKey } from '../storage/index.ts';
import { actor, type Context, withRooms } from './context.ts';

type Options = { master?: true; signing?: true; atOnce?: true };

/** `keys rotate`: new keys for sealing and for signing, while a gateway runs. */
export function addKeys(program: Command, context: Context): void {
  const { text } = context;
  const keys = program.command('keys').description(text('cli.keys.help')).helpCommand(false);
  keys
    .command('rotate')
    .description(text('cli.keys.rotate.help'))
    .option('--master', text('cli.keys.rotate.master'))
    .option('--signing', text('cli.keys.rotate.signing'))
    .option('--at-once', text('cli.keys.rotate.at-once'))
    .action((options: Options) =>
      withRooms(context, async (rooms, config) => {
        const both = options.master === undefined && options.signing === undefined;
        if (both || options.signing) await rotateSigning(context, rooms, options.atOnce === true);
        if (both || options.master) await rotateMaster(context, rooms, config);
      }),
    );
}

async function rotateSigning({ terminal, text }: Context, rooms: Rooms, atOnce: boolean): Promise<void> {
  await rooms.keys.rotate({ atOnce });
  rooms.audit.record({ type: 'keys.rotated', kind: 'signing', actor });
  terminal.say(text(atOnce ? 'cli.keys.rotate.signing-at-once' : 'cli.keys.rotate.signing-done'));
}

async function rotateMaster(context: Context, { database, audit }: Rooms, config: Config): Promise<void> {
  const { terminal, text } = context;
  const masterKey = masterKeyOf(config);
  terminal.tell(text('cli.keys.rotate.working'));
  const report = await rotateMasterKey({ ...context, store: database, masterKey });
  audit.record({ type: 'keys.rotated', kind: 'master', actor });
  terminal.say(text('cli.keys.rotate.master-done', { count: report.resealed }));
  if (report.unreadable > 0) terminal.tell(text('cli.keys.rotate.unreadable', { count: report.unreadable }));
  if (masterKey.kind === 'text') terminal.tell(text('cli.keys.rotate.by-hand', { place: masterKey.place }));
  else terminal.tell(text('cli.keys.rotate.copy', { path: masterKey.path }));
}
