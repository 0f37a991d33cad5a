import type { Clock } from '../../src/clock.ts';
import { RedisStore, type RedisStoreOptions } from '../../src/storage/index.ts';
import type { RedisServer } from '../support/redis-server.ts';

/** A store on this server, as one process opens it. */
export const openRedis = (
  server: RedisServer,
  clock: Clock,
  options: Partial<RedisStoreOptions> = {},
): Promise<RedisStore> =>
  RedisStore.open({
    at: { host: '127.0.0.1', port: server.port },
    ...(server.password === undefined ? {} : { password: { reveal: () => server.password ?? '' } }),
    database: 0,
    keyPrefix: 'sallyport:',
    commandTimeout: 1000,
    clock,
    ...options,
  });
