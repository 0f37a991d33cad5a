/** What `INFO` tells about a server, as far as the store depends on it. */
export type RedisServerReport = {
  /** What is thrown away when memory runs out; undefined when the server does not say. */
  readonly evictionPolicy: string | undefined;
  readonly appendsToFile: boolean;
  /** Names the history that the server continues: a replica that is promoted begins another. */
  readonly history: string | undefined;
  /** Replicas that have a copy and have said within the last two seconds how far they are. */
  readonly replicasInStep: number;
};

/** Reads the answer of `INFO` (https://redis.io/docs/latest/commands/info/). */
export function readServerReport(info: string): RedisServerReport {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
  const replicas = [...fields].filter(([name]) => /^slave\d+$/.test(name)).map(([, value]) => value);
  return {
    evictionPolicy: fields.get('maxmemory_policy'),
    appendsToFile: fields.get('aof_enabled') === '1',
    history: fields.get('master_replid'),
    replicasInStep: replicas.filter(isInStep).length,
  };
}

/** As in `ip=127.0.0.1,port=6380,state=online,offset=14,lag=0`. Before it has loaded a copy, its offset is 0. */
function isInStep(replica: string): boolean {
  const fields = new Map(replica.split(',').map((part) => part.split('=', 2) as [string, string]));
  const lag = Number(fields.get('lag') ?? Number.NaN);
  return fields.get('state') === 'online' && Number(fields.get('offset')) > 0 && lag <= 2;
}
