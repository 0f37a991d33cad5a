import type { RedisConfig } from './config.ts';
import type { Path } from './config-error.ts';
import type { ParsedFile } from './schema.ts';
import { Secret } from './secret.ts';
import { hostAndPort } from './values.ts';

type ParsedRedis = NonNullable<ParsedFile['store']['redis']>;

/** Makes one place out of the two ways to name a server. Everything was checked before. */
export function resolveRedis(
  redis: ParsedRedis,
  absolute: (path: Path, value: string) => string,
): RedisConfig {
  const { url, sentinels, name, sentinelUsername, tls, database, keyPrefix, commandTimeout } = redis;
  const at = ['store', 'redis'];
  const file = <Key extends 'passwordFile' | 'sentinelPasswordFile'>(key: Key) =>
    redis[key] && absolute([...at, key], redis[key]);
  const parsed = url === undefined ? undefined : new URL(url);
  const username = redis.username ?? (parsed?.username ? decodeURIComponent(parsed.username) : undefined);
  const password =
    redis.password ?? (parsed?.password ? new Secret(decodeURIComponent(parsed.password)) : undefined);
  const passwordFile = file('passwordFile');
  const sentinelPasswordFile = file('sentinelPasswordFile');
  const secure = tls ?? (parsed?.protocol === 'rediss:' ? { verify: true } : undefined);
  return {
    at: parsed
      ? { host: parsed.hostname.replace(/^\[|\]$/g, ''), port: Number(parsed.port || 6379) }
      : {
          name: name ?? '',
          sentinels: (sentinels ?? []).map(addressOf),
          ...(sentinelUsername === undefined ? {} : { username: sentinelUsername }),
          ...(sentinelPasswordFile === undefined ? {} : { passwordFile: sentinelPasswordFile }),
        },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(secure === undefined
      ? {}
      : { tls: resolveTls(secure, (path, value) => absolute([...at, ...path], value)) }),
    database: database ?? Number(parsed?.pathname.slice(1) || 0),
    keyPrefix,
    commandTimeout,
  };
}

function resolveTls(
  tls: NonNullable<ParsedRedis['tls']>,
  absolute: (path: Path, value: string) => string,
): NonNullable<RedisConfig['tls']> {
  const { ca, cert, key, ...rest } = tls;
  return {
    ...rest,
    ...(ca === undefined ? {} : { ca: absolute(['tls', 'ca'], ca) }),
    ...(cert === undefined ? {} : { cert: absolute(['tls', 'cert'], cert) }),
    ...(key === undefined ? {} : { key: absolute(['tls', 'key'], key) }),
  };
}

function addressOf(text: string): { host: string; port: number } {
  const [, six, name, port] = hostAndPort.exec(text) ?? [];
  return { host: six ?? name ?? '', port: Number(port) };
}
