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
 * `openInstallation` rejects with, and `store-unavailable` when the data folder can't be used.
 */
export async function openStore(
  config: Config,
  parts: { clock: Clock; random: Random; log: Log; initialise?: boolean },
): Promise<OpenInstallation & { store: SqliteStore }> {
  const { clock, random, log } = parts;
  try {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new GatewayError('store-unavailable', { cause });
  }
  const store = await SqliteStore.open({
    path: storePath(config),
    clock,
    random,
    report: (error) => log.error({ error }, 'the store could not do its upkeep'),
  });
  try {
    const masterKey = masterKeyOf(config);
    const initialise = parts.initialise ?? false;
    return { store, ...(await openInstallation({ store, masterKey, clock, random, initialise })) };
  } catch (error) {
    await store.close();
    throw error;
  }
}
