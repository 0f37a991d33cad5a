import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLog } from '../../src/audit/index.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { type Config, loadConfig } from '../../src/config/index.ts';
import { systemRandom } from '../../src/random.ts';
import { openRooms, type Rooms, subscription } from '../../src/server/index.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { freePort } from '../support/free-port.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { type Backend, LoadBalancer, type LoadBalancerOptions } from '../support/load-balancer.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { password } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';

export type Which = 0 | 1;

export type ReplicasOptions = {
  /** What stands as `store` in the configuration; absent: the embedded store. */
  readonly store?: Record<string, unknown>;
  /** More of the configuration. */
  readonly config?: Record<string, unknown>;
  readonly balancer?: LoadBalancerOptions;
  /** Starts what people come to in place of the load balancer; its files go to `folder`. */
  readonly front?: (backends: readonly Backend[], folder: string) => Promise<Front>;
};

/** What people come to. */
export type Front = {
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** What it has said so far. */
  output?(): string;
  close(): Promise<void>;
};

/** Two gateway processes on one store, behind a load balancer that sends each request to the other one. */
export class Replicas {
  readonly server: ApplicationServer;
  readonly balancer: LoadBalancer;
  readonly front: Front;
  readonly ports: readonly [number, number];
  readonly consolePorts: readonly [number, number];
  readonly files: readonly string[];
  readonly folder: string;
  readonly clock: Clock = { ...systemClock, now: () => systemClock.now() + this.offset };
  /** Milliseconds ahead of the machine's clock. */
  offset = 0;
  gateways: [GatewayProcess, GatewayProcess];
  /** The same store, from the side, as the command line has it. */
  rooms!: Rooms;
  /** As who the owner `olivia` was made. */
  owner!: SiteClient;
  readonly #remove: () => void;

  private constructor(parts: {
    server: ApplicationServer;
    balancer: LoadBalancer;
    front: Front;
    ports: readonly [number, number];
    consolePorts: readonly [number, number];
    files: readonly string[];
    folder: { path: string; remove(): void };
    gateways: [GatewayProcess, GatewayProcess];
  }) {
    this.server = parts.server;
    this.balancer = parts.balancer;
    this.front = parts.front;
    this.ports = parts.ports;
    this.consolePorts = parts.consolePorts;
    this.files = parts.files;
    this.folder = parts.folder.path;
    this.gateways = parts.gateways;
    this.#remove = parts.folder.remove;
  }

  /** Starts both at the same moment, and makes the owner `olivia`. */
  static async start(options: ReplicasOptions = {}): Promise<Replicas> {
    const { store, config = {} } = options;
    const gateways: [GatewayProcess, GatewayProcess] = [new GatewayProcess(), new GatewayProcess()];
    const server = await startApplicationServer();
    const folder = scratchFolder();
    const ports = [await freePort(), await freePort()] as const;
    const management = [await freePort(), await freePort()];
    const consolePorts = [await freePort(), await freePort()] as const;
    const backends = ports.map((port, index) => ({ port, management: management[index] ?? 0 }));
    const balancer = await LoadBalancer.start(backends, options.balancer);
    const front = (await options.front?.(backends, folder.path)) ?? {
      port: balancer.port,
      scheme: 'http',
      close: async () => {},
    };
    const masterKey = join(folder.path, 'master.key');
    if (store !== undefined) writeFileSync(masterKey, randomBytes(32).toString('base64url'));
    const files = ports.map((port, index) => {
      const file = join(folder.path, `gateway-${index}.yaml`);
      const content = {
        listen: { host: 'localhost', port },
        console: { port: consolePorts[index] },
        management: { port: management[index] },
        publicUrl: `${front.scheme}://localhost:${front.port}`,
        ...(front.scheme === 'https' ? { trustedProxies: ['127.0.0.1'] } : {}),
        dataDir: join(folder.path, 'data'),
        trustedNetworks: ['127.0.0.0/8'],
        applications: [{ name: 'desk', path: '/desk', servers: [server.url] }],
        ...(store === undefined ? {} : { store, masterKeyFile: masterKey }),
        ...config,
      };
      writeFileSync(file, JSON.stringify(content));
      return file;
    });
    const site = new Replicas({ server, balancer, front, ports, consolePorts, files, folder, gateways });
    try {
      // A shared store is made ready on purpose; the embedded one by whoever comes first, or both at once.
      if (store !== undefined) await (await site.#open(true)).close();
      const links = await Promise.all(gateways.map((gateway, index) => gateway.start(files[index] ?? '')));
      site.rooms = await site.#open();
      await site.#makeOwner(links);
      return site;
    } catch (error) {
      await site.stop();
      throw error;
    }
  }

  get config(): Config {
    return loadConfig({ file: this.files[0] ?? '', environment: {} });
  }

  #open(initialise = false): Promise<Rooms> {
    const log = createLog({ level: 'silent' });
    return openRooms({ config: this.config, clock: this.clock, random: systemRandom, log, initialise });
  }

  /** Each of the two may have made a link; the last one made is good. */
  async #makeOwner(links: readonly (string | undefined)[]): Promise<void> {
    const owner = this.balanced();
    let begun = '';
    for (const link of links) {
      const wish = { ticket: link?.split('#')[1], username: 'olivia', password };
      if (begun !== 'enrol') begun = (await owner.call('POST', 'owner', wish)).json?.status;
    }
    assert.equal((await owner.enrol()).json?.status, 'done');
    this.owner = owner;
  }

  /** Somebody whom the load balancer sends to this gateway. */
  client(gateway: Which): SiteClient {
    return new SiteClient(this.ports[gateway], this.clock, 'http', `localhost:${this.balancer.port}`);
  }

  /** Somebody whose requests go to one and the other in turn. */
  balanced(): SiteClient {
    return new SiteClient(this.front.port, this.clock, this.front.scheme);
  }

  /** The same browser, sent to this one. */
  at(gateway: Which, one: SiteClient): SiteClient {
    const other = this.client(gateway);
    other.secret = one.secret;
    for (const [host, jar] of one.cookies) other.cookies.set(host, jar);
    return other;
  }

  /** A new user with an enrolled app: as the one gateway sees them, and the other. */
  async signedIn(name: string): Promise<[SiteClient, SiteClient]> {
    await this.rooms.local.create({ name, password }, 'test');
    const here = this.client(0);
    const done = await here.signIn(name, password);
    assert.equal(done.json?.status, 'done', done.text);
    return [here, this.at(1, here)];
  }

  async userKey(name: string): Promise<string> {
    return (await this.rooms.local.lookUp(name))?.key ?? '';
  }

  /** Lets time go by for everybody. */
  async pass(milliseconds: number): Promise<void> {
    this.offset += milliseconds;
    for (const gateway of this.gateways) await gateway.setClock(this.offset);
  }

  sessionsOf(user: string) {
    return this.rooms.sessions.listOf({ subscription, user });
  }

  /** Starts another in the place of one that has ended. */
  async replace(gateway: Which): Promise<void> {
    this.gateways[gateway] = new GatewayProcess();
    await this.gateways[gateway].start(this.files[gateway] ?? '', this.offset);
  }

  async stop(): Promise<void> {
    await this.rooms?.close().catch(() => {});
    for (const gateway of this.gateways) await gateway.kill();
    await this.front.close();
    await this.balancer.close();
    await this.server.close();
    this.#remove();
  }
}

/** Resolves when it happens, within the second that the product promises; rejects otherwise. */
export async function withinASecond(happens: Promise<unknown>): Promise<void> {
  const late = new AbortController();
  const inTime = await Promise.race([
    happens.then(() => true),
    pause(1000, false, { signal: late.signal }).catch(() => false),
  ]);
  late.abort();
  assert.ok(inTime, 'not within a second');
}
