import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createLog } from '../../src/audit/index.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { type Config, loadConfig } from '../../src/config/index.ts';
import { systemRandom } from '../../src/random.ts';
import { openRooms, type Rooms, storePath } from '../../src/server/index.ts';
import { startApplicationServer } from '../support/application-server.ts';
import { freePort } from '../support/free-port.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { password } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';

/** A store, and the gateways that are killed on it, one after the other. */
export class DoomedSite {
  readonly clock: Clock;
  readonly port: number;
  readonly #file: string;
  readonly #config: Config;
  #offset = 0;
  #next = new GatewayProcess();
  #running: GatewayProcess | undefined;

  private constructor(port: number, file: string) {
    this.port = port;
    this.#file = file;
    this.#config = loadConfig({ file, environment: {} });
    this.clock = { ...systemClock, now: () => systemClock.now() + this.#offset };
  }

  /** A site with an owner. No gateway runs yet. Everything goes when the test is over. */
  static async open(t: TestContext): Promise<DoomedSite> {
    const server = await startApplicationServer();
    const folder = scratchFolder();
    let site: DoomedSite | undefined;
    t.after(async () => {
      await site?.close();
      await server.close();
      folder.remove();
    });
    const port = await freePort();
    const file = join(folder.path, 'sallyport.yaml');
    const content = {
      listen: { host: 'localhost', port },
      console: { port: await freePort() },
      management: { port: await freePort() },
      publicUrl: `http://localhost:${port}`,
      dataDir: join(folder.path, 'data'),
      // Everybody here comes from one address.
      trustedNetworks: ['127.0.0.0/8'],
      applications: [{ name: 'desk', path: '/desk', servers: [server.url] }],
    };
    writeFileSync(file, JSON.stringify(content));
    site = new DoomedSite(port, file);
    const link = await site.start();
    const owner = new SiteClient(port, site.clock);
    await owner.call('POST', 'owner', { ticket: link?.split('#')[1], username: 'olivia', password });
    assert.equal((await owner.enrol()).json?.status, 'done');
    await site.kill();
    return site;
  }

  get storePath(): string {
    return storePath(this.#config);
  }

  /** The next one, which has been loaded meanwhile. Resolves to the owner's link while there is no owner. */
  async start(): Promise<string | undefined> {
    this.#running = this.#next;
    this.#next = new GatewayProcess();
    return this.#running.start(this.#file, this.#offset);
  }

  async kill(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.kill();
  }

  /** Lets time go by, for a gateway that runs too. */
  async pass(milliseconds: number): Promise<void> {
    this.#offset += milliseconds;
    await this.#running?.setClock(this.#offset);
  }

  /** What is stored, while no gateway runs. */
  async rooms<Result>(work: (rooms: Rooms) => Promise<Result>): Promise<Result> {
    const log = createLog({ level: 'silent' });
    const rooms = await openRooms({ config: this.#config, clock: this.clock, random: systemRandom, log });
    try {
      return await work(rooms);
    } finally {
      await rooms.close();
    }
  }

  async close(): Promise<void> {
    await this.kill();
    await this.#next.kill();
  }
}
