import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Config, RedisConfig } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import type { Random } from '../random.ts';
import {
  type MaintainedStore,
  type MasterKeySource,
  type OpenInstallation,
  openInstallation,
  RedisStore,
  SqliteStore,
} from '../storage/index.ts';
import { readRedisPlace } from './redis-place.ts';

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

type Parts = { clock: Clock; random: Random; log: Log; initialise?: boolean };

/**
 * Opens the store and proves that it is an installation with its own master key. Rejects with what
 * `openInstallation` and `RedisStore.open` reject with, and `store-unavailable` with the parameter `path` when the
 * data folder or a file can't be used.
 */
export async function openStore(
  config: Config,
  parts: Parts,
): Promise<OpenInstallation & { store: MaintainedStore }> {
  const { clock, random } = parts;
  const store =
    config.redis === undefined ? await openEmbedded(config, parts) : await openRedis(config.redis, parts);
  try {
    const masterKey = masterKeyOf(config);
    const initialise = parts.initialise ?? false;
    return { store, ...(await openInstallation({ store, masterKey, clock, random, initialise })) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens the shared store; whether there is an installation in it is not looked at. */
export function openRedis(
  redis: RedisConfig,
  { clock, random, log }: Omit<Parts, 'initialise'>,
): Promise<RedisStore> {
  return RedisStore.open({
    ...readRedisPlace(redis),
    clock,
    random,
    report: reportTo(log),
    warn: (warning) => log.warn({ store: redis.keyPrefix }, warning),
  });
}

async function openEmbedded(config: Config, { clock, random, log }: Parts): Promise<SqliteStore> {
  try {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new GatewayError('store-unavailable', { params: { path: config.dataDir }, cause });
  }
  const path = storePath(config);
  try {
    return await SqliteStore.open({ path, clock, random, report: reportTo(log) });
  } catch (error) {
    if (!(error instanceof GatewayError && error.code === 'store-unavailable')) throw error;
    // SQLite doesn't say which file it could not open.
    throw new GatewayError('store-unavailable', { params: { path }, cause: error.cause });
  }
}

const reportTo =
  (log: Log) =>
  (error: unknown): void =>
    log.error({ error }, 'the store could not do its upkeep');
