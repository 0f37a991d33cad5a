/** What one round of one peer gave. Rates per second, milliseconds, microseconds of processor time per unit. */
export type Round = {
  readonly units: number;
  readonly perSecond: number;
  readonly median: number;
  readonly p99: number;
  readonly cpu: number;
};

/**
 * Measures each peer in turn, several times over, so that whatever else the machine does meanwhile falls on all of them
 * alike. Processor time is that of all rounds over the units of all rounds; of the others the middle round counts.
 */
export async function inRounds<Peer, Result extends Round>(
  peers: readonly Peer[],
  rounds: number,
  measure: (peer: Peer) => Promise<Result>,
): Promise<Map<Peer, Result>> {
  const results = new Map<Peer, Result[]>(peers.map((peer) => [peer, []]));
  for (let round = 0; round < rounds; round += 1) {
    // There and back, so that nobody always comes after the same one.
    for (const peer of round % 2 === 0 ? peers : peers.toReversed())
      results.get(peer)?.push(await measure(peer));
  }
  return new Map([...results].map(([peer, list]) => [peer, together(list)]));
}

function together<Result extends Round>(list: readonly Result[]): Result {
  const [first] = list;
  if (first === undefined) throw new Error('nothing was measured');
  const middle = (pick: (result: Result) => number): number =>
    list.map(pick).sort((one, other) => one - other)[list.length >> 1] ?? Number.NaN;
  const units = list.reduce((sum, result) => sum + result.units, 0);
  return {
    ...first,
    units,
    perSecond: middle((result) => result.perSecond),
    median: middle((result) => result.median),
    p99: middle((result) => result.p99),
    cpu: list.reduce((sum, result) => sum + result.cpu * result.units, 0) / units,
  };
}
