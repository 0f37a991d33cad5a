import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import type { Random } from '../random.ts';
import {
  type MasterKeySource,
  type OpenInstallation,
  openInstallation,
  SqliteStore,
} from '../storage/index.ts';

/** Where the embedded store lives. */
export const storePath = (config: Pick<Config, 'dataDir'>): string => join(config.dataDir, 'sallyport.db');

/** Where the master key comes from: the environment, a named file, or the one generated beside the store. */
export function masterKeyOf(
  config: Pick<Config, 'dataDir' | 'masterKey' | 'masterKeyFile'>,
): MasterKeySource {
  if (config.masterKey !== undefined)
    return { kind: 'text', text: config.masterKey, place: 'SALLYPORT_MASTER_KEY' };
  return { kind: 'file', path: config.masterKeyFile ?? join(config.dataDir, 'master.key') };
}

/**
 * Opens the store and proves that it is an installation with its own master key. Rejects with what
 * `openInstallation` rejects with, and `store-unavailable` with the parameter `path` when the data folder or the
 * file in it can't be used.
 */
export async function openStore(
  config: Config,
  parts: { clock: Clock; random: Random; log: Log; initialise?: boolean },
): Promise<OpenInstallation & { store: SqliteStore }> {
  const { clock, random } = parts;
  try {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new GatewayError('store-unavailable', { params: { path: config.dataDir }, cause });
  }
  const store = await openFile(storePath(config), parts);
  try {
    const masterKey = masterKeyOf(config);
    const initialise = parts.initialise ?? false;
    return { store, ...(await openInstallation({ store, masterKey, clock, random, initialise })) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openFile(
  path: string,
  { clock, random, log }: { clock: Clock; random: Random; log: Log },
): Promise<SqliteStore> {
  const report = (error: unknown): void => log.error({ error }, 'the store could not do its upkeep');
  try {
    return await SqliteStore.open({ path, clock, random, report });
  } catch (error) {
    if (!(error instanceof GatewayError && error.code === 'store-unavailable')) throw error;
    // SQLite doesn't say which file it could not open.
    throw new GatewayError('store-unavailable', { params: { path }, cause: error.cause });
  }
}
