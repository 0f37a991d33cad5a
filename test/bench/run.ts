import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { type HttpResult, measureHttp, warmUp } from './http.ts';
import { measureLogonChecks } from './logon-checks.ts';
import { admitKnown, wrongCode } from './micro.ts';
import { startNginxAuthRequest, startNginxProxy, startUpstream } from './nginx.ts';
import { measureOverTls } from './over-tls.ts';
import { measurePeople } from './people.ts';
import { cores, pause, residentBytes, type Started, startScript } from './processes.ts';
import { measureRedisFaults } from './redis-faults.ts';
import { measureReplicas } from './replicas.ts';
import {
  type Goal,
  goalTable,
  httpHead,
  httpRow,
  surroundings,
  table,
  webSocketHead,
  webSocketRow,
} from './report.ts';
import { inRounds } from './rounds.ts';
import { type Sallyport, startSallyport } from './sallyport.ts';
import { measureScale } from './scale.ts';
import { memoryPerTunnel, revokeMany } from './tunnels.ts';
import { startSink, upload } from './upload.ts';
import { measureWebSocket, type Target, type WebSocketResult } from './websocket.ts';

/**
 * Measures Sallyport beside its peers, all in one run on loopback, prints the tables and writes them to
 * docs/benchmarks.md. About fifteen minutes on two cores. `--short` measures a second each; `--only` with http,
 * websocket, tls, replicas, scale, redis, people or logons measures that alone. Neither writes anything.
 */
const short = process.argv.includes('--short');
const [rounds, seconds] = short ? [1, 1] : [5, 2];
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const output = resolve(import.meta.dirname, '../../docs/benchmarks.md');

type Peer = {
  readonly name: string;
  readonly pid: number;
  /** All of its processes. */
  readonly pids: readonly number[];
  readonly port: number;
  readonly host: string;
  readonly cookie: string;
};

const stops: (() => unknown)[] = [];
const keep = (started: Started): Started => {
  stops.push(() => started.stop());
  return started;
};

try {
  await main();
} finally {
  for (const stop of stops.reverse()) await stop();
}
process.exit();

async function main(): Promise<void> {
  const [upstream, echo, auth] = [await freePort(), await freePort(), await freePort()];
  keep(await startUpstream(cores.load, upstream));
  keep(await startScript(cores.load, 'echo-server.ts', [String(echo)]));
  const idleTunnels = short ? 500 : 5000;
  const overTls = () => measureOverTls({ upstream, echo, rounds, seconds, idleTunnels });
  /** Each stands alone and stops what it starts. */
  const parts: Record<string, () => Promise<{ goals: Goal[]; lines: string[] }>> = {
    tls: overTls,
    replicas: () => measureReplicas({ upstream, echo, rounds, seconds, revocations: short ? 50 : 300 }),
    scale: () =>
      measureScale({ upstream, echo, users: short ? 20_000 : 1_000_000, sessions: short ? 5_000 : 100_000 }),
    redis: () => measureRedisFaults(short ? 1 : 3),
    logons: () => measureLogonChecks({ perSecond: 200, seconds: short ? 3 : 20 }),
    people: () => measurePeople({ users: short ? 5_000 : 100_000 }),
  };
  const alone = parts[only ?? ''];
  if (alone !== undefined) {
    const { goals, lines } = await alone();
    console.log([goalTable(goals), '', ...lines].join('\n'));
    return;
  }
  const service = keep(await startScript(cores.proxy, 'auth-service.ts', [String(auth)]));

  const ports = {
    nginx: await freePort(),
    auth: await freePort(),
    old: await freePort(),
    fork: await freePort(),
    own: await freePort(),
  };
  const cookie = 'sallyport-session=a.valid.session';
  const peer = (name: string, started: Started, port: number, others: readonly Started[] = []): Peer => ({
    name,
    pid: started.pid,
    pids: [started, ...others].map(({ pid }) => pid),
    port,
    host: `localhost:${port}`,
    cookie,
  });
  const script = (name: string, port: number) =>
    startScript(cores.proxy, name, [port, upstream, echo].map(String));

  const nginx = peer(
    'nginx, proxy_pass (the limit)',
    keep(await startNginxProxy(cores.proxy, ports.nginx, upstream, echo)),
    ports.nginx,
  );
  const asking = peer(
    'nginx, auth_request, with its service',
    keep(await startNginxAuthRequest(cores.proxy, ports.auth, upstream, auth)),
    ports.auth,
    [service],
  );
  const old = peer('http-proxy, keep-alive', keep(await script('peer-http-proxy.ts', ports.old)), ports.old);
  const fork = peer(
    'http-proxy-3, keep-alive',
    keep(await script('peer-http-proxy-3.ts', ports.fork)),
    ports.fork,
  );
  const sallyport = await startSallyport(ports.own, upstream, echo);
  stops.push(() => sallyport.stop());
  await pause(5000);
  const idle = residentBytes(sallyport.pid);
  const [session] = await sallyport.sessions(1);
  const own: Peer = {
    name: 'Sallyport, 2FA checked',
    pid: sallyport.pid,
    pids: [sallyport.pid],
    port: ports.own,
    host: sallyport.host,
    cookie: session?.cookie ?? '',
  };

  // First of all, while every process is as it started.
  const perTunnel = new Map<Peer, number>();
  for (const each of only === undefined ? [nginx, old, fork, own] : []) {
    perTunnel.set(each, await memoryPerTunnel(each.pid, targetOf(each), idleTunnels));
    console.log(each.name, Math.round((perTunnel.get(each) ?? 0) / 1024), 'KB per idle tunnel');
  }
  if (only === undefined || only === 'http') {
    for (const each of [nginx, asking, old, fork, own]) await warmUp(`http://${each.host}/`, each.cookie);
  }
  const http = only === 'websocket' ? new Map<Peer, HttpResult>() : await overHttp();
  if (only === 'http') return;

  const small = await webSockets([nginx, old, fork, own], 100);
  const large = await webSockets([nginx, old, fork, own], 262_144);
  if (only === 'websocket') return;

  // Two descriptors each: this is as many as the usual hard limit of 20,000 allows.
  const many = short ? 1000 : 9_800;
  const revoked = await revokeMany(sallyport, many);
  const gate = await admitKnown(sallyport);
  const code = wrongCode();
  const size = short ? 2 ** 28 : 10 * 2 ** 30;
  const sent = await uploadThrough(size);
  const others = [];
  for (const part of Object.values(parts)) others.push(await part());

  const of = <Result>(results: ReadonlyMap<Peer, Result>, one: Peer): Result => {
    const result = results.get(one);
    if (result === undefined) throw new Error(`${one.name} was not measured`);
    return result;
  };
  const share = (results: ReadonlyMap<Peer, { cpu: number }>, other: Peer): number =>
    of(results, own).cpu / of(results, other).cpu;
  const times = (value: number): string => `${value.toFixed(2)} ×`;
  const goals: Goal[] = [
    {
      what: 'HTTP, CPU per request against http-proxy',
      must: '≤ 0.45 ×',
      reached: times(share(http, old)),
      holds: share(http, old) <= 0.45,
    },
    {
      what: 'HTTP, CPU per request against nginx',
      must: '≤ 2.5 ×',
      reached: times(share(http, nginx)),
      holds: share(http, nginx) <= 2.5,
    },
    {
      what: 'the gate itself, known session',
      must: '≤ 5 µs',
      reached: `${gate.toFixed(2)} µs`,
      holds: gate <= 5,
    },
    {
      what: 'WebSocket, 100-byte messages, CPU against nginx',
      must: '≤ 1.5 ×',
      reached: times(share(small, nginx)),
      holds: share(small, nginx) <= 1.5,
    },
    {
      what: 'WebSocket, 256 KB messages, CPU against nginx',
      must: '≤ 1.0 ×',
      reached: times(share(large, nginx)),
      holds: share(large, nginx) <= 1,
    },
    {
      what: `memory per idle tunnel, ${idleTunnels} tunnels`,
      must: '≤ 20 KB',
      reached: `${(of(perTunnel, own) / 1024).toFixed(1)} KB`,
      holds: of(perTunnel, own) <= 20 * 1024,
    },
    {
      what: 'process start to listening',
      must: '≤ 1 s',
      reached: `${Math.round(sallyport.startedIn)} ms`,
      holds: sallyport.startedIn <= 1000,
    },
    {
      what: 'resident memory when idle',
      must: '≤ 120 MB',
      reached: `${Math.round(idle / 1e6)} MB`,
      holds: idle <= 120e6,
    },
    {
      what: 'a wrong code at discrepancy 480',
      must: '≤ 20 ms CPU',
      reached: `${code.toFixed(1)} ms`,
      holds: code <= 20,
    },
    {
      what: `${many} tunnels open, the sessions of 100 revoked`,
      must: 'exactly theirs, ≤ 1 s',
      reached: `${revoked.closed} of ${revoked.expected}, ${revoked.lag} ms (+ ${revoked.storing} ms to store)`,
      holds: revoked.closed === revoked.expected && revoked.lag <= 1000,
    },
    {
      what: `an upload of ${(size / 2 ** 30).toFixed(1)} GB`,
      must: 'flat memory',
      reached: `+${Math.round(sent.grew / 1e6)} MB in ${Math.round(sent.seconds)} s`,
      holds: sent.arrived && sent.grew < 64e6,
    },
    ...others.flatMap((part) => part.goals),
  ];

  const rows = (results: ReadonlyMap<Peer, WebSocketResult>) =>
    [...results].map(([each, result]) => webSocketRow(each.name, result));
  const report = [
    '# Benchmarks',
    '',
    'Written by `npm run bench`, which starts every peer itself. Figures of different runs do not compare: the ratios of one run do.',
    '',
    surroundings(),
    '',
    '## Goals',
    '',
    goalTable(goals),
    '',
    '## HTTP',
    '',
    table(
      httpHead,
      [...http].map(([each, result]) => httpRow(each.name, result)),
    ),
    '',
    '## WebSocket',
    '',
    table(webSocketHead('echo, 100-byte messages, 64 tunnels'), rows(small)),
    '',
    table(webSocketHead('echo, 256 KB messages, 16 tunnels'), rows(large)),
    '',
    '## Memory per idle tunnel',
    '',
    table(
      [`${idleTunnels} tunnels, plain HTTP`, 'KB'],
      [...perTunnel].map(([each, bytes]) => [each.name, (bytes / 1024).toFixed(1)]),
    ),
    '',
    ...others.flatMap((part) => part.lines),
  ].join('\n');
  console.log(`\n${report}`);
  if (!short) writeFileSync(output, report);

  async function overHttp(): Promise<Map<Peer, HttpResult>> {
    const results = await inRounds([nginx, asking, old, fork, own], rounds, (each) =>
      measureHttp(each.pids, `http://${each.host}/`, each.cookie, seconds),
    );
    for (const [each, result] of results) console.log(httpRow(each.name, result).join('  '));
    return results;
  }

  async function webSockets(peers: readonly Peer[], bytes: number): Promise<Map<Peer, WebSocketResult>> {
    const connections = bytes > 1000 ? 16 : 64;
    const results = await inRounds(peers, rounds, (each) =>
      measureWebSocket(each.pid, targetOf(each), { connections, bytes, seconds }),
    );
    for (const [each, result] of results) console.log(bytes, webSocketRow(each.name, result).join('  '));
    return results;
  }

  /** A gateway of its own, whose application server swallows uploads. */
  async function uploadThrough(bytes: number) {
    const sink = await startSink(0);
    const gateway: Sallyport = await startSallyport(await freePort(), sink.port, echo);
    try {
      const [one] = await gateway.sessions(1);
      return await upload(
        gateway.pid,
        { port: gateway.port, host: gateway.host, path: '/upload', cookie: one?.cookie ?? '' },
        bytes,
      );
    } finally {
      await gateway.stop();
      sink.stop();
    }
  }
}

function targetOf(peer: Peer): Target {
  return { port: peer.port, host: peer.host, path: '/socket', cookies: [peer.cookie] };
}
