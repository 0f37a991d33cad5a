import { ReplicaQuestions } from '../access/index.ts';
import { LiveServers, LiveTunnels, type Rooms } from '../server/index.ts';
import type { Context } from './context.ts';

/** What the running gateways know of tunnels and servers; this process has none of its own. */
export async function askGateways<Result>(
  { clock, random }: Context,
  { store, audit }: Rooms,
  work: (gateways: { readonly tunnels: LiveTunnels; readonly servers: LiveServers }) => Promise<Result>,
): Promise<Result> {
  const replicas = new ReplicaQuestions({ store, clock, random });
  replicas.start();
  const here = { tunnels: () => [], closeTunnel: () => undefined };
  try {
    return await work({
      tunnels: new LiveTunnels({ replicas, random, audit, here }),
      servers: new LiveServers({ replicas, random, here: () => [] }),
    });
  } finally {
    replicas.close();
  }
}
