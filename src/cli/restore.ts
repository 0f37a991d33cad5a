import { existsSync, mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config/index.ts';
import { masterKeyOf, storePath } from '../server/index.ts';
import {
  inspectStore,
  KeyRing,
  type RestoreOptions,
  RingSealer,
  restoreStore,
  type StoreProblem,
  type StoreReport,
} from '../storage/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { naming } from './explain-unusable-path.ts';

/** What must not come back to life: sessions ended since, links and procedures spent since, devices forgotten since. */
const forget = ['sessions', 'pending', 'hand-offs', 'owner-tickets', 'known-devices'];

/** `restore`: puts a backup in place, or with `--check` only says whether that would work. */
export function addRestore(program: Command, context: Context): void {
  const { terminal, text } = context;
  program
    .command('restore')
    .description(text('cli.restore.help'))
    .argument('<file>', text('cli.backup.file'))
    .option('--check', text('cli.restore.check'))
    .option('--yes', text('cli.restore.yes'))
    .action(async (file: string, options: { check?: true; yes?: true }) => {
      const config = context.config();
      const wish = restoreOptions(context, config, resolve(file));
      if (statSync(wish.source).isDirectory()) {
        throw new CommandFailure('cli.path-unusable', {
          path: wish.source,
          reason: text('cli.reason.is-folder'),
        });
      }
      const report = await naming(wish.source, async () =>
        inspectStore(wish.source, wish.sealer, wish.place),
      );
      describe(context, report);
      if (report.problems.length > 0) {
        throw new CommandFailure('cli.restore.unusable', { reasons: reasonsOf(context, report.problems) });
      }
      if (options.check) return terminal.say(text('cli.restore.usable'));
      await confirm(context, wish.target, options.yes === true);
      mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
      const { previous } = restoreStore(wish);
      await withRooms(context, async ({ audit }) => audit.record({ type: 'store.restored', actor }));
      terminal.say(text('cli.restore.done'));
      if (previous !== undefined) terminal.tell(text('cli.restore.previous', { path: previous }));
    });
}

function restoreOptions({ clock, random }: Context, config: Config, source: string): RestoreOptions {
  const masterKey = masterKeyOf(config);
  const ring = KeyRing.load(masterKey, clock);
  return {
    source,
    target: storePath(config),
    sealer: new RingSealer(ring, random),
    place: ring.place,
    forget,
    random,
  };
}

function describe({ terminal, text }: Context, report: StoreReport): void {
  const { installation, documents } = report;
  if (installation === undefined) return;
  const created = new Date(installation.createdAt).toISOString();
  terminal.say(text('cli.restore.installation', { id: installation.id, created }));
  terminal.say(
    text('cli.restore.content', {
      users: documents.users ?? 0,
      factors: documents.factors ?? 0,
      entries: report.auditEntries,
      sealed: report.sealedValues,
    }),
  );
}

function reasonsOf({ text }: Context, problems: readonly StoreProblem[]): string {
  const reasons = problems.map((problem) => {
    if (problem.kind === 'damaged') return text('cli.restore.damaged', { details: problem.details[0] ?? '' });
    if (problem.kind === 'too-new')
      return text('cli.restore.too-new', { found: problem.found, known: problem.known });
    if (problem.kind === 'unreadable-values') return text('cli.restore.unreadable', { count: problem.count });
    return text(problem.kind === 'wrong-key' ? 'cli.restore.wrong-key' : 'cli.restore.no-installation');
  });
  return reasons.join(' ');
}

/** Says what will be lost, and lets nobody lose it by mistake. */
async function confirm({ terminal, text }: Context, target: string, yes: boolean): Promise<void> {
  if (yes || !existsSync(target)) return;
  if (!terminal.interactive) throw new CommandFailure('cli.restore.unconfirmed', {}, usageMistake);
  const word = text('cli.restore.word');
  const typed = await terminal.ask(`${text('cli.restore.confirm', { path: target, word })} `);
  if (typed.trim().toLowerCase() !== word) throw new CommandFailure('cli.restore.not-confirmed');
}
