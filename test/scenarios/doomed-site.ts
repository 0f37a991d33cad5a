import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '../../src/audit/index.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { type Config, loadConfig } from '../../src/config/index.ts';
import { systemRandom } from '../../src/random.ts';
import { openRooms, type Rooms, storePath, subscription } from '../../src/server/index.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { freePort } from '../support/free-port.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { password } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';
import { Lost, type Move, SteadfastPerson } from './steadfast-person.ts';

/** Who are at it at the same time, of how many at most before somebody new comes instead. */
const atOnce = 3;
const regulars = 7;
/** What the kill is aimed at: mostly the very check of a code. */
const targets: readonly Move[] = [
  'enrol',
  'enrol',
  'enrol',
  'verify',
  'verify',
  'verify',
  'verify',
  'recover',
  'draft',
  'sign-in',
  'replay',
];

type Furnishing = {
  readonly seed: number;
  readonly file: string;
  readonly config: Config;
  readonly port: number;
  readonly server: ApplicationServer;
  readonly folder: { remove(): void };
};

/** A store, the gateways that are killed on it one after the other, and the people who are at it meanwhile. */
export class DoomedSite {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly #server: ApplicationServer;
  readonly #folder: { remove(): void };
  readonly #file: string;
  readonly #config: Config;
  readonly #port: number;
  #offset = 0;
  #next: GatewayProcess;
  #running: GatewayProcess | undefined;
  readonly people: SteadfastPerson[] = [];
  /** Milliseconds that each kind of request took lately. */
  readonly #usual = new Map<Move, number>();
  #inFlight = 0;

  private constructor(site: Furnishing) {
    this.random = new SeededRandom(site.seed);
    this.#server = site.server;
    this.#folder = site.folder;
    this.#file = site.file;
    this.#config = site.config;
    this.#port = site.port;
    this.clock = { ...systemClock, now: () => systemClock.now() + this.#offset };
    this.#next = new GatewayProcess();
  }

  /** A site with an owner and so many `people` who have nothing enrolled; `seed` decides what they do and when it dies. */
  static async open(seed: number, people: number): Promise<DoomedSite> {
    const server = await startApplicationServer();
    const folder = scratchFolder();
    const port = await freePort();
    const file = join(folder.path, 'sallyport.yaml');
    const content = {
      listen: { host: 'localhost', port },
      management: { port: await freePort() },
      publicUrl: `http://localhost:${port}`,
      dataDir: join(folder.path, 'data'),
      // Everybody here comes from one address.
      trustedNetworks: ['127.0.0.0/8'],
      applications: [{ name: 'desk', path: '/desk', servers: [server.url] }],
    };
    writeFileSync(file, JSON.stringify(content));
    const config = loadConfig({ file, environment: {} });
    const site = new DoomedSite({ seed, file, config, port, server, folder });
    await site.#furnish(people);
    return site;
  }

  async close(): Promise<void> {
    await this.kill();
    await this.#next.kill();
    await this.#server.close();
    this.#folder.remove();
  }

  /** Starts a gateway, lets people work with it, and kills it. Resolves to how many requests were under way. */
  async live(): Promise<number> {
    await this.start();
    const wanted = this.random.pick(targets);
    const aim = this.random.fraction() * 1.1;
    const cast = this.#cast();
    for (const person of cast) person.wake();
    let aimed = false;
    let moves = 0;
    let fire = (): void => {};
    const hit = new Promise<void>((resolve) => {
      fire = resolve;
    });
    const working = cast.map((person) =>
      this.#work(person, (move) => {
        moves += 1;
        if (aimed || (move !== wanted && moves < 3 * atOnce)) return;
        aimed = true;
        setTimeout(fire, aim * (this.#usual.get(move) ?? 20));
      }),
    );
    await Promise.race([hit, Promise.all(working)]);
    const underWay = this.#inFlight;
    await this.kill();
    await Promise.all(working);
    // Time for the next code, so that a code of before is an old one.
    this.#offset += 31_000 + this.random.below(20_000);
    return underWay;
  }

  get storePath(): string {
    return storePath(this.#config);
  }

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

  /** Lets time go by, for the gateway too. */
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

  async #furnish(people: number): Promise<void> {
    const link = await this.start();
    const owner = new SiteClient(this.#port, this.clock);
    await owner.call('POST', 'owner', { ticket: link?.split('#')[1], username: 'olivia', password });
    assert.equal((await owner.enrol()).json?.status, 'done');
    await this.kill();
    await this.rooms(async ({ local, settings }) => {
      // As wide as it can be: whatever the single use of codes forgets would be accepted again for hours.
      const wide = { discrepancy: 480, driftTolerance: 480, validityBeforeFirstSession: 86_400 };
      await settings.update(subscription, wide, 'test');
      for (let count = 0; count < people; count += 1) {
        const person = new SteadfastPerson(`person-${count}`, this.#port, this.clock, this.random);
        await local.create({ name: person.name, password }, 'test');
        this.people.push(person);
      }
    });
  }

  /** Some of those who have had the fewest sign-ins so far, so that there is always somebody to enrol. */
  #cast(): SteadfastPerson[] {
    const about = this.people.filter((person) => person.episodes.length < 6).slice(0, regulars);
    const cast = new Set<SteadfastPerson>();
    while (cast.size < Math.min(atOnce, about.length)) cast.add(this.random.pick(about));
    return [...cast];
  }

  async #work(person: SteadfastPerson, before: (move: Move) => void): Promise<void> {
    for (let move = person.next(); move !== undefined; move = person.next()) {
      const from = performance.now();
      this.#inFlight += 1;
      before(move);
      try {
        await person.make(move);
      } catch (error) {
        if (error instanceof Lost && this.#running === undefined) return;
        throw error;
      } finally {
        this.#inFlight -= 1;
      }
      const took = performance.now() - from;
      this.#usual.set(move, ((this.#usual.get(move) ?? took) * 3 + took) / 4);
    }
  }
}
