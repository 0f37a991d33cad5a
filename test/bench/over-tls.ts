import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { type HttpResult, measureHttp, warmUp } from './http.ts';
import { startNginxProxy } from './nginx.ts';
import { cores, pause, startScript } from './processes.ts';
import { type Goal, httpHead, httpRow, table, webSocketHead, webSocketRow } from './report.ts';
import { inRounds } from './rounds.ts';
import { startSallyport } from './sallyport.ts';
import { memoryPerTunnel } from './tunnels.ts';
import { measureWebSocket, type Target, type WebSocketResult } from './websocket.ts';

export type OverTlsOptions = {
  /** Ports of the application server and of the WebSocket server, both without TLS. */
  readonly upstream: number;
  readonly echo: number;
  readonly rounds: number;
  readonly seconds: number;
  /** How many for the memory of each. */
  readonly idleTunnels: number;
};

type Peer = { readonly name: string; readonly pid: number; readonly target: Target; stop(): unknown };

/** HTTP, WebSocket and idle tunnels over TLS 1.3, P-256, the same certificate for everybody. Stops what it starts. */
export async function measureOverTls(options: OverTlsOptions): Promise<{ goals: Goal[]; lines: string[] }> {
  const peers = await startPeers(options);
  try {
    return await measure(peers, options);
  } finally {
    for (const peer of peers) await peer.stop();
  }
}

async function startPeers({ upstream, echo }: OverTlsOptions): Promise<readonly Peer[]> {
  const tls = makeCertificate(mkdtempSync(join(tmpdir(), 'sallyport-bench-')), 'site', 'localhost', {
    days: 100,
  });
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  const target = (port: number, cookie = 'sallyport-session=a.valid.session'): Target => ({
    port,
    host: `localhost:${port}`,
    path: '/socket',
    cookies: [cookie],
    secure: true,
  });
  const nginx = await startNginxProxy(cores.proxy, ports[0], upstream, echo, tls);
  const script = [ports[1], upstream, echo, tls.cert, tls.key].map(String);
  const fork = await startScript(cores.proxy, 'peer-http-proxy-3.ts', script);
  const own = await startSallyport(ports[2], upstream, echo, tls);
  const [session] = await own.sessions(1);
  await pause(5000);
  return [
    { name: 'nginx, proxy_pass (the limit)', pid: nginx.pid, target: target(ports[0]), stop: nginx.stop },
    { name: 'http-proxy-3, keep-alive', pid: fork.pid, target: target(ports[1]), stop: fork.stop },
    {
      name: 'Sallyport, 2FA checked',
      pid: own.pid,
      target: target(ports[2], session?.cookie),
      stop: own.stop,
    },
  ];
}

async function measure(
  peers: readonly Peer[],
  options: OverTlsOptions,
): Promise<{ goals: Goal[]; lines: string[] }> {
  const { rounds, seconds, idleTunnels } = options;
  // First of all, while every process is as it started.
  const perTunnel = new Map<string, number>();
  for (const { name, pid, target } of peers) {
    const bytes = await memoryPerTunnel(pid, target, idleTunnels);
    perTunnel.set(name, bytes);
    console.log(name, Math.round(bytes / 1024), 'KB per idle tunnel over TLS');
  }

  const addressOf = ({ target }: Peer): string => `https://${target.host}/`;
  const cookieOf = ({ target }: Peer): string => target.cookies[0] ?? '';
  for (const peer of peers) await warmUp(addressOf(peer), cookieOf(peer));
  const http: ReadonlyMap<Peer, HttpResult> = await inRounds(peers, rounds, (peer) =>
    measureHttp([peer.pid], addressOf(peer), cookieOf(peer), seconds),
  );
  for (const [{ name }, result] of http) console.log('TLS', httpRow(name, result).join('  '));

  const carry = async (connections: number, bytes: number): Promise<ReadonlyMap<Peer, WebSocketResult>> => {
    const results = await inRounds(peers, rounds, ({ pid, target }) =>
      measureWebSocket(pid, target, { connections, bytes, seconds }),
    );
    for (const [{ name }, result] of results)
      console.log('TLS', bytes, webSocketRow(name, result).join('  '));
    return results;
  };
  const small = await carry(64, 100);
  const large = await carry(16, 262_144);

  const rows = (results: ReadonlyMap<Peer, WebSocketResult>) =>
    [...results].map(([{ name }, result]) => webSocketRow(name, result));
  const own = perTunnel.get(peers.at(-1)?.name ?? '') ?? Number.NaN;
  return {
    goals: [
      {
        what: `memory per idle tunnel over TLS, ${idleTunnels} tunnels`,
        must: '≤ 45 KB',
        reached: `${(own / 1024).toFixed(1)} KB`,
        holds: own <= 45 * 1024,
      },
    ],
    lines: [
      '## Over TLS',
      '',
      table(
        httpHead,
        [...http].map(([{ name }, result]) => httpRow(name, result)),
      ),
      '',
      table(webSocketHead('echo, 100-byte messages, 64 tunnels'), rows(small)),
      '',
      table(webSocketHead('echo, 256 KB messages, 16 tunnels'), rows(large)),
      '',
      table(
        [`${idleTunnels} idle tunnels, TLS 1.3`, 'KB each'],
        [...perTunnel].map(([name, bytes]) => [name, (bytes / 1024).toFixed(1)]),
      ),
      '',
    ],
  };
}
