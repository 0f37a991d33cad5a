import type { RedisOptions as DriverOptions, SentinelAddress } from 'ioredis';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';

/** Wrapped, so that it can't be printed by accident. */
type SecretText = { reveal(): string };

export type RedisTls = {
  /** PEM certificates to trust in place of the usual ones. */
  readonly ca?: string;
  /** PEM certificate and key that this client presents. */
  readonly cert?: string;
  readonly key?: string;
  /** The name that the server's certificate must carry; default: the host. */
  readonly serverName?: string;
  /** False trusts whoever answers. */
  readonly verify: boolean;
};

export type RedisPlace = {
  /** One server; or the sentinels that know which of several is the master of this name. */
  readonly at:
    | { readonly host: string; readonly port: number }
    | {
        readonly name: string;
        readonly sentinels: readonly { readonly host: string; readonly port: number }[];
        readonly username?: string;
        readonly password?: SecretText;
      };
  readonly username?: string;
  readonly password?: SecretText;
  readonly tls?: RedisTls;
  readonly database: number;
  /** What every key and channel begins with. */
  readonly keyPrefix: string;
  /** Milliseconds after which a command that was not answered counts as failed. */
  readonly commandTimeout: number;
};

export type RedisStoreOptions = RedisPlace & {
  readonly clock: Clock;
  readonly random?: Random;
  /** Hears what a listener of `subscribe` threw and why upkeep failed: both are nobody's call to await. */
  readonly report?: (error: unknown) => void;
  /** Hears what an administrator should change, in words. */
  readonly warn?: (warning: string) => void;
};

/** Where a store is, for messages: never a password. */
export function describePlace({ at, database }: Pick<RedisPlace, 'at' | 'database'>): string {
  const where =
    'host' in at
      ? `redis://${addressOf(at)}`
      : `redis+sentinel://${at.sentinels.map(addressOf).join(',')}/${at.name}`;
  return database === 0 ? where : `${where}/${database}`;
}

const addressOf = ({ host, port }: { host: string; port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/**
 * What the driver is told. Nothing waits for a connection and nothing is ever sent twice: a claim that ran would run
 * again. `opening` says whether the first connection is still awaited; then a failure is told at once.
 */
export function driverOptions(place: RedisPlace, opening: () => boolean): DriverOptions {
  const { at, username, password, tls, database, commandTimeout } = place;
  const security = tls && {
    rejectUnauthorized: tls.verify,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  };
  return {
    ...('host' in at ? { host: at.host, port: at.port } : sentinelOptions(at, security !== undefined)),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(security === undefined ? {} : { tls: security, sentinelTLS: security }),
    db: database,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // Whatever is unanswered when a connection breaks is told so at once.
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    commandTimeout,
    connectTimeout: Math.max(commandTimeout, 1000),
    disconnectTimeout: 50,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(25 * times, 250),
    sentinelRetryStrategy: (times) => (opening() && times > 2 ? null : Math.min(50 * times, 250)),
    connectionName: 'sallyport',
    disableClientInfo: true,
  };
}

function sentinelOptions(at: Extract<RedisPlace['at'], { name: string }>, secure: boolean): DriverOptions {
  const sentinels: SentinelAddress[] = at.sentinels.map(({ host, port }) => ({ host, port }));
  return {
    sentinels,
    name: at.name,
    ...(at.username === undefined ? {} : { sentinelUsername: at.username }),
    ...(at.password === undefined ? {} : { sentinelPassword: at.password.reveal() }),
    enableTLSForSentinelMode: secure,
    sentinelCommandTimeout: 1000,
  };
}
