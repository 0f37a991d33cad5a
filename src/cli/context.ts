import { existsSync } from 'node:fs';
import { createLog } from '../audit/index.ts';
import type { CatalogueKey, TextParams } from '../catalogue/index.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type Config, loadConfig } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { type Random, systemRandom } from '../random.ts';
import { openRooms, type Rooms, storePath } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import type { Terminal } from './terminal.ts';

/** Who did it, in the audit log. */
export const actor = 'cli';

/** What every command works with. */
export type Context = {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
  /** A text of the catalogue in the language of whoever typed the command. */
  text(key: CatalogueKey, params?: TextParams): string;
  /** Reads the configuration that `--config` names. Throws `ConfigError`. */
  config(): Config;
  /** What `--subscription` names; absent: `default`, or whatever a user who is named belongs to. */
  subscription?(): string | undefined;
};

export type ContextOptions = Pick<Context, 'terminal' | 'version' | 'text'> & {
  /** What `--config` names, once the arguments have been read. */
  configFile(): string | undefined;
  subscription(): string | undefined;
};

export function createContext({
  terminal,
  version,
  text,
  configFile,
  subscription,
}: ContextOptions): Context {
  return {
    terminal,
    version,
    text,
    subscription,
    clock: systemClock,
    random: systemRandom,
    config: () => loadConfig({ file: configFile() }),
  };
}

/**
 * Runs `work` with the rooms on the store of the configuration, while a gateway may run on it too. Throws
 * `CommandFailure` where there is no store: a command in the wrong folder must not make one. What is said of
 * `--subscription` is what their administration is about.
 */
export async function withRooms<Result>(
  context: Context,
  work: (rooms: Rooms, config: Config) => Promise<Result>,
): Promise<Result> {
  const config = context.config();
  requireStore(config);
  const rooms = await openRooms({ ...context, config, log: quietLog() });
  try {
    return await work(inNamed(rooms, context.subscription?.()), config);
  } finally {
    await rooms.close();
  }
}

/** The rooms with the administration of the subscription that was named. Throws `unknown-subscription` {name}. */
function inNamed(rooms: Rooms, named: string | undefined): Rooms {
  if (named === undefined) return rooms;
  const found = rooms.subscriptions.named(named);
  if (found === undefined) throw new GatewayError('unknown-subscription', { params: { name: named } });
  return { ...rooms, administration: rooms.administrationOf(found.id) };
}

function requireStore(config: Config): void {
  // Redis is never made into an installation by opening it.
  if (config.redis !== undefined) return;
  const path = storePath(config);
  if (!existsSync(path)) throw new CommandFailure('cli.no-store', { path });
}

/** Results go to standard output, so the log goes elsewhere, and only what went wrong. */
export const quietLog = () =>
  createLog({ level: 'error', destination: { write: (line) => void process.stderr.write(line) } });
