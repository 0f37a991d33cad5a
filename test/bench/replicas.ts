import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/audit/index.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/index.ts';
import { systemRandom } from '../../src/random.ts';
import { openRooms, subscription } from '../../src/server/index.ts';
import { freePort } from '../support/free-port.ts';
import { RedisServer } from '../support/redis-server.ts';
import { SiteClient } from '../support/site-client.ts';
import { type HttpResult, measureHttp, warmUp } from './http.ts';
import { cores } from './processes.ts';
import { type Goal, httpHead, httpRow, table } from './report.ts';
import { inRounds } from './rounds.ts';
import { type Sallyport, startSallyport } from './sallyport.ts';

export type ReplicasOptions = {
  /** Ports of the application server and of the WebSocket server. */
  readonly upstream: number;
  readonly echo: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Sessions revoked one after the other. */
  readonly revocations: number;
};

/** What Redis costs a known session, what a second gateway adds, and how long a revocation takes to the other one. */
export async function measureReplicas(options: ReplicasOptions): Promise<{ goals: Goal[]; lines: string[] }> {
  const redis = await RedisServer.start({ persistent: true });
  const gateways: Sallyport[] = [];
  try {
    const store = await sharedStore(redis);
    const start = async (core: number, config = {}): Promise<Sallyport> => {
      const one = await startSallyport(await freePort(), options.upstream, options.echo, undefined, {
        core,
        config,
      });
      gateways.push(one);
      return one;
    };
    const embedded = await start(cores.proxy);
    const first = await start(cores.proxy, store);
    const onRedis = await compareStores(embedded, first, options);
    const second = await start(cores.load, store);
    const pair = await scale(first, second, options);
    const revoked = await revokeElsewhere(first, second, options.revocations);

    const share = onRedis.redis.cpu / onRedis.embedded.cpu;
    const goals: Goal[] = [
      {
        what: 'known sessions, CPU per request on Redis against the embedded store',
        must: '≤ 1.05 ×',
        reached: `${share.toFixed(2)} ×`,
        holds: share <= 1.05,
      },
      {
        what: 'two gateway processes on two cores, requests for their processor time against one',
        must: '≥ 1.7 ×',
        reached: `${pair.factor.toFixed(2)} ×`,
        holds: pair.factor >= 1.7,
      },
      {
        what: `${options.revocations} revocations on one replica to closed tunnels on the other, p99`,
        must: '≤ 250 ms',
        reached: `${revoked.p99.toFixed(0)} ms (median ${revoked.median.toFixed(1)})`,
        holds: revoked.p99 <= 250,
      },
    ];
    const lines = [
      '## Replicas on Redis',
      '',
      table(httpHead, [
        httpRow('Sallyport, embedded store', onRedis.embedded),
        httpRow('Sallyport, Redis', onRedis.redis),
        httpRow('one of two gateways on Redis', pair.first),
        httpRow('the other, at the same time', pair.second),
      ]),
      '',
      'Two gateways on the two cores of this machine share the second one with the load and the application server, so what they carry is reckoned from the processor time of each request: of each gateway alone, and of both while both work.',
      '',
    ];
    return { goals, lines };
  } finally {
    for (const gateway of gateways) await gateway.stop();
    await redis.remove();
  }
}

/** The part of the configuration that names an installation which is ready for use. */
export async function sharedStore(redis: RedisServer): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  const masterKeyFile = join(folder, 'master.key');
  writeFileSync(masterKeyFile, randomBytes(32).toString('base64url'));
  const content = { store: { redis: { url: redis.url } }, masterKeyFile };
  const file = join(folder, 'sallyport.yaml');
  writeFileSync(file, JSON.stringify(content));
  const config = loadConfig({ file, environment: {} });
  const parts = { clock: systemClock, random: systemRandom, log: createLog({ level: 'error' }) };
  await (await openRooms({ config, ...parts, initialise: true })).close();
  return content;
}

const requestsTo = async (gateway: Sallyport): Promise<{ url: string; cookie: string }> => {
  const [session] = await gateway.sessions(1);
  return { url: `http://${gateway.host}/`, cookie: session?.cookie ?? '' };
};

async function compareStores(
  embedded: Sallyport,
  redis: Sallyport,
  { rounds, seconds }: ReplicasOptions,
): Promise<{ embedded: HttpResult; redis: HttpResult }> {
  const targets = new Map([
    [embedded, await requestsTo(embedded)],
    [redis, await requestsTo(redis)],
  ]);
  const of = (gateway: Sallyport) => targets.get(gateway) ?? { url: '', cookie: '' };
  for (const { url, cookie } of targets.values()) await warmUp(url, cookie);
  const results = await inRounds([embedded, redis], rounds, (gateway) =>
    measureHttp([gateway.pid], of(gateway).url, of(gateway).cookie, seconds),
  );
  const [one, other] = [results.get(embedded), results.get(redis)];
  if (one === undefined || other === undefined) throw new Error('not measured');
  return { embedded: one, redis: other };
}

/** In each round each gateway alone, then both at once; one is what the two are alone, on average of both cores. */
async function scale(
  first: Sallyport,
  second: Sallyport,
  { rounds, seconds }: ReplicasOptions,
): Promise<{ first: HttpResult; second: HttpResult; factor: number }> {
  const [one, other] = [await requestsTo(first), await requestsTo(second)];
  await warmUp(other.url, other.cookie);
  const lists = (): { first: HttpResult[]; second: HttpResult[] } => ({ first: [], second: [] });
  const [alone, results] = [lists(), lists()];
  for (let round = 0; round < rounds; round += 1) {
    alone.first.push(await measureHttp([first.pid], one.url, one.cookie, seconds));
    alone.second.push(await measureHttp([second.pid], other.url, other.cookie, seconds));
    const [here, there] = await Promise.all([
      measureHttp([first.pid], one.url, one.cookie, seconds),
      measureHttp([second.pid], other.url, other.cookie, seconds),
    ]);
    results.first.push(here);
    results.second.push(there);
  }
  const cpu = (list: readonly HttpResult[]): number =>
    list.reduce((sum, result) => sum + result.cpu * result.units, 0) /
    list.reduce((sum, result) => sum + result.units, 0);
  const carried = (by: typeof results): number => 1 / cpu(by.first) + 1 / cpu(by.second);
  const [firstLast, secondLast] = [results.first.at(-1), results.second.at(-1)];
  if (firstLast === undefined || secondLast === undefined) throw new Error('not measured');
  return {
    first: { ...firstLast, cpu: cpu(results.first) },
    second: { ...secondLast, cpu: cpu(results.second) },
    factor: carried(results) / (carried(alone) / 2),
  };
}

/** Ends sessions in another process on the same store, one after the other; each has a tunnel at `there`. */
async function revokeElsewhere(
  here: Sallyport,
  there: Sallyport,
  count: number,
): Promise<{ median: number; p99: number }> {
  const lags: number[] = [];
  for (const { cookie, id, user } of await there.sessions(count)) {
    const client = new SiteClient(there.port, systemClock, 'http', there.host);
    const [name = '', value = ''] = cookie.split('=');
    client.cookies.set(there.host, new Map([[name, value]]));
    const tunnel = await client.open('/socket');
    const began = performance.now();
    await here.rooms.sessions.revoke({ subscription, user, id }, { reason: 'bench', actor: 'bench' });
    await tunnel.closed;
    lags.push(performance.now() - began);
  }
  lags.sort((one, other) => one - other);
  const at = (share: number): number => lags[Math.floor(lags.length * share)] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99) };
}
