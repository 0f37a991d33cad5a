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
  /** Milliseconds that another process took to store the 100 revocations. */
  readonly storing: number;
  /** Milliseconds from the last of them until the last tunnel was closed. */
  readonly lag: number;
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
  let stored = 0;
  for await (const line of load.lines) {
    if (line === `open ${tunnels}`) {
      await pause(1000);
      began = Date.now();
      const reason = { reason: 'bench', actor: 'bench' };
      await Promise.all(
        sessions
          .slice(0, 100)
          .map(({ id, user }) => sallyport.rooms.sessions.revoke({ subscription, user, id }, reason)),
      );
      stored = Date.now();
    }
    const closed = /^closed (\d+) (\d+)$/.exec(line);
    if (closed === null) continue;
    const last = Number(closed[2]);
    const result = {
      closed: Number(closed[1]),
      expected: tunnels / 2,
      storing: stored - began,
      lag: last - stored,
    };
    // A pause on a busy machine is no end: only what is still the same after a while is.
    if (result.closed < result.expected && last - began < 10_000) continue;
    load.stop();
    return result;
  }
  throw new Error('the tunnels ended early');
}
