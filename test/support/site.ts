import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createLog } from '../../src/audit/index.ts';
import type { Clock } from '../../src/clock.ts';
import { type Config, loadConfig } from '../../src/config/index.ts';
import { type Gateway, startGateway } from '../../src/server/index.ts';
import { freePort } from './free-port.ts';
import { ManualClock } from './manual-clock.ts';
import { scratchFolder } from './scratch-folder.ts';
import { SiteClient } from './site-client.ts';

export const password = 'correct horse battery staple';

export type SiteOptions<Time extends Clock> = {
  readonly clock?: Time;
  /** Written into the file as JSON, which is YAML too; ports, `publicUrl` and `dataDir` are there already. */
  readonly config?: Record<string, unknown>;
  /** HTTPS with this certificate. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** More keys of `listen`. */
  readonly listen?: Record<string, unknown>;
  /** `false`: the site stays as it is at its first start. */
  readonly owner?: boolean;
};

/** A whole gateway in this process: real store, real listeners, real proxy; time moves when the test says so. */
export type Site<Time extends Clock = ManualClock> = {
  readonly clock: Time;
  readonly port: number;
  readonly consolePort: number;
  readonly managementPort: number;
  /** `scheme://localhost:port`. */
  readonly origin: string;
  readonly folder: string;
  /** As who the owner `olivia` was made; has no app where the site stays as it is at its first start. */
  readonly owner: SiteClient;
  gateway: Gateway;
  /** Everything that was logged. */
  log(): string;
  config(changes?: Record<string, unknown>): Config;
  client(): SiteClient;
  /** A local user with `password`, who has nothing enrolled. */
  addUser(name: string): Promise<string>;
  /** A client that is signed in as a new user with an enrolled app. */
  signedIn(name: string): Promise<SiteClient>;
  /** Stops and starts the gateway on the same store and ports. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts a site and makes its owner `olivia`, so that others can sign in. */
export async function startSite(options?: SiteOptions<ManualClock>): Promise<Site>;
export async function startSite<Time extends Clock>(options: SiteOptions<Time>): Promise<Site<Time>>;
export async function startSite(options: SiteOptions<Clock> = {}): Promise<Site<Clock>> {
  const clock = options.clock ?? new ManualClock();
  const scratch = scratchFolder();
  const [port, consolePort, managementPort] = [await freePort(), await freePort(), await freePort()];
  const scheme = options.tls === undefined ? 'http' : 'https';
  const origin = `${scheme}://localhost:${port}`;
  const file = join(scratch.path, 'sallyport.yaml');
  let logged = '';
  const log = createLog({
    destination: new Writable({
      write(chunk, _encoding, done) {
        logged += chunk;
        done();
      },
    }),
  });
  const config = (changes: Record<string, unknown> = {}): Config => {
    const content = {
      listen: {
        host: 'localhost',
        port,
        ...(options.tls === undefined ? {} : { tls: options.tls }),
        ...options.listen,
      },
      console: { port: consolePort },
      management: { port: managementPort },
      publicUrl: origin,
      dataDir: join(scratch.path, 'data'),
      ...options.config,
      ...changes,
    };
    writeFileSync(file, JSON.stringify(content));
    return loadConfig({ file, environment: {} });
  };
  const start = (): Promise<Gateway> => startGateway({ config: config(), version: 'test', clock, log });

  const site: Site<Clock> = {
    clock,
    port,
    consolePort,
    managementPort,
    origin,
    folder: scratch.path,
    owner: new SiteClient(port, clock, scheme),
    gateway: await start(),
    log: () => logged,
    config,
    client: () => new SiteClient(port, clock, scheme),
    async addUser(name) {
      const user = await site.gateway.rooms.local.create({ name, password }, 'test');
      return user.key;
    },
    async signedIn(name) {
      await site.addUser(name);
      const client = site.client();
      const done = await client.signIn(name, password);
      assert.equal(done.json?.status, 'done', done.text);
      return client;
    },
    async restart() {
      await site.gateway.close(0);
      site.gateway = await start();
    },
    async stop() {
      await site.gateway.close(0);
      scratch.remove();
    },
  };
  if (options.owner !== false) await makeOwner(site);
  return site;
}

async function makeOwner(site: Site<Clock>): Promise<void> {
  const client = site.owner;
  const ticket = site.gateway.ownerLink?.split('#')[1];
  const begun = await client.call('POST', 'owner', { ticket, username: 'olivia', password });
  assert.equal(begun.json?.status, 'enrol', begun.text);
  const done = await client.enrol();
  assert.equal(done.json?.status, 'done', done.text);
  assert.equal(await site.gateway.rooms.roles.ownerExists(), true);
}
