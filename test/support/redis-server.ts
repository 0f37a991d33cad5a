import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { listening, type Running, start } from './child.ts';
import { freePort } from './free-port.ts';
import { scratchFolder } from './scratch-folder.ts';

export type RedisServerOptions = {
  /** Lines of redis.conf, after and above what every test wants. */
  config?: readonly string[];
  /** Starts as a replica of this server. */
  replicaOf?: RedisServer;
  /** What clients have to present; also what this server presents to the one it replicates. */
  password?: string;
  /** Writes every command to disk before it answers, so that a restart finds everything; default: nothing is kept. */
  persistent?: boolean;
};

/** A real redis-server on a free loopback port, with its files in a folder of its own. End it with `remove()`. */
export class RedisServer {
  readonly port: number;
  readonly folder: string;
  readonly password: string | undefined;
  readonly #file: string;
  readonly #remove: () => void;
  #running: Running | undefined;

  private constructor(port: number, options: RedisServerOptions) {
    const folder = scratchFolder();
    this.port = port;
    this.folder = folder.path;
    this.password = options.password;
    this.#remove = folder.remove;
    this.#file = join(folder.path, 'redis.conf');
    writeFileSync(this.#file, configuration(port, folder.path, options));
  }

  /** Resolves when it answers. */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    for (let tries = 1; ; tries += 1) {
      const server = new RedisServer(await freePort(), options);
      try {
        await server.restart();
        return server;
      } catch (error) {
        await server.remove();
        // Another test may have taken the port in between.
        if (tries === 3) throw error;
      }
    }
  }

  get url(): string {
    const password = this.password === undefined ? '' : `:${this.password}@`;
    return `redis://${password}127.0.0.1:${this.port}`;
  }

  /** Sends one command on a connection of its own, as an administrator would. */
  async command(name: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const connection = this.connect();
    try {
      return await connection.call(name, ...args);
    } finally {
      connection.disconnect();
    }
  }

  /** A plain client; the caller disconnects it. */
  connect(): Redis {
    const connection = new Redis({
      host: '127.0.0.1',
      port: this.port,
      retryStrategy: () => null,
      ...(this.password === undefined ? {} : { password: this.password }),
    });
    // Whoever awaits a command is told; the event alone would be printed.
    connection.on('error', () => {});
    return connection;
  }

  /** Starts it again on the same port: with what it had kept, or `empty`. Stops it before if it runs. */
  async restart({ empty = false } = {}): Promise<void> {
    await this.stop();
    if (empty) {
      rmSync(join(this.folder, 'dump.rdb'), { force: true });
      rmSync(join(this.folder, 'appendonlydir'), { recursive: true, force: true });
    }
    this.#running = start('redis-server', [this.#file], { cwd: this.folder });
    await listening(this.#running, this.port);
    await this.#loaded();
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    this.thaw();
    await this.#running?.stop();
    this.#running = undefined;
  }

  /** SIGKILL, now. */
  async kill(): Promise<void> {
    await this.#running?.stop('SIGKILL');
    this.#running = undefined;
  }

  /** Stops it where it is, as a machine that is suspended does, until `thaw`. Connections stay open. Not on Windows. */
  freeze(): void {
    this.#running?.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#running?.process.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    this.thaw();
    await this.kill();
    this.#remove();
  }

  /** A server that reads a file at its start answers everything with LOADING until it has. */
  async #loaded(): Promise<void> {
    const connection = this.connect();
    try {
      await connection.ping();
    } finally {
      connection.disconnect();
    }
  }
}

function configuration(port: number, folder: string, options: RedisServerOptions): string {
  const { config = [], replicaOf, password, persistent = false } = options;
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    'daemonize no',
    'loglevel warning',
    'save ""',
    `appendonly ${persistent ? 'yes' : 'no'}`,
    'appendfsync always',
    // A replica is in step at once; the default waits five seconds for more of them.
    'repl-diskless-sync-delay 0',
    'repl-ping-replica-period 1',
    'repl-timeout 60',
    ...(password === undefined ? [] : [`requirepass ${password}`, `masterauth ${password}`]),
    ...(replicaOf === undefined ? [] : [`replicaof 127.0.0.1 ${replicaOf.port}`]),
    ...config,
    '',
  ].join('\n');
}

/** Resolves when `replica` has everything that its master has written so far; rejects after ten seconds. */
export async function inStep(master: RedisServer, replica: RedisServer): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    try {
      const info = String(await master.command('INFO', 'replication'));
      const line = new RegExp(`^slave\\d+:.*\\bport=${replica.port},state=online,offset=(\\d+)`, 'm').exec(
        info,
      );
      const wanted = /^master_repl_offset:(\d+)/m.exec(info);
      if (line && wanted && Number(line[1]) >= Math.max(1, Number(wanted[1]))) return;
    } catch {
      // Sentinels close connections when they change a server's role.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the replica does not get in step');
}
