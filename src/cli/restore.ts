import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config, RedisConfig } from '../config/index.ts';
import { randomName } from '../random.ts';
import { masterKeyOf, openRedis, storePath } from '../server/index.ts';
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
import { actor, type Context, quietLog, withRooms } from './context.ts';
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
      mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
      const yes = options.yes === true;
      const previous =
        config.redis === undefined
          ? await restoreFile(context, wish, yes)
          : await restoreShared(context, config.redis, { ...wish, folder: config.dataDir }, yes);
      await withRooms(context, async ({ audit }) => audit.record({ type: 'store.restored', actor }));
      terminal.say(text('cli.restore.done'));
      if (previous !== undefined) terminal.tell(text('cli.restore.previous', { path: previous }));
    });
}

/** Resolves to where the store that was there is now; undefined when there was none. */
async function restoreFile(
  context: Context,
  wish: RestoreOptions,
  yes: boolean,
): Promise<string | undefined> {
  if (existsSync(wish.target)) await confirm(context, wish.target, yes);
  return restoreStore(wish).previous;
}

/** As `restoreFile`: what was in Redis becomes a backup. */
async function restoreShared(
  context: Context,
  redis: RedisConfig,
  { source, folder }: { source: string; folder: string },
  yes: boolean,
): Promise<string | undefined> {
  const store = await openRedis(redis, { ...context, log: quietLog() });
  try {
    const name = randomName(context.random, 6);
    const previous = join(folder, `redis-before-restore-${name}.db`);
    const isEmpty = (await store.collections()).length === 0;
    if (!isEmpty) {
      await confirm(context, store.place, yes);
      await naming(previous, () => store.backup(previous));
    }
    await store.restore({ source, draft: join(folder, `restore-${name}.draft`), forget });
    return isEmpty ? undefined : previous;
  } finally {
    await store.close();
  }
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
  if (yes) return;
  if (!terminal.interactive) throw new CommandFailure('cli.restore.unconfirmed', {}, usageMistake);
  const word = text('cli.restore.word');
  const typed = await terminal.ask(`${text('cli.restore.confirm', { path: target, word })} `);
  if (typed.trim().toLowerCase() !== word) throw new CommandFailure('cli.restore.not-confirmed');
}
