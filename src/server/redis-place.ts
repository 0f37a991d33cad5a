import { readFileSync } from 'node:fs';
import type { RedisConfig, Secret } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import type { RedisPlace } from '../storage/index.ts';

type Revealed = Pick<Secret, 'reveal'>;

/**
 * Where Redis is, with what stands in the files that the configuration names. Throws `store-unavailable` with the
 * parameter `path` for a file that can't be read.
 */
export function readRedisPlace(redis: RedisConfig): RedisPlace {
  const { at, username, tls, database, keyPrefix, commandTimeout } = redis;
  const password = redis.password ?? readPassword(redis.passwordFile);
  return {
    at: 'host' in at ? at : { ...at, ...passwordPart(readPassword(at.passwordFile)) },
    ...(username === undefined ? {} : { username }),
    ...passwordPart(password),
    ...(tls === undefined ? {} : { tls: readTls(tls) }),
    database,
    keyPrefix,
    commandTimeout: commandTimeout * 1000,
  };
}

const passwordPart = (password: Revealed | undefined): { password?: Revealed } =>
  password === undefined ? {} : { password };

function readPassword(path: string | undefined): Revealed | undefined {
  if (path === undefined) return undefined;
  const [line = ''] = readText(path).split(/\r?\n/, 1);
  return { reveal: () => line };
}

function readTls({
  verify,
  ca,
  cert,
  key,
  serverName,
}: NonNullable<RedisConfig['tls']>): RedisPlace['tls'] & {} {
  return {
    verify,
    ...(ca === undefined ? {} : { ca: readText(ca) }),
    ...(cert === undefined ? {} : { cert: readText(cert) }),
    ...(key === undefined ? {} : { key: readText(key) }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GatewayError('store-unavailable', { params: { path }, cause });
  }
}
