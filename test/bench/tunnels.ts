import { subscription } from '../../src/server/index.ts';
import { pause, residentBytes } from './processes.ts';
import type { Sallyport } from './sallyport.ts';
import { startLoad, type Target } from './websocket.ts';

/** Resident bytes of the proxy per idle tunnel, over what it took before. */
export async function memoryPerTunnel(pid: number, target: Target, tunnels: number): Promise<number> {
  const before = residentBytes(pid);
  const load = startLoad(target, tunnels, 0, 60);
  for await (const line of load.lines) if (line === `open ${tunnels}`) break;
  await pause(3000);
  const perTunnel = (residentBytes(pid) - before) / tunnels;
  load.stop();
  await pause(1000);
  return perTunnel;
}

export type Revocation = {
  /** Tunnels that ended, and how many belonged to the revoked sessions. */
  readonly closed: number;
  readonly expected: number;
  /** Milliseconds from the first revocation, made by another process, until the last tunnel was closed. */
  readonly took: number;
};

/** Many tunnels of 200 sessions; 100 of the sessions are revoked from another process on the same store. */
export async function revokeMany(sallyport: Sallyport, tunnels: number): Promise<Revocation> {
  const sessions = await sallyport.sessions(200);
  const target = {
    port: sallyport.port,
    host: sallyport.host,
    path: '/socket',
    cookies: sessions.map(({ cookie }) => cookie),
  };
  const load = startLoad(target, tunnels, 0, 90);
  let began = 0;
  for await (const line of load.lines) {
    if (line === `open ${tunnels}`) {
      await pause(1000);
      began = Date.now();
      for (const { id, user } of sessions.slice(0, 100)) {
        await sallyport.rooms.sessions.revoke(
          { subscription, user, id },
          { reason: 'bench', actor: 'bench' },
        );
      }
    }
    const closed = /^closed (\d+) (\d+)$/.exec(line);
    if (closed === null) continue;
    load.stop();
    return { closed: Number(closed[1]), expected: tunnels / 2, took: Number(closed[2]) - began };
  }
  throw new Error('the tunnels ended early');
}
