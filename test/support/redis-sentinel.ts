import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { listening, type Running, start } from './child.ts';
import { freePort } from './free-port.ts';
import { inStep, RedisServer, type RedisServerOptions } from './redis-server.ts';
import { scratchFolder } from './scratch-folder.ts';

export type RedisSentinelsOptions = Pick<RedisServerOptions, 'config' | 'password' | 'persistent'> & {
  /** Default 1. */
  replicas?: number;
  /** Milliseconds of silence after which a sentinel takes a server for lost; default 500. */
  downAfter?: number;
};

/** A real master with replicas, watched by three real sentinels. End it with `remove()`. */
export class RedisSentinels {
  readonly name = 'site';
  readonly servers: readonly RedisServer[];
  readonly addresses: readonly { host: string; port: number }[];
  readonly #sentinels: readonly Running[];
  readonly #removeFolder: () => void;

  private constructor(
    servers: readonly RedisServer[],
    sentinels: readonly { port: number; running: Running }[],
    removeFolder: () => void,
  ) {
    this.servers = servers;
    this.addresses = sentinels.map(({ port }) => ({ host: '127.0.0.1', port }));
    this.#sentinels = sentinels.map(({ running }) => running);
    this.#removeFolder = removeFolder;
  }

  /** Resolves when every replica is in step and every sentinel knows all of it: a failover can be had at once. */
  static async start(options: RedisSentinelsOptions = {}): Promise<RedisSentinels> {
    const { replicas = 1, downAfter = 500, ...server } = options;
    const master = await RedisServer.start(server);
    const servers = [master];
    for (let count = 0; count < replicas; count += 1) {
      servers.push(await RedisServer.start({ ...server, replicaOf: master }));
    }
    const folder = scratchFolder();
    const sentinels = [];
    for (let number = 1; number <= 3; number += 1) {
      sentinels.push(await startSentinel(join(folder.path, `sentinel-${number}`), master, downAfter));
    }
    const site = new RedisSentinels(servers, sentinels, folder.remove);
    try {
      for (const replica of servers.slice(1)) await inStep(master, replica);
      await site.#knowEachOther();
      return site;
    } catch (error) {
      await site.remove();
      throw error;
    }
  }

  /** What the sentinels take for the master now. */
  async master(): Promise<RedisServer> {
    const address = await this.#ask('SENTINEL', 'get-master-addr-by-name', this.name);
    const port = Array.isArray(address) ? Number(address[1]) : undefined;
    const found = this.servers.find((server) => server.port === port);
    if (found === undefined) throw new Error('the sentinels name a master that is none of ours');
    return found;
  }

  /** Makes the sentinels promote a replica now, with the master alive; resolves to the new master. */
  async failOver(): Promise<RedisServer> {
    const before = await this.master();
    await this.#ask('SENTINEL', 'failover', this.name);
    return this.failedOver(before);
  }

  /** Resolves to the new master once the sentinels agree that it is no longer `before`, and it takes writes. */
  async failedOver(before: RedisServer): Promise<RedisServer> {
    for (let tries = 0; tries < 1500; tries += 1) {
      const now = await this.master();
      if (now !== before && /^role:master/m.test(String(await now.command('INFO', 'replication'))))
        return now;
      await pause();
    }
    throw new Error('the sentinels do not fail over');
  }

  async remove(): Promise<void> {
    for (const sentinel of this.#sentinels) await sentinel.stop('SIGKILL');
    for (const server of this.servers) await server.remove();
    this.#removeFolder();
  }

  /** A sentinel promotes nobody before it knows the replica and the other sentinels. */
  async #knowEachOther(): Promise<void> {
    for (const { port } of this.addresses) {
      for (let tries = 0; ; tries += 1) {
        const answer = await askSentinel(port, 'SENTINEL', 'master', this.name);
        const fields = fieldsOf(answer);
        const replicas = Number(fields.get('num-slaves'));
        const others = Number(fields.get('num-other-sentinels'));
        if (replicas === this.servers.length - 1 && others === 2 && fields.get('flags') === 'master') break;
        if (tries > 1000) throw new Error('the sentinels do not find each other');
        await pause();
      }
    }
  }

  async #ask(...command: readonly string[]): Promise<unknown> {
    for (const { port } of this.addresses) {
      try {
        return await askSentinel(port, ...command);
      } catch {
        // The next one may know.
      }
    }
    throw new Error('no sentinel answers');
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

async function startSentinel(
  name: string,
  master: RedisServer,
  downAfter: number,
): Promise<{ port: number; running: Running }> {
  const port = await freePort();
  const file = `${name}.conf`;
  writeFileSync(
    file,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      'daemonize no',
      'loglevel warning',
      `sentinel monitor site 127.0.0.1 ${master.port} 2`,
      `sentinel down-after-milliseconds site ${downAfter}`,
      'sentinel failover-timeout site 3000',
      'sentinel parallel-syncs site 1',
      ...(master.password === undefined ? [] : [`sentinel auth-pass site ${master.password}`]),
      '',
    ].join('\n'),
  );
  const running = start('redis-server', [file, '--sentinel']);
  await listening(running, port);
  return { port, running };
}

async function askSentinel(port: number, ...command: readonly string[]): Promise<unknown> {
  const [name = '', ...args] = command;
  const connection = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null });
  connection.on('error', () => {});
  try {
    return await connection.call(name, ...args);
  } finally {
    connection.disconnect();
  }
}

/** Names and values alternate in what a sentinel says about a master. */
function fieldsOf(answer: unknown): Map<string, string> {
  const flat = Array.isArray(answer) ? answer.map(String) : [];
  return new Map(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : [])));
}
