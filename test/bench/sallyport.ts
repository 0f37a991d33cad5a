import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cookieNames } from '../../src/access/index.ts';
import { createLog } from '../../src/audit/index.ts';
import { systemClock } from '../../src/clock.ts';
import { type Config, loadConfig } from '../../src/config/index.ts';
import { systemRandom } from '../../src/random.ts';
import { openRooms, type Rooms, subscription } from '../../src/server/index.ts';
import type { TlsFiles } from './nginx.ts';
import { cores, pause, type Started, startPinned } from './processes.ts';

const entry = resolve(import.meta.dirname, '../../bin/sallyport.mjs');

export type Sallyport = {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  /** Milliseconds from starting the process until it listened. */
  readonly startedIn: number;
  /** The same store, from the side, as the command line has it. */
  readonly rooms: Rooms;
  /** Cookies of as many 2FA sessions of one user, and their ids. */
  sessions(count: number): Promise<{ cookie: string; id: string; user: string }[]>;
  stop(): Promise<void>;
};

export type Setting = {
  /** More of the configuration, such as another store than the embedded one. */
  readonly config?: Record<string, unknown>;
  /** The processor core it is pinned to. */
  readonly core?: number;
};

/** The real process, with the embedded store unless told otherwise, in front of the same servers as its peers. */
export async function startSallyport(
  port: number,
  upstream: number,
  websockets: number,
  tls?: TlsFiles,
  { config: more = {}, core = cores.proxy }: Setting = {},
): Promise<Sallyport> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  const file = join(folder, 'sallyport.yaml');
  const host = `localhost:${port}`;
  const content = {
    listen: { host: '127.0.0.1', port, ...(tls === undefined ? {} : { tls }) },
    console: { port: 0 },
    management: { port: 0 },
    publicUrl: `${tls === undefined ? 'http' : 'https'}://${host}`,
    dataDir: join(folder, 'data'),
    log: { level: 'warn' },
    applications: [
      { name: 'app', path: '/', servers: [`http://127.0.0.1:${upstream}`] },
      { name: 'echo', path: '/socket', servers: [`http://127.0.0.1:${websockets}`] },
    ],
    ...more,
  };
  writeFileSync(file, JSON.stringify(content));
  const config: Config = loadConfig({ file, environment: {} });
  // The first start fills the store and the compile cache; the second one is what is measured.
  await (await start(file, port, core)).started.stop();
  const { started, startedIn } = await start(file, port, core);
  const log = createLog({ level: 'error' });
  const rooms = await openRooms({ config, clock: systemClock, random: systemRandom, log });
  // Several gateways on one store have one user.
  const user =
    (await rooms.local.lookUp('bench')) ??
    (await rooms.local.create({ name: 'bench', password: 'correct horse battery staple' }, 'bench'));
  const { key, name, displayName, directory, groups } = user;

  return {
    pid: started.pid,
    host,
    port,
    startedIn,
    rooms,
    async sessions(count) {
      return Promise.all(
        Array.from({ length: count }, async () => {
          const session = await rooms.sessions.grant({
            subscription,
            user: { key, name, displayName, directory, groups },
            amr: ['pwd', 'otp'],
            shared: false,
            address: '127.0.0.1',
            browser: 'bench',
          });
          const { token } = await rooms.tokens.issueSession(session, config.publicUrl);
          return { cookie: `${cookieNames(tls !== undefined).session}=${token}`, id: session.id, user: key };
        }),
      );
    },
    async stop() {
      await rooms.close();
      await started.stop();
    },
  };
}

async function start(
  file: string,
  port: number,
  core: number,
): Promise<{ started: Started; startedIn: number }> {
  const before = performance.now();
  // It says where it listens on the other stream, so it is asked until it answers.
  const script = `${process.execPath} ${entry} serve --config ${file} 2> /dev/null & echo ready; trap "kill $!; wait $!" TERM; wait $!`;
  const started = await startPinned(core, 'sh', ['-c', script], /^ready/);
  while (!(await answers(port))) {
    if (performance.now() - before > 10_000) throw new Error('Sallyport does not listen');
    await pause(5);
  }
  return { started, startedIn: performance.now() - before };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
